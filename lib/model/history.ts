import type { Row } from './datasets.ts';
import type { Day } from './day.ts';

/**
 * One value a calendar day from `UnitHistory.firstDay` on; null where the day is missing.
 * Missing is not zero: a source absent on a covered day is 0, an uncovered day is null.
 */
export type DailyValues = readonly (number | null)[];

/** Traffic of one `source / medium`. A metric the files do not hold is null. */
export interface TrafficSeries {
  /** "source / medium". */
  readonly name: string;
  readonly channel: string;
  readonly visitors: DailyValues;
  readonly sessions: DailyValues;
  readonly engagedSessions: DailyValues | null;
  /** Spend in minor units. */
  readonly spend: DailyValues | null;
}

/** All traffic of a unit: the sum over sources, and each of them. */
export interface TrafficHistory {
  readonly visitors: DailyValues;
  readonly sessions: DailyValues;
  readonly engagedSessions: DailyValues | null;
  readonly sources: readonly TrafficSeries[];
  /** First and last day with data, as indices; before and after nothing is expected. */
  readonly first: number;
  readonly last: number;
}

/** Records of one dataset known at the judging date, ordered by their date then id. */
export interface RecordHistory<R> {
  readonly rows: readonly R[];
  /**
   * Where `rows` are just the first of a longer list that other judging dates share, that list: what only looks back
   * can be worked out once for all dates. Null where rows entered late stand between.
   */
  readonly startOf: readonly R[] | null;
  /** Rows a day, counted by the record's own date; never null inside [first, last]. */
  readonly daily: DailyValues;
  readonly first: number;
  readonly last: number;
}

/**
 * One SQL as known at the judging date: the latest decision by then, earlier ones dropped.
 * A redelivery within 90 days is not counted again (SPEC 5).
 */
export interface SqlCase extends Row<'sqls'> {
  /** Date of the decision as known then; null while pending. */
  readonly decidedOn: Day | null;
  /** Rejected with an empty or not agreed reason, or without the contact it needs, or won later under another origin. */
  readonly isContested: boolean;
  /** Pending past `decideWithin`. */
  readonly isOverdue: boolean;
}

/** Whether sales accepted an SQL. A later disqualification is sales' own outcome and takes nothing back. */
export function isAccepted(sql: Pick<SqlCase, 'disposition'>): boolean {
  return sql.disposition === 'accepted' || sql.disposition === 'disqualified';
}

/** A final number that changed afterwards. */
export interface Restatement {
  readonly dataset: string;
  readonly date: Day;
  readonly series: string;
  readonly metric: string;
  /** Null: was, or became, missing. */
  readonly old: number | null;
  readonly new: number | null;
  /** Date the change was first seen. */
  readonly seenOn: Day;
  readonly batch: string;
}

/** Everything about one unit that was known on one date: what checks judge. */
export interface UnitHistory {
  readonly unit: string;
  /** Judging date. Nothing recorded after it is in here. */
  readonly asOf: Day;
  /** Day of index 0 of every DailyValues. */
  readonly firstDay: Day;
  /** Number of days: index 0 to the judging date inclusive. */
  readonly length: number;
  /** Weekday of index 0, 1 Monday to 7 Sunday. */
  readonly firstWeekday: number;
  readonly holidays: readonly boolean[];
  readonly traffic: TrafficHistory | null;
  readonly leads: RecordHistory<Row<'leads'>> | null;
  /** By delivery date (cohort), never by the decision's. */
  readonly sqls: RecordHistory<SqlCase> | null;
  readonly deals: RecordHistory<Row<'deals'>> | null;
  /** Numbers given without records (`counts`), by metric. */
  readonly counts: Readonly<Record<string, DailyValues>>;
  readonly claims: readonly Row<'claims'>[];
  readonly totals: readonly Row<'totals'>[];
  readonly spend: readonly Row<'spend'>[];
  readonly eventGuests: readonly Row<'event_guests'>[];
  readonly calendar: readonly Row<'calendar'>[];
  readonly restatements: readonly Restatement[];
  /** Days of `[index]` refused or late by dataset, for coverage. */
  readonly refusedDays: Readonly<Record<string, readonly number[]>>;
}
