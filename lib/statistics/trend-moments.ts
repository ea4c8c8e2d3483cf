import type { TrendModel } from './trend-model.ts';

/** Weights of a fit: `usual` for every observation but the listed ones. */
export interface TrendWeights {
  usual: number;
  outliers: readonly { index: number; weight: number }[];
}

/** Days, or weeks, whose exponentials come from each other by products before one is worked out afresh. */
export const chain = 14;

/** Sums of e, e x, e x^2 and e x^3 by level. */
export interface Moments {
  zero: Float64Array;
  one: Float64Array;
  two: Float64Array;
  three: Float64Array;
}

/** Room for the moments of so many levels. */
export function momentsOf(levelCount: number): Moments {
  return {
    zero: new Float64Array(levelCount),
    one: new Float64Array(levelCount),
    two: new Float64Array(levelCount),
    three: new Float64Array(levelCount),
  };
}

function addOne({ zero, one, two, three }: Moments, level: number, x: number, e: number): void {
  zero[level]! += e;
  one[level]! += e * x;
  two[level]! += e * x * x;
  three[level]! += e * x * x * x;
}

/**
 * Sums of e, e x, e x^2 and e x^3 of each level at e = exp(slope x), usual observations having weight 1.
 *
 * Days of one weekday lie a week apart, so their sums are those of the weeks' first days, shifted.
 */
export function sumMoments(model: TrendModel, slope: number, weights: TrendWeights, sums: Moments): void {
  const { length, usualLevels, levels, trend: trends } = model.input;
  const { zero, one, two, three } = sums;
  const lastWeek = Math.ceil(length / 7) - 1;
  const perWeek = Math.exp((slope * 7) / length);
  const perDay = Math.exp(slope / length);
  let m0 = 0;
  let m1 = 0;
  let m2 = 0;
  let m3 = 0;
  let x = 0;
  let e = 0;
  let f0 = 0;
  let f1 = 0;
  let f2 = 0;
  let f3 = 0;
  for (let week = 0; week <= lastWeek; week++) {
    x = (7 * week - (length - 1) / 2) / length;
    e = week % chain === 0 ? Math.exp(slope * x) : e * perWeek;
    f0 = m0;
    f1 = m1;
    f2 = m2;
    f3 = m3;
    m0 += e;
    m1 += e * x;
    m2 += e * x * x;
    m3 += e * x * x * x;
  }
  zero.fill(0);
  one.fill(0);
  two.fill(0);
  three.fill(0);
  const lastPhase = (length - 1) % 7;
  let scale = 1;
  for (let phase = 0; phase < 7; phase++) {
    if (phase === lastPhase + 1) {
      // Later weekdays have no day in the last week.
      m0 = f0;
      m1 = f1;
      m2 = f2;
      m3 = f3;
    }
    const level = usualLevels[phase]!;
    if (level >= 0) {
      const shift = phase / length;
      zero[level]! += scale * m0;
      one[level]! += scale * (m1 + shift * m0);
      two[level]! += scale * (m2 + shift * (2 * m1 + shift * m0));
      three[level]! += scale * (m3 + shift * (3 * m2 + shift * (3 * m1 + shift * m0)));
    }
    scale *= perDay;
  }
  for (const { level, trend, weight } of model.exceptions) {
    addOne(sums, level, trend, weight * Math.exp(slope * trend));
  }
  for (const { index, weight } of weights.outliers) {
    const trend = trends[index]!;
    addOne(sums, levels[index]!, trend, (weight / weights.usual - 1) * Math.exp(slope * trend));
  }
}
