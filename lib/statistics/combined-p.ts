import { requireInside, requireLength, requireShare } from './argument.ts';
import { chiSquareUpperTail } from './chi-square.ts';
import { normalQuantile, normalUpperTail } from './normal.ts';

/** A statistic made of several p-values, and its own p-value. */
export interface CombinedP {
  statistic: number;
  p: number;
}

/**
 * Bonferroni combination: min(1, m times the smallest p-value).
 *
 * Valid however the checks depend on each other; one sentence explains it.
 *
 * @param pValues at least one p-value in [0, 1].
 * @returns the combined p-value.
 * @throws {RangeError} no p-value, or one outside [0, 1].
 * @example
 * bonferroniCombination([0.01, 0.4]); // => 0.02
 */
export function bonferroniCombination(pValues: readonly number[]): number {
  requireLength('pValues', pValues, 1);
  for (const p of pValues) requireShare('p', p);
  return Math.min(1, pValues.length * Math.min(...pValues));
}

/**
 * Simes combination: the smallest of m p_(i) / i over the sorted p-values.
 *
 * @param pValues at least one p-value in [0, 1], independent or positively dependent.
 * @returns the combined p-value, never above the Bonferroni one.
 * @throws {RangeError} no p-value, or one outside [0, 1].
 * @see Simes (1986), Biometrika 73
 * @example
 * simesCombination([0.02, 0.01]); // => 0.02
 */
export function simesCombination(pValues: readonly number[]): number {
  requireLength('pValues', pValues, 1);
  for (const p of pValues) requireShare('p', p);
  const sorted = [...pValues].sort((a, b) => a - b);
  return Math.min(...sorted.map((p, i) => (p * pValues.length) / (i + 1)));
}

/**
 * Cauchy combination: the mean of tan((0.5 - p) pi) against the Cauchy distribution. For sensitivity only.
 *
 * @param pValues at least one p-value inside (0, 1).
 * @returns statistic and combined p-value.
 * @throws {RangeError} no p-value, or one outside (0, 1).
 * @see Liu & Xie (2020), JASA 115
 * @example
 * cauchyCombination([0.25]).p; // => 0.25
 */
export function cauchyCombination(pValues: readonly number[]): CombinedP {
  requireLength('pValues', pValues, 1);
  let sum = 0;
  for (const p of pValues) {
    requireInside('p', p);
    // tan((0.5 - p) pi), without losing the digits of a small p.
    sum += 1 / Math.tan(p * Math.PI);
  }
  const statistic = sum / pValues.length;
  // Of a large statistic, 0.5 - atan keeps no digits; atan of its inverse does.
  const p = statistic > 1 ? Math.atan(1 / statistic) / Math.PI : 0.5 - Math.atan(statistic) / Math.PI;
  return { statistic, p };
}

/**
 * Stouffer combination of one-sided p-values of independent periods: sum of z over sqrt(k).
 *
 * @param pValues at least one p-value inside (0, 1).
 * @returns z and combined p-value.
 * @throws {RangeError} no p-value, or one outside (0, 1).
 * @see Stouffer et al. (1949), The American Soldier 1
 * @example
 * stoufferCombination([0.025]).statistic; // => 1.96
 */
export function stoufferCombination(pValues: readonly number[]): CombinedP {
  requireLength('pValues', pValues, 1);
  let sum = 0;
  for (const p of pValues) sum -= normalQuantile(p);
  const statistic = sum / Math.sqrt(pValues.length);
  return { statistic, p: normalUpperTail(statistic) };
}

/**
 * Fisher combination of independent p-values: -2 sum log p against chi-square with 2k degrees of freedom.
 *
 * @param pValues at least one p-value in (0, 1].
 * @returns chi-square and combined p-value.
 * @throws {RangeError} no p-value, or one that is 0 or outside [0, 1].
 * @see Fisher (1932), Statistical Methods for Research Workers, 4th edition
 * @example
 * fisherCombination([0.5]).p; // => 0.5
 */
export function fisherCombination(pValues: readonly number[]): CombinedP {
  requireLength('pValues', pValues, 1);
  let statistic = 0;
  for (const p of pValues) {
    if (!(p > 0 && p <= 1)) throw new RangeError(`p must lie in (0, 1], was ${p}`);
    statistic -= 2 * Math.log(p);
  }
  return { statistic, p: chiSquareUpperTail(statistic, 2 * pValues.length) };
}
