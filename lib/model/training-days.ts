import { dayNumber } from './day.ts';
import type { DailyValues, UnitHistory } from './history.ts';
import type { Kpi } from './kpi.ts';

/** One unit and period with the days that may train its baselines: what an expectation is worked out from. */
export interface JudgedDays {
  readonly history: UnitHistory;
  /** Index of the period's first day (may be negative), and of the day after its last. */
  readonly from: number;
  readonly to: number;
  isBaselineDay(kpi: Kpi, index: number): boolean;
  isFinal(kpi: Kpi, index: number): boolean;
}

/** 24 to 31 December. */
const yearEndDays = 8;

/** A stretch of history and the days to be predicted from it, in the shape a baseline is fitted on. */
export interface TrainingDays {
  /** Index in the unit's history of day 0 here. */
  readonly first: number;
  readonly counts: readonly (number | null)[];
  readonly firstWeekday: number;
  readonly firstDayOfYear: number;
  readonly holidays: readonly boolean[];
  readonly include: readonly boolean[];
  readonly predictDays: readonly number[];
}

/**
 * Cuts the history before a period to what may train a baseline of one series.
 *
 * Days of 24 to 31 December do not train: they follow no weekday. Days that may not train at all (not final,
 * or of a period under review) are left out and are not missing.
 *
 * @param base unit, period and the days that may train.
 * @param kpi whose rules the series follows.
 * @param values the series, by index of the history.
 * @param predict indices to predict, on or after the period's first day.
 * @param windowDays days before the period to look back over.
 * @returns columns from the first day of the window on; empty ones when the series starts in the period.
 * @example trainingDays(base, 'visitors', history.traffic.visitors, finalDays(base, 'visitors', values), 182).counts.length // => 182
 */
export function trainingDays(
  base: JudgedDays,
  kpi: Kpi,
  values: DailyValues,
  predict: readonly number[],
  windowDays: number,
): TrainingDays {
  const { history } = base;
  const end = Math.max(0, base.from);
  let first = Math.max(0, end - windowDays);
  // Days before the series began are not missing ones.
  while (first < end && (values[first] ?? null) === null) first += 1;
  const origin = dayNumber(history.firstDay) + first;
  const counts: (number | null)[] = [];
  const include: boolean[] = [];
  const firstYearDay = dayOfYear(origin);
  let yearDay = firstYearDay;
  let yearDays = daysOfYear(origin);
  for (let i = first; i < end; i += 1) {
    counts.push(values[i] ?? null);
    include.push(yearDays - yearDay >= yearEndDays && base.isBaselineDay(kpi, i));
    yearDay += 1;
    if (yearDay <= yearDays) continue;
    yearDay = 1;
    yearDays = daysOfYear(origin + i + 1 - first);
  }
  return {
    first,
    counts,
    firstWeekday: ((history.firstWeekday - 1 + first) % 7) + 1,
    firstDayOfYear: firstYearDay,
    holidays: history.holidays.slice(first),
    include,
    predictDays: predict.map((i) => i - first),
  };
}

/** Indices of the period's days that are final and not missing in a series. */
export function finalDays(base: JudgedDays, kpi: Kpi, values: DailyValues): number[] {
  const days: number[] = [];
  for (let i = Math.max(0, base.from); i < base.to; i += 1)
    if ((values[i] ?? null) !== null && base.isFinal(kpi, i)) days.push(i);
  return days;
}

/**
 * Whether a series has no history to be held against: nothing on any baseline day, or first seen only shortly
 * before the period although the unit's traffic goes further back.
 *
 * @param sinceDays days before the period within which a first appearance counts as new.
 */
export function isNewSeries(base: JudgedDays, kpi: Kpi, values: DailyValues, sinceDays: number): boolean {
  let firstHeld = -1;
  let firstKnown = -1;
  for (let i = 0; i < base.from; i += 1) {
    if (!base.isBaselineDay(kpi, i) || (values[i] ?? null) === null) continue;
    if (firstKnown < 0) firstKnown = i;
    if (values[i]! === 0) continue;
    firstHeld = i;
    break;
  }
  if (firstKnown < 0) return false;
  return firstHeld < 0 || (firstHeld >= base.from - sinceDays && firstKnown < base.from - sinceDays);
}

/** Sum of a series over some days; missing ones add nothing. */
export function sumOf(values: DailyValues, days: readonly number[]): number {
  return days.reduce((sum, i) => sum + (values[i] ?? 0), 0);
}

function dayOfYear(number: number): number {
  const year = new Date(number * 86_400_000).getUTCFullYear();
  return number - Date.UTC(year, 0, 1) / 86_400_000 + 1;
}

function daysOfYear(number: number): number {
  const year = new Date(number * 86_400_000).getUTCFullYear();
  return (Date.UTC(year + 1, 0, 1) - Date.UTC(year, 0, 1)) / 86_400_000;
}
