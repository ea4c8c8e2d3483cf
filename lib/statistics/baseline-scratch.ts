import { trendAt } from './trend-model.ts';

/**
 * Columns a baseline is worked out in. Fresh ones cost more than the sums over them, so `fitBaseline` keeps one set and
 * writes over it: nothing of it may leave `fitBaseline`.
 */
export interface BaselineScratch {
  days: Int32Array;
  counts: Float64Array;
  weekdays: Uint8Array;
  /** The trend covariate of every day of the history, which its length alone decides; never written over. */
  trendByDay: Float64Array;
  /** The trend covariate of the observations. */
  trend: Float64Array;
  means: Float64Array;
  weights: Float64Array;
  residuals: Float64Array;
}

function columnsOf(length: number): BaselineScratch {
  return {
    days: new Int32Array(length),
    counts: new Float64Array(length),
    weekdays: new Uint8Array(length),
    trendByDay: Float64Array.from({ length }, (_, day) => trendAt(day, length)),
    trend: new Float64Array(length),
    means: new Float64Array(length),
    weights: new Float64Array(length),
    residuals: new Float64Array(length),
  };
}

let held = columnsOf(0);

/** Columns of a length, holding whatever was written last; most histories are as long as the one before. */
export function baselineScratch(length: number): BaselineScratch {
  if (held.days.length !== length) held = columnsOf(length);
  return held;
}

/** The same columns with those of the observations cut to their number. */
export function forObservations(scratch: BaselineScratch, count: number): BaselineScratch {
  const { trend, means, weights } = scratch;
  if (count === trend.length) return scratch;
  return {
    ...scratch,
    trend: trend.subarray(0, count),
    means: means.subarray(0, count),
    weights: weights.subarray(0, count),
  };
}

/** The trend covariate of some days of the history; that of a history without gaps is there already. */
export function trendOf(days: Int32Array, { trendByDay, trend }: BaselineScratch): Float64Array {
  if (days.length === trendByDay.length) return trendByDay;
  for (let i = 0; i < days.length; i++) trend[i] = trendByDay[days[i]!]!;
  return trend;
}
