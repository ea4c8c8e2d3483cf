import { type Day, dayNumber, dayOf, weekday } from '../../model/day.ts';
import type { IsHoliday } from '../../model/duration.ts';
import type { DailyValues } from '../../model/history.ts';
import type { Kpi } from '../../model/kpi.ts';
import { fitBaseline } from '../../statistics/baseline.ts';
import { fitLogShocks } from '../../statistics/log-shocks.ts';
import type { DailyLevel } from './unit-profile.ts';

/** Whether a day may be learned from, for the numbers a KPI is counted from. */
export type IsClean = (kpi: Kpi, index: number) => boolean;

/** The days a profile speaks of. */
export interface Span {
  readonly firstDay: Day;
  readonly days: number;
  /** Weekday of each day, 0 Monday .. 6 Sunday, and whether it is a holiday. */
  readonly weekdays: readonly number[];
  readonly holidays: readonly boolean[];
}

/** A stretch of days with its calendar. */
export function spanOf(firstDay: Day, days: number, isHoliday: IsHoliday): Span {
  const origin = dayNumber(firstDay);
  const each = Array.from({ length: days }, (_, i) => origin + i);
  return {
    firstDay,
    days,
    weekdays: each.map((n) => weekday(n) - 1),
    holidays: each.map((n) => isHoliday(dayOf(n))),
  };
}

/** Lags over which slow ups and downs are looked for, and days a history needs to show them. */
const shockLags = 28;
const shockDays = 182;
/** A day further off than this, relative to its mean, counts as this far: a launch is no drift. */
const farthest = 1;
/** Most that a quiet day's variance may be over its mean. */
const mostDispersion = 30;

/**
 * Fits a daily count: means from the baseline of METHODS 1 over its whole clean history, noise and slow ups and downs
 * from what the clean days leave over.
 *
 * @param isClean whether a day may be learned from.
 * @param driverOf factor by which the mean of a day is known to move; null where it is not known.
 * @returns null without any clean day.
 */
export function fitLevel(
  values: DailyValues,
  isClean: (index: number) => boolean,
  span: Span,
  driverOf: (index: number) => number | null = () => 1,
): DailyLevel | null {
  const clean = values.flatMap((v, i) => (v !== null && isClean(i) ? [i] : []));
  if (clean.length === 0) return null;
  const means = meansOf(values, clean, span);
  return { means, ...noiseOf(values, clean, (i) => means[i]! * (driverOf(i) ?? Number.NaN), values.length) };
}

function meansOf(values: DailyValues, clean: readonly number[], span: Span): number[] {
  const first = values.findIndex((v) => v !== null);
  const cleanDays = new Set(clean);
  const counts = values.slice(first);
  const predictDays = Array.from({ length: span.days - first }, (_, i) => i);
  const baseline = fitBaseline({
    counts,
    firstWeekday: span.weekdays[first]! + 1,
    predictDays,
    holidays: span.holidays.slice(first),
    include: counts.map((_, i) => cleanDays.has(first + i)),
    firstDayOfYear: dayOfYear(dayNumber(span.firstDay) + first),
  });
  const known =
    baseline.status === 'ok'
      ? baseline.days.map((d) => d.mu)
      : predictDays.map(() => clean.reduce((sum, i) => sum + values[i]!, 0) / clean.length);
  // Days before the series began are simulated as its first weeks were.
  return Array.from(
    { length: span.days },
    (_, i) => known[i >= first ? i - first : 6 - ((first - 1 - i) % 7)]!,
  );
}

/**
 * Dispersion and slow ups and downs of counts around expected ones.
 * @param expectedAt mean of a day; NaN where it is not known.
 */
export function noiseOf(
  values: DailyValues,
  clean: readonly number[],
  expectedAt: (index: number) => number,
  length: number,
): Omit<DailyLevel, 'means'> {
  const residuals = new Array<number | null>(length).fill(null);
  let chiSquare = 0;
  let expectedSum = 0;
  let days = 0;
  for (const i of clean) {
    const expected = expectedAt(i);
    if (!(expected > 0)) continue;
    const residual = Math.min(farthest, values[i]! / expected - 1);
    residuals[i] = residual;
    chiSquare += expected * residual ** 2;
    expectedSum += expected;
    days += 1;
  }
  const shocks = fitLogShocks(residuals, shockLags, shockDays);
  // Weekdays and trend took about eight degrees of freedom.
  const total = days > 16 ? chiSquare / (days - 8) : 1;
  const ofShocks = days > 0 ? (expectedSum / days) * shocks.deviation ** 2 : 0;
  return { dispersion: Math.min(mostDispersion, Math.max(1, total - ofShocks)), shocks };
}

function dayOfYear(number: number): number {
  return number - dayNumber(`${dayOf(number).slice(0, 4)}-01-01`) + 1;
}
