import type { Baseline, FittedBaseline } from '../../lib/statistics/baseline.ts';
import { mulberry32 } from '../../lib/statistics/mulberry32.ts';

export const range = (length: number, from = 0): number[] => Array.from({ length }, (_, i) => from + i);

/** Counts around a weekday profile, overdispersed, reproducible. */
export function noisyCounts(length: number, profile: (day: number) => number, seed = 11): number[] {
  const random = mulberry32(seed);
  return range(length).map((day) => {
    const mean = profile(day);
    const noise = (random() + random() + random() - 1.5) * 2 * Math.sqrt(2 * mean);
    return Math.max(0, Math.round(mean + noise));
  });
}

/** Weekday dummies with Monday as reference, then any further columns. */
export function rows(
  length: number,
  firstWeekday: number,
  ...columns: ((day: number) => number)[]
): number[][] {
  return range(length).map((day) => {
    const weekday = (day + firstWeekday - 1) % 7;
    return [1, ...range(6, 1).map((k) => (k === weekday ? 1 : 0)), ...columns.map((column) => column(day))];
  });
}

/** A baseline that must have been fitted. */
export function fitted(baseline: Baseline): FittedBaseline {
  if (baseline.status !== 'ok') throw new Error(`insufficient: ${baseline.reason}`);
  return baseline;
}
