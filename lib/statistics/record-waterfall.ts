import { requireAtLeast, requireCount } from './argument.ts';

/** What is left of a claim once records are taken off, each once. */
export interface Waterfall {
  /** Left after each removal, in the order given. */
  after: number[];
  removed: number;
  /** Nothing more is taken off. */
  high: number;
  /** Pending records count by their probability. */
  point: number;
  /** No pending record counts. */
  low: number;
}

/**
 * Waterfall from claimed to verified records: removals in a fixed order, then what is still pending.
 *
 * The caller counts each record at its first reason only, so the removals do not overlap.
 *
 * @param claimed records claimed, >= 0.
 * @param removals records removed for each reason, in order; together not more than claimed.
 * @param pending records among those left that are undecided.
 * @param expectedOfPending how many of them are expected to count, 0..pending; need not be whole.
 * @returns high, point and low.
 * @throws {RangeError} counts not whole, negative, or more removed or pending than there are.
 * @example
 * recordWaterfall(120, [7, 16, 3], 14, 7.7); // => { ..., high: 94, point: 87.7, low: 80 }
 */
export function recordWaterfall(
  claimed: number,
  removals: readonly number[],
  pending: number,
  expectedOfPending: number,
): Waterfall {
  requireCount('claimed', claimed);
  requireCount('pending', pending);
  requireAtLeast('expectedOfPending', expectedOfPending, 0);
  let left = claimed;
  const after = removals.map((count) => {
    requireCount('removals', count);
    left -= count;
    if (left < 0) throw new RangeError(`removals must not exceed the ${claimed} claimed`);
    return left;
  });
  if (pending > left) throw new RangeError(`pending must be <= the ${left} left, was ${pending}`);
  if (expectedOfPending > pending) {
    throw new RangeError(`expectedOfPending must be <= pending ${pending}, was ${expectedOfPending}`);
  }
  const low = left - pending;
  return { after, removed: claimed - left, high: left, point: low + expectedOfPending, low };
}
