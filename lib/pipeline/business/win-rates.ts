import type { WinRate, WinRates } from '../../model/business.ts';
import { addDays } from '../../model/day.ts';
import type { Span } from '../../model/estimate.ts';
import { isAccepted } from '../../model/history.ts';
import { type BusinessRows, daysBetween, isWithin, medianOf, shareOf } from './business-rows.ts';

/** Days of hand-overs compared: a quarter now, and the year before it. */
const nowDays = 91;
const beforeDays = 364;
/** Least days a hand-over is given to be won. */
const leastDays = 28;

/**
 * Win rate of accepted SQLs then and now. A win counts within the own median time from hand-over to win, so that late
 * hand-overs are not called lost for want of time.
 * @returns null where no won deal names an SQL.
 */
export function winRates(rows: BusinessRows): WinRates | null {
  const usual = medianOf(daysToWin(rows));
  if (rows.sqls === null || usual === null) return null;
  const withinDays = Math.max(leastDays, Math.ceil(usual));
  const end = addDays(rows.asOf, 1 - withinDays);
  const start = addDays(end, -nowDays);
  const now = rateIn(rows, { from: start, to: end }, withinDays);
  const before = rateIn(rows, { from: addDays(start, -beforeDays), to: start }, withinDays);
  const isApart =
    now.rate !== null &&
    before.rate !== null &&
    (now.rate.high! < before.rate.low || before.rate.high! < now.rate.low);
  return { withinDays, before, now, isApart };
}

/** Days from hand-over to win of every deal won from an SQL. */
export function daysToWin(rows: BusinessRows): number[] {
  return rows.won.flatMap(({ sql, wonOn }) => (sql ? [daysBetween(sql.delivered_at, wonOn)] : []));
}

function rateIn(rows: BusinessRows, span: Span, withinDays: number): WinRate {
  const accepted = rows.sqls!.filter((s) => isAccepted(s) && isWithin(s.delivered_at, span));
  const ids = new Set(accepted.map((s) => s.sql_id));
  const won = new Set(
    rows.won.flatMap(({ sql, wonOn }) =>
      sql && ids.has(sql.sql_id) && daysBetween(sql.delivered_at, wonOn) <= withinDays ? [sql.sql_id] : [],
    ),
  ).size;
  return { ...span, accepted: accepted.length, won, rate: shareOf(won, ids.size) };
}
