import { requireInside, requireLength, requireSameLength } from './argument.ts';
import { negativeBinomialLowerLimit, negativeBinomialUpperLimit } from './negative-binomial.ts';

/** What one source held above its history. */
export interface SourceExcess {
  /** Limits at the source's share of the level; 0 for a source without history. */
  upper: number;
  lower: number;
  isFlagged: boolean;
  /** Provable minimum, point estimate and maximum of the excess, in counts; all 0 unless flagged. */
  least: number;
  point: number;
  most: number;
}

/** Excess over all sources and what is left of the claim. */
export interface Excess {
  /** One-sided level of each source. */
  alphaPerSource: number;
  sources: SourceExcess[];
  least: number;
  point: number;
  most: number;
  /** Counts less the maximum, the point and the minimum of the excess. */
  verifiedLow: number;
  verifiedPoint: number;
  verifiedHigh: number;
}

/**
 * Excess of a period's counts by source, over what their histories explain.
 *
 * A source is flagged when its count lies above its upper limit at alpha / sources. Sources that are not
 * flagged contribute nothing: a low source does not make up for a high one.
 *
 * @param counts count of each source, >= 0.
 * @param mu expected count of each source; 0 for a new source, whose whole count is then excess.
 * @param phi predictive dispersion of each source, >= 1.
 * @param alpha one-sided level over all sources together, inside (0, 1).
 * @returns limits and excess per source and in all.
 * @throws {RangeError} lengths differ, no source, `mu` < 0, `phi` < 1 or `alpha` outside (0, 1).
 * @example
 * excessBySource([2000], [150], [5], 0.01).least; // => 1780
 */
export function excessBySource(
  counts: readonly number[],
  mu: readonly number[],
  phi: readonly number[],
  alpha: number,
): Excess {
  requireLength('counts', counts, 1);
  requireSameLength('counts', counts, 'mu', mu);
  requireSameLength('counts', counts, 'phi', phi);
  requireInside('alpha', alpha);
  const alphaPerSource = alpha / counts.length;
  let total = 0;
  let least = 0;
  let point = 0;
  let most = 0;
  const sources = counts.map((count, i): SourceExcess => {
    const upper = negativeBinomialUpperLimit(alphaPerSource, mu[i]!, phi[i]!);
    const lower = negativeBinomialLowerLimit(alphaPerSource, mu[i]!, phi[i]!);
    total += count;
    if (count <= upper) return { upper, lower, isFlagged: false, least: 0, point: 0, most: 0 };
    least += count - upper;
    point += count - mu[i]!;
    most += count - lower;
    return {
      upper,
      lower,
      isFlagged: true,
      least: count - upper,
      point: count - mu[i]!,
      most: count - lower,
    };
  });
  return {
    alphaPerSource,
    sources,
    least,
    point,
    most,
    verifiedLow: total - most,
    verifiedPoint: total - point,
    verifiedHigh: total - least,
  };
}
