import { requireCount, requireInside, requirePositive, requireWhole } from './argument.ts';
import { upperCountLimit } from './integer-search.ts';
import { type Tails, tailsByRatio } from './ratio-tails.ts';

/**
 * Tails of the beta-binomial distribution BB(n, a, b).
 *
 * The number of successes in n trials whose success probability is itself Beta(a, b) distributed: mean
 * n a / (a + b), wider than binomial. Computed by summing probability ratios: tails down to 1e-16 are accurate to 1e-12
 * of themselves for n up to a million at least.
 *
 * @param x a whole number; outside 0..n the tails are 0 and 1.
 * @param n trials >= 0.
 * @param a > 0, weight of success.
 * @param b > 0, weight of failure.
 * @returns P(X <= x), P(X >= x) and P(X = x).
 * @throws {RangeError} `x` or `n` is not whole, `n` < 0, or `a` or `b` is not a finite number > 0.
 * @see Skellam (1948), JRSS-B 10(2)
 * @example
 * betaBinomialTails(0, 1, 2, 2); // => { lower: 0.5, upper: 1, probability: 0.5 }
 */
export function betaBinomialTails(x: number, n: number, a: number, b: number): Tails {
  requireWhole('x', x);
  requireCount('n', n);
  requirePositive('a', a);
  requirePositive('b', b);
  // Whole numbers first: b + n, rounded as coarsely as n, would leave too little of a small b at the upper end.
  const ratio = (k: number): number => ((n - k) / (k + 1)) * ((a + k) / (b + (n - k - 1)));
  const shortfall = (k: number): number =>
    roundedOff(a, k) / (a + k) - roundedOff(b, n - k - 1) / (b + (n - k - 1));
  return tailsByRatio(x, 0, n, (n * a) / (a + b), ratio, a >= 1 && b >= 1, shortfall);
}

/** What rounding takes off a sum of two numbers: (u + v) - fl(u + v), exactly (Knuth's two-sum). */
function roundedOff(u: number, v: number): number {
  const sum = u + v;
  const part = sum - u;
  return u - (sum - part) + (v - part);
}

/**
 * Lower tail of the beta-binomial distribution, P(X <= x).
 *
 * @param x a whole number.
 * @param n trials >= 0.
 * @param a > 0, weight of success.
 * @param b > 0, weight of failure.
 * @returns a probability; 0 for x < 0 and 1 for x >= n.
 * @throws {RangeError} as `betaBinomialTails`.
 * @example
 * betaBinomialLowerTail(70, 550, 88.14102564102565, 370.19230769230774); // => 0.00297
 */
export function betaBinomialLowerTail(x: number, n: number, a: number, b: number): number {
  return betaBinomialTails(x, n, a, b).lower;
}

/**
 * Upper tail of the beta-binomial distribution, P(X >= x).
 *
 * @param x a whole number.
 * @param n trials >= 0.
 * @param a > 0, weight of success.
 * @param b > 0, weight of failure.
 * @returns a probability; 1 for x <= 0 and 0 for x > n.
 * @throws {RangeError} as `betaBinomialTails`.
 * @example
 * betaBinomialUpperTail(42, 120, 18, 82); // => 0.00226
 */
export function betaBinomialUpperTail(x: number, n: number, a: number, b: number): number {
  return betaBinomialTails(x, n, a, b).upper;
}

/**
 * Upper limit of a beta-binomial count: the smallest u with P(X > u) <= alpha.
 *
 * @param alpha one-sided level inside (0, 1), a share.
 * @param n trials >= 0.
 * @param a > 0, weight of success.
 * @param b > 0, weight of failure.
 * @returns a whole number in 0..n; a count above it is too high at level alpha.
 * @throws {RangeError} `alpha` outside (0, 1), or as `betaBinomialTails`.
 * @example
 * betaBinomialUpperLimit(0.01, 120, 18, 82); // => 38
 */
export function betaBinomialUpperLimit(alpha: number, n: number, a: number, b: number): number {
  requireInside('alpha', alpha);
  return upperCountLimit((k) => betaBinomialUpperTail(k, n, a, b), alpha, (n * a) / (a + b), n);
}
