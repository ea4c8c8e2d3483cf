import type { Dataset } from '../model/config.ts';
import { contractOf } from '../model/datasets.ts';
import { type Problem, refuse } from './file-report.ts';
import { columnOf, columnPlaces, type Renames } from './header.ts';
import { RecordEncoder } from './record-encoder.ts';
import type { RowConsumer, Tally } from './tally.ts';

/**
 * Reads a whole Parquet file, row group by row group; its lines are its rows.
 * @throws RefusedError damaged, or with unknown, duplicated or missing columns.
 */
export async function readParquet(
  dataset: Dataset,
  file: ArrayBuffer,
  renames: Renames,
  tally: Tally,
  consumer: RowConsumer,
): Promise<void> {
  // Loaded on demand: few folders hold Parquet and every run pays for an import.
  const { parquetMetadata, parquetRead, parquetSchema } = await import('hyparquet');
  const metadata = await orRefuse(() => parquetMetadata(file));
  const fields = parquetSchema(metadata).children;
  const names = fields.map((field) => field.element.name);
  columnPlaces(dataset, names, renames, 1);
  const known = Object.keys(contractOf(dataset).columns);
  const targets = names.map((name) => known.indexOf(columnOf(dataset, name, renames) ?? ''));
  const readers = fields.map((field) => cellReader(field.element));
  const encoder = new RecordEncoder(known.length);
  consumer.begin(Int32Array.from(known, (_, i) => i));
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    let rows: unknown[][] = [];
    const onComplete = (got: unknown[][]) => {
      rows = got;
    };
    await orRefuse(() => parquetRead({ file, metadata, rowStart, rowEnd, rowFormat: 'array', onComplete }));
    if (rows.length !== rowEnd - rowStart)
      refuse(
        rowStart + 1,
        null,
        `${rows.length} rows of ${rowEnd - rowStart} in a row group`,
        'an undamaged file',
      );
    for (const row of rows) {
      encoder.begin();
      let problem: Problem | null = null;
      for (const [i, target] of targets.entries()) {
        if (target === -1) continue;
        const text = readers[i]!(row[i]);
        if (text === undefined)
          problem ??= {
            column: known[target]!,
            reason: 'a nested or binary value',
            expected: 'text, a number, a date or null',
            value: null,
          };
        else encoder.set(target, text);
      }
      tally.countRow(problem ?? consumer.take(encoder.text, encoder.bounds, 0, tally.line), 1);
    }
    rowStart = rowEnd;
  }
}

async function orRefuse<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    return refuse(1, null, `damaged Parquet (${(error as Error).message})`, 'an undamaged file');
  }
}

interface Element {
  readonly converted_type?: string;
  readonly scale?: number;
  readonly logical_type?: { readonly type: string; readonly isAdjustedToUTC?: boolean };
}

/** How values of a field are written as text; undefined for what no cell can hold. */
function cellReader(element: Element): (value: unknown) => string | null | undefined {
  const logical = element.logical_type;
  const isDate = logical?.type === 'DATE' || element.converted_type === 'DATE';
  const isDecimal = logical?.type === 'DECIMAL' || element.converted_type === 'DECIMAL';
  const isLocal = logical?.type === 'TIMESTAMP' && logical.isAdjustedToUTC === false;
  return (value) => {
    if (value === null || value === undefined) return null;
    if (typeof value === 'string') return value;
    if (isDecimal && typeof value === 'number') return decimalText(value, element.scale ?? 0);
    if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
      return String(value);
    if (!(value instanceof Date) || Number.isNaN(value.getTime())) return undefined;
    const iso = value.toISOString();
    if (isDate) return iso.slice(0, 10);
    return isLocal ? iso.slice(0, 19) : iso;
  };
}

/**
 * A decimal as it was written. The library takes it times a power of ten, so that 8.29 comes as 8.290000000000001; what
 * has more figures than a double tells apart is given with the fifteen that are sure.
 */
function decimalText(value: number, scale: number): string {
  const isExact = Math.abs(value) * 10 ** scale < Number.MAX_SAFE_INTEGER;
  const text = isExact ? value.toFixed(scale) : String(Number(value.toPrecision(15)));
  return text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : text;
}
