import { requireCount, requireWhole } from './argument.ts';
import type { BaselineScratch } from './baseline-scratch.ts';

/** A history of daily counts and the days it shall predict. Days are numbered from 0, the first of `counts`. */
export interface BaselineInput {
  /** Daily counts >= 0 of consecutive days; null is a missing day, never 0. */
  counts: ArrayLike<number | null>;
  /** Weekday of day 0: 1 = Monday ... 7 = Sunday. */
  firstWeekday: number;
  /** Days to predict, each a day number >= 0; usually behind the history. */
  predictDays: readonly number[];
  /** By day number: whether the day is a public holiday. Covers history and predicted days; left out: none is. */
  holidays?: ArrayLike<boolean>;
  /** By day number: false leaves a day of the history out (excluded periods, bridge days). Left out: all in. */
  include?: ArrayLike<boolean>;
  /** Day of the year of day 0, 1..366; needed for the annual season, which is left out without it. */
  firstDayOfYear?: number;
}

/** Limits of what a baseline needs and does, each with its unit. */
export interface BaselinePolicy {
  /** Valid days below which nothing is fitted. */
  minDays: number;
  /** Valid days from which the regression is fitted; below it the robust fallback. */
  minRegressionDays: number;
  /** Valid days needed of every weekday. */
  minDaysPerWeekday: number;
  /** Sum of counts needed. */
  minTotal: number;
  /** Largest share of missing days. */
  maxMissingShare: number;
  /** Sum of counts of a weekday below which weekdays collapse to Monday-Friday and weekend. */
  minWeekdayTotal: number;
  /** Holidays in the history from which they get a term of their own; fewer are coded as Sundays. */
  minHolidays: number;
  /** Standardised Anscombe residual above which a day is downweighted. */
  outlierResidual: number;
  /** Valid days from which a trend is tried. */
  minTrendDays: number;
  /** Two-sided p below which the trend is kept. */
  trendAlpha: number;
  /** Largest predicted mean over the largest fitted mean with which the trend is kept. */
  maxTrendRise: number;
  /** Days of history from which the annual season is fitted. */
  minAnnualDays: number;
  /** Mean count per day below which single days are not to be tested. */
  minDailyMean: number;
  /** Earlier blocks of the predicted length from which their spread bounds the dispersion from below. */
  minBlocks: number;
  /** Predicted days from which blocks are looked at. */
  minBlockDays: number;
}

/** The documented defaults. */
export const defaultBaselinePolicy: BaselinePolicy = {
  minDays: 28,
  minRegressionDays: 56,
  minDaysPerWeekday: 4,
  minTotal: 30,
  maxMissingShare: 0.2,
  minWeekdayTotal: 5,
  minHolidays: 3,
  outlierResidual: 2.58,
  minTrendDays: 84,
  trendAlpha: 0.05,
  maxTrendRise: 1.1,
  minAnnualDays: 730,
  minDailyMean: 1,
  minBlocks: 6,
  minBlockDays: 7,
};

/** Why a baseline cannot be fitted. */
export interface InsufficientBaseline {
  status: 'insufficient_data';
  reason: 'few-days' | 'few-days-per-weekday' | 'few-counts' | 'missing-days';
  validDays: number;
  missingShare: number;
  total: number;
}

/** The days of a history that may be used, as dense columns. */
export interface ValidDays {
  status: 'ok';
  /** Day numbers. */
  days: Int32Array;
  counts: Float64Array;
  /** 0 = Monday ... 6 = Sunday; a holiday coded as Sunday is 6. */
  weekdays: Uint8Array;
  /** 1 on a holiday that has the holiday term; null when there is no term. */
  holidayTerm: Float64Array | null;
  weekdayTotals: Float64Array;
  weekdayDays: Float64Array;
  missingShare: number;
  total: number;
}

/** Weekday 0..6 of a day number. */
export function weekdayOf(day: number, firstWeekday: number): number {
  return (((day + firstWeekday - 1) % 7) + 7) % 7;
}

function requireInput(input: BaselineInput): void {
  const { firstWeekday, predictDays, firstDayOfYear } = input;
  requireWhole('firstWeekday', firstWeekday);
  if (firstWeekday < 1 || firstWeekday > 7) {
    throw new RangeError(`firstWeekday must lie in 1..7, was ${firstWeekday}`);
  }
  if (predictDays.length === 0) throw new RangeError('predictDays must hold at least one day');
  for (const day of predictDays) requireCount('predictDays', day);
  if (firstDayOfYear !== undefined) requireCount('firstDayOfYear', firstDayOfYear, 1);
}

