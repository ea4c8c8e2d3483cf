import { quantile } from 'simple-statistics';
import { requireCount, requireInside } from './argument.ts';
import { binomialLowerLimit, binomialLowerTail } from './binomial.ts';
import { pooledCounts } from './pooled-counts.ts';

/**
 * Exact limit of a share for a unit of a given size: the binomial quantile, interpolated between counts.
 *
 * (r - a) / n with r the smallest count of cumulative probability >= p and a = (F(r) - p) / (F(r) - F(r - 1)).
 *
 * @param trials size of the unit, >= 1.
 * @param target common share, inside (0, 1).
 * @param p cumulative probability of the limit, inside (0, 1): 0.001, 0.025, 0.975, 0.999.
 * @returns a share in [0, 1].
 * @throws {RangeError} `trials` not a whole number >= 1, or `target` or `p` outside (0, 1).
 * @see Spiegelhalter (2005), Statistics in Medicine 24:1185-1202, appendix A
 * @example
 * funnelLimit(100, 0.344, 0.975); // => 0.434
 */
export function funnelLimit(trials: number, target: number, p: number): number {
  requireCount('trials', trials, 1);
  requireInside('target', target);
  requireInside('p', p);
  const count = binomialLowerLimit(p, trials, target);
  const reached = binomialLowerTail(count, trials, target);
  const before = binomialLowerTail(count - 1, trials, target);
  return Math.max(0, (count - (reached - p) / (reached - before)) / trials);
}

/** Units compared with their common share, allowing for more spread between them than chance makes. */
export interface FunnelComparison {
  /** Share of all units together. */
  target: number;
  /** Distance of each unit on the arcsine square-root scale, in its own standard deviations. */
  z: number[];
  /** The same with the extremes pulled in, which the spread is measured on. */
  winsorised: number[];
  /** Mean square of the winsorised distances: 1 when units differ by chance only. */
  phi: number;
  /** Variance between units on the arcsine scale, >= 0. */
  tauSquared: number;
  /** Distances with that variance added to each unit's own. */
  adjusted: number[];
}

/**
 * Funnel comparison of units: z-scores before and after allowing for overdispersion. Never a ranking.
 *
 * @param successes successes of each unit, whole numbers.
 * @param trials trials of each unit, >= 1; at least two units.
 * @param winsorShare share pulled in at each end, in [0, 0.5), usually 0.1.
 * @returns the common share and each unit's distance from it.
 * @throws {RangeError} lengths differ, fewer than two units, counts out of range, or all or no successes.
 * @see Spiegelhalter (2005), Quality and Safety in Health Care 14:347-351
 * @example
 * compareUnits([12, 30], [82, 98], 0.1).target; // => 42 / 180
 */
export function compareUnits(
  successes: readonly number[],
  trials: readonly number[],
  winsorShare: number,
): FunnelComparison {
  if (!(winsorShare >= 0 && winsorShare < 0.5)) {
    throw new RangeError(`winsorShare must lie in [0, 0.5), was ${winsorShare}`);
  }
  const { hits, total } = pooledCounts(successes, trials);
  const target = hits / total;
  requireInside('the common share', target);
  const arcsine = (share: number): number => Math.asin(Math.sqrt(share));
  const distances = trials.map((n, i) => arcsine(successes[i]! / n) - arcsine(target));
  const z = distances.map((distance, i) => distance * 2 * Math.sqrt(trials[i]!));
  const low = quantile(z, winsorShare);
  const high = quantile(z, 1 - winsorShare);
  const winsorised = z.map((value) => Math.min(high, Math.max(low, value)));
  const units = z.length;
  const phi = winsorised.reduce((sum, value) => sum + value * value, 0) / units;
  // The weight of a unit is one over its sampling variance 1 / (4 n).
  const weightSum = 4 * total;
  const squareSum = trials.reduce((sum, n) => sum + (4 * n) ** 2, 0);
  const tauSquared = Math.max(0, (units * phi - (units - 1)) / (weightSum - squareSum / weightSum));
  const adjusted = distances.map((distance, i) => distance / Math.sqrt(1 / (4 * trials[i]!) + tauSquared));
  return { target, z, winsorised, phi, tauSquared, adjusted };
}
