import * as z from 'zod';

/** A share or a probability. */
export const share = z.number().min(0).max(1);

const level = z.number().gt(0).lt(1);

/** Largest p of a `watch`. */
export const watchP = level.default(0.01).describe('largest p of a watch, a probability');

/** Largest p of a `review`. */
export const reviewP = level.default(1e-3).describe('largest p of a review, a probability');

/** Days of history a baseline looks back over. */
export const windowDays = z.int().min(28).default(182).describe('days of history a baseline looks back over');

/**
 * The p a passed check reports: null where p is small and only the effect is too small to matter. Both gates
 * belong to the evidence, so a small p alone must not count when the p-values of a KPI are combined.
 * @example passedP(1e-9, 0.01) // => null
 */
export function passedP(p: number, watchP: number): number | null {
  return p > watchP ? p : null;
}
