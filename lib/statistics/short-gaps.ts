import { requireCount, requirePositive } from './argument.ts';
import { binomialUpperTail } from './binomial.ts';

/** Short gaps between events, against events at random. */
export interface ShortGapsTest {
  /** Probability that a gap is short by chance, 1 - exp(-rate x gap). */
  probability: number;
  p: number;
}

/**
 * Tests whether gaps between events are short too often for events at random.
 *
 * @param shortGaps gaps shorter than `gap`, 0..gaps.
 * @param gaps gaps in all: one fewer than events.
 * @param rate events per unit of time, > 0.
 * @param gap length below which a gap is short, > 0, in the same unit of time.
 * @returns probability of a short gap, and P(at least so many).
 * @throws {RangeError} counts not whole or out of range, or `rate` or `gap` <= 0.
 * @see Cox & Lewis (1966), The Statistical Analysis of Series of Events
 * @example
 * shortGapsTest(9, 60, 1 / 1800, 30).p; // => 6.4e-7
 */
export function shortGapsTest(shortGaps: number, gaps: number, rate: number, gap: number): ShortGapsTest {
  requireCount('shortGaps', shortGaps);
  requireCount('gaps', gaps);
  if (shortGaps > gaps) throw new RangeError(`shortGaps must be <= gaps ${gaps}, was ${shortGaps}`);
  requirePositive('rate', rate);
  requirePositive('gap', gap);
  const probability = -Math.expm1(-rate * gap);
  return { probability, p: binomialUpperTail(shortGaps, gaps, probability) };
}

/**
 * Coefficient of variation of the gaps between events: about 1 at random, near 0 for a clock.
 *
 * @param times event times, finite, in any order; not modified.
 * @returns standard deviation (n - 1) over mean of the gaps; null with fewer than three events or when all
 *   fall on one time.
 * @see Cox & Lewis (1966), The Statistical Analysis of Series of Events
 * @example
 * gapVariation([0, 10, 20, 30]); // => 0
 */
export function gapVariation(times: ArrayLike<number>): number | null {
  const sorted = Float64Array.from(times).sort();
  const gaps = sorted.length - 1;
  if (gaps < 2) return null;
  const mean = (sorted[gaps]! - sorted[0]!) / gaps;
  if (mean === 0) return null;
  let square = 0;
  for (let i = 0; i < gaps; i++) square += (sorted[i + 1]! - sorted[i]! - mean) ** 2;
  return Math.sqrt(square / (gaps - 1)) / mean;
}
