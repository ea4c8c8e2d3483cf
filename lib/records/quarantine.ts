import type { BadRow } from './file-report.ts';

/** Bad rows of a delivery: the first ones in full, all of them counted. */
export class Quarantine {
  /** Rows set aside. */
  total = 0;
  readonly #kept: BadRow[] = [];
  readonly #most: number;

  /** @param most rows kept in full, so that memory stays bounded. */
  constructor(most = 10_000) {
    this.#most = most;
  }

  add(row: BadRow): void {
    this.total += 1;
    if (this.#kept.length < this.#most) this.#kept.push(row);
  }

  /** The rows kept, by file and line. */
  get rows(): readonly BadRow[] {
    return [...this.#kept].sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
  }
}
