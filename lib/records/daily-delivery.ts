import type { Day } from '../model/day.ts';
import type { SeriesDays } from '../model/unit-data.ts';
import { type CountedPart, seriesDays } from './counted-series.ts';
import { DailyCounter } from './daily-counter.ts';
import type { DailyDataset } from './daily-keys.ts';
import type { Place } from './date-rows.ts';
import { type BadRow, defaultLimits, type FileReport, type Limits, type Refusal } from './file-report.ts';
import type { Renames } from './header.ts';
import { Quarantine } from './quarantine.ts';
import { readFile } from './read-file.ts';
import type { RowContext } from './row-parser.ts';

/** A file of a delivery; opened again when its rows must be read again. */
export interface InputFile {
  readonly name: string;
  open(): AsyncIterable<Uint8Array>;
}

/** How a delivery is read. */
export interface DeliveryOptions {
  readonly context: RowContext;
  readonly columns?: Renames;
  readonly limits?: Partial<Limits>;
}

/** What is said of every delivery. */
export interface DeliveryReport {
  readonly files: readonly FileReport[];
  /** Bad and conflicting rows of the files that were taken and those that were refused. */
  readonly quarantine: Quarantine;
  /** Set when the whole delivery was refused: more rows conflict or are bad than the limit allows. */
  readonly refused: Refusal | null;
  /** Rows equal to another one, counted once. */
  readonly repeated: number;
}

/** Daily numbers of one unit. */
export interface UnitDays {
  /** Traffic by source, medium and channel; counts by metric, channel and source. Sums over countries. */
  readonly series: readonly SeriesDays[];
  /** Traffic by country; empty when no row names one. */
  readonly countries: readonly SeriesDays[];
}

/** The daily numbers of one delivery. */
export interface DailyDelivery extends DeliveryReport {
  readonly dataset: DailyDataset;
  readonly units: Readonly<Record<string, UnitDays>>;
  /** Dates with at least one good row, ascending: the slices it replaces. */
  readonly days: readonly Day[];
  /** Dates with bad, conflicting or refused rows, and how many. */
  readonly refusedDays: Readonly<Record<Day, number>>;
}

/** Rows held at a time: about 5 MB; and about 120 MB when dates come back and files are read again. */
const heldRows = 40_000;
const heldAgain = 1_200_000;

/**
 * Unites the files of one source to daily numbers (SPEC 3.2): rows by natural key, equal rows once,
 * unequal rows of one key set aside all of them. The result does not depend on the order of files or rows.
 *
 * Files in the order of their dates are read once and in bounded memory. Dates that come back far apart
 * are read again, a few dates at a time, and so is the whole delivery when a file turns out to be refused.
 *
 * @throws {Error} a file changed between two readings; and what opening it throws.
 * @example (await readDailyCounts('traffic', [file], { context })).units.all?.series.length
 */
