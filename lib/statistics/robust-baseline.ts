import { median, medianAbsoluteDeviation } from 'simple-statistics';
import { requireCount, requireInside } from './argument.ts';
import { normalQuantile } from './normal.ts';
import { theilSenSlope } from './theil-sen.ts';

/** Median and weekday effects of square-root counts, for histories too short for a regression. */
export interface RobustBaseline {
  /** Median of z = 2 sqrt(y + 3/8). */
  median: number;
  /** Median of z - median on each weekday, Monday first. */
  weekdayEffects: number[];
  /** Days of each weekday, Monday first. */
  weekdayDays: number[];
  /** Robust standard deviation of z about its weekday, at least 1, which is Poisson. */
  scale: number;
}

/**
 * Fits the robust baseline of 28 to 55 days.
 *
 * The transform 2 sqrt(y + 3/8) gives Poisson counts a standard deviation of about 1, whatever their mean;
 * medians and 1.4826 x MAD then keep single outliers out.
 *
 * @param counts n >= 1 counts >= 0; not modified.
 * @param weekdays weekday of each count, 0 = Monday ... 6 = Sunday; every weekday occurs.
 * @returns the fitted numbers, on the scale of z.
 * @throws {RangeError} a weekday does not occur.
 * @see Anscombe (1948), Biometrika 35
 * @example
 * fitRobustBaseline(counts, weekdays).scale; // => 1
 */
export function fitRobustBaseline(counts: ArrayLike<number>, weekdays: ArrayLike<number>): RobustBaseline {
  const z = Array.from(counts, (count) => 2 * Math.sqrt(count + 0.375));
  const byWeekday: number[][] = [[], [], [], [], [], [], []];
  z.forEach((value, i) => {
    byWeekday[weekdays[i]!]!.push(value);
  });
  for (const [weekday, values] of byWeekday.entries()) {
    if (values.length === 0) throw new RangeError(`weekday ${weekday} must occur`);
  }
  const middle = median(z);
  const weekdayEffects = byWeekday.map((values) => median(values.map((value) => value - middle)));
  const residuals = z.map((value, i) => value - middle - weekdayEffects[weekdays[i]!]!);
  return {
    median: middle,
    weekdayEffects,
    weekdayDays: byWeekday.map((values) => values.length),
    scale: Math.max(1, 1.4826 * medianAbsoluteDeviation(residuals)),
  };
}

/** Widening for a weekday's median being estimated from few days: sqrt(1 + pi / (2 n)). */
function inflation(baseline: RobustBaseline, weekday: number): number {
  return Math.sqrt(1 + Math.PI / (2 * baseline.weekdayDays[weekday]!));
}

function requireWeekday(weekday: number): void {
  requireCount('weekday', weekday);
  if (weekday > 6) throw new RangeError(`weekday must lie in 0..6, was ${weekday}`);
}

/**
 * Limits of a day under the robust baseline, one-sided on each side.
 *
 * @param baseline a fitted robust baseline.
 * @param weekday 0 = Monday ... 6 = Sunday.
 * @param alpha one-sided level inside (0, 1), a share.
 * @returns lower and upper limit in counts, not rounded, both >= 0.
 * @throws {RangeError} `weekday` is not 0..6 or `alpha` not inside (0, 1).
 * @example
 * robustLimits(baseline, 0, 0.001); // => { lower: 1.73, upper: 24.55 }
 */
export function robustLimits(
  baseline: RobustBaseline,
  weekday: number,
  alpha: number,
): { lower: number; upper: number } {
  requireWeekday(weekday);
  requireInside('alpha', alpha);
  const centre = baseline.median + baseline.weekdayEffects[weekday]!;
  const reach = -normalQuantile(alpha) * baseline.scale * inflation(baseline, weekday);
  const toCount = (z: number): number => Math.max(0, (Math.max(0, z) / 2) ** 2 - 0.375);
  return { lower: toCount(centre - reach), upper: toCount(centre + reach) };
}

/**
 * Robust z of a count: its distance from its weekday's median in predictive standard deviations.
 *
 * @param baseline a fitted robust baseline.
 * @param weekday 0 = Monday ... 6 = Sunday.
 * @param count >= 0.
 * @returns about standard normal for an honest count; `normalUpperTail` of it is the upper p.
 * @throws {RangeError} `weekday` is not 0..6.
 * @example
 * robustZ(baseline, 4, 40); // => 5.47
 */
export function robustZ(baseline: RobustBaseline, weekday: number, count: number): number {
  requireWeekday(weekday);
  const residual = 2 * Math.sqrt(count + 0.375) - baseline.median - baseline.weekdayEffects[weekday]!;
  return residual / (baseline.scale * inflation(baseline, weekday));
}

/**
 * Mean, dispersion and variance of the mean of a day under the robust baseline, on the scale of counts.
 *
 * From z back to counts: E[y] = (z^2 + scale^2) / 4 - 3/8, variance scale^2 times the mean, and the weekday's
 * median is known to pi / 2 * scale^2 / n. An approximation: good enough to watch, not to hold pay.
 *
 * @param baseline a fitted robust baseline.
 * @param weekday 0 = Monday ... 6 = Sunday.
 * @returns mean >= 0.25 in counts, dispersion >= 1, squared standard error of the log mean.
 * @throws {RangeError} `weekday` is not 0..6.
 * @example
 * robustMoments(baseline, 0).mu; // => 10.25
 */
export function robustMoments(
  baseline: RobustBaseline,
  weekday: number,
): { mu: number; phi: number; etaVariance: number } {
  requireWeekday(weekday);
  const { scale } = baseline;
  // At least 2 sqrt(3/8), the z of no count at all, so that the mean is at least 1/4.
  const centre = baseline.median + baseline.weekdayEffects[weekday]!;
  const mu = (centre * centre + scale * scale) / 4 - 0.375;
  const medianVariance = ((Math.PI / 2) * scale * scale) / baseline.weekdayDays[weekday]!;
  // dy/dz = z/2, so the log mean moves by z / (2 mu) per unit of z.
  const etaVariance = (medianVariance * centre * centre) / (4 * mu * mu);
  return { mu, phi: scale * scale, etaVariance };
}

/**
 * Theil-Sen slope of the weekly means of z: shown beside a robust baseline, never used by it.
 *
 * @param counts consecutive daily counts >= 0, at least 14; a last part week is left out.
 * @returns change of z = 2 sqrt(y + 3/8) per week.
 * @throws {RangeError} fewer than two whole weeks.
 * @example
 * weeklyTrend(counts); // => 0.12
 */
export function weeklyTrend(counts: ArrayLike<number>): number {
  const weeks = Math.floor(counts.length / 7);
  if (weeks < 2) throw new RangeError(`counts must hold two whole weeks, had ${counts.length} days`);
  const means = Array.from({ length: weeks }, (_, week) => {
    let sum = 0;
    for (let day = 0; day < 7; day++) sum += 2 * Math.sqrt(counts[7 * week + day]! + 0.375);
    return sum / 7;
  });
  return theilSenSlope(
    means.map((_, week) => week),
    means,
  )!;
}
