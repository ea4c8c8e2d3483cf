import type { Agreement } from '../model/config.ts';
import type { Row } from '../model/datasets.ts';
import { type Day, dayNumber, dayOf, weekday } from '../model/day.ts';
import type { IsHoliday } from '../model/duration.ts';
import type { RecordHistory, UnitHistory } from '../model/history.ts';
import { type RecordDataset, recordDatasets, type UnitData } from '../model/unit-data.ts';
import { countsHistory, firstDaysOf, refusedDays, trafficHistory, type Values } from './daily-history.ts';
import { newestEvent } from './event-dates.ts';
import { sqlCases } from './sql-cases.ts';

/** Days a record dataset may go without a row at either end before they are missing and not zero. */
const quietDays = 7;

/** Gives what was known of a unit at the end of a date; null when nothing was. */
export type HistoryAt = (asOf: Day) => UnitHistory | null;

/**
 * Prepares a unit's data once, so that what was known on a date can be cut out of it many times (SPEC 6, "known
 * at"): rows by `record_entered_at`, decisions by `decided_at`, claims by `reported_at`, else by the row's own date.
 *
 * @param data everything held about the unit.
 * @example historiesOf(data, agreement, noHolidays)('2026-09-20')?.leads?.rows.length
 */
export function historiesOf(data: UnitData, agreement: Agreement, isHoliday: IsHoliday): HistoryAt {
  const firstDay = firstDayOf(data);
  const lastDay = lastDayOf(data);
  if (firstDay === null || lastDay === null) return () => null;
  const origin = dayNumber(firstDay);
  const whole = Math.max(1, dayNumber(lastDay) - origin + 1);
  const gaps = declaredGaps(data, origin);
  const traffic = trafficHistory(data.traffic, origin, whole, gaps);
  const counts = countsHistory(data.counts, origin, whole);
  const refused = { traffic: refusedDays(data.traffic, origin), counts: refusedDays(data.counts, origin) };
  const holidays: boolean[] = [];
  const leads = dated(
    [...data.records.leads].sort(byTimeThen('created_at', 'lead_id')),
    (r) => r.created_at,
    origin,
  );
  const deals = dated(data.records.deals, (r) => r.created_at, origin);
  const allLeads = leads.map((l) => l.row);
  const extentOfLeads = extentOf(leads.map((l) => l.index));
  const extentOfDeals = extentOf(deals.map((d) => d.index));
  const delivered = extentOf(data.records.sqls.map((r) => dayNumber(r.delivered_at.slice(0, 10)) - origin));
  const casesAt = sqlCases(data.records.sqls, agreement, isHoliday);

  return (asOf) => {
    if (firstDay > asOf) return null;
    const length = dayNumber(asOf) - origin + 1;
    for (let i = holidays.length; i < length; i += 1) holidays.push(isHoliday(dayOf(origin + i)));
    const end = `${asOf}T99`;
    const known = <D extends RecordDataset>(dataset: D, at: (row: Row<D>) => string | null): Row<D>[] =>
      (data.records[dataset] as readonly Row<D>[]).filter((row) => (at(row) ?? '') <= end);
    const entered = leads.filter(({ row }) => row.created_at <= end && (row.record_entered_at ?? '') <= end);
    const opened = deals
      .filter(({ row }) => row.created_at <= end)
      .map((d) => ({ ...d, row: dealAt(d.row, end) }));
    const won = wonElsewhere(
      opened.map((d) => d.row),
      entered.map((l) => l.row),
    );
    const sqls = dated(casesAt(asOf, won), (r) => r.delivered_at, origin);
    return {
      unit: data.unit,
      asOf,
      firstDay,
      length,
      firstWeekday: weekday(origin),
      holidays: holidays.slice(0, length),
      traffic: firstDaysOf(traffic, length),
      leads: recordHistory(entered, extentOfLeads, length, allLeads),
      sqls: recordHistory(sqls, delivered, length, null),
      deals: recordHistory(opened, extentOfDeals, length, null),
      counts: Object.fromEntries(
        Object.entries(counts).map(([metric, values]) => [metric, values.slice(0, length)]),
      ),
      claims: known('claims', (r) => r.reported_at),
      totals: known('totals', (r) => r.extracted_at),
      spend: known('spend', (r) => r.date),
      eventGuests: known('event_guests', (r) => r.date),
      calendar: known('calendar', (r) => r.declared_at ?? r.date_from),
      restatements: data.restatements.filter((r) => r.seenOn <= asOf),
      refusedDays: { traffic: upTo(refused.traffic, length), counts: upTo(refused.counts, length) },
    };
  };
}