export async function readDailyCounts(
  dataset: DailyDataset,
  files: readonly InputFile[],
  options: DeliveryOptions,
): Promise<DailyDelivery> {
  const quarantine = new Quarantine();
  const refusedDays = new Map<Day, number>();
  const note = (day: Day, rows: number) => refusedDays.set(day, (refusedDays.get(day) ?? 0) + rows);
  const pass = async (counter: DailyCounter, among: readonly number[], onBad: (row: BadRow) => void) => {
    const reports = new Map<number, FileReport>();
    for (const file of among) {
      counter.startFile(file);
      const { name, open } = files[file]!;
      const { columns, limits } = options;
      const report = await readFile(open(), { dataset, name, columns, limits }, counter, onBad);
      if (report.refused && onBad !== ignore)
        for (const [day, rows] of Object.entries(counter.daysOfFile())) note(day, rows);
      reports.set(file, report);
    }
    counter.finish();
    return reports;
  };
  const all = files.map((_, file) => file);
  let counter = new DailyCounter(dataset, options.context, heldRows, null);
  const reports = await pass(counter, all, (row) => quarantine.add(row));
  const taken = all.filter((file) => reports.get(file)!.refused === null);
  const readAgain = async (next: DailyCounter) => {
    for (const [file, report] of await pass(next, taken, ignore))
      if (report.sha256 !== reports.get(file)!.sha256)
        throw new Error(`${report.name} changed while it was read`);
  };
  if (all.some((file) => !taken.includes(file) && reports.get(file)!.lines.good > 0)) {
    counter = new DailyCounter(dataset, options.context, heldRows, null);
    await readAgain(counter);
  }
  const counters = [counter];
  for (const group of groupsOf(counter.datesBack, heldAgain)) {
    const next = new DailyCounter(dataset, options.context, heldAgain, group);
    await readAgain(next);
    counters.push(next);
  }

  for (const [day, rows] of counter.badDays) note(day, rows);
  const conflicts: Place[] = [];
  for (const { conflicts: byDay } of counters)
    for (const [day, places] of byDay) {
      note(day, places.length);
      for (const place of places) conflicts.push(place);
    }
  for (const { file, line } of conflicts) quarantine.add(conflicting(files[file]!.name, line));
  const conflicted = (file: number) => conflicts.reduce((n, place) => n + (place.file === file ? 1 : 0), 0);
  const fileReports = all.map((file) => {
    const report = reports.get(file)!;
    const moved = conflicts.length > 0 && report.refused === null ? conflicted(file) : 0;
    const { good, bad } = report.lines;
    return { ...report, lines: { ...report.lines, good: good - moved, bad: bad + moved } };
  });
  const refused = refusalOf(
    fileReports,
    conflicts.length,
    options.limits?.badShare ?? defaultLimits.badShare,
  );
  return {
    dataset,
    files: fileReports,
    quarantine,
    refused,
    repeated: counters.reduce((n, c) => n + c.repeated, 0),
    units: unitsOf(refused ? [] : counters.flatMap((c) => c.counted)),
    days: refused ? [] : counters.flatMap((c) => [...c.days]).sort(),
    refusedDays: Object.fromEntries([...refusedDays].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function ignore(): void {}

/** A row whose natural key another row has with other values. */
export function conflicting(file: string, line: number): BadRow {
  return {
    file,
    line,
    lines: 1,
    column: null,
    reason: 'another row has the same key and other values',
    expected: 'one row a key, or equal rows',
    value: null,
  };
}

/** Refuses a delivery whose conflicting rows, with its bad ones, pass the limit. */
export function refusalOf(files: readonly FileReport[], conflicts: number, limit: number): Refusal | null {
  const taken = files.filter((file) => file.refused === null);
  const bad = taken.reduce((n, { lines }) => n + lines.bad, 0);
  const all = taken.reduce((n, { lines }) => n + lines.bad + lines.good, 0);
  if (conflicts === 0 || bad <= limit * all) return null;
  return {
    line: 1,
    column: null,
    reason: `${bad} of ${all} lines of the delivery are bad or conflicting`,
    expected: `at most ${limit * 100} %`,
  };
}

/** Splits dates into groups of about `most` rows. */
function groupsOf(dates: readonly { day: Day; rows: number }[], most: number): Set<Day>[] {
  const groups: Set<Day>[] = [];
  let rows = most;
  for (const date of [...dates].sort((a, b) => (a.day < b.day ? -1 : 1))) {
    if (rows + date.rows > most) {
      groups.push(new Set());
      rows = 0;
    }
    groups.at(-1)!.add(date.day);
    rows += date.rows;
  }
  return groups;
}

function unitsOf(counted: readonly CountedPart[]): Record<string, UnitDays> {
  const byName = new Map<string, CountedPart[]>();
  for (const part of counted) {
    const { name } = part.series;
    const parts = byName.get(name);
    if (parts) parts.push(part);
    else byName.set(name, [part]);
  }
  const units: Record<string, { series: SeriesDays[]; countries: SeriesDays[] }> = {};
  for (const name of [...byName.keys()].sort()) {
    const parts = byName.get(name)!;
    const { unit, isCountry } = parts[0]!.series;
    units[unit] ??= { series: [], countries: [] };
    (isCountry ? units[unit].countries : units[unit].series).push(seriesDays(parts));
  }
  return units;
}
