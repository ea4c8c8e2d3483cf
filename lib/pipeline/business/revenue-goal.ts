import type { RevenueGoal, SqlNeed } from '../../model/business.ts';
import type { Config } from '../../model/config.ts';
import { currencyExponent, minorUnits } from '../../model/currency.ts';
import { addDays, addMonths, dayNumber } from '../../model/day.ts';
import type { Estimate, Span } from '../../model/estimate.ts';
import { isAccepted } from '../../model/history.ts';
import { type BusinessRows, isWithin, shareOf } from './business-rows.ts';
import { isNotQualified, wonIn } from './sales-cost.ts';

/** Ages of accepted SQLs whose wins make the win rate: old enough to be won, young enough to say something of today. */
const agedDays = { least: 182, most: 546 };

/**
 * A month's quota, minor units: a twelfth of the revenue goal of its year.
 * @returns null where no goal is set for the year.
 */
export function quotaOf(config: Config, month: string): number | null {
  const goal = goalOf(config, month.slice(0, 4));
  return goal === null ? null : Math.round(goal / 12);
}

function goalOf(config: Config, year: string): number | null {
  const goal = config.goals?.revenue?.[year];
  return goal === undefined ? null : minorUnits(goal, currencyExponent(config.currency));
}

/** Revenue won this year against the goal; null without a goal for the year or without deals. */
export function revenueGoal(rows: BusinessRows, config: Config): RevenueGoal | null {
  const year = rows.asOf.slice(0, 4);
  const target = goalOf(config, year);
  if (target === null || rows.deals === null) return null;
  const span = { from: `${year}-01-01`, to: addDays(rows.asOf, 1) };
  const won = wonIn(rows, span);
  const days = dayNumber(`${Number(year) + 1}-01-01`) - dayNumber(span.from);
  const yearElapsed = (dayNumber(span.to) - dayNumber(span.from)) / days;
  return {
    year,
    target,
    won,
    withoutAmount: rows.won.filter((w) => isWithin(w.wonOn, span) && w.deal.amount === null).length,
    yearElapsed,
    pace: Math.round(won / yearElapsed),
    gap: Math.round(target * yearElapsed) - won,
  };
}

/**
 * Accepted SQLs a month that feed the quota: quota / (average won amount x win rate).
 * @param span the last year, for amounts, acceptance and marketing's share.
 * @returns null without a goal, or where nothing was won from SQLs with an amount.
 */
export function sqlNeed(rows: BusinessRows, config: Config, span: Span): SqlNeed | null {
  const quota = quotaOf(config, rows.asOf.slice(0, 7));
  if (quota === null || rows.sqls === null) return null;
  const amounts = rows.won
    .filter((w) => w.sql !== null && w.deal.amount !== null && isWithin(w.wonOn, span))
    .map((w) => w.deal.amount!);
  const aged = { from: addDays(rows.asOf, -agedDays.most), to: addDays(rows.asOf, -agedDays.least) };
  const old = new Set(
    rows.sqls.filter((s) => isAccepted(s) && isWithin(s.delivered_at, aged)).map((s) => s.sql_id),
  );
  const won = new Set(rows.won.flatMap(({ sql }) => (sql && old.has(sql.sql_id) ? [sql.sql_id] : []))).size;
  const winRate = shareOf(won, old.size);
  if (amounts.length === 0 || winRate === null || winRate.value === 0) return null;
  const averageWon = amounts.reduce((sum, a) => sum + a, 0) / amounts.length;
  const needed = (rate: number) => quota / (averageWon * rate);
  const accepted: Estimate = {
    value: needed(winRate.value),
    low: needed(winRate.high!),
    high: winRate.low > 0 ? needed(winRate.low) : null,
  };
  const revenue = wonIn(rows, span);
  const sourced = rows.won
    .filter((w) => w.deal.origin === 'marketing' && isWithin(w.wonOn, span))
    .reduce((sum, w) => sum + (w.deal.amount ?? 0), 0);
  const marketingShare = revenue === 0 ? 0 : sourced / revenue;
  const delivered = rows.sqls.filter((s) => isWithin(s.delivered_at, span));
  const qualified = delivered.filter(isAccepted).length;
  const decided = qualified + delivered.filter(isNotQualified).length;
  const acceptedForShare = accepted.value * marketingShare;
  return {
    quota,
    averageWon: Math.round(averageWon),
    winRate,
    accepted,
    marketingShare,
    acceptedForShare,
    deliveredForShare: qualified === 0 ? null : (acceptedForShare * decided) / qualified,
    acceptedNow: acceptedAMonth(rows),
  };
}

/** Accepted SQLs a month, mean of the last three complete months. */
function acceptedAMonth(rows: BusinessRows): number {
  const to = `${addDays(rows.asOf, 1).slice(0, 7)}-01`;
  const span = { from: addMonths(to, -3), to };
  return rows.sqls!.filter((s) => isAccepted(s) && isWithin(s.delivered_at, span)).length / 3;
}