/** First date any dataset of the unit holds; null without data. */
export function firstDayOf(data: UnitData): Day | null {
  return datesOf(data).reduce<Day | null>(
    (least, day) => (least === null || day < least ? day : least),
    null,
  );
}

/** Newest date anything in the data happened on, for a judging date where none is given; null without data. */
export function lastDayOf(data: UnitData): Day | null {
  const newest = [
    ...datesOf(data),
    ...recordDatasets.map((dataset) => newestEvent(dataset, data.records[dataset])),
  ];
  return newest.reduce<Day | null>(
    (most, day) => (day !== null && (most === null || day > most) ? day : most),
    null,
  );
}

/** Dates on which something was counted or happened, with repeats. */
function datesOf(data: UnitData): Day[] {
  const { leads, sqls, deals } = data.records;
  const dates = new Set<Day>();
  for (const { series } of [...data.traffic, ...data.counts])
    for (const one of series) for (const day in one.days) dates.add(day);
  for (const r of leads) dates.add(r.created_at.slice(0, 10));
  for (const r of sqls) dates.add(r.delivered_at.slice(0, 10));
  for (const r of deals) dates.add(r.created_at.slice(0, 10));
  return [...dates];
}

function byTimeThen<R>(time: keyof R, id: keyof R): (a: R, b: R) => number {
  return (a, b) => (a[time] === b[time] ? (a[id] < b[id] ? -1 : 1) : a[time] < b[time] ? -1 : 1);
}

interface Dated<R> {
  readonly row: R;
  /** Index of its day. */
  readonly index: number;
}

function dated<R>(rows: readonly R[], date: (row: R) => string, origin: number): Dated<R>[] {
  return rows.map((row) => ({ row, index: dayNumber(date(row).slice(0, 10)) - origin }));
}

function upTo(indices: readonly number[], length: number): number[] {
  return indices.filter((i) => i < length);
}

function dealAt(deal: Row<'deals'>, end: string): Row<'deals'> {
  if (deal.stage === 'won' && (deal.won_at ?? deal.created_at) <= end) return deal;
  if (deal.stage === 'lost' && (deal.lost_at ?? deal.created_at) <= end) return deal;
  return { ...deal, stage: 'open', won_at: null, lost_at: null };
}

function wonElsewhere(deals: readonly Row<'deals'>[], leads: readonly Row<'leads'>[]) {
  const others = deals.filter((d) => d.stage === 'won' && d.origin !== null && d.origin !== 'marketing');
  const sqlIds = new Set(others.flatMap((d) => (d.sql_id ? [d.sql_id] : [])));
  const addresses = new Set(others.flatMap((d) => (d.contact_email ? [d.contact_email] : [])));
  const leadIds = new Set(
    leads.flatMap((l) => (l.email !== null && addresses.has(l.email) ? [l.lead_id] : [])),
  );
  return { sqlIds, leadIds };
}

interface Extent {
  readonly first: number;
  readonly last: number;
}

/** First and last index with rows, from all rows whenever known: how far the deliveries reach. */
function extentOf(indices: readonly number[]): Extent | null {
  if (indices.length === 0) return null;
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const index of indices) {
    if (index < first) first = index;
    if (index > last) last = index;
  }
  return { first: Math.max(0, first - quietDays), last: last + quietDays };
}

function recordHistory<R>(
  rows: readonly Dated<R>[],
  extent: Extent | null,
  length: number,
  all: readonly R[] | null,
): RecordHistory<R> | null {
  if (!extent || extent.first >= length) return null;
  const last = Math.min(length - 1, extent.last);
  const daily: Values = new Array(length).fill(null);
  daily.fill(0, extent.first, last + 1);
  for (const { index } of rows) if (index >= 0 && index < length) daily[index] = (daily[index] ?? 0) + 1;
  // Ordered as `all` is, so that it begins with these rows when the last of them stands at the same place.
  const isStart = all !== null && rows.length > 0 && all[rows.length - 1] === rows.at(-1)!.row;
  return { rows: rows.map((r) => r.row), startOf: isStart ? all : null, daily, first: extent.first, last };
}

/** Days that an outage or tracking gap declared before it began takes out. */
function declaredGaps(data: UnitData, origin: number): ReadonlySet<number> {
  const days = new Set<number>();
  for (const entry of data.records.calendar) {
    if (entry.kind !== 'outage' && entry.kind !== 'tracking_gap') continue;
    if (entry.declared_at === null || entry.declared_at.slice(0, 10) > entry.date_from) continue;
    if (entry.channel !== null || entry.source !== null) continue;
    for (let i = dayNumber(entry.date_from) - origin; i <= dayNumber(entry.date_to) - origin; i += 1)
      days.add(i);
  }
  return days;
}
