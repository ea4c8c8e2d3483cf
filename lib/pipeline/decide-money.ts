import { isDeepStrictEqual } from 'node:util';
import type { Plan } from '../model/config.ts';
import { type Assessment, assessmentKey, type Decision, type Money } from '../model/flag.ts';
import { parsePeriod } from '../model/period.ts';
import { combineAll, splitMoney } from '../verdict/money.ts';
import { kpiShares, payOf } from '../verdict/pay.ts';
import { grossOf } from './decide-rules.ts';
import type { PlanOf } from './judging/policy-book.ts';

/**
 * A judgement after a decision on it: nothing of it is held any more (SPEC 8). Where the plan pays only when every KPI
 * is met, the money of its other KPIs of the unit and period follows.
 *
 * The next judgement comes to the same; this only spares waiting for it.
 *
 * @param all what is held of all judgements.
 * @param planOf the plan in force when it was judged.
 * @returns the judgements that change, without evidence; the decided one first.
 */
export function decided(
  assessment: Assessment,
  decision: Decision,
  all: readonly Assessment[],
  planOf: PlanOf,
): Assessment[] {
  const after = { ...assessment, decision, evidence: null };
  const plan = planOf(assessment);
  // Flags on the agreement, and on plans that are no longer configured, move no money.
  if (!plan) return [after];
  if (plan.combine === 'each') return [{ ...after, money: moneyOf(after, plan) }];
  const joint = [
    after,
    ...all.filter(
      (a) =>
        a.plan === after.plan && a.unit === after.unit && a.period === after.period && a.kpi !== after.kpi,
    ),
  ];
  const money = combineAll(joint.map((a) => moneyOf(a, plan)));
  return joint.flatMap((a, i) =>
    a === after || !isSameMoney(a.money, money[i]!) ? [{ ...a, money: money[i]!, evidence: null }] : [],
  );
}

/**
 * Judgements with the decisions the ledger holds: one that was made after they were judged is not lost on them.
 * @returns in the same order; those that change are without evidence.
 */
export function withDecisions(
  assessments: readonly Assessment[],
  decisions: ReadonlyMap<string, Decision>,
  planOf: PlanOf,
): Assessment[] {
  const current = new Map(assessments.map((a) => [assessmentKey(a), a]));
  for (const [key, decision] of decisions) {
    const a = current.get(key);
    if (!a || isDeepStrictEqual(a.decision, decision)) continue;
    for (const after of decided(a, decision, [...current.values()], planOf))
      current.set(assessmentKey(after), after);
  }
  return [...current.values()];
}

/** The money of one KPI as it stands for itself. */
function moneyOf(a: Assessment, plan: Plan): Money {
  const index = plan.kpis.findIndex((k) => k.kpi === a.kpi);
  const planKpi = plan.kpis[index];
  const { currency } = a.money;
  if (!planKpi) return a.money;
  const share = kpiShares(plan, parsePeriod(a.period), currency)[index]!;
  return splitMoney({
    currency,
    pay: (value) => payOf(planKpi.payout, share, a.target, value),
    claimed: a.claimedFrom === 'awaiting_claim' ? null : a.claimed,
    gross: grossOf(a),
    proven: a.removals
      .filter((r) => r.rule === 'duplicate' || r.rule === 'out_of_order')
      .reduce((sum, r) => sum + r.count, 0),
    verified: a.verified,
    verdict: a.verdict,
    isRipe: a.state === 'ripe' || a.state === 'sealed',
    decision: a.decision,
  });
}

function isSameMoney(a: Money, b: Money): boolean {
  return a.claimed === b.claimed && a.payable === b.payable && a.held === b.held && a.refused === b.refused;
}
