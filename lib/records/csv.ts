import type { TextBytes } from './text-bytes.ts';

/**
 * One record of RFC 4180 text at a time, as the bounds of its cells in the bytes it was read from.
 * Strict where RFC 4180 is: a quote may stand only around a whole cell and doubled inside one.
 */

/** How a scan ended. */
export const scanned = 0;
/** More bytes are needed. */
export const incomplete = 1;
/** A quote inside an unquoted cell, or something else than a delimiter after a closing quote. */
export const strayQuote = 2;
/** A quote that does not close before the end, or not within the cell limit. */
export const openQuote = 3;
/** A carriage return that does not end a line. */
export const strayReturn = 4;
export type ScanStatus =
  | typeof scanned
  | typeof incomplete
  | typeof strayQuote
  | typeof openQuote
  | typeof strayReturn;

/** Result of a scan, reused from scan to scan. */
export interface Cells {
  /** Start and end of each cell, quotes excluded; of a single record only the cells there is room for. */
  readonly bounds: Int32Array;
  /** 1 for a cell of a single record that was quoted and holds doubled quotes. */
  readonly doubled: Uint8Array;
  /** Number of cells of a single record, those not kept included. */
  count: number;
  /** Where the next record begins; on failure, how far the scan looked. */
  next: number;
  /** Where a single record's last cell ended, its closing quote included. */
  end: number;
  /** Line feeds inside quoted cells. */
  feeds: number;
  hasDoubled: boolean;
}

/** Room for `records` of `columns` cells each. */
export function cellsFor(columns: number, records = 1): Cells {
  return {
    bounds: new Int32Array(columns * 2 * records),
    doubled: new Uint8Array(columns),
    count: 0,
    next: 0,
    end: 0,
    feeds: 0,
    hasDoubled: false,
  };
}

const feed = 10;
const carriageReturn = 13;
const quote = 34;

/**
 * Scans records without quotes from `at` on, each of as many cells as the file has columns: nearly all there are.
 * Ends before the first other one, when `cells` is full, or close to `end`.
 *
 * @param text `text[at, end)` is what has been read of the file from there.
 * @param cells filled with the bounds of all cells scanned, record by record; `next` is set.
 * @returns how many records were scanned.
 */
export function scanPlain(
  { bytes, view }: TextBytes,
  at: number,
  end: number,
  delimiter: number,
  columns: number,
  cells: Cells,
): number {
  // Everything the loops read is a local: with fields or captured variables they run four times slower.
  const { bounds } = cells;
  const full = bounds.length;
  const delimiters = delimiter * 0x01010101;
  let index = 0;
  let last = columns * 2 - 2;
  let next = at;
  let start = at;
  scan: for (let four = at; four + 4 < end; four += 4) {
    // Four bytes at a time, the first one lowest. A byte of `low` has its top bit set if the text has a byte
    // below 35 there: a quote, a line feed, a carriage return, or now and then a blank. `same` tells delimiters
    // by the same subtraction. Either may err above a byte it found, so that every one is looked at.
    const word = view.getInt32(four, true);
    const other = word ^ delimiters;
    const low = (word - 0x23232323) & ~word;
    const same = (other - 0x01010101) & ~other;
    let found = ((low | same) >>> 7) & 0x01010101;
    while (found !== 0) {
      const i = four + ((31 - Math.clz32(found & -found)) >> 3);
      found &= found - 1;
      const byte = bytes[i]!;
      if (byte === delimiter) {
        if (index === last) break scan;
        bounds[index] = start;
        bounds[index + 1] = i;
        index += 2;
        start = i + 1;
      } else if (byte === feed || byte === carriageReturn) {
        if (index !== last || (byte === carriageReturn && bytes[i + 1] !== feed)) break scan;
        bounds[index] = start;
        bounds[index + 1] = i;
        index += 2;
        start = byte === feed ? i + 1 : i + 2;
        const shift = start - next;
        next = start;
        if (index === full) break scan;
        // Rows stand in the order of their keys: a row begins like the one before, and what is the same has the same cells.
        const most = Math.min(start + shift, end - 4);
        let same = start;
        while (same < most && view.getInt32(same, true) === view.getInt32(same - shift, true)) same += 4;
        for (let k = index - columns * 2; k < last && bounds[k + 1]! + shift < same; k += 2) {
          bounds[index] = start;
          bounds[index + 1] = bounds[k + 1]! + shift;
          start = bounds[index + 1]! + 1;
          index += 2;
        }
        last += columns * 2;
        four = start - 4;
        break;
      } else if (byte === quote) break scan;
    }
  }
  cells.next = next;
  return Math.floor(index / (columns * 2));
}

