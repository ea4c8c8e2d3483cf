import { requireAtLeast, requireLength } from './argument.ts';

/**
 * Shares of parts in their total.
 *
 * @param parts at least one number >= 0.
 * @returns shares in the same order, adding up to 1.
 * @throws {RangeError} no part, one that is negative or not finite, or a total of 0.
 * @example
 * sharesOf([1, 3]); // => [0.25, 0.75]
 */
export function sharesOf(parts: readonly number[]): number[] {
  requireLength('parts', parts, 1);
  let total = 0;
  for (const part of parts) {
    requireAtLeast('parts', part, 0);
    total += part;
  }
  if (total === 0) throw new RangeError('parts must not all be 0');
  return parts.map((part) => part / total);
}
