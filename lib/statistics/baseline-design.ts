import type { BaselineInput, BaselinePolicy, ValidDays } from './baseline-input.ts';
import { weekdayOf } from './baseline-input.ts';

const daysPerYear = 365.25;

/** Which weekdays share a mean. */
export interface WeekdayLevels {
  /** Level of each weekday, Monday first; -1 for weekdays that never hold a count and stay out of the fit. */
  levelOf: Int8Array;
  levelCount: number;
  /** True when weekdays are only told from weekends. */
  isCollapsed: boolean;
  /** Mean per day put in place of a weekday that never holds a count. */
  quietMean: number;
}

/** The columns of the regression of one history. */
export interface BaselineDesign extends WeekdayLevels {
  /** Day numbers in the fit. */
  days: Int32Array;
  counts: Float64Array;
  levels: Uint8Array;
  /** Covariates other than the trend: holiday, then cosine and sine of the year. */
  columns: Float64Array[];
  trend: Float64Array;
  hasHolidayTerm: boolean;
  hasAnnualSeason: boolean;
}

/**
 * Groups weekdays so that every group holds enough counts.
 *
 * A sparse weekday collapses all seven to Monday-Friday and weekend. A group without a single count has no
 * finite log mean; it stays out of the fit and is expected to hold half a count over all its days.
 *
 * @param totals sum of counts of each weekday, Monday first.
 * @param days days of each weekday, Monday first.
 * @param minTotal sum of counts below which a weekday is sparse.
 * @returns the groups.
 * @example
 * weekdayLevels([9, 9, 9, 9, 9, 0, 0], [4, 4, 4, 4, 4, 4, 4], 5).quietMean; // => 0.0625
 */
export function weekdayLevels(
  totals: ArrayLike<number>,
  days: ArrayLike<number>,
  minTotal: number,
): WeekdayLevels {
  let weekTotal = 0;
  let weekDays = 0;
  let isSparse = false;
  for (let weekday = 0; weekday < 7; weekday++) {
    if (totals[weekday]! < minTotal) isSparse = true;
    if (weekday < 5) {
      weekTotal += totals[weekday]!;
      weekDays += days[weekday]!;
    }
  }
  if (!isSparse) {
    return { levelOf: Int8Array.of(0, 1, 2, 3, 4, 5, 6), levelCount: 7, isCollapsed: false, quietMean: 0 };
  }
  if (totals[5]! + totals[6]! === 0) {
    const quietMean = 0.5 / (days[5]! + days[6]!);
    return { levelOf: Int8Array.of(0, 0, 0, 0, 0, -1, -1), levelCount: 1, isCollapsed: true, quietMean };
  }
  if (weekTotal === 0) {
    const quietMean = 0.5 / weekDays;
    return { levelOf: Int8Array.of(-1, -1, -1, -1, -1, 0, 0), levelCount: 1, isCollapsed: true, quietMean };
  }
  return { levelOf: Int8Array.of(0, 0, 0, 0, 0, 1, 1), levelCount: 2, isCollapsed: true, quietMean: 0 };
}

/** Trend covariate of a day: days from the middle of the history, in lengths of the history. */
export function trendAt(day: number, length: number): number {
  return (day - (length - 1) / 2) / length;
}

/** Angle of a day in the year, in radians. */
export function annualAngle(day: number, firstDayOfYear: number): number {
  return (2 * Math.PI * (firstDayOfYear + day)) / daysPerYear;
}

/**
 * Builds the columns of the baseline regression.
 *
 * @param input the history.
 * @param valid its usable days.
 * @param policy limits for sparse weekdays and the annual season.
 * @returns dense columns along the days that enter the fit.
 * @example
 * designBaseline(input, valid, defaultBaselinePolicy).levelCount; // => 7
 */
export function designBaseline(
  input: BaselineInput,
  valid: ValidDays,
  policy: BaselinePolicy,
): BaselineDesign {
  const grouping = weekdayLevels(valid.weekdayTotals, valid.weekdayDays, policy.minWeekdayTotal);
  const { levelOf } = grouping;
  const length = input.counts.length;
  const { firstDayOfYear } = input;
  const hasAnnualSeason = firstDayOfYear !== undefined && length >= policy.minAnnualDays;
  const hasHolidayTerm = valid.holidayTerm !== null;
  const known = valid.days.length;
  const days = new Int32Array(known);
  const counts = new Float64Array(known);
  const levels = new Uint8Array(known);
  const trend = new Float64Array(known);
  const columnCount = (hasHolidayTerm ? 1 : 0) + (hasAnnualSeason ? 2 : 0);
  const columns = Array.from({ length: columnCount }, () => new Float64Array(known));
  let n = 0;
  for (let i = 0; i < known; i++) {
    const level = levelOf[valid.weekdays[i]!]!;
    if (level < 0) continue;
    const day = valid.days[i]!;
    days[n] = day;
    counts[n] = valid.counts[i]!;
    levels[n] = level;
    trend[n] = trendAt(day, length);
    if (valid.holidayTerm) columns[0]![n] = valid.holidayTerm[i]!;
    if (hasAnnualSeason) {
      const angle = annualAngle(day, firstDayOfYear);
      columns[columnCount - 2]![n] = Math.cos(angle);
      columns[columnCount - 1]![n] = Math.sin(angle);
    }
    n++;
  }
  return {
    ...grouping,
    days: days.subarray(0, n),
    counts: counts.subarray(0, n),
    levels: levels.subarray(0, n),
    columns: columns.map((column) => column.subarray(0, n)),
    trend: trend.subarray(0, n),
    hasHolidayTerm,
    hasAnnualSeason,
  };
}

/** Level of a day, or -1 where it never holds a count; a holiday without a term counts as a Sunday. */
export function levelAt(input: BaselineInput, design: BaselineDesign, day: number): number {
  const isSunday = !design.hasHolidayTerm && input.holidays?.[day];
  return design.levelOf[isSunday ? 6 : weekdayOf(day, input.firstWeekday)]!;
}

/** Writes a day's covariates, in the order of the fit: other columns first, the trend last. */
export function covariatesAt(
  input: BaselineInput,
  design: BaselineDesign,
  day: number,
  into: Float64Array,
): void {
  let at = 0;
  if (design.hasHolidayTerm) into[at++] = input.holidays?.[day] ? 1 : 0;
  if (design.hasAnnualSeason) {
    const angle = annualAngle(day, input.firstDayOfYear!);
    into[at++] = Math.cos(angle);
    into[at++] = Math.sin(angle);
  }
  if (at < into.length) into[at] = trendAt(day, input.counts.length);
}
