import betaln from '@stdlib/math-base-special-betaln';
import { requireCount, requireInside, requireShare, requireWhole } from './argument.ts';
import { type BetaPoint, incompleteBeta } from './incomplete-beta.ts';
import { lowerCountLimit, upperCountLimit } from './integer-search.ts';

function requireBinomial(x: number, n: number, p: number): void {
  requireWhole('x', x);
  requireCount('n', n);
  requireShare('p', p);
}

/** Where P(X >= x) cuts the beta distribution with shapes x and n - x + 1. */
function pointOf(x: number, n: number, p: number): BetaPoint {
  return { x: p, y: 1 - p, lead: difference(n + 1, p, x) };
}

/** u * v - w with the product's lost digits put back; u and w whole. */
function difference(u: number, v: number, w: number): number {
  const product = u * v;
  // Dekker's product: the halves of each factor multiply without rounding.
  const split = (value: number) => {
    const scaled = 134_217_729 * value;
    const high = scaled - (scaled - value);
    return [high, value - high] as const;
  };
  const [uHigh, uLow] = split(u);
  const [vHigh, vLow] = split(v);
  const lost = uLow * vLow - (product - uHigh * vHigh - uLow * vHigh - uHigh * vLow);
  return product - w + lost;
}

/**
 * Probability of x successes in n independent trials, P(X = x).
 *
 * @param x a whole number; outside 0..n the probability is 0.
 * @param n trials >= 0.
 * @param p success probability of each, in [0, 1].
 * @returns a probability.
 * @throws {RangeError} `x` or `n` is not whole, `n` < 0 or `p` outside [0, 1].
 * @example
 * binomialProbability(1, 2, 0.5); // => 0.5
 */
export function binomialProbability(x: number, n: number, p: number): number {
  requireBinomial(x, n, p);
  if (x < 0 || x > n) return 0;
  if (p === 0) return x === 0 ? 1 : 0;
  if (p === 1) return x === n ? 1 : 0;
  const logChoose = -betaln(x + 1, n - x + 1) - Math.log(n + 1);
  return Math.exp(logChoose + x * Math.log(p) + (n - x) * Math.log1p(-p));
}

/**
 * Upper tail of the binomial distribution, P(X >= x).
 *
 * @param x a whole number.
 * @param n trials >= 0.
 * @param p success probability of each, in [0, 1].
 * @returns a probability; 1 for x <= 0 and 0 for x > n.
 * @throws {RangeError} `x` or `n` is not whole, `n` < 0 or `p` outside [0, 1].
 * @see Johnson, Kemp & Kotz (2005), Univariate Discrete Distributions, 3.4
 * @example
 * binomialUpperTail(1, 2, 0.5); // => 0.75
 */
export function binomialUpperTail(x: number, n: number, p: number): number {
  requireBinomial(x, n, p);
  if (x <= 0) return 1;
  return x > n ? 0 : incompleteBeta(pointOf(x, n, p), x, n - x + 1, false);
}

/**
 * Lower tail of the binomial distribution, P(X <= x).
 *
 * @param x a whole number.
 * @param n trials >= 0.
 * @param p success probability of each, in [0, 1].
 * @returns a probability; 0 for x < 0 and 1 for x >= n.
 * @throws {RangeError} `x` or `n` is not whole, `n` < 0 or `p` outside [0, 1].
 * @see Johnson, Kemp & Kotz (2005), Univariate Discrete Distributions, 3.4
 * @example
 * binomialLowerTail(18, 40, 0.6); // => 0.0392
 */
export function binomialLowerTail(x: number, n: number, p: number): number {
  requireBinomial(x, n, p);
  if (x < 0) return 0;
  return x >= n ? 1 : incompleteBeta(pointOf(x + 1, n, p), x + 1, n - x, true);
}

/**
 * Upper limit of a binomial count: the smallest u with P(X <= u) >= 1 - alpha.
 *
 * @param alpha one-sided level inside (0, 1), a share.
 * @param n trials >= 0.
 * @param p success probability of each, in [0, 1].
 * @returns a whole number in 0..n; a count above it is too high at level alpha.
 * @throws {RangeError} `alpha` outside (0, 1), `n` not a whole number >= 0 or `p` outside [0, 1].
 * @example
 * binomialUpperLimit(0.05, 10, 0.5); // => 8
 */
export function binomialUpperLimit(alpha: number, n: number, p: number): number {
  requireInside('alpha', alpha);
  requireBinomial(0, n, p);
  return upperCountLimit((k) => binomialUpperTail(k, n, p), alpha, n * p, n);
}

/**
 * Lower limit of a binomial count: the smallest l with P(X <= l) >= alpha.
 *
 * @param alpha one-sided level inside (0, 1), a share.
 * @param n trials >= 0.
 * @param p success probability of each, in [0, 1].
 * @returns a whole number in 0..n; a count below it is too low at level alpha.
 * @throws {RangeError} `alpha` outside (0, 1), `n` not a whole number >= 0 or `p` outside [0, 1].
 * @example
 * binomialLowerLimit(0.05, 10, 0.5); // => 2
 */
export function binomialLowerLimit(alpha: number, n: number, p: number): number {
  requireInside('alpha', alpha);
  requireBinomial(0, n, p);
  return lowerCountLimit((k) => binomialLowerTail(k, n, p), alpha, n * p, n);
}
