import { requireCount, requireInside } from './argument.ts';
import { normalQuantile } from './normal.ts';

/**
 * Wilson score interval of a share: the interval to display.
 *
 * @param successes whole number, 0..trials.
 * @param trials whole number >= 1.
 * @param confidence two-sided, inside (0, 1).
 * @returns lower and upper limit in [0, 1]; exactly 0 at no success and exactly 1 at all.
 * @throws {RangeError} counts not whole or out of range, or `confidence` outside (0, 1).
 * @see Wilson (1927), JASA 22; Brown, Cai & DasGupta (2001), Statistical Science 16(2)
 * @example
 * wilsonInterval(11, 20, 0.95); // => [0.342, 0.742]
 */
export function wilsonInterval(successes: number, trials: number, confidence: number): [number, number] {
  requireCount('successes', successes);
  requireCount('trials', trials, 1);
  if (successes > trials) throw new RangeError(`successes must be <= trials ${trials}, was ${successes}`);
  requireInside('confidence', confidence);
  const square = normalQuantile((1 - confidence) / 2) ** 2;
  const share = successes / trials;
  const centre = (successes + square / 2) / (trials + square);
  const reach =
    (Math.sqrt(square) * Math.sqrt(trials * share * (1 - share) + square / 4)) / (trials + square);
  return [successes === 0 ? 0 : centre - reach, successes === trials ? 1 : centre + reach];
}
