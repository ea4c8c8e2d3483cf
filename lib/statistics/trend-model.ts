/** Trend covariate of a day: days from the middle of the history, in lengths of the history. */
export function trendAt(day: number, length: number): number {
  return (day - (length - 1) / 2) / length;
}

/** Daily counts with a mean per level and a trend: what `fitQuasiPoisson` fits with the trend as only covariate. */
export interface TrendInput {
  /** Counts >= 0, one per observation. */
  counts: Float64Array;
  /** Level of each observation, 0..levelCount-1; every level holds a count above 0. */
  levels: Uint8Array;
  levelCount: number;
  /** Day number of each observation, rising, and the days of the whole history. */
  days: Int32Array;
  length: number;
  /** The trend covariate of each observation, as `trendColumn` gives it. */
  trend: Float64Array;
  /** Level that days 0 to 6, and so all days a whole number of weeks after them, usually have; -1 for none. */
  usualLevels: ArrayLike<number>;
}

/** What every fit of the same counts starts from. */
export interface TrendModel {
  input: TrendInput;
  /** Sums of counts, and of counts times trend, by level and in all. */
  totals: Float64Array;
  moment: number;
  /** Days that do not follow the pattern of their weekday, with the weight they add to a level or take from it. */
  exceptions: readonly Exception[];
}

interface Exception {
  level: number;
  trend: number;
  weight: number;
}

/**
 * Prepares a quasi-Poisson regression of daily counts on levels and a trend.
 *
 * @param input see `TrendInput`; not modified.
 * @returns what `fitTrend` needs, for fits with several weights.
 * @example
 * trendModel({ counts, levels, levelCount: 7, days, length: 182, trend, usualLevels }).totals; // => [2116.4, ...]
 */
export function trendModel(input: TrendInput): TrendModel {
  const { counts, levels, levelCount, days, length, trend, usualLevels } = input;
  const n = counts.length;
  const totals = new Float64Array(levelCount);
  const exceptions: Exception[] = [];
  let moment = 0;
  let next = 0;
  let phase = 0;
  for (let i = 0; i < n; i++) {
    const level = levels[i]!;
    const day = days[i]!;
    totals[level]! += counts[i]!;
    moment += counts[i]! * trend[i]!;
    for (; next < day; next++) {
      // Missing, or left out.
      except(exceptions, usualLevels[phase]!, trendAt(next, length), -1);
      phase = phase === 6 ? 0 : phase + 1;
    }
    if (level !== usualLevels[phase]!) {
      // A holiday that counts as a Sunday.
      except(exceptions, usualLevels[phase]!, trend[i]!, -1);
      except(exceptions, level, trend[i]!, 1);
    }
    next++;
    phase = phase === 6 ? 0 : phase + 1;
  }
  for (; next < length; next++) except(exceptions, usualLevels[next % 7]!, trendAt(next, length), -1);
  return { input, totals, moment, exceptions };
}

function except(exceptions: Exception[], level: number, trend: number, weight: number): void {
  if (level >= 0) exceptions.push({ level, trend, weight });
}
