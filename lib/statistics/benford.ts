import { requireCount, requireSameLength } from './argument.ts';
import { binomialProbability } from './binomial.ts';
import { chiSquareUpperTail } from './chi-square.ts';

/** Which digits Benford's law is asked about. */
export type BenfordDigits = 'first' | 'second' | 'first-two';

/**
 * Shares of leading digits under Benford's law.
 *
 * @param digits `first` (1-9), `second` (0-9) or `first-two` (10-99).
 * @returns shares in the order of the digits, adding up to 1.
 * @see Benford (1938), Proceedings of the American Philosophical Society 78
 * @example
 * benfordShares('first')[0]; // => 0.301
 */
export function benfordShares(digits: BenfordDigits): number[] {
  const leading = (from: number, count: number): number[] =>
    Array.from({ length: count }, (_, i) => Math.log10(1 + 1 / (from + i)));
  if (digits === 'first') return leading(1, 9);
  const firstTwo = leading(10, 90);
  if (digits === 'first-two') return firstTwo;
  return Array.from({ length: 10 }, (_, second) =>
    firstTwo.reduce((sum, share, i) => (i % 10 === second ? sum + share : sum), 0),
  );
}

/**
 * Mean absolute deviation of observed from true shares that chance alone produces.
 *
 * Exact, by de Moivre: E|X / n - p| = 2 m q b(m; n, p) / n with m = floor(n p) + 1. At n = 1000 it exceeds what
 * a fixed cutoff calls nonconforming, so it must be taken off first.
 *
 * @param shares true shares.
 * @param n observations >= 1.
 * @returns the expected deviation, averaged over the shares.
 * @throws {RangeError} `n` is not a whole number >= 1.
 * @see Diaconis & Zabell (1991), Statistical Science 6(3)
 * @example
 * expectedDeviation(benfordShares('first-two'), 1000); // => 0.00251
 */
export function expectedDeviation(shares: readonly number[], n: number): number {
  requireCount('n', n, 1);
  const sum = shares.reduce((total, share) => {
    const m = Math.floor(n * share) + 1;
    return total + (2 * m * (1 - share) * binomialProbability(m, n, share)) / n;
  }, 0);
  return sum / shares.length;
}

/** Observed digits against Benford's law. */
export interface BenfordComparison {
  n: number;
  /** Mean absolute deviation of the shares. */
  deviation: number;
  /** What of it chance alone produces. */
  expectedDeviation: number;
  excess: number;
  chiSquare: number;
  p: number;
}

/**
 * Benford comparison by excess mean absolute deviation, with chi-square beside it. Supporting evidence only.
 *
 * @param counts how often each digit (or pair) occurs, in the order of `benfordShares`; not all 0.
 * @param digits which digits were counted.
 * @returns deviation, its expectation, the excess, and the chi-square test.
 * @throws {RangeError} the wrong number of counts, one not whole or < 0, or all 0.
 * @see Nigrini (2012), Benford's Law; Barney & Schulzke (2016), Journal of Forensic Accounting Research 1
 * @example
 * compareWithBenford([289, 195, 133, 82, 88, 60, 51, 56, 46], 'first').excess; // => 0.00166
 */
export function compareWithBenford(counts: readonly number[], digits: BenfordDigits): BenfordComparison {
  const shares = benfordShares(digits);
  requireSameLength('counts', counts, 'digits', shares);
  let n = 0;
  for (const count of counts) {
    requireCount('counts', count);
    n += count;
  }
  const expected = expectedDeviation(shares, n);
  let deviation = 0;
  let chiSquare = 0;
  shares.forEach((share, i) => {
    deviation += Math.abs(counts[i]! / n - share) / shares.length;
    chiSquare += (counts[i]! - n * share) ** 2 / (n * share);
  });
  return {
    n,
    deviation,
    expectedDeviation: expected,
    excess: deviation - expected,
    chiSquare,
    p: chiSquareUpperTail(chiSquare, shares.length - 1),
  };
}
