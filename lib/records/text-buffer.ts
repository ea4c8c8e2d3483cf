import { isUtf8 } from 'node:buffer';
import { refuse } from './file-report.ts';
import { roomOf, type TextBytes, textBytes } from './text-bytes.ts';

/** A text format: takes whole lines as they come in. */
export interface TextFormat {
  /**
   * Takes records from `text[at, end)`; `end` follows a line feed unless `isLast`.
   * @returns where the first record not taken begins.
   */
  consume(text: TextBytes, at: number, end: number, isLast: boolean): number;
}

const lineFeed = 10;

/**
 * Gathers chunks into whole lines, in memory bounded by the longest record allowed, and holds the text
 * against UTF-8 and the number of its lines, independently of the format that reads it.
 */
export class TextBuffer {
  /** Physical lines seen. */
  lines = 0;
  #text = textBytes(1 << 18);
  #at = 0;
  #checked = 0;
  #filled = 0;
  readonly #format: TextFormat;
  readonly #limit: number;

  constructor(format: TextFormat, lineBytes: number) {
    this.#format = format;
    this.#limit = lineBytes;
  }

  /** @throws RefusedError not UTF-8, or a record longer than the limit. */
  add(chunk: Uint8Array): void {
    // A chunk can be far larger than the limit; pieces keep the buffer small.
    for (let from = 0; from < chunk.length; from += 1 << 18)
      this.#addPiece(chunk.subarray(from, from + (1 << 18)));
  }

  end(): void {
    this.#check(this.#filled);
    if (this.#filled > 0 && this.#text.bytes[this.#filled - 1] !== lineFeed) this.lines += 1;
    this.#at = this.#format.consume(this.#text, this.#at, this.#filled, true);
  }

  #addPiece(piece: Uint8Array): void {
    this.#makeRoom(piece.length);
    this.#text.bytes.set(piece, this.#filled);
    this.#filled += piece.length;
    const end = this.#text.bytes.lastIndexOf(lineFeed, this.#filled - 1) + 1;
    if (end > this.#checked) {
      this.#check(end);
      this.#at = this.#format.consume(this.#text, this.#at, end, false);
    }
    if (this.#filled - this.#at > this.#limit)
      refuse(
        this.lines + 1,
        null,
        `a line longer than ${this.#limit} bytes`,
        'lines that end with a line feed',
      );
  }

  /** Moves what is left to the front when the end is reached, and grows only when that is not enough. */
  #makeRoom(length: number): void {
    const room = roomOf(this.#text);
    if (this.#filled + length <= room) return;
    const left = this.#filled - this.#at;
    const wanted = left + length;
    const target = wanted > room ? textBytes(Math.max(wanted, room * 2)) : this.#text;
    target.bytes.set(this.#text.bytes.subarray(this.#at, this.#filled));
    this.#text = target;
    this.#checked -= this.#at;
    this.#filled = left;
    this.#at = 0;
  }

  #check(end: number): void {
    if (end === this.#checked) return;
    const region = this.#text.bytes.subarray(this.#checked, end);
    if (!isUtf8(region)) this.#refuseEncoding(region);
    this.lines += countFeeds(this.#text, this.#checked, end);
    this.#checked = end;
  }

  #refuseEncoding(region: Uint8Array): never {
    let line = this.lines;
    for (let start = 0; start < region.length; ) {
      const feedAt = region.indexOf(lineFeed, start);
      const end = feedAt === -1 ? region.length : feedAt + 1;
      line += 1;
      if (!isUtf8(region.subarray(start, end))) break;
      start = end;
    }
    refuse(line, null, 'not UTF-8: looks like Latin-1 (ISO 8859-1 or Windows-1252)', 'UTF-8');
  }
}

/** Line feeds in a range, counted four bytes at a time. */
function countFeeds({ bytes, view }: TextBytes, start: number, end: number): number {
  let count = 0;
  let i = start;
  while (i + 4 <= end) {
    // Four sums side by side, a byte each, so that they must be let out after 255 steps.
    const stop = Math.min(end - 3, i + 255 * 4);
    let sums = 0;
    for (; i < stop; i += 4) {
      // A byte of x is 0 exactly where the text has a line feed; the rest leaves its top bit set there.
      const x = view.getInt32(i, true) ^ 0x0a0a0a0a;
      sums = (sums + (~(((x & 0x7f7f7f7f) + 0x7f7f7f7f) | x | 0x7f7f7f7f) >>> 7)) | 0;
    }
    count += (sums & 0xff) + ((sums >>> 8) & 0xff) + ((sums >>> 16) & 0xff) + (sums >>> 24);
  }
  for (; i < end; i += 1) if (bytes[i] === lineFeed) count += 1;
  return count;
}

/** Refuses, by name, encodings and containers that can be told from the first bytes of a file. */
export function refuseForeignStart(bytes: Uint8Array): void {
  const [a, b, c, d] = bytes;
  const isUtf16 =
    (a === 0xff && b === 0xfe) ||
    (a === 0xfe && b === 0xff) ||
    (a !== 0 && b === 0 && c !== 0 && d === 0) ||
    (a === 0 && b !== 0 && c === 0 && d !== 0);
  if (isUtf16) refuse(1, null, 'not UTF-8: looks like UTF-16', 'UTF-8');
  if (a === 0x50 && b === 0x4b && c === 3 && d === 4)
    refuse(1, null, 'a ZIP archive or a spreadsheet', 'CSV, JSON Lines or Parquet, plain or gzip');
}
