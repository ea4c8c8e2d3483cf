import { dayNumber } from '../model/day.ts';
import { isAccepted, type SqlCase } from '../model/history.ts';
import type { JudgedDays } from '../model/training-days.ts';
import {
  type DecisionCurve,
  decidedBy,
  fitDecisionCurve,
  outcomeProbability,
} from '../statistics/aalen-johansen.ts';

/** Limits of the chance that a pending SQL will be accepted. */
export interface AcceptanceOddsPolicy {
  /** Fewest decisions the history must hold. */
  readonly minDecisions: number;
  /** Share of SQLs after whose decision no more decisions are expected. */
  readonly decidedShare: number;
}

/** METHODS of the acceptance curve. */
export const acceptanceOddsPolicy: AcceptanceOddsPolicy = { minDecisions: 50, decidedShare: 0.95 };

const acceptedOutcome = 1;
const refusedOutcome = 2;

/**
 * Chance that an SQL still pending at its age will be accepted, from the decisions on the SQLs of the baseline
 * days: (accepted by the horizon - accepted by its age) / undecided at its age, acceptance and refusal competing.
 * The horizon is the age by which 95 % were decided.
 *
 * @param base unit and period with the days that may train.
 * @returns a function of one SQL, fitted when first asked: a probability; null with fewer than 50 decisions,
 *   when the history never decides 95 %, or when none was pending so long.
 * @see Aalen & Johansen (1978), Scandinavian Journal of Statistics 5
 * @example
 * acceptanceOdds(base)(pendingSql) // => 0.74
 */
export function acceptanceOdds(
  base: JudgedDays,
  policy: AcceptanceOddsPolicy = acceptanceOddsPolicy,
): (sql: SqlCase) => number | null {
  const asOf = dayNumber(base.history.asOf);
  // Every plan judged with one base asks for the same curve.
  const byPolicy = curves.get(base) ?? new Map<AcceptanceOddsPolicy, Curve | null>();
  curves.set(base, byPolicy);
  return (sql) => {
    let fitted = byPolicy.get(policy);
    if (fitted === undefined) {
      fitted = curveOf(base, asOf, policy);
      byPolicy.set(policy, fitted);
    }
    if (!fitted) return null;
    const age = asOf - dayNumber(sql.delivered_at.slice(0, 10));
    return outcomeProbability(fitted.curve, acceptedOutcome, age, fitted.horizon);
  };
}

interface Curve {
  readonly curve: DecisionCurve;
  readonly horizon: number;
}

const curves = new WeakMap<JudgedDays, Map<AcceptanceOddsPolicy, Curve | null>>();

function curveOf(base: JudgedDays, asOf: number, policy: AcceptanceOddsPolicy): Curve | null {
  const origin = dayNumber(base.history.firstDay);
  const ages: number[] = [];
  const outcomes: number[] = [];
  let decisions = 0;
  for (const sql of base.history.sqls?.rows ?? []) {
    const delivered = dayNumber(sql.delivered_at.slice(0, 10));
    if (!base.isBaselineDay('sqls_delivered', delivered - origin) || sql.isContested) continue;
    const isDecided = sql.decidedOn !== null;
    // Decided before it was delivered is an error of the record, found elsewhere; here it is decided at once.
    ages.push(Math.max(0, (isDecided ? dayNumber(sql.decidedOn!) : asOf) - delivered));
    outcomes.push(isDecided ? (isAccepted(sql) ? acceptedOutcome : refusedOutcome) : 0);
    if (isDecided) decisions += 1;
  }
  if (decisions < policy.minDecisions) return null;
  const curve = fitDecisionCurve(ages, outcomes, refusedOutcome);
  const horizon = decidedBy(curve, policy.decidedShare);
  return horizon === null ? null : { curve, horizon };
}
