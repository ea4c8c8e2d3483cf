import { type BaselineInput, type BaselinePolicy, type ValidDays, weekdayOf } from './baseline-input.ts';
import { type TrendInput, trendAt } from './trend-model.ts';

const daysPerYear = 365.25;

/** Which weekdays share a mean. */
export interface WeekdayLevels {
  /** Level of each weekday, Monday first; -1 for weekdays that never hold a count and stay out of the fit. */
  levelOf: readonly number[];
  levelCount: number;
  /** True when weekdays are only told from weekends. */
  isCollapsed: boolean;
  /** Mean per day put in place of a weekday that never holds a count. */
  quietMean: number;
}

/** The columns of the regression of one history. */
export interface BaselineDesign {
  weekdays: WeekdayLevels;
  /** Day numbers in the fit. */
  days: Int32Array;
  counts: Float64Array;
  levels: Uint8Array;
  /** Covariates other than the trend: holiday, then cosine and sine of the year. */
  columns: Float64Array[];
  hasHolidayTerm: boolean;
  hasAnnualSeason: boolean;
}

const eachWeekday = [0, 1, 2, 3, 4, 5, 6];
const weekAndWeekend = [0, 0, 0, 0, 0, 1, 1];
const weekOnly = [0, 0, 0, 0, 0, -1, -1];
const weekendOnly = [-1, -1, -1, -1, -1, 0, 0];

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
    return { levelOf: eachWeekday, levelCount: 7, isCollapsed: false, quietMean: 0 };
  }
  if (totals[5]! + totals[6]! === 0) {
    const quietMean = 0.5 / (days[5]! + days[6]!);
    return { levelOf: weekOnly, levelCount: 1, isCollapsed: true, quietMean };
  }
  if (weekTotal === 0) {
    const quietMean = 0.5 / weekDays;
    return { levelOf: weekendOnly, levelCount: 1, isCollapsed: true, quietMean };
  }
  return { levelOf: weekAndWeekend, levelCount: 2, isCollapsed: true, quietMean: 0 };
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
 * designBaseline(input, valid, defaultBaselinePolicy).weekdays.levelCount; // => 7
 */
export function designBaseline(
  input: BaselineInput,
  valid: ValidDays,
  policy: BaselinePolicy,
): BaselineDesign {
  const weekdays = weekdayLevels(valid.weekdayTotals, valid.weekdayDays, policy.minWeekdayTotal);
  const { levelOf } = weekdays;
  const { firstDayOfYear } = input;
  let { days, counts, weekdays: levels, holidayTerm } = valid;
  if (weekdays.isCollapsed) {
    const kept: number[] = [];
    levels.forEach((weekday, i) => {
      if (levelOf[weekday]! >= 0) kept.push(i);
    });
    levels = Uint8Array.from(kept, (i) => levelOf[valid.weekdays[i]!]!);
    days = Int32Array.from(kept, (i) => valid.days[i]!);
    counts = Float64Array.from(kept, (i) => valid.counts[i]!);
    holidayTerm = valid.holidayTerm && Float64Array.from(kept, (i) => valid.holidayTerm![i]!);
  }
  const columns = holidayTerm ? [holidayTerm] : [];
  const hasAnnualSeason = firstDayOfYear !== undefined && input.counts.length >= policy.minAnnualDays;
  if (hasAnnualSeason) {
    columns.push(Float64Array.from(days, (day) => Math.cos(annualAngle(day, firstDayOfYear))));
    columns.push(Float64Array.from(days, (day) => Math.sin(annualAngle(day, firstDayOfYear))));
  }
  return { weekdays, days, counts, levels, columns, hasHolidayTerm: holidayTerm !== null, hasAnnualSeason };
}

/** The trend covariate along the days of a fit, written to a column of their number. */
export function trendColumn(
  days: Int32Array,
  length: number,
  trend: Float64Array = new Float64Array(days.length),
): Float64Array {
  for (let i = 0; i < days.length; i++) trend[i] = trendAt(days[i]!, length);
  return trend;
}

/** Level of a day, or -1 where it never holds a count; a holiday without a term counts as a Sunday. */
export function levelAt(input: BaselineInput, design: BaselineDesign, day: number): number {
  const isSunday = !design.hasHolidayTerm && input.holidays?.[day];
  return design.weekdays.levelOf[isSunday ? 6 : weekdayOf(day, input.firstWeekday)]!;
}

/** What the trend is fitted from where it is the only covariate. */
export function trendInput(
  { counts: { length }, firstWeekday }: BaselineInput,
  { weekdays, counts, levels, days }: BaselineDesign,
  trend: Float64Array,
): TrendInput {
  const { levelOf, levelCount } = weekdays;
  const usualLevels = new Int8Array(7);
  for (let day = 0; day < 7; day++) usualLevels[day] = levelOf[weekdayOf(day, firstWeekday)]!;
  return { counts, levels, levelCount, days, length, trend, usualLevels };
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
