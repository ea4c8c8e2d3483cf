import { describe, expect, it } from 'vitest';
import { dayNumber, weekday } from '../../../lib/model/day.ts';
import { noHolidays } from '../../../lib/model/holidays.ts';
import { quietProfile } from '../../../lib/pipeline/calibration/canary-company.ts';
import { fitProfile, lastDays } from '../../../lib/pipeline/calibration/fit-profile.ts';
import { simulateUnit } from '../../../lib/pipeline/calibration/simulate-unit.ts';
import { historiesOf } from '../../../lib/pipeline/judging/unit-history.ts';

const profile = quietProfile('2024-12-31');
const agreement = { decideWithin: '5bd' };
const historyOf = (data: ReturnType<typeof simulateUnit>, asOf = '2025-01-31') =>
  historiesOf(data, agreement, noHolidays)(asOf)!;
const always = () => true;

describe('a simulated unit', () => {
  it('is the same for the same seed and another for another', () => {
    expect(simulateUnit(profile, 5)).toEqual(simulateUnit(profile, 5));
    expect(simulateUnit(profile, 5)).not.toEqual(simulateUnit(profile, 6));
  });

  it('has the visitors, leads and SQLs of its profile', () => {
    const history = historyOf(simulateUnit(profile, 1));
    const sum = (values: readonly (number | null)[]) => values.reduce<number>((s, v) => s + (v ?? 0), 0);
    const expected = (means: readonly number[]) => means.reduce((s, v) => s + v, 0);
    const leads = history.leads!.rows.length;
    expect(sum(history.traffic!.visitors) / expected(profile.visits!.level.means)).toBeCloseTo(1, 1);
    expect(leads / expected(profile.leads!.level.means)).toBeCloseTo(1, 1);
    expect(history.sqls!.rows.length / leads).toBeCloseTo(0.33, 1);
    const accepted = history.sqls!.rows.filter((s) => s.disposition === 'accepted').length;
    expect(accepted / history.sqls!.rows.length).toBeCloseTo(0.8, 1);
  });

  it('lets leads follow the visitors of their day', () => {
    const shaken = { ...profile.visits!.level, shocks: { persistence: 0.9, deviation: 0.4 } };
    const data = simulateUnit({ ...profile, visits: { ...profile.visits!, level: shaken } }, 3);
    const { traffic, leads } = historyOf(data);
    const monthly = (values: readonly (number | null)[]) =>
      Array.from({ length: 12 }, (_, m) =>
        values.slice(m * 30, m * 30 + 30).reduce<number>((s, v) => s + (v ?? 0), 0),
      );
    const visitors = monthly(traffic!.visitors);
    const rates = monthly(leads!.daily).map((n, m) => n / visitors[m]!);
    expect(Math.max(...visitors) / Math.min(...visitors)).toBeGreaterThan(1.3);
    expect(Math.max(...rates) / Math.min(...rates)).toBeLessThan(1.4);
  });

  it('hands nothing over before its lead, nor decides before the hand-over', () => {
    const { leads, sqls } = simulateUnit(profile, 2).records;
    const created = new Map(leads.map((l) => [l.lead_id, l.created_at]));
    for (const sql of sqls) {
      expect(sql.delivered_at >= created.get(sql.lead_id)!).toBe(true);
      expect(sql.decided_at! >= sql.delivered_at).toBe(true);
    }
  });

  it('brings a share of people back, within thirteen months', () => {
    const { leads } = simulateUnit(
      { ...profile, leads: { ...profile.leads!, repeatShare: 0.05 } },
      4,
    ).records;
    const people = new Set(leads.map((l) => l.email));
    expect(1 - people.size / leads.length).toBeGreaterThan(0.03);
    expect(1 - people.size / leads.length).toBeLessThan(0.07);
  });
});

