import type { Dataset } from '../../lib/model/config.ts';
import type { PlainRow } from '../../lib/model/datasets.ts';
import type { InputFile } from '../../lib/records/daily-delivery.ts';
import type { BadRow, FileReport } from '../../lib/records/file-report.ts';
import { type FileOptions, readFile } from '../../lib/records/read-file.ts';
import { type RowContext, RowParser } from '../../lib/records/row-parser.ts';

/** One unit in UTC, US dollars, read late in 2026. */
export const context: RowContext = {
  unit: 'all',
  zone: (unit) => (unit === 'all' ? 'UTC' : unit === 'berlin' ? 'Europe/Berlin' : null),
  currency: 'USD',
  today: '2026-11-22',
  earliest: '1990-01-01',
};

/** Bytes in pieces, each a copy of its own. */
export async function* pieces(content: string | Uint8Array, size = 1 << 16): AsyncGenerator<Uint8Array> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  for (let at = 0; at < bytes.length; at += size) yield Uint8Array.from(bytes.subarray(at, at + size));
}

/** A file of a delivery that can be opened again. */
export function file(name: string, content: string | Uint8Array): InputFile {
  return { name, open: () => pieces(content) };
}

export interface ReadText<D extends Dataset> {
  readonly rows: PlainRow<D>[];
  readonly lines: number[];
  readonly bad: BadRow[];
  readonly report: FileReport;
}

/** Reads a file into rows. */
export async function readText<D extends Dataset>(
  dataset: D,
  content: string | Uint8Array,
  options: Partial<FileOptions> & { size?: number; context?: RowContext } = {},
): Promise<ReadText<D>> {
  const rows: PlainRow<D>[] = [];
  const lines: number[] = [];
  const bad: BadRow[] = [];
  const parser = new RowParser(dataset, options.context ?? context, (row, line) => {
    rows.push(row);
    lines.push(line);
  });
  const { size, context: _, ...own } = options;
  const input = pieces(content, size);
  const report = await readFile(input, { dataset, name: 'file', ...own }, parser, (row) => bad.push(row));
  return { rows, lines, bad, report };
}

/** Good rows enough that one bad one stays under the limit. */
export function manyLeads(count = 40): string[] {
  return Array.from({ length: count }, (_, i) => `L${i},2026-08-01`);
}
