import { requireLength, requireShare } from './argument.ts';

/**
 * Intersection-union test: the p-value of "all of these hold" is the largest of theirs.
 *
 * Keeps its level without any correction, however the parts depend on each other.
 *
 * @param pValues at least one p-value in [0, 1].
 * @returns the largest.
 * @throws {RangeError} no p-value, or one outside [0, 1].
 * @see Berger (1982), Technometrics 24
 * @example
 * intersectionUnionP([0.0004, 0.006]); // => 0.006
 */
export function intersectionUnionP(pValues: readonly number[]): number {
  requireLength('pValues', pValues, 1);
  for (const p of pValues) requireShare('p', p);
  return Math.max(...pValues);
}
