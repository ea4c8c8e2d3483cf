import { requireCount, requireLength, requirePositive } from './argument.ts';
import { binomialUpperTail } from './binomial.ts';
import { chiSquareUpperTail } from './chi-square.ts';
import { poissonProbability } from './poisson.ts';

/** Last digits against equal shares. */
export interface LastDigitTest {
  n: number;
  chiSquare: number;
  /** p-value of chi-square with 9 degrees of freedom. */
  p: number;
  /** P(Bin(n, 0.2) >= numbers ending in 0 or 5): small when typed numbers are rounded. */
  pRounded: number;
}

/**
 * Tests last digits of typed numbers for equal shares and for rounding to 0 and 5.
 *
 * Says something about the typist only: digits of machine-counted series are uniform anyway.
 *
 * @param counts how often each digit 0 to 9 ends a number; ten whole numbers, not all 0.
 * @returns chi-square test and rounding test.
 * @throws {RangeError} not ten counts, one not whole or < 0, or all 0.
 * @see Mosimann et al. (1995), Accountability in Research 4; Beber & Scacco (2012), Political Analysis 20
 * @example
 * lastDigitTest([22, 9, 8, 11, 7, 23, 6, 10, 9, 15]).p; // => 0.00116
 */
export function lastDigitTest(counts: readonly number[]): LastDigitTest {
  requireLength('counts', counts, 10);
  if (counts.length > 10) throw new RangeError(`counts must hold 10 elements, had ${counts.length}`);
  let n = 0;
  for (const count of counts) {
    requireCount('counts', count);
    n += count;
  }
  if (n === 0) throw new RangeError('counts must not all be 0');
  const expected = n / 10;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return {
    n,
    chiSquare,
    p: chiSquareUpperTail(chiSquare, 9),
    pRounded: binomialUpperTail(counts[0]! + counts[5]!, n, 0.2),
  };
}

/**
 * Largest deviation of a last digit's probability from 1/10 for honest Poisson counts of a given mean.
 *
 * Small counts have uneven last digits by themselves; below a mean of about 25 the test is not fair.
 *
 * @param mean > 0, in counts.
 * @returns the exact deviation, and the leading term 0.2 exp(-mean (1 - cos 36 degrees)) of it.
 * @throws {RangeError} `mean` is not a finite number > 0.
 * @example
 * lastDigitBias(25).exact; // => 0.00164
 */
export function lastDigitBias(mean: number): { exact: number; leadingTerm: number } {
  requirePositive('mean', mean);
  const shares = new Float64Array(10);
  const last = Math.ceil(mean + 12 * Math.sqrt(mean) + 30);
  for (let count = 0; count <= last; count++) shares[count % 10]! += poissonProbability(count, mean);
  return {
    exact: shares.reduce((most, share) => Math.max(most, Math.abs(share - 0.1)), 0),
    leadingTerm: 0.2 * Math.exp(-mean * (1 - Math.cos(Math.PI / 5))),
  };
}
