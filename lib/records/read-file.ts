import type { Dataset } from '../model/config.ts';
import { CsvFormat } from './csv-format.ts';
import { decoded, Seal } from './decode.ts';
import {
  type BadRow,
  defaultLimits,
  type FileReport,
  type Limits,
  type Note,
  type Refusal,
  RefusedError,
  refuse,
} from './file-report.ts';
import type { Renames } from './header.ts';
import { JsonLinesFormat } from './json-lines.ts';
import { readParquet } from './parquet.ts';
import { type RowConsumer, Tally } from './tally.ts';
import { refuseForeignStart, TextBuffer } from './text-buffer.ts';

/** How a file is read. */
export interface FileOptions {
  readonly dataset: Dataset;
  /** Name for reports; never looked at. */
  readonly name: string;
  readonly columns?: Renames;
  readonly limits?: Partial<Limits>;
}

/** What takes the rows, and the notes it made on the way. */
export interface NotingConsumer extends RowConsumer {
  readonly notes: readonly Note[];
}

/**
 * Reads one file: unpacks, tells the format from its first bytes, checks and hands on row by row, and
 * counts every line. Memory is bounded by the limits, except for Parquet, which is read whole.
 *
 * Rows handed on before a file turns out to be refused must be discarded by the caller.
 *
 * @param input the bytes as delivered; read to its end even when the file is refused, for the digest.
 * @param onBad called for every row not taken.
 * @throws what `input` throws, and RangeError for `columns` that lead nowhere.
 */
export async function readFile(
  input: AsyncIterable<Uint8Array>,
  options: FileOptions,
  consumer: NotingConsumer,
  onBad: (row: BadRow) => void,
): Promise<FileReport> {
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const seal = new Seal();
  const tally = new Tally(options.name, onBad);
  const reader = new Reader(options, limits, tally, consumer);
  let refused: Refusal | null = null;
  const attempt = async (work: () => void | Promise<void>) => {
    if (refused) return;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      refused = error.refusal;
    }
  };
  const chunks = decoded(seal.through(input));
  for (;;) {
    let chunk: Uint8Array | null = null;
    try {
      const next = await chunks.next();
      chunk = next.done ? null : next.value;
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      refused ??= error.refusal;
    }
    if (chunk === null) break;
    if (!refused) await attempt(() => reader.add(chunk));
  }
  await attempt(() => reader.end());
  await attempt(() => checkLines(tally, reader.lines, limits));
  const notes = refused ? [] : [...consumer.notes];
  if (!refused && tally.good + tally.bad === 0)
    notes.push({ line: tally.line, column: null, text: 'a header and no rows', count: 0 });
  const { header, blank, good, bad } = tally;
  return {
    name: options.name,
    sha256: seal.digest(),
    bytes: seal.bytes,
    lines: { total: reader.lines, header, blank, good, bad },
    notes,
    refused,
  };
}

/** @throws RefusedError lines were lost, or too many are bad. */
function checkLines(tally: Tally, total: number, limits: Limits): void {
  const { header, blank, good, bad, firstBad } = tally;
  const counted = header + blank + good + bad;
  if (counted !== total)
    refuse(
      tally.line,
      null,
      `${counted} lines accounted for of ${total}`,
      'every line of the file in a row, the header or blank',
    );
  if (firstBad && bad > limits.badShare * (good + bad))
    refuse(
      firstBad.line,
      firstBad.column,
      `${bad} of ${good + bad} lines are bad; the first: ${firstBad.reason}`,
      `at most ${limits.badShare * 100} % bad lines; ${firstBad.expected}`,
    );
}

const parquetStart = [0x50, 0x41, 0x52, 0x31];

/** Tells the format from the first bytes and passes the rest on. */
class Reader {
  readonly #options: FileOptions;
  readonly #limits: Limits;
  readonly #tally: Tally;
  readonly #consumer: RowConsumer;
  #head: Uint8Array = new Uint8Array(0);
  #text: TextBuffer | null = null;
  #parquet: Uint8Array[] | null = null;
  #size = 0;

  constructor(options: FileOptions, limits: Limits, tally: Tally, consumer: RowConsumer) {
    this.#options = options;
    this.#limits = limits;
    this.#tally = tally;
    this.#consumer = consumer;
  }

  /** Lines of the file: physical ones of text, rows of Parquet. */
  get lines(): number {
    return this.#text?.lines ?? this.#tally.line - 1;
  }

  add(chunk: Uint8Array): void {
    if (this.#text) this.#text.add(chunk);
    else if (this.#parquet) this.#keep(chunk);
    else {
      this.#head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
      if (this.#head.length >= 4096) this.#begin();
    }
  }

  async end(): Promise<void> {
    if (!this.#text && !this.#parquet) {
      if (this.#head.length === 0) refuse(1, null, 'an empty file', 'a header line and rows');
      this.#begin();
    }
    if (this.#text) {
      this.#text.end();
      if (this.#tally.header === 0 && this.#tally.good + this.#tally.bad === 0)
        refuse(1, null, 'nothing but blank lines', 'a header line and rows');
    } else {
      const { dataset, columns = {} } = this.#options;
      const whole = new Uint8Array(this.#size);
      let at = 0;
      for (const part of this.#parquet!) {
        whole.set(part, at);
        at += part.length;
      }
      this.#parquet = null;
      await readParquet(dataset, whole.buffer, columns, this.#tally, this.#consumer);
    }
  }

  #begin(): void {
    const head = this.#head;
    const { dataset, columns = {} } = this.#options;
    if (parquetStart.every((byte, i) => head[i] === byte)) {
      this.#parquet = [];
      this.#keep(head);
      return;
    }
    refuseForeignStart(head);
    const start = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
    let first = start;
    while (head[first] === 10 || head[first] === 13 || head[first] === 32 || head[first] === 9) first += 1;
    if (head[first] === 0x5b)
      refuse(1, null, 'a JSON array', 'JSON Lines: one object a line, without brackets');
    const Format = head[first] === 0x7b ? JsonLinesFormat : CsvFormat;
    this.#text = new TextBuffer(
      new Format(dataset, columns, this.#limits, this.#tally, this.#consumer),
      this.#limits.lineBytes,
    );
    this.#text.add(head.subarray(start));
  }

  #keep(part: Uint8Array): void {
    this.#size += part.length;
    if (this.#size > this.#limits.parquetBytes)
      refuse(
        1,
        null,
        `a Parquet file larger than ${this.#limits.parquetBytes} bytes`,
        'smaller files, or CSV',
      );
    this.#parquet!.push(part);
  }
}
