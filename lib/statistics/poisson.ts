import gammaln from '@stdlib/math-base-special-gammaln';
import { requireAtLeast, requireWhole } from './argument.ts';
import { incompleteGamma } from './incomplete-gamma.ts';

/**
 * Probability of a Poisson count, P(Y = y).
 *
 * @param y a whole number; below 0 the probability is 0.
 * @param mu mean >= 0, in counts.
 * @returns a probability; with mu = 0 it is 1 at y = 0 and 0 elsewhere.
 * @throws {RangeError} `y` is not whole, `mu` negative or not finite.
 * @example
 * poissonProbability(0, 2); // => Math.exp(-2)
 */
export function poissonProbability(y: number, mu: number): number {
  requireWhole('y', y);
  requireAtLeast('mu', mu, 0);
  if (y < 0) return 0;
  if (mu === 0) return y === 0 ? 1 : 0;
  return Math.exp(y * Math.log(mu) - mu - gammaln(y + 1));
}

/**
 * Upper tail of the Poisson distribution, P(Y >= y).
 *
 * @param y a whole number.
 * @param mu mean >= 0, in counts.
 * @returns a probability; 1 for y <= 0.
 * @throws {RangeError} `y` is not whole, `mu` negative or not finite.
 * @see Johnson, Kemp & Kotz (2005), Univariate Discrete Distributions, 4.12
 * @example
 * poissonUpperTail(1, 2); // => 1 - Math.exp(-2)
 */
export function poissonUpperTail(y: number, mu: number): number {
  requireWhole('y', y);
  requireAtLeast('mu', mu, 0);
  if (y <= 0) return 1;
  return mu === 0 ? 0 : incompleteGamma(mu, y, false);
}

/**
 * Lower tail of the Poisson distribution, P(Y <= y).
 *
 * @param y a whole number.
 * @param mu mean >= 0, in counts.
 * @returns a probability; 0 for y < 0.
 * @throws {RangeError} `y` is not whole, `mu` negative or not finite.
 * @see Johnson, Kemp & Kotz (2005), Univariate Discrete Distributions, 4.12
 * @example
 * poissonLowerTail(0, 2); // => Math.exp(-2)
 */
export function poissonLowerTail(y: number, mu: number): number {
  requireWhole('y', y);
  requireAtLeast('mu', mu, 0);
  if (y < 0) return 0;
  return mu === 0 ? 1 : incompleteGamma(mu, y + 1, true);
}
