import type { TextBytes } from './text-bytes.ts';

/** The ten bytes of a date cell. Nearly every row has the date of the one before it: it is compared, not read. */
export class LastDate {
  /** Three words of which two overlap; zeros for a cell of another length. */
  readonly #words = new Int32Array(3);

  /** Whether a cell holds the date remembered. */
  isSame({ view }: TextBytes, start: number, end: number): boolean {
    const words = this.#words;
    return (
      end - start === 10 &&
      view.getInt32(start, true) === words[0] &&
      view.getInt32(start + 4, true) === words[1] &&
      view.getInt32(start + 6, true) === words[2]
    );
  }

  remember({ view }: TextBytes, start: number, end: number): void {
    for (const [i, at] of [0, 4, 6].entries())
      this.#words[i] = end - start === 10 ? view.getInt32(start + at, true) : 0;
  }
}
