import { requireCount, requireInside } from './argument.ts';
import { binomialLowerLimit, binomialLowerTail } from './binomial.ts';

/** A sample size and the largest count that is still too low at its level. */
export interface MinimumSample {
  trials: number;
  critical: number;
}

/**
 * Smallest sample in which an exact one-sided test sees a share fall.
 *
 * The first n whose test of level alpha has the power; power is saw-toothed, so a slightly larger n may miss it.
 *
 * @param floor share under the null hypothesis, inside (0, 1).
 * @param alternative lower share to be seen, inside (0, floor).
 * @param alpha one-sided level inside (0, 1).
 * @param power inside (0, 1).
 * @param most largest sample tried.
 * @returns sample size and critical count; null when none up to `most` suffices.
 * @throws {RangeError} a share outside (0, 1), `alternative` not below `floor`, or `most` not a whole number >= 1.
 * @see Cohen (1988), Statistical Power Analysis for the Behavioral Sciences
 * @example
 * minimumSample(0.6, 0.4, 0.01, 0.8, 2000); // => { trials: 63, critical: 28 }
 */
export function minimumSample(
  floor: number,
  alternative: number,
  alpha: number,
  power: number,
  most: number,
): MinimumSample | null {
  requireInside('floor', floor);
  requireInside('alternative', alternative);
  requireInside('alpha', alpha);
  requireInside('power', power);
  requireCount('most', most, 1);
  if (alternative >= floor) throw new RangeError(`alternative must be < floor ${floor}, was ${alternative}`);
  for (let trials = 1; trials <= most; trials++) {
    const limit = binomialLowerLimit(alpha, trials, floor);
    const critical = binomialLowerTail(limit, trials, floor) > alpha ? limit - 1 : limit;
    if (critical >= 0 && binomialLowerTail(critical, trials, alternative) >= power)
      return { trials, critical };
  }
  return null;
}
