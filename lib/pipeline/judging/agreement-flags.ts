import type { Finding, Outcome } from '../../model/finding.ts';
import { type Assessment, agreementPlan, assessmentKey } from '../../model/flag.ts';
import type { Kpi } from '../../model/kpi.ts';
import type { DueJudgement } from './due-judgements.ts';
import type { JudgeInput } from './unit-judgement.ts';

/**
 * Flags on the built-in plan `agreement` for findings on sales' side at review (SPEC 8), one per KPI,
 * where no plan of side sales exists to carry them.
 *
 * @param group the judgements of one date and period.
 * @returns empty when sales' side has nothing at review.
 */
export function agreementFlags(
  input: JudgeInput,
  group: readonly DueJudgement[],
  outcomes: readonly Outcome[],
  latest: ReadonlyMap<string, Assessment>,
): Assessment[] {
  const findings = outcomes.flatMap((o) =>
    o.status === 'fail' && o.finding.side === 'sales' ? [o.finding] : [],
  );
  const byKpi = new Map<Kpi, Finding[]>();
  for (const finding of findings)
    byKpi.set(finding.kpi ?? 'sqls_accepted', [
      ...(byKpi.get(finding.kpi ?? 'sqls_accepted') ?? []),
      finding,
    ]);
  const { period, dates, date, isOpen, policy } = group[0]!;
  return [...byKpi].flatMap(([kpi, own]) => {
    if (!own.some((f) => f.severity === 'review')) return [];
    const id = { plan: agreementPlan, kpi, unit: input.data.unit, period: period.id };
    const previous = latest.get(assessmentKey(id));
    return [
      {
        ...id,
        planTitle: 'Agreement between marketing and sales',
        side: 'sales',
        state: isOpen ? 'open' : date >= dates.ripeOn ? 'ripe' : 'ended',
        verdict: 'review',
        reasons: [],
        atRipe: date === dates.ripeOn ? 'review' : (previous?.atRipe ?? null),
        raisedOn: previous?.raisedOn ?? date,
        score: null,
        assessed: 1,
        policy: policy.digest,
        target: 0,
        claimed: null,
        claimedFrom: 'counted',
        counted: null,
        basis: null,
        verified: null,
        removals: [],
        money: { currency: input.config.currency, claimed: 0, payable: 0, held: 0, refused: 0, waiting: 0 },
        pivotal: null,
        findings: own,
        outcomes: [],
        contributors: [],
        ...dates,
        decision: input.decisions.get(assessmentKey(id)) ?? null,
        evidence: null,
      } satisfies Assessment,
    ];
  });
}
