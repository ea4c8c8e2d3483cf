import type { Finding } from '../model/finding.ts';
import {
  finalDays,
  isNewSeries,
  type JudgedDays,
  sumOf,
  type TrainingDays,
  trainingDays,
} from '../model/training-days.ts';
import { fitBaseline } from '../statistics/baseline.ts';
import { excessBySource } from '../statistics/excess-by-source.ts';

/** Visitors of one source above what its history explains, in the period. */
export interface SourceExcess {
  /** "source / medium". */
  readonly source: string;
  /** Above the upper limit of its history: what is provable. */
  readonly least: number;
  /** Above the mean of its history. */
  readonly point: number;
  /** Above the lower limit of its history. */
  readonly most: number;
}

/** Limits of the excess by source. */
export interface SourceExcessPolicy {
  /** Level over all sources of a unit together, a probability; each source gets its share of it. */
  readonly alpha: number;
  /** Days of history a baseline looks back over. */
  readonly windowDays: number;
  /** Days before the period within which a first appearance counts as new. */
  readonly newDays: number;
}

/** Limits of the visitors' waterfall. */
export const sourceExcessPolicy: SourceExcessPolicy = { alpha: 0.01, windowDays: 182, newDays: 14 };

/**
 * Visitors above what the history of each flagged source explains. Flagged is a source above its upper limit
 * at alpha over the number of sources, and every source that a finding names. Others contribute nothing: a
 * source below its mean does not make up for one above it. A source new in the period has no history, so all
 * of it is excess.
 *
 * @param base unit and period with the days that may train.
 * @param findings findings of the KPI; only the sources they name are read.
 * @returns flagged sources with 0 <= least <= point <= most, in visitors; empty without traffic by source.
 * @example
 * sourceExcess(base, findings) // => [{ source: 'adnet / referral', least: 1760, point: 1850, most: 1918 }]
 */
export function sourceExcess(
  base: JudgedDays,
  findings: readonly Pick<Finding, 'sources'>[],
  policy: SourceExcessPolicy = sourceExcessPolicy,
): SourceExcess[] {
  const { traffic } = base.history;
  const days = traffic ? finalDays(base, 'visitors', traffic.visitors) : [];
  if (!traffic || days.length === 0) return [];
  const judged = traffic.sources.flatMap(({ name, visitors }) => {
    if (isNewSeries(base, 'visitors', visitors, policy.newDays))
      return [{ name, observed: sumOf(visitors, days), mu: 0, phi: 1 }];
    const training = trainingDays(base, 'visitors', visitors, days, policy.windowDays);
    const baseline = fitBaseline(training);
    const sum = baseline.status === 'ok' ? baseline.sum : plainSum(training, days.length);
    return sum ? [{ name, observed: sumOf(visitors, days), mu: sum.mu, phi: sum.phi }] : [];
  });
  if (judged.length === 0) return [];
  const { sources } = excessBySource(
    judged.map((s) => s.observed),
    judged.map((s) => s.mu),
    judged.map((s) => s.phi),
    policy.alpha,
  );
  const named = new Set(findings.flatMap((f) => f.sources));
  return judged.flatMap(({ name, observed, mu }, i): SourceExcess[] => {
    const { lower, upper, isFlagged } = sources[i]!;
    const above = (limit: number) => Math.max(0, observed - limit);
    if ((!isFlagged && !named.has(name)) || above(lower) === 0) return [];
    return [{ source: name, least: above(upper), point: above(mu), most: above(lower) }];
  });
}

/** Own daily mean where too little is there to fit, spread as its days were; null with fewer than two days. */
function plainSum({ counts, include }: TrainingDays, days: number): { mu: number; phi: number } | null {
  const held = counts.filter((v, i): v is number => v !== null && include[i] === true);
  if (held.length < 2) return null;
  const mean = held.reduce((sum, v) => sum + v, 0) / held.length;
  const variance = held.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (held.length - 1);
  const phi = mean > 0 ? Math.max(1, variance / mean) : 1;
  // The mean is known from the held days only, which widens a sum over `days` of them.
  return { mu: mean * days, phi: phi * (1 + days / held.length) };
}
