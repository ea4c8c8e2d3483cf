import type { Estimate } from '../model/estimate.ts';

/**
 * A value with its interval. @example estimateText({ value: 0.5, low: 0.4, high: 0.6 }, shareText) // => '50 % (40 % to 60 %)'
 */
export function estimateText({ value, low, high }: Estimate, text: (value: number) => string): string {
  return high === null
    ? `${text(value)} (at least ${text(low)})`
    : `${text(value)} (${text(low)} to ${text(high)})`;
}
