import type { Family, Outcome } from '../model/finding.ts';

/** Weight of each family in the score: a choice of policy, not an estimate. They add up to 100. */
const weights: Readonly<Partial<Record<Family, number>>> = {
  records: 25,
  quality: 25,
  volume: 20,
  mix: 15,
  timing: 10,
  digits: 5,
};

/** Least share of the weight that must have been judged before a score is given. */
const leastAssessed = 0.6;

/** How far a finding without a p lowers its family: by its severity. */
const bySeverity = { note: 0, watch: 0.3, review: 0.6 } as const;

/** A check as the score sees it. */
export interface ScoredCheck {
  readonly id: string;
  readonly family: Family;
}

/**
 * Strength of evidence of a p, 0 at .05 and 1 at 1e-4, linear in log p, times the effect against a reference.
 *
 * @param effectRatio effect / reference effect, >= 0; above 1 counts as 1.
 * @example evidenceStrength(1e-4, 1) // => 1
 */
export function evidenceStrength(p: number, effectRatio: number): number {
  const span = Math.log10(0.05) - Math.log10(1e-4);
  const strength = (Math.log10(0.05) - Math.log10(Math.max(p, Number.MIN_VALUE))) / span;
  return Math.min(1, Math.max(0, strength)) * Math.min(1, Math.max(0, effectRatio));
}

/**
 * Score of a (KPI, period): 100 (1 - sum of w s / sum of w) over the families that could be judged.
 *
 * Only findings cost points, since a p without an effect is no finding. It steers attention and never changes pay.
 *
 * @returns `assessed`: share of the weight of the applicable families that could be judged, 0 to 1; `score`
 *   null below 0.6 of it.
 * @example integrityScore([{ check: 'traffic-spike', status: 'pass', p: 0.4, data: {} }], [{ id: 'traffic-spike', family: 'volume' }])
 * // => { score: 100, assessed: 1 }
 */
export function integrityScore(
  outcomes: readonly Outcome[],
  checks: readonly ScoredCheck[],
): { score: number | null; assessed: number } {
  const strengths = new Map<Family, number>();
  const applicable = new Set<Family>();
  for (const outcome of outcomes) {
    const family = checks.find((c) => c.id === outcome.check)?.family;
    if (family === undefined || weights[family] === undefined || outcome.status === 'not_applicable')
      continue;
    applicable.add(family);
    if (outcome.status !== 'pass' && outcome.status !== 'fail') continue;
    const before = strengths.get(family) ?? 0;
    strengths.set(family, Math.max(before, outcome.status === 'fail' ? lost(outcome.finding) : 0));
  }
  const weightOf = (families: Iterable<Family>) => [...families].reduce((sum, f) => sum + weights[f]!, 0);
  const whole = weightOf(applicable);
  const judged = weightOf(strengths.keys());
  if (whole === 0) return { score: null, assessed: 0 };
  const assessed = Math.round((judged / whole) * 100) / 100;
  if (assessed < leastAssessed) return { score: null, assessed };
  const points = [...strengths].reduce((sum, [family, s]) => sum + weights[family]! * s, 0);
  return { score: Math.round(100 * (1 - points / judged)), assessed };
}

function lost(finding: { p: number | null; severity: keyof typeof bySeverity }): number {
  return finding.p === null
    ? bySeverity[finding.severity]
    : Math.max(evidenceStrength(finding.p, 1), bySeverity[finding.severity]);
}
