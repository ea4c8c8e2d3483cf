import { describe, expect, it } from 'vitest';
import { fitBaseline } from '../../lib/statistics/baseline.ts';
import { normalQuantile } from '../../lib/statistics/normal.ts';
import {
  fitRobustBaseline,
  robustLimits,
  robustMoments,
  robustZ,
  weeklyTrend,
} from '../../lib/statistics/robust-baseline.ts';
import { theilSenSlope } from '../../lib/statistics/theil-sen.ts';
import { expectClose, reference } from './reference.ts';

const week = [0, 1, 2, 3, 4, 5, 6];

describe('robust baseline against numpy and scipy', () => {
  const { input, expected, tolerance } = reference('robust-baseline');
  const counts: number[] = input.y;
  const weekdays = counts.map((_, day) => day % 7);
  const baseline = fitRobustBaseline(counts, weekdays);

  it('has the medians, scale, limits and residual of the reference', () => {
    expectClose(baseline.median, expected.m, tolerance);
    expectClose(baseline.weekdayEffects, expected.dowEffects, tolerance);
    expectClose(baseline.scale, expected.scale, tolerance);
    expect(baseline.weekdayDays).toEqual([5, 5, 5, 5, 5, 5, 5]);
    expectClose(-normalQuantile(input.alpha), expected.k, tolerance);
    const limits = week.map((weekday) => robustLimits(baseline, weekday, input.alpha));
    expectClose(
      limits.map(({ upper }) => upper),
      expected.upper,
      tolerance,
    );
    expectClose(
      limits.map(({ lower }) => lower),
      expected.lower,
      tolerance,
    );
    const z = robustZ(baseline, 4, counts[25]!);
    expectClose(z, expected.robustZ_Fri4, tolerance);
    expectClose(z * baseline.scale * expected.inflation, expected.residualFri4, tolerance);
    expectClose(weeklyTrend(counts), expected.theilSenWeekly, tolerance);
  });

  it('is what a short history gets, with a day and a total to test', () => {
    const found = fitBaseline({ counts, firstWeekday: 1, predictDays: [35, 36, 42] });
    if (found.status !== 'ok') throw new Error(found.reason);
    expect(found).toMatchObject({
      tier: 'B',
      coefficients: null,
      trendTest: null,
      downweighted: [],
      isCollapsed: false,
    });
    expect(found.robust).toEqual(baseline);
    const monday = robustMoments(baseline, 0);
    const tuesday = robustMoments(baseline, 1);
    expect(found.phi).toBe(monday.phi);
    expect(found.days[0]).toEqual({
      day: 35,
      mu: monday.mu,
      phi: monday.phi + monday.mu * monday.etaVariance,
      seEta: Math.sqrt(monday.etaVariance),
    });
    expect(found.sum.mu).toBeCloseTo(2 * monday.mu + tuesday.mu, 12);
    // Two Mondays share the error of one median, so it counts four times.
    const varMean = 4 * monday.mu ** 2 * monday.etaVariance + tuesday.mu ** 2 * tuesday.etaVariance;
    expect(found.sum.varMean).toBeCloseTo(varMean, 12);
    const { acfFactor, mu, phi } = found.sum;
    expect(phi).toBeCloseTo(acfFactor * (found.phi + varMean / mu), 12);
  });

  it('takes holidays for Sundays', () => {
    const holidays = [...counts.map((_, day) => day === 1), true];
    const found = fitBaseline({ counts, firstWeekday: 1, predictDays: [35], holidays });
    if (found.status !== 'ok') throw new Error(found.reason);
    const coded = weekdays.map((weekday, day) => (day === 1 ? 6 : weekday));
    expect(found.robust).toEqual(fitRobustBaseline(counts, coded));
    expect(found.days[0]!.mu).toBe(robustMoments(found.robust!, 6).mu);
  });
});

describe('robust baseline', () => {
  it('knows the mean of steady counts and never says zero', () => {
    const steady = fitRobustBaseline(new Array(28).fill(10), [...week, ...week, ...week, ...week]);
    expect(steady.scale).toBe(1);
    expect(robustMoments(steady, 0).mu).toBeCloseTo(10 + 0.25, 12);
    // pi / 2 / 4 days, times (z / 2 mu)^2 with z^2 = 4 (10 + 3/8).
    const etaVariance = (Math.PI / 8) * (41.5 / (4 * 10.25 ** 2));
    expect(robustMoments(steady, 0).etaVariance).toBeCloseTo(etaVariance, 12);
    expect(robustMoments(steady, 0).phi).toBe(1);
    const empty = fitRobustBaseline(new Array(7).fill(0), week);
    expect(robustMoments(empty, 3).mu).toBeCloseTo(0.25, 12);
  });

  it('widens its scale with the spread of the counts', () => {
    const counts = [5, 5, 5, 5, 5, 5, 5, 20, 20, 20, 20, 20, 20, 20, 60, 60, 60, 60, 60, 60, 60];
    const wide = fitRobustBaseline(counts, [...week, ...week, ...week]);
    const z = [5, 20, 60].map((count) => 2 * Math.sqrt(count + 0.375));
    const deviations = z.map((value) => Math.abs(value - z[1]!)).sort((a, b) => a - b);
    expect(wide.scale).toBeCloseTo(1.4826 * deviations[1]!, 12);
    expect(robustMoments(wide, 0).phi).toBeCloseTo(wide.scale ** 2, 12);
  });

  it('refuses a weekday it has never seen', () => {
    expect(() => fitRobustBaseline([1, 2], [0, 1])).toThrow(new RangeError('weekday 2 must occur'));
    const baseline = fitRobustBaseline([1, 1, 1, 1, 1, 1, 1], week);
    expect(() => robustLimits(baseline, 7, 0.1)).toThrow(new RangeError('weekday must lie in 0..6, was 7'));
    expect(() => robustZ(baseline, -1, 3)).toThrow('weekday must be a whole number >= 0, was -1');
    expect(() => robustMoments(baseline, 7)).toThrow('weekday must lie in 0..6, was 7');
    expect(() => robustLimits(baseline, 0, 0)).toThrow('alpha must lie in (0, 1), was 0');
  });
});

describe('Theil-Sen slope', () => {
  it('is the median of the slopes of all pairs', () => {
    expect(theilSenSlope([0, 1, 2], [0, 2, 10])).toBe(5);
    expect(theilSenSlope([0, 1], [3, 1])).toBe(-2);
    expect(theilSenSlope([0, 1, 2, 3, 4], [0, 1, 2, 3, 400])).toBe(1);
  });
  it('leaves pairs of one abscissa out and is null when there is no other', () => {
    expect(theilSenSlope([0, 0, 1], [0, 100, 50])).toBe(0);
    expect(theilSenSlope([1, 1], [0, 5])).toBeNull();
  });
  it('refuses fewer than two points', () => {
    expect(() => theilSenSlope([1], [1])).toThrow('x must hold at least 2 elements, had 1');
    expect(() => theilSenSlope([1, 2], [1])).toThrow('x and y must have the same length, were 2 and 1');
    expect(() => weeklyTrend(new Array(13).fill(1))).toThrow(
      new RangeError('counts must hold two whole weeks, had 13 days'),
    );
  });
  it('leaves a part week out', () => {
    const counts = [...new Array(7).fill(1), ...new Array(7).fill(4), 1000];
    expect(weeklyTrend(counts)).toBeCloseTo(2 * Math.sqrt(4.375) - 2 * Math.sqrt(1.375), 12);
  });
});
