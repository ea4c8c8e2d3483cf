import { medianSorted } from 'simple-statistics';
import { requireLength, requireSameLength } from './argument.ts';

/**
 * Theil-Sen slope: the median of the slopes between all pairs of points.
 *
 * @param x abscissae; pairs of equal ones are left out.
 * @param y ordinates, as many as `x`.
 * @returns the slope, in units of y per unit of x; null when all abscissae are equal.
 * @throws {RangeError} fewer than two points, or `x` and `y` differ in length.
 * @see Sen (1968), JASA 63(324)
 * @example
 * theilSenSlope([0, 1, 2], [0, 2, 10]); // => 5
 */
export function theilSenSlope(x: readonly number[], y: readonly number[]): number | null {
  requireSameLength('x', x, 'y', y);
  requireLength('x', x, 2);
  const slopes: number[] = [];
  for (let i = 0; i < x.length; i++) {
    for (let j = i + 1; j < x.length; j++) {
      if (x[i] !== x[j]) slopes.push((y[j]! - y[i]!) / (x[j]! - x[i]!));
    }
  }
  return slopes.length === 0 ? null : medianSorted(slopes.sort((a, b) => a - b));
}
