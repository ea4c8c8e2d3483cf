import type { HandOverGroup, HandOverMonth, HandOvers } from '../../model/business.ts';
import { addDays, addMonths } from '../../model/day.ts';
import { type Assessment, isRaised } from '../../model/flag.ts';
import { isAccepted, type SqlCase } from '../../model/history.ts';
import { parsePeriod, periodOf } from '../../model/period.ts';
import { type BusinessRows, hoursBetween, isWithin, medianOf, shareOf } from './business-rows.ts';

/** Months shown, the one under way included. */
const mostMonths = 13;

/**
 * What hand-overs cost sales, month by month of delivery, and the months under question against the others.
 * @param quotaOf a month's quota in minor units; null without a goal for its year.
 * @returns null without SQL records.
 */
export function salesCost(
  rows: BusinessRows,
  assessments: readonly Assessment[],
  quotaOf: (month: string) => number | null,
): HandOvers | null {
  if (rows.sqls === null) return null;
  const first = periodOf(
    rows.sqls.reduce((d, s) => (s.delivered_at < d ? s.delivered_at : d), rows.asOf),
    'month',
  );
  const raised = raisedMonths(assessments);
  const all: (HandOverMonth & { readonly sqls: readonly SqlCase[] })[] = [];
  for (let month = first; month.from <= rows.asOf; month = periodOf(month.to, 'month')) {
    const sqls = rows.sqls.filter((s) => isWithin(s.delivered_at, month));
    all.push({
      month: month.id,
      isComplete: addDays(month.to, -1) <= rows.asOf,
      isRaised: raised.has(month.id),
      delivered: sqls.length,
      accepted: sqls.filter(isAccepted).length,
      notQualified: sqls.filter(isNotQualified).length,
      pending: sqls.filter((s) => s.decidedOn === null).length,
      hoursToReject: hoursToReject(sqls),
      quota: quotaOf(month.id),
      won: rows.deals === null ? null : wonIn(rows, month),
      sqls,
    });
  }
  const complete = all.filter((m) => m.isComplete && m.delivered > 0);
  return {
    months: all.slice(-mostMonths).map(({ sqls: _, ...month }) => month),
    raised: groupOf(complete.filter((m) => m.isRaised)),
    ordinary: groupOf(complete.filter((m) => !m.isRaised)),
  };
}

/** Decided and not accepted: rejected, or returned as not ready. */
export function isNotQualified(sql: SqlCase): boolean {
  return sql.decidedOn !== null && !isAccepted(sql);
}

/** Months, a quarter's three too, in which SQLs stood at review or above on marketing's side. */
export function raisedMonths(assessments: readonly Assessment[]): ReadonlySet<string> {
  const months = new Set<string>();
  for (const a of assessments) {
    if (a.side !== 'marketing' || !isRaised(a.verdict) || a.decision?.kind === 'cleared') continue;
    if (a.kpi !== 'sqls_delivered' && a.kpi !== 'sqls_accepted') continue;
    const { from, to } = parsePeriod(a.period);
    for (let day = from; day < to; day = addMonths(day, 1)) months.add(day.slice(0, 7));
  }
  return months;
}

/** Revenue won in a span, minor units. */
export function wonIn(rows: BusinessRows, span: { readonly from: string; readonly to: string }): number {
  return rows.won
    .filter((w) => isWithin(w.wonOn, span))
    .reduce((sum, { deal }) => sum + (deal.amount ?? 0), 0);
}

function hoursToReject(sqls: readonly SqlCase[]): number | null {
  return medianOf(
    sqls
      .filter((s) => s.disposition === 'rejected' && s.decided_at !== null)
      .map((s) => hoursBetween(s.delivered_at, s.decided_at!)),
  );
}

function groupOf(
  months: readonly (HandOverMonth & { readonly sqls: readonly SqlCase[] })[],
): HandOverGroup | null {
  const sqls = months.flatMap((m) => m.sqls);
  const notQualified = sqls.filter(isNotQualified).length;
  const share = shareOf(notQualified, sqls.length);
  if (share === null) return null;
  // Quota and revenue of the same months: those of a year without a goal stay out of both.
  const measured = months.filter((m) => m.quota !== null && m.won !== null);
  const sum = (of: (m: HandOverMonth) => number | null) =>
    measured.length === 0 ? null : measured.reduce((total, m) => total + of(m)!, 0);
  return {
    months: months.map((m) => m.month),
    delivered: sqls.length,
    notQualified,
    share,
    hoursToReject: hoursToReject(sqls),
    quota: sum((m) => m.quota),
    won: sum((m) => m.won),
  };
}
