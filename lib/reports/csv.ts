import { plainText } from './plain-text.ts';

/** One cell: numbers stay numbers, null is empty. */
export type Cell = string | number | boolean | null;

/** A table of cells with the names of its columns. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Characters a spreadsheet still takes in one cell. */
export const mostCharacters = 30_000;

// What a spreadsheet would calculate; the wide forms are read as the narrow ones by some of them.
const formula = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/u;

/**
 * A table as RFC 4180 CSV with a header line, CRLF line ends and no byte order mark.
 *
 * Text that a spreadsheet would take for a formula gets a leading apostrophe; control characters and marks
 * that turn reading direction become spaces; text is cut at 30,000 characters.
 *
 * @throws {RangeError} a row has not as many cells as the header, or a number is not finite.
 * @example csv(['id', 'n'], [['=1+1', -5]]) // => "id,n\r\n'=1+1,-5\r\n"
 */
export function csv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = rows.map((row) => {
    if (row.length !== header.length)
      throw new RangeError(`expected ${header.length} cells, got ${row.length}`);
    return row.map(cellText).join(',');
  });
  return [header.map(cellText).join(','), ...lines, ''].join('\r\n');
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') {
    if (!Number.isFinite(cell)) throw new RangeError(`expected a finite number, got ${cell}`);
    return String(cell);
  }
  if (typeof cell === 'boolean') return String(cell);
  // Checked before and after cleaning: a control character in front must not hide what follows it.
  const clean = plainText(cell, mostCharacters);
  const text = formula.test(cell) || formula.test(clean) ? `'${clean}` : clean;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
