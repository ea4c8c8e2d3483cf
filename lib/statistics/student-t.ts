import betaincinv from '@stdlib/math-base-special-betaincinv';
import { requireFinite, requireInside, requirePositive } from './argument.ts';
import { incompleteBeta } from './incomplete-beta.ts';

/**
 * Upper tail of Student's t distribution, P(T >= t).
 *
 * @param t finite.
 * @param degrees degrees of freedom > 0; need not be whole.
 * @returns a probability; 0.5 at t = 0.
 * @throws {RangeError} `t` is not finite or `degrees` not a finite number > 0.
 * @see Student (1908), Biometrika 6
 * @example
 * studentUpperTail(1, 1); // => 0.25
 */
export function studentUpperTail(t: number, degrees: number): number {
  requireFinite('t', t);
  requirePositive('degrees', degrees);
  const sum = degrees + t * t;
  const lead = (degrees * (1 - t * t)) / (2 * sum);
  const outer = incompleteBeta({ x: degrees / sum, y: (t * t) / sum, lead }, degrees / 2, 0.5, false) / 2;
  return t >= 0 ? outer : 1 - outer;
}

/**
 * Lower tail of Student's t distribution, P(T <= t).
 *
 * @param t finite.
 * @param degrees degrees of freedom > 0; need not be whole.
 * @returns a probability; equal to `studentUpperTail(-t, degrees)`.
 * @throws {RangeError} `t` is not finite or `degrees` not a finite number > 0.
 * @example
 * studentLowerTail(-1, 1); // => 0.25
 */
export function studentLowerTail(t: number, degrees: number): number {
  return studentUpperTail(-t, degrees);
}

/**
 * Quantile of Student's t distribution: the t with P(T <= t) = p.
 *
 * @param p inside (0, 1).
 * @param degrees degrees of freedom > 0; need not be whole.
 * @returns t; 0 at p = 0.5.
 * @throws {RangeError} `p` outside (0, 1) or `degrees` not a finite number > 0.
 * @example
 * studentQuantile(0.75, 1); // => 1
 */
export function studentQuantile(p: number, degrees: number): number {
  requireInside('p', p);
  requirePositive('degrees', degrees);
  if (p === 0.5) return 0;
  const outer = Math.min(p, 1 - p);
  // t^2 = degrees * y / (1 - y) with y the complement of the beta quantile, taken directly for its digits.
  const complement = betaincinv(2 * outer, 0.5, degrees / 2, true);
  const t = Math.sqrt((degrees * complement) / (1 - complement));
  return p < 0.5 ? -t : t;
}
