import type { BadRow, Problem } from './file-report.ts';
import type { TextBytes } from './text-bytes.ts';

/** What takes the rows of a file, dataset by dataset. */
export interface RowConsumer {
  /** `places`: for every column of the contract its cell in a record, -1 when the file has none. */
  begin(places: Int32Array): void;
  /**
   * Takes a record.
   * @param bounds from `at` on start and end in `text` of every cell; both are reused after the call.
   * @returns null when the row is good.
   */
  take(text: TextBytes, bounds: Int32Array, at: number, line: number): Problem | null;
}

/** Counts the lines of a file while it is read; every line goes to exactly one of the four kinds. */
export class Tally {
  header = 0;
  blank = 0;
  good = 0;
  bad = 0;
  /** Physical line the next record begins on. */
  line = 1;
  firstBad: BadRow | null = null;
  readonly #file: string;
  readonly #onBad: (row: BadRow) => void;

  constructor(file: string, onBad: (row: BadRow) => void) {
    this.#file = file;
    this.#onBad = onBad;
  }

  countHeader(lines: number): void {
    this.header += lines;
    this.line += lines;
  }

  countBlank(lines: number): void {
    this.blank += lines;
    this.line += lines;
  }

  /** Counts good records of one line each. */
  countGood(rows: number): void {
    this.good += rows;
    this.line += rows;
  }

  /** Counts a record that covers `lines` lines, and passes it on when it is bad. */
  countRow(problem: Problem | null, lines: number): void {
    if (problem === null) this.good += lines;
    else {
      const row: BadRow = { file: this.#file, line: this.line, lines, ...problem };
      this.firstBad ??= row;
      this.bad += lines;
      this.#onBad(row);
    }
    this.line += lines;
  }
}
