import { requireInside, requireShare } from './argument.ts';
import type { OnlineDecisions } from './lord.ts';

/** Sequence of level shares proportional to j^-1.6; sums to 1 over all j >= 1. */
function spending(j: number): number {
  return 0.4374901658 / j ** 1.6;
}

/**
 * SAFFRON: online false discovery control that spends only on candidates (p < lambda).
 *
 * More powerful than LORD++ where many tests are true findings, but the p-values must be independent.
 *
 * @param pValues independent p-values in [0, 1] in order of time.
 * @param alpha false discovery rate, inside (0, 1).
 * @param start level wealth to begin with, inside (0, alpha), usually alpha / 2.
 * @param lambda p-value below which a test is a candidate, inside (0, 1), usually 0.5.
 * @returns the level of each test, at most lambda, and whether its p-value is at or below it.
 * @throws {RangeError} a p-value outside [0, 1], `alpha` or `lambda` outside (0, 1), or `start` not below alpha.
 * @see Ramdas, Zrnic, Wainwright & Jordan (2018), ICML 35
 * @example
 * saffron([0.0001, 0.5], 0.05, 0.025, 0.5).rejected; // => [true, false]
 */
export function saffron(
  pValues: readonly number[],
  alpha: number,
  start: number,
  lambda: number,
): OnlineDecisions {
  requireInside('alpha', alpha);
  requireInside('start', start);
  requireInside('lambda', lambda);
  if (start >= alpha) throw new RangeError(`start must be < alpha ${alpha}, was ${start}`);
  const levels: number[] = [];
  // Tests at which wealth was earned, and the candidates seen since; the first earns the start.
  const earnings = [{ at: 0, candidates: 0, wealth: start }];
  const rejected = pValues.map((p, i) => {
    requireShare('p', p);
    const test = i + 1;
    let level = 0;
    for (const { at, candidates, wealth } of earnings) level += wealth * spending(test - at - candidates);
    level = Math.min(lambda, (1 - lambda) * level);
    levels.push(level);
    if (p <= lambda) for (const earning of earnings) earning.candidates++;
    if (p > level) return false;
    earnings.push({ at: test, candidates: 0, wealth: earnings.length === 1 ? alpha - start : alpha });
    return true;
  });
  return { levels, rejected };
}
