import betainc from '@stdlib/math-base-special-betainc';
import { requireAtLeast, requirePositive } from './argument.ts';

function requireF(f: number, numerator: number, denominator: number): void {
  requireAtLeast('f', f, 0);
  requirePositive('numerator', numerator);
  requirePositive('denominator', denominator);
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
  const scaled = numerator * f;
  return betainc(scaled / (scaled + denominator), numerator / 2, denominator / 2, true, false);
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
  // The complement is formed as a quotient: 1 - scaled / (...) would lose its digits for a large f.
  const complement = denominator / (numerator * f + denominator);
  return betainc(complement, denominator / 2, numerator / 2, true, false);
}
