import { requireAtLeast, requirePositive } from './argument.ts';
import { incompleteBeta } from './incomplete-beta.ts';

function requireF(f: number, numerator: number, denominator: number): void {
  requireAtLeast('f', f, 0);
  requirePositive('numerator', numerator);
  requirePositive('denominator', denominator);
}

function tail(f: number, numerator: number, denominator: number, isUpper: boolean): number {
  const scaled = numerator * f;
  const sum = scaled + denominator;
  const lead = ((numerator / 2) * denominator * (f - 1)) / sum;
  return incompleteBeta(
    { x: scaled / sum, y: denominator / sum, lead },
    numerator / 2,
    denominator / 2,
    isUpper,
  );
}

/**
 * Lower tail of the F distribution, P(F <= f).
 *
 * @param f >= 0, a ratio of two mean squares.
 * @param numerator degrees of freedom of the upper mean square, > 0.
 * @param denominator degrees of freedom of the lower mean square, > 0.
 * @returns a probability; 0 at f = 0.
 * @throws {RangeError} `f` < 0 or a degree of freedom <= 0, or one is not finite.
 * @example
 * fLowerTail(1, 4, 4); // => 0.5
 */
export function fLowerTail(f: number, numerator: number, denominator: number): number {
  requireF(f, numerator, denominator);
  return tail(f, numerator, denominator, false);
}

/**
 * Upper tail of the F distribution, P(F >= f).
 *
 * @param f >= 0, a ratio of two mean squares.
 * @param numerator degrees of freedom of the upper mean square, > 0.
 * @param denominator degrees of freedom of the lower mean square, > 0.
 * @returns a probability; 1 at f = 0.
 * @throws {RangeError} `f` < 0 or a degree of freedom <= 0, or one is not finite.
 * @example
 * fUpperTail(1, 4, 4); // => 0.5
 */
export function fUpperTail(f: number, numerator: number, denominator: number): number {
  requireF(f, numerator, denominator);
  return tail(f, numerator, denominator, true);
}
