import betaincinv from '@stdlib/math-base-special-betaincinv';
import { requireInside, requirePositive, requireShare } from './argument.ts';
import { incompleteBeta } from './incomplete-beta.ts';

/**
 * Lower tail of the beta distribution, P(X <= x).
 *
 * @param x in [0, 1].
 * @param a > 0, first shape.
 * @param b > 0, second shape.
 * @returns a probability.
 * @throws {RangeError} `x` outside [0, 1], or `a` or `b` is not a finite number > 0.
 * @example
 * betaLowerTail(0.25, 1, 1); // => 0.25
 */
export function betaLowerTail(x: number, a: number, b: number): number {
  requireShare('x', x);
  requirePositive('a', a);
  requirePositive('b', b);
  return incompleteBeta({ x, y: 1 - x, lead: b * x - a * (1 - x) }, a, b, false);
}

/**
 * Quantile of the beta distribution: the x with P(X <= x) = p.
 *
 * @param p inside (0, 1).
 * @param a > 0, first shape.
 * @param b > 0, second shape.
 * @returns x in (0, 1).
 * @throws {RangeError} `p` outside (0, 1), or `a` or `b` is not a finite number > 0.
 * @example
 * betaQuantile(0.25, 1, 1); // => 0.25
 */
export function betaQuantile(p: number, a: number, b: number): number {
  requireInside('p', p);
  requirePositive('a', a);
  requirePositive('b', b);
  return betaincinv(p, a, b, false);
}
