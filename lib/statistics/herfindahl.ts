import { sharesOf } from './shares.ts';

/** How concentrated a total is in its parts. */
export interface Concentration {
  /** Sum of squared shares: 1 / K when all K parts are equal, 1 when one has all. */
  index: number;
  /** The index rescaled to 0 (equal parts) .. 1; null for a single part. */
  normalised: number | null;
  /** Number of equal parts that would be as concentrated. */
  effectiveParts: number;
}

/**
 * Herfindahl-Hirschman index of concentration.
 *
 * @param parts at least one number >= 0, not all 0.
 * @returns index, normalised index and effective number of parts.
 * @throws {RangeError} no part, one that is negative or not finite, or a total of 0.
 * @see Rhoades (1993), Federal Reserve Bulletin 79
 * @example
 * herfindahl([1, 1]); // => { index: 0.5, normalised: 0, effectiveParts: 2 }
 */
export function herfindahl(parts: readonly number[]): Concentration {
  const index = sharesOf(parts).reduce((sum, share) => sum + share * share, 0);
  const equal = 1 / parts.length;
  return {
    index,
    normalised: parts.length === 1 ? null : (index - equal) / (1 - equal),
    effectiveParts: 1 / index,
  };
}
