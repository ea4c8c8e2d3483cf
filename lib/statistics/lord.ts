import { requireInside, requireShare } from './argument.ts';

/** Levels and decisions of a stream of tests, in order of time. */
export interface OnlineDecisions {
  /** Level each test was held against. */
  levels: number[];
  rejected: boolean[];
}

/** Javanmard and Montanari's sequence of level shares; sums to 1 over all j >= 1. */
function spending(j: number): number {
  return (0.07720838 * Math.log(Math.max(j, 2))) / (j * Math.exp(Math.sqrt(Math.log(j))));
}

/**
 * LORD++: false discovery control for a stream of tests without an end.
 *
 * Level of test t = w0 g(t) + (alpha - w0) g(t - t1) + alpha sum over later rejections g(t - tj): every rejection
 * earns level for the tests behind it.
 *
 * @param pValues p-values in [0, 1] in order of time.
 * @param alpha false discovery rate, inside (0, 1).
 * @param start level wealth to begin with, inside (0, alpha), usually alpha / 10.
 * @returns the level of each test and whether its p-value is at or below it.
 * @throws {RangeError} a p-value outside [0, 1], `alpha` outside (0, 1) or `start` not below it.
 * @see Ramdas, Yang, Wainwright & Jordan (2017), NeurIPS 30
 * @example
 * lord([0.0001, 0.5], 0.05, 0.005).rejected; // => [true, false]
 */
export function lord(pValues: readonly number[], alpha: number, start: number): OnlineDecisions {
  requireInside('alpha', alpha);
  requireInside('start', start);
  if (start >= alpha) throw new RangeError(`start must be < alpha ${alpha}, was ${start}`);
  const levels: number[] = [];
  const rejections: number[] = [];
  const rejected = pValues.map((p, i) => {
    requireShare('p', p);
    const test = i + 1;
    let level = start * spending(test);
    rejections.forEach((at, order) => {
      level += (order === 0 ? alpha - start : alpha) * spending(test - at);
    });
    levels.push(level);
    if (p > level) return false;
    rejections.push(test);
    return true;
  });
  return { levels, rejected };
}
