import { requireCount, requireLength, requireSameLength } from './argument.ts';

/** Successes and trials of several groups together. */
export interface PooledCounts {
  hits: number;
  total: number;
}

/**
 * Pools the successes and trials of groups that are to be compared.
 *
 * @param successes whole numbers, one a group; not modified.
 * @param trials whole numbers >= 1, one a group.
 * @returns their sums.
 * @throws {RangeError} lengths differ, fewer than two groups, or counts not whole or out of range.
 * @example
 * pooledCounts([12, 30], [82, 98]); // => { hits: 42, total: 180 }
 */
export function pooledCounts(successes: readonly number[], trials: readonly number[]): PooledCounts {
  requireSameLength('successes', successes, 'trials', trials);
  requireLength('successes', successes, 2);
  let hits = 0;
  let total = 0;
  trials.forEach((n, i) => {
    requireCount('trials', n, 1);
    requireCount('successes', successes[i]!);
    if (successes[i]! > n)
      throw new RangeError(`successes must be <= their trials ${n}, was ${successes[i]}`);
    hits += successes[i]!;
    total += n;
  });
  return { hits, total };
}
