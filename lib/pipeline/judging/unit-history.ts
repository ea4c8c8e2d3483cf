import { countBelow, recordDays } from '../../checks/record-days.ts';
import type { Agreement } from '../../model/config.ts';
import type { Row } from '../../model/datasets.ts';
import { type Day, dayNumber, dayOf, weekday } from '../../model/day.ts';
import type { IsHoliday } from '../../model/duration.ts';
import type { RecordHistory, UnitHistory } from '../../model/history.ts';
import { noteCut } from '../../model/row-cut.ts';
import { type RecordDataset, recordDatasets, type UnitData } from '../../model/unit-data.ts';
import { countsHistory, firstDaysOf, refusedDays, trafficHistory, type Values } from './daily-history.ts';
import { newestEvent } from './event-dates.ts';
import { sqlCases } from './sql-cases.ts';

type Lead = Row<'leads'>;
type Deal = Row<'deals'>;

/**
 * What a record dataset may go without a row at either end before its days are missing and not zero: a week, or four
 * of its own mean gaps, which a source that still delivers exceeds one time in fifty (e^-4).
 */
const quiet = { days: 7, meanGaps: 4 };

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
  const refused = {
    traffic: refusedDays(data.traffic, origin),
    counts: refusedDays(data.counts, origin),
  };
  const holidays: boolean[] = [];
  const leadsAt = knownLeads(data.records.leads);
  const dealsAt = knownDeals(data.records.deals);
  const casesAt = sqlCases(data.records.sqls, agreement, isHoliday);

  return (asOf) => {
    if (firstDay > asOf) return null;
    const length = dayNumber(asOf) - origin + 1;
    for (let i = holidays.length; i < length; i += 1) holidays.push(isHoliday(dayOf(origin + i)));
    const end = `${asOf}T99`;
    const known = <D extends RecordDataset>(dataset: D, at: (row: Row<D>) => string | null): Row<D>[] =>
      (data.records[dataset] as readonly Row<D>[]).filter((row) => (at(row) ?? '') <= end);
    const entered = leadsAt(asOf);
    const opened = dealsAt(end);
    const sqls = casesAt(asOf, wonElsewhere(opened, entered.rows));
    const history = <R extends object>(
      rows: readonly R[],
      column: keyof R & string,
      startOf: readonly R[] | null = null,
    ) => recordHistory(rows, recordDays(rows, column), origin, length, startOf);
    return {
      unit: data.unit,
      asOf,
      firstDay,
      length,
      firstWeekday: weekday(origin),
      holidays: holidays.slice(0, length),
      traffic: firstDaysOf(traffic, length),
      leads: history(entered.rows, 'created_at', entered.startOf),
      sqls: history(sqls, 'delivered_at'),
      deals: history(opened, 'created_at'),
      counts: Object.fromEntries(
        Object.entries(counts).map(([metric, values]) => [metric, values.slice(0, length)]),
      ),
      claims: known('claims', (r) => r.reported_at),
      totals: known('totals', (r) => r.extracted_at),
      spend: known('spend', (r) => r.date),
      eventGuests: known('event_guests', (r) => r.date),
      calendar: known('calendar', (r) => r.declared_at ?? r.date_from),
      restatements: data.restatements.filter((r) => r.seenOn <= asOf),
      refusedDays: {
        traffic: upTo(refused.traffic, length),
        counts: upTo(refused.counts, length),
      },
    };
  };
}