/** The first limit a history falls short of; null when it is long enough. */
function shortage(
  policy: BaselinePolicy,
  validDays: number,
  missingShare: number,
  weekdayDays: Float64Array,
  total: number,
): InsufficientBaseline['reason'] | null {
  if (validDays < policy.minDays) return 'few-days';
  if (missingShare > policy.maxMissingShare) return 'missing-days';
  for (let weekday = 0; weekday < 7; weekday++) {
    if (weekdayDays[weekday]! < policy.minDaysPerWeekday) return 'few-days-per-weekday';
  }
  return total < policy.minTotal ? 'few-counts' : null;
}

/**
 * The usable days of a history, or why there are too few.
 *
 * @param input the history; not modified.
 * @param policy its limits.
 * @param columns to write to, as long as the history; left out: new ones.
 * @returns dense columns of the valid days, or the reason none can be had.
 * @throws {RangeError} the first weekday is not 1..7, a count is negative or not finite, a predicted day is not
 *   a whole number >= 0, or there is none.
 * @example
 * collectValidDays({ counts: [3, null], firstWeekday: 1, predictDays: [2] }, policy).status; // => 'insufficient_data'
 */
export function collectValidDays(
  input: BaselineInput,
  policy: BaselinePolicy,
  columns?: Pick<BaselineScratch, 'days' | 'counts' | 'weekdays'>,
): ValidDays | InsufficientBaseline {
  requireInput(input);
  const { counts, firstWeekday, holidays, include } = input;
  const length = counts.length;
  const days = columns?.days ?? new Int32Array(length);
  const values = columns?.counts ?? new Float64Array(length);
  const weekdays = columns?.weekdays ?? new Uint8Array(length);
  const weekdayTotals = new Float64Array(7);
  const weekdayDays = new Float64Array(7);
  let valid = 0;
  let missing = 0;
  let total = 0;
  let holidayCount = 0;
  let holidayTotal = 0;
  let weekday = firstWeekday - 1;
  for (let day = 0; day < length; day++) {
    const today = weekday;
    weekday = weekday === 6 ? 0 : weekday + 1;
    if (include && !include[day]) continue;
    const count = counts[day];
    if (count === null || count === undefined) {
      missing++;
      continue;
    }
    if (!(count >= 0) || count === Number.POSITIVE_INFINITY) {
      throw new RangeError(`counts must be finite and >= 0, was ${count} on day ${day}`);
    }
    days[valid] = day;
    values[valid] = count;
    weekdays[valid] = today;
    valid++;
    total += count;
    weekdayTotals[today]! += count;
    weekdayDays[today]!++;
    if (holidays?.[day]) {
      holidayCount++;
      holidayTotal += count;
    }
  }

  let holidayTerm: Float64Array | null = null;
  if (holidays && holidayCount > 0) {
    // A term for holidays without counts would have no finite estimate.
    if (holidayCount >= policy.minHolidays && holidayTotal >= policy.minWeekdayTotal) {
      holidayTerm = new Float64Array(valid);
      for (let i = 0; i < valid; i++) holidayTerm[i] = holidays[days[i]!] ? 1 : 0;
    } else {
      for (let i = 0; i < valid; i++) {
        if (!holidays[days[i]!]) continue;
        const own = weekdays[i]!;
        weekdayTotals[own]! -= values[i]!;
        weekdayDays[own]!--;
        weekdayTotals[6]! += values[i]!;
        weekdayDays[6]!++;
        weekdays[i] = 6;
      }
    }
  }

  const missingShare = valid + missing === 0 ? 1 : missing / (valid + missing);
  const reason = shortage(policy, valid, missingShare, weekdayDays, total);
  if (reason !== null) return { status: 'insufficient_data', reason, validDays: valid, missingShare, total };
  const isWhole = valid === length;
  return {
    status: 'ok',
    days: isWhole ? days : days.subarray(0, valid),
    counts: isWhole ? values : values.subarray(0, valid),
    weekdays: isWhole ? weekdays : weekdays.subarray(0, valid),
    holidayTerm,
    weekdayTotals,
    weekdayDays,
    missingShare,
    total,
  };
}