describe('a fitted profile', () => {
  it('finds again what a simulated company was made of', () => {
    const fitted = fitProfile(historyOf(simulateUnit(profile, 9)), always, '2025-01-01', noHolidays)!;
    expect(fitted.days).toBe(profile.days);
    const [monday, sunday] = [1, 7].map((wanted) => {
      const index = [...Array(7).keys()].find(
        (i) => weekday(dayNumber(profile.firstDay) + 140 + i) === wanted,
      )!;
      return fitted.visits!.level.means[140 + index]!;
    });
    expect(sunday! / monday!).toBeCloseTo(0.63 / 1.15, 1);
    expect(fitted.visits!.sources.map((s) => s.source).sort()).toEqual(['(direct)', 'google', 'newsletter']);
    expect(fitted.visits!.sources.find((s) => s.source === 'google')!.weekdayShares[2]).toBeCloseTo(0.55, 1);
    expect(fitted.visits!.sources.find((s) => s.source === 'google')!.engaged.share).toBeCloseTo(0.62, 2);
    expect(fitted.leads!.level.dispersion).toBeLessThan(1.6);
    expect(fitted.leads!.level.shocks.deviation).toBeLessThan(0.15);
    expect(fitted.leads!.repeatShare).toBeLessThan(0.02);
    expect(fitted.sqls!.perLead!.share.share).toBeCloseTo(0.33, 1);
    expect(fitted.sqls!.accepted.share).toBeCloseTo(0.8, 1);
  });

  it('learns nothing from days set aside', () => {
    const data = simulateUnit(profile, 9);
    const summer = (i: number) => i >= 152 && i < 244;
    const inflated = {
      ...data,
      traffic: data.traffic.map((t) => ({
        ...t,
        series: t.series.map((s) => ({
          ...s,
          days: Object.fromEntries(
            Object.entries(s.days).map(([day, m]) => [
              day,
              summer(dayNumber(day) - dayNumber(profile.firstDay))
                ? { ...m, unique_visitors: m.unique_visitors! * 3 }
                : m,
            ]),
          ),
        })),
      })),
    };
    const isClean = (_: string, i: number) => !summer(i);
    const fitted = (d: typeof data) => fitProfile(historyOf(d), isClean, '2025-01-01', noHolidays)!;
    expect(fitted(inflated).visits).toEqual(fitted(data).visits);
    expect(fitted(inflated).leads).toEqual(fitted(data).leads);
  });

  it('simulates a unit that has only numbers', () => {
    const history = historyOf(simulateUnit(profile, 9));
    const counts = { visitors: history.traffic!.visitors, leads: history.leads!.daily };
    const numbers = { ...history, traffic: null, leads: null, sqls: null, counts };
    const fitted = fitProfile(numbers, always, '2025-01-01', noHolidays)!;
    expect(fitted.counts.map((c) => [c.metric, c.follows])).toEqual([
      ['visitors', null],
      ['leads', 'visitors'],
    ]);
    const again = historyOf(simulateUnit(fitted, 1));
    const sum = (values: readonly (number | null)[]) => values.reduce<number>((s, v) => s + (v ?? 0), 0);
    expect(sum(again.counts.leads!) / sum(counts.leads)).toBeCloseTo(1, 0);
  });

  it('goes on after the last day known, and can be cut to its last days', () => {
    const fitted = fitProfile(historyOf(simulateUnit(profile, 9)), always, '2025-07-01', noHolidays)!;
    expect(fitted.days).toBe(dayNumber('2025-07-01') - dayNumber(profile.firstDay));
    const cut = lastDays(fitted, 100);
    expect(cut.firstDay).toBe('2025-03-23');
    expect(cut.visits!.level.means).toEqual(fitted.visits!.level.means.slice(-100));
    expect(simulateUnit(cut, 1).records.leads.every((l) => l.created_at >= '2025-03-23')).toBe(true);
  });

  it('is null for a unit that holds nothing to go by', () => {
    const history = historyOf(simulateUnit(profile, 9));
    const bare = { ...history, traffic: null, leads: null, sqls: null, deals: null, counts: {} };
    expect(fitProfile(bare, always, '2025-01-01', noHolidays)).toBeNull();
  });
});
