import * as z from 'zod';

/** A share or a probability. */
export const share = z.number().min(0).max(1);

/** Largest p of a `watch`. */
export const watchP = share.default(0.01).describe('largest p of a watch, a probability');

/** Largest p of a `review`. */
export const reviewP = share.default(1e-3).describe('largest p of a review, a probability');

/** Days of history a baseline looks back over. */
export const windowDays = z.int().min(28).default(182).describe('days of history a baseline looks back over');
