import { median } from 'simple-statistics';
import type { Row } from '../../model/datasets.ts';
import { type Day, dayNumber } from '../../model/day.ts';
import type { Estimate, Span } from '../../model/estimate.ts';
import type { SqlCase, TrafficSeries, UnitHistory } from '../../model/history.ts';
import { poissonInterval } from '../../statistics/poisson-interval.ts';
import { wilsonInterval } from '../../statistics/wilson-interval.ts';

type Lead = Row<'leads'>;
type Deal = Row<'deals'>;

/** Two-sided confidence of every interval about the business. */
const confidence = 0.95;

/** The records of all units together, as known on one date. A dataset that holds nothing is null. */
export interface BusinessRows {
  readonly asOf: Day;
  readonly histories: readonly UnitHistory[];
  readonly leads: readonly Lead[] | null;
  readonly sqls: readonly SqlCase[] | null;
  readonly deals: readonly Deal[] | null;
  readonly won: readonly WonDeal[];
  readonly spend: readonly Row<'spend'>[] | null;
  readonly guests: readonly Row<'event_guests'>[];
  readonly sqlById: ReadonlyMap<string, SqlCase>;
  readonly leadById: ReadonlyMap<string, Lead>;
}

/** A deal that was won, with what it came from. */
export interface WonDeal {
  readonly deal: Deal;
  readonly wonOn: Day;
  /** The SQL it names; null where it names none that is known. */
  readonly sql: SqlCase | null;
  /** The lead of that SQL, else the earliest lead with the deal's address; null without either. */
  readonly lead: Lead | null;
}

/**
 * Brings the records of all units together and links won deals to the SQLs and leads they came from.
 * @param histories one a unit, all of the same date.
 * @returns null without a history.
 */
export function businessRows(histories: readonly UnitHistory[]): BusinessRows | null {
  const asOf = histories[0]?.asOf;
  if (asOf === undefined) return null;
  const all = <R>(of: (history: UnitHistory) => readonly R[] | undefined): R[] | null => {
    const rows = histories.flatMap((h) => of(h) ?? []);
    return rows.length > 0 ? rows : null;
  };
  const leads = all((h) => h.leads?.rows);
  const sqls = all((h) => h.sqls?.rows);
  const deals = all((h) => h.deals?.rows);
  const sqlById = new Map((sqls ?? []).map((s) => [s.sql_id, s]));
  const leadById = new Map((leads ?? []).map((l) => [l.lead_id, l]));
  const leadByAddress = earliestByAddress(leads ?? []);
  const won = (deals ?? []).flatMap((deal): WonDeal[] => {
    if (deal.stage !== 'won') return [];
    const sql = deal.sql_id === null ? null : (sqlById.get(deal.sql_id) ?? null);
    const address = addressOf(deal.contact_email, deal.key_version);
    const lead =
      (sql && leadById.get(sql.lead_id)) ?? (address === null ? null : (leadByAddress.get(address) ?? null));
    const isBefore = lead !== null && lead.created_at.slice(0, 10) <= deal.created_at.slice(0, 10);
    return [
      {
        deal,
        wonOn: (deal.won_at ?? deal.created_at).slice(0, 10),
        sql,
        lead: isBefore ? lead : null,
      },
    ];
  });
  return {
    asOf,
    histories,
    leads,
    sqls,
    deals,
    won,
    spend: all((h) => h.spend),
    // Guests name no unit, so every unit holds all of them.
    guests: histories[0]!.eventGuests,
    sqlById,
    leadById,
  };
}

function addressOf(hash: string | null, keyVersion: string): string | null {
  return hash === null ? null : `${keyVersion}|${hash}`;
}

function earliestByAddress(leads: readonly Lead[]): Map<string, Lead> {
  const earliest = new Map<string, Lead>();
  for (const lead of leads) {
    const address = addressOf(lead.email, lead.key_version);
    if (address === null) continue;
    const known = earliest.get(address);
    if (!known || lead.created_at < known.created_at) earliest.set(address, lead);
  }
  return earliest;
}

/** Traffic series of all units. */
export function trafficOf(
  rows: BusinessRows,
): { readonly history: UnitHistory; readonly series: TrafficSeries }[] {
  return rows.histories.flatMap((history) =>
    (history.traffic?.sources ?? []).map((series) => ({ history, series })),
  );
}

/** Whether a time or date lies in a span. */
export function isWithin(time: string | null, { from, to }: Span): boolean {
  return time !== null && time >= from && time < to;
}

/** A share with its Wilson interval; null of nothing. @example shareOf(50, 100)?.value // => 0.5 */
export function shareOf(part: number, whole: number): Estimate | null {
  if (whole === 0) return null;
  const [low, high] = wilsonInterval(part, whole, confidence);
  return { value: part / whole, low, high };
}

/**
 * Cost of one of `count`, minor units, by the exact Poisson interval of the count.
 * @returns null without a cost, or when nothing came of it.
 * @example costPer(1000, 10)?.value // => 100
 */
export function costPer(cost: number | null, count: number | null): Estimate | null {
  if (cost === null || count === null || count === 0) return null;
  const [least, most] = poissonInterval(count, confidence);
  return {
    value: Math.round(cost / count),
    low: Math.round(cost / most),
    high: least === 0 ? null : Math.round(cost / least),
  };
}

/** Median, or null of nothing. */
export function medianOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : median([...values]);
}

/** Calendar days between two times. */
export function daysBetween(from: string, to: string): number {
  return dayNumber(to.slice(0, 10)) - dayNumber(from.slice(0, 10));
}

/** Hours between two local times; dates without a time count from midnight. */
export function hoursBetween(from: string, to: string): number {
  const hours = (time: string) =>
    Date.parse(`${time.length === 10 ? `${time}T00:00:00` : time}Z`) / 3_600_000;
  return hours(to) - hours(from);
}
