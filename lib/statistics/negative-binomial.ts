import betaln from '@stdlib/math-base-special-betaln';
import { requireAtLeast, requireInside, requireWhole } from './argument.ts';
import { type BetaPoint, incompleteBeta } from './incomplete-beta.ts';
import { lowerCountLimit, upperCountLimit } from './integer-search.ts';
import { normalQuantile } from './normal.ts';
import { poissonLowerTail, poissonProbability, poissonUpperTail } from './poisson.ts';

// Below this excess dispersion no double tells the distribution from Poisson.
const negligibleExcess = 1e-15;

function isPoisson(y: number, mu: number, phi: number): boolean {
  requireWhole('y', y);
  requireAtLeast('mu', mu, 0);
  requireAtLeast('phi', phi, 1);
  return mu === 0 || phi - 1 < negligibleExcess;
}

/** Where P(Y >= y) cuts the beta distribution with shapes y and mu / (phi - 1). */
function pointOf(y: number, mu: number, phi: number): BetaPoint {
  return { x: (phi - 1) / phi, y: 1 / phi, lead: (mu - y) / phi };
}

/**
 * Probability of a negative binomial count given by mean and dispersion, P(Y = y).
 *
 * NB(mu, phi) has mean mu and variance phi * mu: size = mu / (phi - 1), prob = 1 / phi. phi = 1 is Poisson.
 *
 * @param y a whole number; below 0 the probability is 0.
 * @param mu mean >= 0, in counts.
 * @param phi dispersion >= 1: variance divided by mean.
 * @returns a probability; with mu = 0 it is 1 at y = 0 and 0 elsewhere.
 * @throws {RangeError} `y` is not whole, `mu` < 0 or `phi` < 1, or one is not finite.
 * @example
 * negativeBinomialProbability(0, 2, 2); // => 0.25
 */
export function negativeBinomialProbability(y: number, mu: number, phi: number): number {
  if (isPoisson(y, mu, phi)) return poissonProbability(y, mu);
  if (y < 0) return 0;
  const excess = phi - 1;
  const size = mu / excess;
  const logNone = -size * Math.log1p(excess);
  if (y === 0) return Math.exp(logNone);
  return Math.exp(logNone + y * Math.log(excess / phi) - betaln(size, y) - Math.log(y));
}

/**
 * Upper tail of the negative binomial distribution given by mean and dispersion, P(Y >= y).
 *
 * Computed directly by the regularised incomplete beta function, accurate to about 1e-12 of itself even
 * where it is 1e-16.
 *
 * @param y a whole number.
 * @param mu mean >= 0, in counts.
 * @param phi dispersion >= 1: variance divided by mean; 1 is Poisson.
 * @returns a probability; 1 for y <= 0.
 * @throws {RangeError} `y` is not whole, `mu` < 0 or `phi` < 1, or one is not finite.
 * @see Johnson, Kemp & Kotz (2005), Univariate Discrete Distributions, 5.6
 * @example
 * negativeBinomialUpperTail(1, 2, 2); // => 0.75
 */
export function negativeBinomialUpperTail(y: number, mu: number, phi: number): number {
  if (isPoisson(y, mu, phi)) return poissonUpperTail(y, mu);
  if (y <= 0) return 1;
  return incompleteBeta(pointOf(y, mu, phi), y, mu / (phi - 1), false);
}

/**
 * Lower tail of the negative binomial distribution given by mean and dispersion, P(Y <= y).
 *
 * @param y a whole number.
 * @param mu mean >= 0, in counts.
 * @param phi dispersion >= 1: variance divided by mean; 1 is Poisson.
 * @returns a probability; 0 for y < 0.
 * @throws {RangeError} `y` is not whole, `mu` < 0 or `phi` < 1, or one is not finite.
 * @see Johnson, Kemp & Kotz (2005), Univariate Discrete Distributions, 5.6
 * @example
 * negativeBinomialLowerTail(0, 2, 2); // => 0.25
 */
export function negativeBinomialLowerTail(y: number, mu: number, phi: number): number {
  if (isPoisson(y, mu, phi)) return poissonLowerTail(y, mu);
  if (y < 0) return 0;
  return incompleteBeta(pointOf(y + 1, mu, phi), y + 1, mu / (phi - 1), true);
}

/** Cornish-Fisher guess of a quantile: within a count or two of it unless the mean is tiny. */
function guess(z: number, mu: number, phi: number): number {
  const deviation = Math.sqrt(phi * mu);
  return mu + z * deviation + ((z * z - 1) * (2 * phi - 1)) / 6;
}

/**
 * Upper limit of a negative binomial count: the smallest u with P(Y <= u) >= 1 - alpha.
 *
 * A count is too high at level alpha when it is above u.
 *
 * @param alpha one-sided level inside (0, 1), a share.
 * @param mu mean >= 0, in counts.
 * @param phi dispersion >= 1: variance divided by mean; 1 is Poisson.
 * @returns a whole number of counts; 0 when mu = 0.
 * @throws {RangeError} `alpha` outside (0, 1), `mu` < 0 or `phi` < 1, or one is not finite.
 * @example
 * negativeBinomialUpperLimit(0.001, 150, 5); // => 248
 */
export function negativeBinomialUpperLimit(alpha: number, mu: number, phi: number): number {
  requireInside('alpha', alpha);
  if (isPoisson(0, mu, phi) && mu === 0) return 0;
  const start = guess(-normalQuantile(alpha), mu, phi);
  return upperCountLimit((k) => negativeBinomialUpperTail(k, mu, phi), alpha, start);
}

/**
 * Lower limit of a negative binomial count: the smallest l with P(Y <= l) >= alpha.
 *
 * A count is too low at level alpha when it is below l.
 *
 * @param alpha one-sided level inside (0, 1), a share.
 * @param mu mean >= 0, in counts.
 * @param phi dispersion >= 1: variance divided by mean; 1 is Poisson.
 * @returns a whole number of counts; 0 when mu = 0.
 * @throws {RangeError} `alpha` outside (0, 1), `mu` < 0 or `phi` < 1, or one is not finite.
 * @example
 * negativeBinomialLowerLimit(0.002, 150, 5); // => 82
 */
export function negativeBinomialLowerLimit(alpha: number, mu: number, phi: number): number {
  requireInside('alpha', alpha);
  if (isPoisson(0, mu, phi) && mu === 0) return 0;
  const start = guess(normalQuantile(alpha), mu, phi);
  return lowerCountLimit((k) => negativeBinomialLowerTail(k, mu, phi), alpha, start);
}
