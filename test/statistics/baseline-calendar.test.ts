import { describe, expect, it } from 'vitest';
import { fitBaseline } from '../../lib/statistics/baseline.ts';
import { weekdayLevels } from '../../lib/statistics/baseline-design.ts';
import { defaultBaselinePolicy } from '../../lib/statistics/baseline-input.ts';
import { trendPValue } from '../../lib/statistics/trend-test.ts';
import { irls } from './irls.ts';
import { expectRelative } from './reference.ts';
import { fitted, noisyCounts, range, rows } from './series.ts';

describe('weekdays', () => {
  const days = new Array(7).fill(8);

  it('keep a mean each while every one holds five counts', () => {
    const levels = weekdayLevels([5, 5, 5, 5, 5, 5, 5], days, 5);
    expect([...levels.levelOf]).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(levels).toMatchObject({ levelCount: 7, isCollapsed: false, quietMean: 0 });
  });

  it('collapse to Monday-Friday and weekend when one is sparse', () => {
    const levels = weekdayLevels([9, 4, 9, 9, 9, 9, 9], days, 5);
    expect([...levels.levelOf]).toEqual([0, 0, 0, 0, 0, 1, 1]);
    expect(levels).toMatchObject({ levelCount: 2, isCollapsed: true, quietMean: 0 });
  });

  it('leave a side out that never holds a count', () => {
    const weekend = weekdayLevels([9, 9, 9, 9, 9, 0, 0], days, 5);
    expect([...weekend.levelOf]).toEqual([0, 0, 0, 0, 0, -1, -1]);
    expect(weekend).toMatchObject({ levelCount: 1, isCollapsed: true, quietMean: 0.5 / 16 });
    const week = weekdayLevels([0, 0, 0, 0, 0, 9, 9], days, 5);
    expect([...week.levelOf]).toEqual([-1, -1, -1, -1, -1, 0, 0]);
    expect(week).toMatchObject({ levelCount: 1, isCollapsed: true, quietMean: 0.5 / 40 });
  });

  it('predicts half a count over all its days for a weekend that never holds one', () => {
    const counts = range(70).map((day) => (day % 7 < 5 ? 4 + (day % 3) : 0));
    const found = fitted(fitBaseline({ counts, firstWeekday: 1, predictDays: range(7, 70) }));
    const mean = counts.reduce((sum, count) => sum + count, 0) / 50;
    expect(found.isCollapsed).toBe(true);
    expect(found.days.map(({ mu }) => mu)).toEqual([mean, mean, mean, mean, mean, 0.025, 0.025]);
    expect(found.days[5]).toEqual({ day: 75, mu: 0.025, phi: 1, seEta: 0 });
    expect(found.phi).toBe(1);
    expect(found.sum.mu).toBeCloseTo(5 * mean + 0.05, 12);
    expect(found.sum.varMean).toBeCloseTo((5 * mean) ** 2 / (50 * mean), 10);
    expect(found.coefficients!.weekdays[1]).toBe(0);
    expect(found.coefficients!.weekdays[6]).toBeCloseTo(Math.log(0.025 / mean), 12);
  });

  it('mean the same whatever day the history starts on', () => {
    const counts = noisyCounts(77, (day) => (day % 7 > 4 ? 20 : 60));
    const monday = fitted(fitBaseline({ counts, firstWeekday: 1, predictDays: [80] }));
    const sunday = fitted(fitBaseline({ counts: counts.slice(6), firstWeekday: 7, predictDays: [74] }));
    // Day 80 is a Thursday, of which both histories hold the same.
    expect(sunday.days[0]!.mu).toBeCloseTo(monday.days[0]!.mu, 0);
    const shifted = fitted(fitBaseline({ counts: [null, ...counts], firstWeekday: 7, predictDays: [81] }));
    expect(shifted.days[0]!.mu).toBeCloseTo(monday.days[0]!.mu, 10);
    expect(shifted.days[0]!.phi).toBeCloseTo(monday.days[0]!.phi, 10);
  });
});