/** First date any dataset of the unit holds; null without data. */
export function firstDayOf(data: UnitData): Day | null {
  return datesOf(data)[0] ?? null;
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

/** First and last of the dates on which something was counted or happened; none without data. */
function datesOf(data: UnitData): Day[] {
  const { leads, sqls, deals } = data.records;
  let first = '9';
  let last = '';
  const note = (time: string) => {
    if (time < first) first = time;
    if (time > last) last = time;
  };
  for (const { series } of [...data.traffic, ...data.counts])
    for (const one of series) for (const day in one.days) note(day);
  for (const r of leads) note(r.created_at);
  for (const r of sqls) note(r.delivered_at);
  for (const r of deals) note(r.created_at);
  return last === '' ? [] : [first.slice(0, 10), last.slice(0, 10)];
}

function byTimeThen<R>(time: keyof R, id: keyof R): (a: R, b: R) => number {
  return (a, b) => (a[time] === b[time] ? (a[id] < b[id] ? -1 : 1) : a[time] < b[time] ? -1 : 1);
}

/** Leads known on a date, and the list they begin where no lead entered later stands between them. */
interface KnownLeads {
  readonly rows: readonly Lead[];
  readonly startOf: readonly Lead[] | null;
}

/** Leads in order of time, so that those known on a date are the first of them, but for the few entered days later. */
function knownLeads(given: readonly Lead[]): (asOf: Day) => KnownLeads {
  const all = [...given].sort(byTimeThen('created_at', 'lead_id'));
  const created = recordDays(all, 'created_at');
  const entered = recordDays(all, 'record_entered_at');
  const late: number[] = [];
  for (let i = 0; i < all.length; i += 1) if (entered[i]! > created[i]!) late.push(i);
  return (asOf) => {
    const today = dayNumber(asOf);
    let count = countBelow(created, today + 1);
    const missing = late.filter((i) => i < count && entered[i]! > today);
    while (missing.at(-1) === count - 1 && count > 0) {
      missing.pop();
      count -= 1;
    }
    if (missing.length === 0) {
      const rows = all.slice(0, count);
      noteCut(rows, { all, places: null });
      return { rows, startOf: count > 0 ? all : null };
    }
    const places = new Int32Array(count - missing.length);
    let next = 0;
    for (let i = 0; i < count; i += 1) {
      if (missing[next] === i) next += 1;
      else places[i - next] = i;
    }
    const rows: Lead[] = [];
    for (const i of places) rows.push(all[i]!);
    noteCut(rows, { all, places });
    return { rows, startOf: null };
  };
}

/** Deals opened by a date, each with the stage it had then. */
function knownDeals(deals: readonly Deal[]): (end: string) => readonly Deal[] {
  const undecided = deals.map((deal) => ({ ...deal, stage: 'open', won_at: null, lost_at: null }) as const);
  return (end) =>
    deals.flatMap((deal, i) => (deal.created_at > end ? [] : [isClosed(deal, end) ? deal : undecided[i]!]));
}

function upTo(indices: readonly number[], length: number): number[] {
  return indices.filter((i) => i < length);
}

function isClosed(deal: Deal, end: string): boolean {
  if (deal.stage === 'won') return (deal.won_at ?? deal.created_at) <= end;
  return deal.stage === 'lost' && (deal.lost_at ?? deal.created_at) <= end;
}

function wonElsewhere(deals: readonly Deal[], leads: readonly Lead[]) {
  const others = deals.filter((d) => d.stage === 'won' && d.origin !== null && d.origin !== 'marketing');
  const sqlIds = new Set(others.flatMap((d) => (d.sql_id ? [d.sql_id] : [])));
  const addresses = new Set(others.flatMap((d) => (d.contact_email ? [d.contact_email] : [])));
  const leadIds = new Set<string>();
  if (addresses.size > 0)
    for (const lead of leads) if (lead.email !== null && addresses.has(lead.email)) leadIds.add(lead.lead_id);
  return { sqlIds, leadIds };
}

interface Extent {
  readonly first: number;
  readonly last: number;
}

/** First and last index that the rows known reach to. */
function extentOf(days: Int32Array, origin: number): Extent | null {
  if (days.length === 0) return null;
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const day of days) {
    if (day - origin < first) first = day - origin;
    if (day - origin > last) last = day - origin;
  }
  const reach = Math.max(quiet.days, Math.ceil((quiet.meanGaps * (last - first)) / days.length));
  return { first: Math.max(0, first - reach), last: last + reach };
}

function recordHistory<R>(
  rows: readonly R[],
  days: Int32Array,
  origin: number,
  length: number,
  startOf: readonly R[] | null,
): RecordHistory<R> | null {
  const extent = extentOf(days, origin);
  if (!extent || extent.first >= length) return null;
  const last = Math.min(length - 1, extent.last);
  const daily: Values = new Array(length).fill(null);
  daily.fill(0, extent.first, last + 1);
  for (const day of days) {
    const index = day - origin;
    if (index >= 0 && index < length) daily[index] = (daily[index] ?? 0) + 1;
  }
  return { rows, startOf, daily, first: extent.first, last };
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
