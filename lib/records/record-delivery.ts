import { contractOf, type PlainRow, type Row } from '../model/datasets.ts';
import type { Day } from '../model/day.ts';
import { parsePeriod } from '../model/period.ts';
import { dayOfTime } from '../model/time.ts';
import type { RecordDataset } from '../model/unit-data.ts';
import {
  conflicting,
  type DeliveryOptions,
  type DeliveryReport,
  type InputFile,
  refusalOf,
} from './daily-delivery.ts';
import { defaultLimits, type FileReport } from './file-report.ts';
import type { Pseudonymiser } from './pseudonymise.ts';
import { Quarantine } from './quarantine.ts';
import { readFile } from './read-file.ts';
import { RowParser } from './row-parser.ts';

/** Rows of one delivery of records, ready to be kept. */
export interface RecordDelivery<D extends RecordDataset> extends DeliveryReport {
  readonly dataset: D;
  /** Ordered by date, then by all their values; independent of files and their order. */
  readonly rows: readonly Row<D>[];
  /** First and last date of the rows, both included; null without rows. */
  readonly range: { readonly from: Day; readonly to: Day } | null;
  /** Dates with conflicting rows or rows of refused files, and how many. */
  readonly refusedDays: Readonly<Record<Day, number>>;
}

interface Held<D extends RecordDataset> {
  readonly row: PlainRow<D>;
  readonly day: Day;
  /** All values, as text: what makes two rows equal, and their order. */
  readonly text: string;
  readonly places: { file: number; line: number }[];
  isConflicting: boolean;
}

/**
 * Unites the files of one source to records (SPEC 3.2): equal rows count once; rows of one key with
 * other values are set aside, all of them. Of SQLs every differing row is kept: a decision history.
 *
 * @example (await readRecords('leads', [file], { context, pseudonymise })).rows.length
 */
export async function readRecords<D extends RecordDataset>(
  dataset: D,
  files: readonly InputFile[],
  options: DeliveryOptions & { readonly pseudonymise: Pseudonymiser },
): Promise<RecordDelivery<D>> {
  const contract = contractOf(dataset);
  const keyColumns = contract.key === 'row' ? Object.keys(contract.columns) : contract.key;
  const quarantine = new Quarantine();
  const refused = new Map<Day, number>();
  const held = new Map<string, Held<D>>();
  const reports: FileReport[] = [];
  const dayOf = (row: PlainRow<D>) => recordDay(dataset, row as unknown as Row<D>);
  let repeated = 0;
  const unite = ({ row, line }: { row: PlainRow<D>; line: number }, file: number) => {
    const text = JSON.stringify(row);
    const key = contract.key === 'row' ? text : textOf(row, keyColumns);
    const known = held.get(key);
    if (!known) {
      held.set(key, { row, day: dayOf(row), text, places: [{ file, line }], isConflicting: false });
      return;
    }
    known.places.push({ file, line });
    if (known.text !== text) known.isConflicting = true;
  };

  for (const [index, file] of files.entries()) {
    const rows: { row: PlainRow<D>; line: number }[] = [];
    const parser = new RowParser(dataset, options.context, (row, line) => {
      if ('phone' in row && row.phone !== null) void options.pseudonymise.expectPhones();
      rows.push({ row, line });
    });
    const { columns, limits } = options;
    const report = await readFile(file.open(), { dataset, name: file.name, columns, limits }, parser, (row) =>
      quarantine.add(row),
    );
    reports.push(report);
    if (report.refused) for (const { row } of rows) count(refused, dayOf(row));
    else for (const row of rows) unite(row, index);
  }

  const moved = files.map(() => 0);
  for (const { day, places, isConflicting } of held.values()) {
    if (!isConflicting) repeated += places.length - 1;
    else
      for (const { file, line } of places) {
        moved[file]! += 1;
        count(refused, day);
        quarantine.add(conflicting(files[file]!.name, line));
      }
  }
  const fileReports = reports.map((report, file) => {
    const { good, bad } = report.lines;
    return { ...report, lines: { ...report.lines, good: good - moved[file]!, bad: bad + moved[file]! } };
  });
  const conflicts = moved.reduce((sum, rows) => sum + rows, 0);
  const refusal = refusalOf(fileReports, conflicts, options.limits?.badShare ?? defaultLimits.badShare);
  const taken = refusal ? [] : [...held.values()].filter((one) => !one.isConflicting);
  const ordered = taken.sort((a, b) =>
    a.day === b.day ? (a.text < b.text ? -1 : 1) : a.day < b.day ? -1 : 1,
  );
  return {
    dataset,
    files: fileReports,
    quarantine,
    refused: refusal,
    repeated,
    rows: await options.pseudonymise.rows(
      dataset,
      ordered.map((one) => one.row),
    ),
    range: ordered.length === 0 ? null : { from: ordered[0]!.day, to: ordered.at(-1)!.day },
    refusedDays: Object.fromEntries([...refused].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** The date a record belongs to: that of its contract's date column; of a period its first day. */
export function recordDay<D extends RecordDataset>(dataset: D, row: Row<D>): Day {
  const value = (row as Readonly<Record<string, unknown>>)[contractOf(dataset).date] as string;
  return value.length === 7 ? parsePeriod(value).from : dayOfTime(value);
}

/** Some columns of a row as one text. */
export function textOf(row: object, columns: readonly string[]): string {
  return JSON.stringify(columns.map((name) => (row as Readonly<Record<string, unknown>>)[name]));
}

function count(days: Map<Day, number>, day: Day): void {
  days.set(day, (days.get(day) ?? 0) + 1);
}