describe('holidays', () => {
  const holidays = range(120).map((day) => [10, 31, 52, 100].includes(day));
  const counts = noisyCounts(90, (day) => (holidays[day] ? 15 : day % 7 > 4 ? 20 : 60), 5);

  it('get a term of their own from three on', () => {
    const found = fitted(fitBaseline({ counts, firstWeekday: 1, predictDays: [93, 100], holidays }));
    const oracle = irls(
      counts,
      rows(90, 1, (day) => (holidays[day] ? 1 : 0)),
    );
    expect(found.downweighted).toEqual([]);
    expect(found.coefficients!.holiday).toBeCloseTo(oracle.coefficients[7]!, 8);
    expect(found.coefficients!.intercept).toBeCloseTo(oracle.coefficients[0]!, 8);
    // Day 93 is a Wednesday, day 100 too, but a holiday.
    expect(found.days[1]!.mu / found.days[0]!.mu).toBeCloseTo(Math.exp(oracle.coefficients[7]!), 8);
    expect(found.days[1]!.seEta).toBeGreaterThan(found.days[0]!.seEta);
  });

  it('are coded as Sundays while there are two', () => {
    const two = holidays.map((isHoliday, day) => isHoliday && day !== 52);
    const found = fitted(fitBaseline({ counts, firstWeekday: 1, predictDays: [93, 97, 100], holidays: two }));
    expect(found.coefficients!.holiday).toBeNull();
    expect(found.days[2]!.mu).toBe(found.days[1]!.mu);
    const sundays = counts.filter((_, day) => day % 7 === 6 || two[day]);
    const mean = sundays.reduce((sum, count) => sum + count, 0) / sundays.length;
    expect(found.days[1]!.mu).toBeCloseTo(mean, 9);
    // Day 52 is a Thursday and no holiday now, so it stays among the Thursdays; day 94 is the next one.
    const thursdays = counts.filter((_, day) => day % 7 === 3 && !two[day]);
    const next = fitted(fitBaseline({ counts, firstWeekday: 1, predictDays: [94], holidays: two }));
    expect(next.days[0]!.mu).toBeCloseTo(
      thursdays.reduce((sum, count) => sum + count, 0) / thursdays.length,
      9,
    );
  });

  it('are coded as Sundays when they hold no count to speak of', () => {
    const quiet = counts.map((count, day) => (holidays[day] ? 1 : count));
    const found = fitted(fitBaseline({ counts: quiet, firstWeekday: 1, predictDays: [100], holidays }));
    expect(found.coefficients!.holiday).toBeNull();
    const enough = counts.map((count, day) => (holidays[day] ? 2 : count));
    const term = fitted(fitBaseline({ counts: enough, firstWeekday: 1, predictDays: [100], holidays }));
    expect(term.coefficients!.holiday).not.toBeNull();
  });

  it('coded as Sundays are days and counts of Sundays, and none of their weekday', () => {
    const on = (...days: number[]) => range(70).map((day) => days.includes(day));
    const plain = { counts: new Array(28).fill(5), firstWeekday: 1, predictDays: [30] };
    expect(fitBaseline(plain).status).toBe('ok');
    expect(fitBaseline({ ...plain, holidays: on(9) })).toMatchObject({ reason: 'few-days-per-weekday' });
    // Three Sundays of five, and a Monday that counts as one.
    const fewSundays = {
      counts: new Array(35).fill(5),
      firstWeekday: 1,
      predictDays: [36],
      include: range(35).map((day) => day !== 6 && day !== 13),
    };
    expect(fitBaseline(fewSundays)).toMatchObject({ reason: 'few-days-per-weekday' });
    expect(fitBaseline({ ...fewSundays, holidays: on(7) }).status).toBe('ok');
    // All that Wednesdays hold lies on a holiday; all that Sundays hold, too.
    const counts = range(56).map((day) => (day === 9 ? 10 : day % 7 === 2 || day % 7 === 6 ? 0 : 20));
    const wednesday = { counts, firstWeekday: 1, predictDays: [60] };
    const sundays = counts.map((count, day) => (day % 7 === 2 && day !== 9 ? 20 : count));
    expect(fitted(fitBaseline({ ...wednesday, holidays: on(9) })).isCollapsed).toBe(true);
    expect(fitted(fitBaseline({ ...wednesday, counts: sundays })).isCollapsed).toBe(true);
    expect(fitted(fitBaseline({ ...wednesday, counts: sundays, holidays: on(9) })).isCollapsed).toBe(false);
    const full = counts.map((count, day) => (day % 7 === 6 ? 20 : count));
    expect(fitted(fitBaseline({ ...wednesday, counts: full })).isCollapsed).toBe(false);
    expect(fitted(fitBaseline({ ...wednesday, counts: full, holidays: on(9) })).isCollapsed).toBe(true);
  });

  it('outside the history change nothing', () => {
    const later = range(120).map((day) => day === 100);
    const plain = fitted(fitBaseline({ counts, firstWeekday: 1, predictDays: [93] }));
    const found = fitted(fitBaseline({ counts, firstWeekday: 1, predictDays: [93], holidays: later }));
    expect(found).toEqual(plain);
  });
});

