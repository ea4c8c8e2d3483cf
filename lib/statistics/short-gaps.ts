import { requireAtLeast, requireCount, requirePositive } from './argument.ts';
import { binomialUpperTail } from './binomial.ts';
import { monteCarloP } from './p-value.ts';

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

/** A run of events in a row. */
export interface Run {
  /** Place of its first event. */
  start: number;
  /** Coefficient of variation of its gaps, standard deviation (n - 1) over mean: about 1 at random, near 0 for a clock. */
  variation: number;
}

/**
 * The run of so many events in a row whose gaps vary least.
 *
 * @param times event times, finite, ascending; not modified.
 * @param length events in a run, >= 3.
 * @returns the first of the most even runs; null with fewer events, or when all of every run fall on one time.
 * @throws {RangeError} `length` is not a whole number >= 3.
 * @see Cox & Lewis (1966), The Statistical Analysis of Series of Events
 * @example
 * evenestRun([0, 1, 5, 10, 15], 3); // => { start: 2, variation: 0 }
 */
export function evenestRun(times: ArrayLike<number>, length: number): Run | null {
  requireCount('length', length, 3);
  let best: Run | null = null;
  for (let start = 0; start + length <= times.length; start++) {
    const variation = variationOf(times, start, start + length);
    if (variation !== null && (best === null || variation < best.variation)) best = { start, variation };
  }
  return best;
}

/**
 * Monte Carlo p-value of `evenestRun`: how often as many events at random hold a run at least as even.
 *
 * Events at random at one rate have exponential gaps. A rate that changes makes gaps vary more, so that the p of a series
 * of changing rate is, if anything, too large.
 *
 * @param variation observed least coefficient of variation, >= 0.
 * @param events events in all, >= `length`.
 * @param length events in a run, >= 3.
 * @param simulations number of simulations >= 1, usually 9999.
 * @param random uniform numbers in [0, 1), seeded by the caller.
 * @returns (1 + simulations at least as even) / (simulations + 1), never 0.
 * @throws {RangeError} counts not whole or too small, or `variation` not a finite number >= 0.
 * @see Cox & Lewis (1966), The Statistical Analysis of Series of Events
 * @example
 * evenRunP(0.1, 300, 20, 9999, mulberry32(7)); // => 0.0001
 */
export function evenRunP(
  variation: number,
  events: number,
  length: number,
  simulations: number,
  random: () => number,
): number {
  requireAtLeast('variation', variation, 0);
  requireCount('length', length, 3);
  requireCount('events', events, length);
  requireCount('simulations', simulations, 1);
  const inRun = length - 1;
  // Variation at most so much, said by the sum of the gaps' squares over the square of their sum.
  const most = (1 + (variation ** 2 * (inRun - 1)) / inRun) / inRun;
  const gaps = new Float64Array(events - 1);
  let atLeastAsEven = 0;
  for (let simulation = 0; simulation < simulations; simulation++) {
    let sum = 0;
    let square = 0;
    for (let i = 0; i < gaps.length; i++) {
      const gap = -Math.log(1 - random());
      gaps[i] = gap;
      const left = i < inRun ? 0 : gaps[i - inRun]!;
      sum += gap - left;
      square += gap * gap - left * left;
      if (i < inRun - 1 || square > most * sum * sum) continue;
      atLeastAsEven++;
      break;
    }
  }
  return monteCarloP(atLeastAsEven, simulations);
}

/** Coefficient of variation of the gaps between some events in a row; null when all fall on one time. */
function variationOf(times: ArrayLike<number>, from: number, to: number): number | null {
  const gaps = to - from - 1;
  const mean = (times[to - 1]! - times[from]!) / gaps;
  if (mean === 0) return null;
  let square = 0;
  for (let i = from; i < to - 1; i++) square += (times[i + 1]! - times[i]! - mean) ** 2;
  return Math.sqrt(square / (gaps - 1)) / mean;
}
