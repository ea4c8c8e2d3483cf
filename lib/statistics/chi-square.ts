import { requireAtLeast, requirePositive } from './argument.ts';
import { incompleteGamma } from './incomplete-gamma.ts';

/**
 * Upper tail of the chi-square distribution, P(X >= x).
 *
 * @param x >= 0.
 * @param degrees degrees of freedom > 0; need not be whole.
 * @returns a probability; 1 at x = 0.
 * @throws {RangeError} `x` < 0 or `degrees` <= 0, or one is not finite.
 * @example
 * chiSquareUpperTail(3.841458820694124, 1); // => 0.05
 */
export function chiSquareUpperTail(x: number, degrees: number): number {
  requireAtLeast('x', x, 0);
  requirePositive('degrees', degrees);
  return incompleteGamma(x / 2, degrees / 2, true);
}

/**
 * Lower tail of the chi-square distribution, P(X <= x).
 *
 * @param x >= 0.
 * @param degrees degrees of freedom > 0; need not be whole.
 * @returns a probability; 0 at x = 0.
 * @throws {RangeError} `x` < 0 or `degrees` <= 0, or one is not finite.
 * @example
 * chiSquareLowerTail(2, 2); // => 1 - Math.exp(-1)
 */
export function chiSquareLowerTail(x: number, degrees: number): number {
  requireAtLeast('x', x, 0);
  requirePositive('degrees', degrees);
  return incompleteGamma(x / 2, degrees / 2, false);
}