/**
 * Scans the record that begins at `at`, byte by byte.
 *
 * @param text `text[at, end)` is what has been read of the file from there.
 * @param isLast whether the file ends at `end`, so that a last line needs no line feed.
 * @param limit most bytes of a quoted cell.
 * @param cells filled with the result.
 * @returns {@link scanned}, or why not; then only `cells.next` is set.
 */
export function scanRecord(
  { bytes }: TextBytes,
  at: number,
  end: number,
  delimiter: number,
  isLast: boolean,
  limit: number,
  cells: Cells,
): ScanStatus {
  if (cells.hasDoubled) cells.doubled.fill(0);
  cells.hasDoubled = false;
  const { bounds, doubled } = cells;
  const room = doubled.length * 2;
  let index = 0;
  let feeds = 0;
  let i = at;
  for (;;) {
    let start = i;
    let byte = -1;
    for (; i < end; i += 1) {
      byte = bytes[i]!;
      if (byte === delimiter || byte === feed || byte === carriageReturn || byte === quote) break;
      byte = -1;
    }
    let stop = i;
    if (byte === quote) {
      if (i !== start) {
        cells.next = i;
        return strayQuote;
      }
      let isDoubled = false;
      start = i + 1;
      i = start;
      for (;;) {
        while (i < end && bytes[i] !== quote) {
          if (bytes[i] === feed) feeds += 1;
          i += 1;
        }
        if (i - start > limit || (i >= end && isLast)) {
          cells.next = i;
          return openQuote;
        }
        if (i + 1 >= end && !isLast) {
          cells.next = i;
          return incomplete;
        }
        if (i + 1 >= end || bytes[i + 1] !== quote) break;
        isDoubled = true;
        i += 2;
      }
      stop = i;
      i += 1;
      byte = i < end ? bytes[i]! : -1;
      if (byte !== -1 && byte !== delimiter && byte !== feed && byte !== carriageReturn) {
        cells.next = i;
        return strayQuote;
      }
      if (isDoubled) {
        cells.hasDoubled = true;
        if (index < room) doubled[index >> 1] = 1;
      }
    }
    if (index < room) {
      bounds[index] = start;
      bounds[index + 1] = stop;
    }
    index += 2;
    if (byte === delimiter) {
      i += 1;
      continue;
    }
    cells.end = i;
    if (byte === carriageReturn) {
      if (i + 1 < end && bytes[i + 1] !== feed) {
        cells.next = i;
        return strayReturn;
      }
      if (i + 1 >= end && !isLast) byte = -1;
      else i += 1;
    }
    if (byte === -1 && !isLast) {
      cells.next = i;
      return incomplete;
    }
    cells.next = i < end ? i + 1 : i;
    cells.count = index >> 1;
    cells.feeds = feeds;
    return scanned;
  }
}

/** Halves the doubled quotes of a single record's cells, in place. */
export function undouble({ bytes }: TextBytes, cells: Cells): void {
  const { bounds, doubled } = cells;
  const kept = Math.min(cells.count, doubled.length);
  for (let cell = 0; cell < kept; cell += 1) {
    if (doubled[cell] === 0) continue;
    const end = bounds[cell * 2 + 1]!;
    let to = bounds[cell * 2]!;
    for (let from = to; from < end; from += 1) {
      bytes[to] = bytes[from]!;
      if (bytes[from] === quote) from += 1;
      to += 1;
    }
    bounds[cell * 2 + 1] = to;
  }
}

/**
 * Whether a quoted cell holds a whole line with as many cells as the file has columns: the sign of two
 * stray quotes far apart, which would make one cell of all rows between them.
 */
export function swallowsRows(
  { bytes }: TextBytes,
  cells: Cells,
  delimiter: number,
  columns: number,
): boolean {
  const { bounds } = cells;
  for (let cell = 0; cell < columns && cell < cells.count; cell += 1) {
    let seen = -1;
    for (let i = bounds[cell * 2]!; i < bounds[cell * 2 + 1]!; i += 1) {
      if (bytes[i] === feed) {
        if (seen === columns - 1) return true;
        seen = 0;
      } else if (seen >= 0 && bytes[i] === delimiter) seen += 1;
    }
  }
  return false;
}
