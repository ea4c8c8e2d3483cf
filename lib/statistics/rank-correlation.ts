import { sampleRankCorrelation } from 'simple-statistics';
import { requireFinite, requireInside, requireLength, requireSameLength } from './argument.ts';
import { normalQuantile } from './normal.ts';

function isConstant(values: readonly number[]): boolean {
  return values.every((value) => value === values[0]);
}

function requirePairs(x: readonly number[], y: readonly number[], least: number): void {
  requireSameLength('x', x, 'y', y);
  requireLength('x', x, least);
  for (const value of x) requireFinite('x', value);
  for (const value of y) requireFinite('y', value);
}

/**
 * Spearman's rank correlation, ties at their mid-ranks.
 *
 * @param x at least two finite numbers; not modified.
 * @param y as many finite numbers; not modified.
 * @returns -1 to 1; null when either side is constant.
 * @throws {RangeError} lengths differ, fewer than two pairs, or a number that is not finite.
 * @see Spearman (1904), American Journal of Psychology 15
 * @example
 * spearman([1, 2, 3], [1, 4, 9]); // => 1
 */
export function spearman(x: readonly number[], y: readonly number[]): number | null {
  requirePairs(x, y, 2);
  if (isConstant(x) || isConstant(y)) return null;
  // Rounding can carry a perfect correlation a last digit past 1, where atanh has no value.
  return Math.max(-1, Math.min(1, sampleRankCorrelation([...x], [...y])));
}

/**
 * Kendall's tau-b: concordant less discordant pairs, corrected for ties.
 *
 * @param x at least two finite numbers.
 * @param y as many finite numbers.
 * @returns -1 to 1; null when either side is constant.
 * @throws {RangeError} lengths differ, fewer than two pairs, or a number that is not finite.
 * @see Kendall (1938), Biometrika 30
 * @example
 * kendall([1, 2, 3], [1, 3, 2]); // => 1 / 3
 */
export function kendall(x: readonly number[], y: readonly number[]): number | null {
  requirePairs(x, y, 2);
  let balance = 0;
  let untiedX = 0;
  let untiedY = 0;
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < i; j++) {
      const signX = Math.sign(x[i]! - x[j]!);
      const signY = Math.sign(y[i]! - y[j]!);
      balance += signX * signY;
      untiedX += Math.abs(signX);
      untiedY += Math.abs(signY);
    }
  }
  return untiedX === 0 || untiedY === 0 ? null : balance / Math.sqrt(untiedX * untiedY);
}

/**
 * Partial correlation of x and y with z held fixed, from their three correlations.
 *
 * @param xy correlation of x and y, in [-1, 1].
 * @param xz correlation of x and z.
 * @param yz correlation of y and z.
 * @returns the partial correlation; null when z explains x or y wholly.
 * @example
 * partialCorrelation(0.5, 0.5, 0.5); // => 1 / 3
 */
export function partialCorrelation(xy: number, xz: number, yz: number): number | null {
  const left = (1 - xz * xz) * (1 - yz * yz);
  return left <= 0 ? null : (xy - xz * yz) / Math.sqrt(left);
}

/**
 * Interval of a rank correlation in closed form (Bonett and Wright), for an effective number of pairs.
 *
 * tanh(atanh r +- z sqrt((1 + r^2 / 2) / (n - 3))).
 *
 * @param correlation r in [-1, 1].
 * @param pairs effective number of pairs, need not be whole.
 * @param confidence two-sided, inside (0, 1).
 * @returns the limits; null with three pairs or fewer, which bound nothing.
 * @throws {RangeError} `correlation` outside [-1, 1] or `confidence` outside (0, 1).
 * @see Bonett & Wright (2000), Psychometrika 65
 * @example
 * rankCorrelationInterval(0.829, 12, 0.95); // => [0.403, 0.960]
 */
export function rankCorrelationInterval(
  correlation: number,
  pairs: number,
  confidence: number,
): [number, number] | null {
  if (!(correlation >= -1 && correlation <= 1)) {
    throw new RangeError(`correlation must lie in [-1, 1], was ${correlation}`);
  }
  requireInside('confidence', confidence);
  if (!(pairs > 3)) return null;
  const reach =
    normalQuantile((1 + confidence) / 2) * Math.sqrt((1 + (correlation * correlation) / 2) / (pairs - 3));
  const centre = Math.atanh(correlation);
  return [Math.tanh(centre - reach), Math.tanh(centre + reach)];
}

/**
 * Autocorrelation at lag 1 about the mean.
 *
 * @param values at least two finite numbers in order of time.
 * @returns -1 to 1; null when they are constant.
 * @throws {RangeError} fewer than two values, or one that is not finite.
 * @example
 * lagOneCorrelation([1, 2, 3]); // => 0
 */
export function lagOneCorrelation(values: readonly number[]): number | null {
  requireLength('values', values, 2);
  for (const value of values) requireFinite('values', value);
  if (isConstant(values)) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let square = 0;
  let product = 0;
  for (let t = 0; t < values.length; t++) {
    square += (values[t]! - mean) ** 2;
    if (t > 0) product += (values[t]! - mean) * (values[t - 1]! - mean);
  }
  return product / square;
}

/**
 * Pairs a correlation of two autocorrelated series is worth: n (1 - r1 r2) / (1 + r1 r2).
 *
 * @param pairs number of pairs.
 * @param lagOneX lag-1 autocorrelation of x.
 * @param lagOneY lag-1 autocorrelation of y.
 * @returns the effective number; above `pairs` when the autocorrelations have opposite signs.
 * @see Pyper & Peterman (1998), Canadian Journal of Fisheries and Aquatic Sciences 55
 * @example
 * effectivePairs(12, 0.5, 0.5); // => 7.2
 */
export function effectivePairs(pairs: number, lagOneX: number, lagOneY: number): number {
  const product = lagOneX * lagOneY;
  return (pairs * (1 - product)) / (1 + product);
}

/**
 * Fluff index of a KPI: 100 (1 - max(0, r)), r its rank correlation with the outcome it should foretell.
 *
 * r is `spearman` of the first differences of log(value + 1/2), the outcome at a lag fixed beforehand: of levels, a
 * shared trend alone gives a high one. Least history: 26 weekly or 18 monthly pairs, 5 different values of the outcome,
 * `effectivePairs` of at least 10, and a KPI that varies (standard deviation at least a tenth of its mean); with less
 * nothing is to be said. Its interval is that of r mirrored, [fluffIndex(high), fluffIndex(low)], with [low, high] from
 * `blockBootstrap` or, in closed form, `rankCorrelationInterval` of the effective pairs. A KPI is a weak predictor only
 * where high < .3 and a useful one only where low > .3.
 *
 * @param correlation in [-1, 1].
 * @returns 0 (foretells it wholly) to 100 (does not foretell it).
 * @throws {RangeError} `correlation` outside [-1, 1].
 * @see Spearman (1904), American Journal of Psychology 15; Granger & Newbold (1974), Journal of Econometrics 2
 * @example
 * fluffIndex(-0.15); // => 100
 */
export function fluffIndex(correlation: number): number {
  if (!(correlation >= -1 && correlation <= 1)) {
    throw new RangeError(`correlation must lie in [-1, 1], was ${correlation}`);
  }
  return 100 * (1 - Math.max(0, correlation));
}
