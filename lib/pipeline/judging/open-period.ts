import { type Config, settlingOf } from '../../model/config.ts';
import { addDays, type Day } from '../../model/day.ts';
import { addDuration, type IsHoliday } from '../../model/duration.ts';
import type { Finding, Outcome } from '../../model/finding.ts';
import type { Assessment } from '../../model/flag.ts';
import type { UnitHistory } from '../../model/history.ts';
import { daysOf, type Period } from '../../model/period.ts';

/**
 * What of an open period can be judged: its days up to the last one that is over and final in every dataset, and that
 * every dataset held has told of, so that a file still on its way is no drop.
 *
 * @returns the period cut to those days; null while there is none.
 * @example judgedPart(config, history, parsePeriod('2026-09'), noHolidays)?.to // => '2026-09-17'
 */
export function judgedPart(
  config: Config,
  history: UnitHistory,
  period: Period,
  isHoliday: IsHoliday,
): Period | null {
  const settlings = settlingOf(config, ['traffic', 'leads', 'sqls', 'deals', 'counts']);
  const isFinal = (day: Day) => settlings.every((s) => addDuration(day, s, isHoliday) <= history.asOf);
  const told = toldUntil(history);
  let to = history.asOf < told ? history.asOf : told;
  if (to > period.to) to = period.to;
  while (to > period.from && !isFinal(addDays(to, -1))) to = addDays(to, -1);
  return to > period.from ? { ...period, to } : null;
}

/** The day after the last one that traffic, leads and SQLs all have a row of. */
function toldUntil({ firstDay, traffic, leads, sqls, asOf }: UnitHistory): Day {
  const ends = [
    ...(traffic ? [addDays(firstDay, traffic.last + 1)] : []),
    ...(leads && leads.rows.length > 0 ? [addDays(leads.rows.at(-1)!.created_at.slice(0, 10), 1)] : []),
    ...(sqls && sqls.rows.length > 0 ? [addDays(sqls.rows.at(-1)!.delivered_at.slice(0, 10), 1)] : []),
  ];
  return ends.reduce((least, end) => (end < least ? end : least), addDays(asOf, 1));
}

/** Limits of what statistics may say of an open period. */
export interface OpenPolicy {
  /** Largest p of a finding at review, a probability, over all the days a period is looked at together. */
  readonly reviewP: number;
}

/** SPEC 8, shared by the looks. */
export const openPolicy: OpenPolicy = { reviewP: 1e-3 };

/**
 * Outcomes of an open period as they count: it is looked at anew every day, so a statistical finding stays at review
 * only where its p times the days of the whole period is at most the limit. What counts records and tests nothing stays.
 */
export function sobered(
  outcomes: readonly Outcome[],
  period: Period,
  policy: OpenPolicy = openPolicy,
): Outcome[] {
  const isLucky = ({ severity, proof, p }: Finding) =>
    severity === 'review' && !proof && p !== null && p * daysOf(period) > policy.reviewP;
  return outcomes.map((o) =>
    o.status === 'fail' && isLucky(o.finding) ? { ...o, finding: { ...o.finding, severity: 'watch' } } : o,
  );
}

/** An open period has a verdict only where a finding of its own stands at review; agreement of weaker ones waits. */
export function standsAtReview({ findings, side }: Pick<Assessment, 'findings' | 'side'>): boolean {
  return findings.some((f) => f.side === side && f.severity === 'review');
}
