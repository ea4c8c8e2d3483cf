import type { Row } from './datasets.ts';
import type { Day } from './day.ts';
import type { Restatement } from './history.ts';

/** One series of daily numbers: its dimensions, and per covered day the metrics it holds. */
export interface SeriesDays {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly days: Readonly<Record<Day, Readonly<Record<string, number>>>>;
}

/** Daily numbers one configured source delivered. */
export interface SourceDays {
  readonly source: string;
  readonly series: readonly SeriesDays[];
  /** Days with rows refused or conflicting, and how many. */
  readonly refused: Readonly<Record<Day, number>>;
}

/** Datasets kept as records. */
export const recordDatasets = [
  'leads',
  'sqls',
  'deals',
  'claims',
  'totals',
  'spend',
  'event_guests',
  'calendar',
] as const;
export type RecordDataset = (typeof recordDatasets)[number];

/** Everything held about one unit, whatever the date it became known: what a judging date is cut out of. */
export interface UnitData {
  readonly unit: string;
  readonly traffic: readonly SourceDays[];
  readonly counts: readonly SourceDays[];
  /** Rows by dataset; an empty list also where no source delivers the dataset. */
  readonly records: { readonly [D in RecordDataset]: readonly Row<D>[] };
  readonly restatements: readonly Restatement[];
}
