import { describe, expect, it } from 'vitest';
import { finalDays, isNewSeries, sumOf, trainingDays } from '../../lib/model/training-days.ts';
import { august, flatHistory } from '../fixtures/flat.ts';
import { checkInput, quietHistory, withTraffic } from '../fixtures/generators.ts';

const flat = flatHistory({ sources: [{ visitors: (i) => i }] });
const visitors = flat.traffic!.visitors;

describe('training days', () => {
  it('end the day before the period and look back over the window', () => {
    const cut = trainingDays(checkInput(flat, august.id), 'visitors', visitors, [208, 209], 182);
    expect(cut.first).toBe(26);
    expect(cut.counts).toHaveLength(182);
    expect(cut.counts.at(-1)).toBe(207);
    expect(cut.predictDays).toEqual([182, 183]);
  });

  it('carry weekday and day of the year of their first day', () => {
    const cut = trainingDays(checkInput(flat, august.id), 'visitors', visitors, [208], 180);
    // Index 28 is Monday 2 February 2026.
    expect(cut).toMatchObject({ first: 28, firstWeekday: 1, firstDayOfYear: 33 });
  });

  it('begin with the first value: days before a series began are not missing', () => {
    const late = flatHistory({ sources: [{ visitors: (i) => (i < 100 ? null : 5) }] });
    const cut = trainingDays(checkInput(late, august.id), 'visitors', late.traffic!.visitors, [208], 182);
    expect(cut.first).toBe(100);
    expect(cut.counts).not.toContain(null);
  });

  it('leave out 24 to 31 December and days of periods under review', () => {
    const winter = quietHistory({ seed: 1, days: 200, firstDay: '2025-11-03' });
    const input = checkInput(winter, '2026-04', { isLeftOut: (_, i) => i === 3 });
    const cut = trainingDays(input, 'visitors', winter.traffic!.visitors, [150], 182);
    const out = cut.include.flatMap((isIn, i) => (isIn ? [] : [i]));
    // 3 November is index 0, so 24 December is 51.
    expect(out).toEqual([3, 51, 52, 53, 54, 55, 56, 57, 58]);
  });

  it('are empty when the history begins with the period', () => {
    const late = flatHistory({ sources: [{ visitors: (i) => (i < august.from ? null : 5) }] });
    expect(
      trainingDays(checkInput(late, august.id), 'visitors', late.traffic!.visitors, [208], 182).counts,
    ).toEqual([]);
  });
});

describe('final days', () => {
  it('are those of the period that are neither provisional nor missing', () => {
    const values = visitors.map((v, i) => (i === 210 ? null : v));
    const input = checkInput(withTraffic(flat, []), august.id, { provisionalFrom: 213 });
    expect(finalDays(input, 'visitors', values)).toEqual([208, 209, 211, 212]);
    expect(sumOf(values, [208, 210, 211])).toBe(419);
  });
});

describe('a new series', () => {
  const since = (day: number) => visitors.map((_, i) => (i < day ? 0 : 7));
  const isNew = (day: number) => isNewSeries(checkInput(flat, august.id), 'visitors', since(day), 14);

  it('is first seen in the period or at most 14 days before it', () => {
    expect([isNew(193), isNew(194), isNew(207), isNew(220)]).toEqual([false, true, true, true]);
  });

  it('is not one that is as old as the data', () => {
    const young = visitors.map((_, i) => (i < 198 ? null : 7));
    expect(isNewSeries(checkInput(flat, august.id), 'visitors', young, 14)).toBe(false);
  });

  it('is one seen before on days under review only', () => {
    const input = checkInput(flat, august.id, { isLeftOut: (_, i) => i >= 100 });
    expect(isNewSeries(input, 'visitors', since(120), 14)).toBe(true);
  });
});