describe('trend', () => {
  const growth = (rate: number) => (day: number) => (day % 7 > 4 ? 30 : 90) * Math.exp(rate * day);

  it('is not tried on 83 days and tried on 84', () => {
    const counts = noisyCounts(84, growth(0));
    const short = fitted(fitBaseline({ counts: counts.slice(1), firstWeekday: 2, predictDays: [90] }));
    expect(short.trendTest).toBeNull();
    expect(fitted(fitBaseline({ counts, firstWeekday: 1, predictDays: [90] })).trendTest).not.toBeNull();
  });

  it('is kept where it is significant and does not run ahead of the history', () => {
    const counts = noisyCounts(150, growth(0.004));
    const found = fitted(fitBaseline({ counts, firstWeekday: 1, predictDays: [155] }));
    expect(trendPValue(found.trendTest!)).toBeLessThan(1e-6);
    expect(Math.abs(found.coefficients!.trendPerDay! - 0.004)).toBeLessThan(0.001);
    const oracle = irls(
      counts,
      rows(150, 1, (day) => day + 1),
    );
    expect(found.downweighted).toEqual([]);
    expect(found.coefficients!.trendPerDay).toBeCloseTo(oracle.coefficients[7]!, 9);
    expect(found.coefficients!.intercept).toBeCloseTo(oracle.coefficients[0]!, 8);
    expectRelative(found.phi, oracle.dispersion, 1e-8);
  });

  it('is dropped where it would predict more than ever fitted', () => {
    const counts = noisyCounts(150, growth(0.004));
    const near = fitted(fitBaseline({ counts, firstWeekday: 1, predictDays: [155] }));
    const far = fitted(fitBaseline({ counts, firstWeekday: 1, predictDays: [253] }));
    expect(near.coefficients!.trendPerDay).not.toBeNull();
    expect(far.coefficients!.trendPerDay).toBeNull();
    expect(far.trendTest).toEqual(near.trendTest);
    // One far day of several is enough.
    const mixed = fitted(fitBaseline({ counts, firstWeekday: 1, predictDays: [155, 253] }));
    expect(mixed.coefficients!.trendPerDay).toBeNull();
  });

  it('is kept however far it falls', () => {
    const counts = noisyCounts(150, growth(-0.006));
    const found = fitted(fitBaseline({ counts, firstWeekday: 1, predictDays: [180] }));
    expect(Math.abs(found.coefficients!.trendPerDay! + 0.006)).toBeLessThan(0.001);
    expect(found.days[0]!.mu).toBeLessThan(40);
  });

  it('is dropped where it is chance', () => {
    const counts = noisyCounts(150, growth(0), 3);
    const found = fitted(fitBaseline({ counts, firstWeekday: 1, predictDays: [155] }));
    expect(trendPValue(found.trendTest!)).toBeGreaterThan(0.05);
    expect(found.coefficients!.trendPerDay).toBeNull();
    const mondays = counts.filter((_, day) => day % 7 === 1);
    const mean = mondays.reduce((sum, count) => sum + count, 0) / mondays.length;
    expect(found.days[0]!.mu).toBeCloseTo(mean, 9);
  });
});

describe('annual season', () => {
  const season = (day: number): number => 40 * Math.exp(0.4 * Math.cos((2 * Math.PI * (15 + day)) / 365.25));
  const counts = noisyCounts(760, season, 21);
  const flat = { ...defaultBaselinePolicy, trendAlpha: 1e-12 };

  it('is fitted from 24 months on when the day of the year is known', () => {
    const found = fitted(
      fitBaseline({ counts, firstWeekday: 3, predictDays: [765], firstDayOfYear: 15 }, flat),
    );
    expect(found.coefficients!.annual![0]).toBeCloseTo(0.4, 1);
    expect(found.coefficients!.annual![1]).toBeCloseTo(0, 1);
    expect(found.days[0]!.mu).toBeGreaterThan(50);
  });

  it('is left out of shorter histories and without the day of the year', () => {
    const short = fitBaseline(
      { counts: counts.slice(0, 729), firstWeekday: 3, predictDays: [765], firstDayOfYear: 15 },
      flat,
    );
    expect(fitted(short).coefficients!.annual).toBeNull();
    const blind = fitted(fitBaseline({ counts, firstWeekday: 3, predictDays: [765] }, flat));
    expect(blind.coefficients!.annual).toBeNull();
    const exact = fitBaseline(
      { counts: counts.slice(0, 730), firstWeekday: 3, predictDays: [765], firstDayOfYear: 15 },
      flat,
    );
    expect(fitted(exact).coefficients!.annual).not.toBeNull();
  });

  it('stands beside a holiday term and a trend', () => {
    const holidays = range(800).map((day) => day % 97 === 4);
    const falling = noisyCounts(
      760,
      (day) => (season(day) * Math.exp(-0.001 * day)) / (holidays[day] ? 2 : 1),
      8,
    );
    const found = fitted(
      fitBaseline({ counts: falling, firstWeekday: 1, predictDays: [765], firstDayOfYear: 15, holidays }),
    );
    const angle = (day: number): number => (2 * Math.PI * (15 + day)) / 365.25;
    const used = Array.from({ length: 760 }, () => 1);
    for (const { day, weight } of found.downweighted) used[day] = weight;
    const gamma =
      (760 - found.downweighted.reduce((sum, { weight }) => sum + weight, 0)) /
      (760 - found.downweighted.length);
    const oracle = irls(
      falling,
      rows(
        760,
        1,
        (day) => (holidays[day] ? 1 : 0),
        (day) => Math.cos(angle(day)),
        (day) => Math.sin(angle(day)),
        (day) => day + 1,
      ),
      { weights: used.map((weight) => (weight === 1 ? gamma : weight)) },
    );
    const { intercept, holiday, annual, trendPerDay } = found.coefficients!;
    expect(intercept).toBeCloseTo(oracle.coefficients[0]!, 7);
    expect([holiday, ...annual!, trendPerDay].map((value) => value!.toFixed(7))).toEqual(
      oracle.coefficients.slice(7).map((value) => value.toFixed(7)),
    );
  });
});
