import gammaincinv from '@stdlib/math-base-special-gammaincinv';
import { requireAtLeast, requireInside, requirePositive } from './argument.ts';
import { incompleteGamma } from './incomplete-gamma.ts';

/**
 * Upper tail of the gamma distribution of scale 1, P(X >= x).
 *
 * @param x >= 0.
 * @param shape > 0.
 * @returns a probability; 1 at x = 0.
 * @throws {RangeError} `x` < 0 or `shape` <= 0, or one is not finite.
 * @example
 * gammaUpperTail(2, 1); // => Math.exp(-2)
 */
export function gammaUpperTail(x: number, shape: number): number {
  requireAtLeast('x', x, 0);
  requirePositive('shape', shape);
  return incompleteGamma(x, shape, true);
}

/**
 * Quantile of the gamma distribution of scale 1: the x with P(X <= x) = p.
 *
 * With shape = v + 1 it is the exact upper confidence limit of a Poisson mean after v events.
 *
 * @param p inside (0, 1).
 * @param shape inside (0, 500].
 * @returns x > 0.
 * @throws {RangeError} `p` outside (0, 1) or `shape` outside (0, 500].
 * @see Garwood (1936), Biometrika 28
 * @example
 * gammaQuantile(0.9, 1); // => Math.log(10)
 */
export function gammaQuantile(p: number, shape: number): number {
  requireInside('p', p);
  requirePositive('shape', shape);
  // Above it the library's inverse meets the branch that incomplete-gamma.ts goes round.
  if (shape > 500) throw new RangeError(`shape must be <= 500, was ${shape}`);
  return gammaincinv(p, shape, false);
}
