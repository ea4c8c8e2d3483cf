import { requireCount, requireShare } from './argument.ts';
import { betaBinomialTails } from './beta-binomial.ts';
import { pooledCounts } from './pooled-counts.ts';

/** A share learned from earlier periods, with how much it moves between them. */
export interface ShareHistory {
  /** Successes over trials of all periods; moved off 0 and 1 by half a success. */
  share: number;
  /** Trials of all periods. */
  trials: number;
  /** Pearson statistic of the periods about the common share. */
  chiSquare: number;
  /** Intra-period correlation: 0 when periods differ by chance only. */
  rho: number;
  /** Trials the history is worth once its correlation is allowed for. */
  effectiveTrials: number;
  /** Correlation of a new period, with the uncertainty of the share added. */
  rhoPredictive: number;
  /** Weight S of the predictive BB(n, share S, (1 - share) S). */
  weight: number;
}

/**
 * Learns a share and its overdispersion from earlier periods (Williams' moment estimate).
 *
 * X2 = sum (x - n p)^2 / (n p q); rho = max(least, (X2 - (k - 1)) / sum (n - 1)(1 - n / N));
 * effective trials = N / (1 + (mean n - 1) rho); rhoPredictive = rho + (1 - rho) / (effective trials + 1).
 *
 * @param successes successes of each period, whole numbers.
 * @param trials trials of each period, whole numbers >= 1; at least two periods.
 * @param leastRho smallest rho assumed, in [0, 1); few periods cannot show that none is needed.
 * @returns the learned share; with all or no successes half a success is added, so that nothing is impossible.
 * @throws {RangeError} lengths differ, fewer than two periods, counts not whole or out of range, `leastRho`
 *   outside [0, 1], or all periods of one trial.
 * @see Williams (1982), Applied Statistics 31
 * @example
 * learnShare([31, 28], [45, 44], 0).share; // => 59 / 89
 */
export function learnShare(
  successes: readonly number[],
  trials: readonly number[],
  leastRho: number,
): ShareHistory {
  requireShare('leastRho', leastRho);
  const { hits, total } = pooledCounts(successes, trials);
  const periods = trials.length;
  const isDegenerate = hits === 0 || hits === total;
  const share = isDegenerate ? (hits + 0.5) / (total + 1) : hits / total;
  let chiSquare = 0;
  let spread = 0;
  trials.forEach((n, i) => {
    // Without any variation between trials there is none between periods to measure.
    if (!isDegenerate) chiSquare += (successes[i]! - n * share) ** 2 / (n * share * (1 - share));
    spread += (n - 1) * (1 - n / total);
  });
  if (spread === 0) throw new RangeError('trials must exceed 1 in some period');
  const rho = Math.min(1, Math.max(leastRho, (chiSquare - (periods - 1)) / spread));
  const effectiveTrials = total / (1 + (total / periods - 1) * rho);
  const rhoPredictive = rho + (1 - rho) / (effectiveTrials + 1);
  return {
    share,
    trials: total,
    chiSquare,
    rho,
    effectiveTrials,
    rhoPredictive,
    weight: 1 / rhoPredictive - 1,
  };
}

/**
 * Tails of a new period's successes under a learned share: beta-binomial.
 *
 * Periods that share nothing (rho = 1) are the limit of it: all or none succeed.
 *
 * @param history what `learnShare` returned.
 * @param successes successes of the new period, 0..trials.
 * @param trials trials of the new period, >= 0.
 * @returns P(X <= successes) and P(X >= successes).
 * @throws {RangeError} counts not whole or < 0.
 * @see Williams (1982), Applied Statistics 31
 * @example
 * shareTails(history, 20, 48).lower; // => 0.136
 */
export function shareTails(
  history: ShareHistory,
  successes: number,
  trials: number,
): { lower: number; upper: number } {
  const { share, weight } = history;
  requireCount('successes', successes);
  requireCount('trials', trials);
  if (weight === 0) {
    return { lower: successes >= trials ? 1 : 1 - share, upper: successes === 0 ? 1 : share };
  }
  const { lower, upper } = betaBinomialTails(successes, trials, share * weight, (1 - share) * weight);
  return { lower, upper };
}
