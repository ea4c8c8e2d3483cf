import type { Note } from './file-report.ts';

/** Notes on rows of a file, each text of a column once: with the first line it holds for and the number of rows. */
export class RowNotes {
  readonly #notes = new Map<string, Note>();

  get all(): readonly Note[] {
    return [...this.#notes.values()];
  }

  add(column: string, text: string, line: number): void {
    const key = `${column}\0${text}`;
    const known = this.#notes.get(key);
    this.#notes.set(key, { line, text, column, ...known, count: (known?.count ?? 0) + 1 });
  }

  clear(): void {
    this.#notes.clear();
  }
}
