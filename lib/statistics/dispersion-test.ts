import {
  requireAtLeast,
  requireCount,
  requireLength,
  requirePositive,
  requireSameLength,
} from './argument.ts';
import { chiSquareLowerTail, chiSquareUpperTail } from './chi-square.ts';
import { fLowerTail } from './f-distribution.ts';

/** Spread of counts about their means, against Poisson. */
export interface DispersionTest {
  /** Sum of (y - mu)^2 / mu. */
  chiSquare: number;
  /** Chi-square over its degrees of freedom: 1 for Poisson, below it counts are too smooth. */
  index: number;
  under: number;
  over: number;
}

/**
 * Fisher's index of dispersion: do counts vary less, or more, than Poisson counts can?
 *
 * @param counts n >= 1 counts >= 0.
 * @param means expected count > 0 of each, from earlier history.
 * @param degrees degrees of freedom: n for means from history, n less coefficients if fitted on these counts.
 * @returns chi-square, its ratio to the degrees of freedom, and both one-sided p-values.
 * @throws {RangeError} lengths differ, no count, a mean <= 0, or `degrees` not a whole number >= 1.
 * @see Fisher (1950), Biometrics 6:17-24
 * @example
 * dispersionTest([50, 50], [50, 50], 2).under; // => 0
 */
export function dispersionTest(
  counts: readonly number[],
  means: readonly number[],
  degrees: number,
): DispersionTest {
  requireSameLength('counts', counts, 'means', means);
  requireLength('counts', counts, 1);
  requireCount('degrees', degrees, 1);
  let chiSquare = 0;
  counts.forEach((count, i) => {
    requireAtLeast('counts', count, 0);
    requirePositive('means', means[i]!);
    chiSquare += (count - means[i]!) ** 2 / means[i]!;
  });
  return {
    chiSquare,
    index: chiSquare / degrees,
    under: chiSquareLowerTail(chiSquare, degrees),
    over: chiSquareUpperTail(chiSquare, degrees),
  };
}

/**
 * Probability of a dispersion as small as the current one under that of the history: lower tail of F.
 *
 * The test to decide by, since honest traffic is far more dispersed than Poisson.
 *
 * @param current index of dispersion now, >= 0.
 * @param currentDegrees its degrees of freedom, > 0.
 * @param history dispersion of the history, > 0.
 * @param historyDegrees its degrees of freedom, > 0.
 * @returns the one-sided p-value.
 * @throws {RangeError} `current` < 0, `history` <= 0 or degrees <= 0.
 * @example
 * dispersionDrop(0.01587, 13, 2.4, 160); // => 8.34e-13
 */
export function dispersionDrop(
  current: number,
  currentDegrees: number,
  history: number,
  historyDegrees: number,
): number {
  requireAtLeast('current', current, 0);
  requirePositive('history', history);
  return fLowerTail(current / history, currentDegrees, historyDegrees);
}
