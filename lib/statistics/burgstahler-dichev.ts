import { requireCount } from './argument.ts';

/** A histogram bin against the mean of its neighbours. */
export interface BinComparison {
  expected: number;
  variance: number;
  /** Standardised difference: about standard normal for a smooth histogram. */
  tau: number;
}

/**
 * Burgstahler-Dichev statistic of one bin: does it break the smoothness of the histogram?
 *
 * tau = (n_i - (n_(i-1) + n_(i+1)) / 2) / sqrt(N p_i (1 - p_i) + N/4 (p_(i-1) + p_(i+1)) (1 - p_(i-1) - p_(i+1))).
 *
 * @param counts counts of equally wide bins, whole numbers >= 0.
 * @param bin index of the bin, neither the first nor the last.
 * @returns expectation from its neighbours, its variance, and tau.
 * @throws {RangeError} counts not whole or < 0, `bin` at or beyond an end, or all counts in one place,
 *   which leaves no variance.
 * @see Burgstahler & Dichev (1997), Journal of Accounting and Economics 24
 * @example
 * compareBin([9, 5, 21, 13], 2).expected; // => 9
 */
export function compareBin(counts: readonly number[], bin: number): BinComparison {
  requireCount('bin', bin, 1);
  if (bin >= counts.length - 1) {
    throw new RangeError(`bin must lie inside 1..${counts.length - 2}, was ${bin}`);
  }
  let total = 0;
  for (const count of counts) {
    requireCount('counts', count);
    total += count;
  }
  const own = counts[bin]! / total;
  const beside = (counts[bin - 1]! + counts[bin + 1]!) / total;
  const expected = (counts[bin - 1]! + counts[bin + 1]!) / 2;
  const variance = total * own * (1 - own) + (total / 4) * beside * (1 - beside);
  if (!(variance > 0)) throw new RangeError('the bin and its neighbours must vary');
  return { expected, variance, tau: (counts[bin]! - expected) / Math.sqrt(variance) };
}
