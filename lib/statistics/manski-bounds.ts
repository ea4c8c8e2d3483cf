import { requireCount, requireShare } from './argument.ts';

/** A share of which some outcomes are not known yet, bounded both ways. Null where there is nothing to divide by. */
export interface ManskiBounds {
  /** Every pending record rejected. */
  worst: number | null;
  /** Pending records accepted with their expected probability. */
  expected: number | null;
  /** Every pending record accepted. */
  best: number | null;
  /** Pending records left out. */
  decidedOnly: number | null;
}

/**
 * Bounds of an acceptance share whatever becomes of the pending records.
 *
 * @param accepted whole number >= 0.
 * @param rejected whole number >= 0.
 * @param pending whole number >= 0.
 * @param acceptProbability mean probability that a pending record will be accepted, in [0, 1].
 * @returns four shares; all null without a record, `decidedOnly` null without a decided one.
 * @throws {RangeError} counts not whole or < 0, or `acceptProbability` outside [0, 1].
 * @see Manski (2003), Partial Identification of Probability Distributions
 * @example
 * manskiBounds(18, 12, 10, 0.55); // => { worst: 0.45, expected: 0.5875, best: 0.7, decidedOnly: 0.6 }
 */
export function manskiBounds(
  accepted: number,
  rejected: number,
  pending: number,
  acceptProbability: number,
): ManskiBounds {
  requireCount('accepted', accepted);
  requireCount('rejected', rejected);
  requireCount('pending', pending);
  requireShare('acceptProbability', acceptProbability);
  const decided = accepted + rejected;
  const all = decided + pending;
  const ofAll = (count: number): number | null => (all === 0 ? null : count / all);
  return {
    worst: ofAll(accepted),
    expected: ofAll(accepted + acceptProbability * pending),
    best: ofAll(accepted + pending),
    decidedOnly: decided === 0 ? null : accepted / decided,
  };
}
