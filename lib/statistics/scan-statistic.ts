import { requireAtLeast, requireCount, requireInside, requirePositive } from './argument.ts';
import { binomialProbability, binomialUpperTail } from './binomial.ts';
import { monteCarloP } from './p-value.ts';

/** The fullest window of a series of events. */
export interface FullestWindow {
  /** Events in it. */
  count: number;
  /** Time of its first event; null without events. */
  start: number | null;
}

/**
 * Most events in any window of a given width.
 *
 * @param times times of the events, finite, in any order and unit; not modified.
 * @param width of the window, > 0, in the same unit; both its ends belong to it.
 * @returns the fullest window, the earliest if several are equally full.
 * @throws {RangeError} `width` is not a finite number > 0.
 * @see Naus (1965), JASA 60
 * @example
 * fullestWindow([0, 1, 1.5, 9], 1); // => { count: 2, start: 0 }
 */
export function fullestWindow(times: ArrayLike<number>, width: number): FullestWindow {
  requirePositive('width', width);
  const sorted = Float64Array.from(times).sort();
  let count = 0;
  let start: number | null = null;
  let first = 0;
  for (let last = 0; last < sorted.length; last++) {
    while (sorted[last]! - sorted[first]! > width) first++;
    if (last - first + 1 > count) {
      count = last - first + 1;
      start = sorted[first]!;
    }
  }
  return { count, start };
}

/**
 * Wallenstein-Neff approximation of the scan statistic's tail: P(some window holds at least k of n events).
 *
 * (k / w - n - 1) b(k; n, w) + 2 P(Bin(n, w) >= k), events uniform over the period. Good below about 0.1.
 *
 * @param count k, events in the fullest window, 1..events.
 * @param events n, events in the period.
 * @param width w, width of the window as a share of the period, inside (0, 1).
 * @returns an approximate probability, within [0, 1].
 * @throws {RangeError} counts not whole or out of range, or `width` outside (0, 1).
 * @see Wallenstein & Neff (1987), Statistics in Medicine 6
 * @example
 * wallensteinNeff(8, 40, 1 / 24); // => 0.0274
 */
export function wallensteinNeff(count: number, events: number, width: number): number {
  requireCount('count', count, 1);
  requireCount('events', events, 1);
  if (count > events) throw new RangeError(`count must be <= events ${events}, was ${count}`);
  requireInside('width', width);
  const p =
    (count / width - events - 1) * binomialProbability(count, events, width) +
    2 * binomialUpperTail(count, events, width);
  return Math.min(1, Math.max(0, p));
}

/**
 * Kulldorff's log likelihood ratio of a window that holds more events than expected.
 *
 * c log(c / mu) + (n - c) log((n - c) / (n - mu)).
 *
 * @param count c, events in the window, 0..events.
 * @param expected mu, events expected there, inside (0, events).
 * @param events n, events in the period.
 * @returns the ratio, >= 0; 0 when the window holds no more than expected.
 * @throws {RangeError} counts not whole or out of range, or `expected` outside (0, events).
 * @see Kulldorff (1997), Communications in Statistics 26
 * @example
 * kulldorffRatio(14, 4.2, 120); // => 7.48
 */
export function kulldorffRatio(count: number, expected: number, events: number): number {
  requireCount('count', count);
  requireCount('events', events, 1);
  if (count > events) throw new RangeError(`count must be <= events ${events}, was ${count}`);
  if (!(expected > 0 && expected < events)) {
    throw new RangeError(`expected must lie in (0, ${events}), was ${expected}`);
  }
  if (count <= expected) return 0;
  const outside = events - count;
  const rest = outside === 0 ? 0 : outside * Math.log(outside / (events - expected));
  return count * Math.log(count / expected) + rest;
}

/** Largest Kulldorff ratio over windows of several widths. */
export interface MultiWindowScan {
  ratio: number;
  /** Width and content of the window it comes from; null when no window holds more than expected. */
  width: number | null;
  count: number;
  start: number | null;
}

/**
 * Scans event times for the window, of any of several widths, with the largest Kulldorff ratio.
 *
 * @param times event times rescaled to [0, 1] so that honest events are uniform; not modified.
 * @param widths widths of the windows as shares of the period, each inside (0, 1).
 * @returns the largest ratio and its window; ratio 0 without events.
 * @throws {RangeError} a width outside (0, 1).
 * @see Kulldorff (2001), JRSS-A 164
 * @example
 * scanWindows([0.1, 0.11, 0.12, 0.9], [0.05]).count; // => 3
 */
export function scanWindows(times: ArrayLike<number>, widths: readonly number[]): MultiWindowScan {
  let best: MultiWindowScan = { ratio: 0, width: null, count: 0, start: null };
  for (const width of widths) {
    requireInside('widths', width);
    if (times.length === 0) continue;
    const { count, start } = fullestWindow(times, width);
    const ratio = kulldorffRatio(count, times.length * width, times.length);
    if (ratio > best.ratio) best = { ratio, width, count, start };
  }
  return best;
}

/**
 * Monte Carlo p-value of `scanWindows`: the same number of events thrown uniformly.
 *
 * @param ratio observed largest ratio.
 * @param events number of events >= 1.
 * @param widths the widths that were scanned.
 * @param simulations number of simulations >= 1, usually 9999.
 * @param random uniform numbers in [0, 1), seeded by the caller.
 * @returns (1 + simulations at least as extreme) / (simulations + 1).
 * @throws {RangeError} counts not whole or < 1, `ratio` < 0, or a width outside (0, 1).
 * @see Kulldorff (2001), JRSS-A 164
 * @example
 * scanP(12.3, 40, [0.01], 9999, mulberry32(7)); // => 0.0002
 */
export function scanP(
  ratio: number,
  events: number,
  widths: readonly number[],
  simulations: number,
  random: () => number,
): number {
  requireAtLeast('ratio', ratio, 0);
  requireCount('events', events, 1);
  requireCount('simulations', simulations, 1);
  const times = new Float64Array(events);
  let extreme = 0;
  for (let simulation = 0; simulation < simulations; simulation++) {
    for (let i = 0; i < events; i++) times[i] = random();
    if (scanWindows(times, widths).ratio >= ratio) extreme++;
  }
  return monteCarloP(extreme, simulations);
}
