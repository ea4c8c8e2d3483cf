import { type Assessment, agreementPlan, isRaised } from '../model/flag.ts';
import { parsePeriod } from '../model/period.ts';
import type { WeeklyReport } from '../model/report.ts';

/**
 * Where a judged number stands with its reader: `certified`, `decided` against the claim in whole or part,
 * `waiting` for a decision, `unable` to be judged.
 */
export type Standing = 'certified' | 'decided' | 'waiting' | 'unable';

/** Standing of an assessment; a decision comes before the verdict it was about. */
export function standingOf(assessment: Assessment): Standing {
  if (assessment.decision) return assessment.decision.kind === 'cleared' ? 'certified' : 'decided';
  if (isRaised(assessment.verdict)) return 'waiting';
  return assessment.verdict === 'unable_to_certify' ? 'unable' : 'certified';
}

/** Whether pay depends on an assessment: all but those of the built-in plan `agreement`. */
export function isBonusMetric(assessment: Assessment): boolean {
  return assessment.plan !== agreementPlan;
}

/**
 * Judgements of complete periods, parted at the latest end of a period: that is what the report is about first.
 * A month and a quarter that end on the same day are both the latest.
 */
export function splitPeriods(report: WeeklyReport): { latest: Assessment[]; earlier: Assessment[] } {
  const complete = report.assessments.filter((a) => a.state !== 'open');
  const ends = new Map(complete.map((a) => [a.period, parsePeriod(a.period).to]));
  const last = [...ends.values()].reduce((most, end) => (end > most ? end : most), '');
  return {
    latest: complete.filter((a) => ends.get(a.period) === last),
    earlier: complete.filter((a) => ends.get(a.period) !== last),
  };
}

/** Sum of one kind of money over assessments, minor units. */
export function sumMoney(
  assessments: readonly Assessment[],
  kind: 'claimed' | 'payable' | 'held' | 'refused',
): number {
  return assessments.reduce((sum, a) => sum + a.money[kind], 0);
}

const urgency: Readonly<Record<Standing, number>> = { waiting: 0, unable: 1, decided: 2, certified: 3 };

/** What needs a reader first: waiting before unable before the rest, then by money held; ties keep their order. */
export function byUrgency(a: Assessment, b: Assessment): number {
  return urgency[standingOf(a)] - urgency[standingOf(b)] || b.money.held - a.money.held;
}
