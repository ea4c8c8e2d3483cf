import { describe, expect, it } from 'vitest';
import {
  negativeBinomialLowerLimit,
  negativeBinomialUpperLimit,
} from '../../lib/statistics/negative-binomial.ts';
import { sourceExcess } from '../../lib/verdict/source-excess.ts';
import { withVisits } from '../fixtures/faults.ts';
import { august, type FlatSource, flatHistory } from '../fixtures/flat.ts';
import { checkInput, quietHistory } from '../fixtures/generators.ts';

const isAugust = (i: number) => i >= august.from && i < august.to;

function source(name: string, before: number, now: number, first = 0): FlatSource {
  return { name, visitors: (i) => (i < first ? null : isAugust(i) ? now : before) };
}

function excess(sources: readonly FlatSource[], named: readonly string[] = []) {
  return sourceExcess(checkInput(flatHistory({ sources }), august.id), [{ sources: named }]);
}

describe('source excess', () => {
  it('takes all of a new source as excess: it has no history', () => {
    expect(excess([source('organic / o', 100, 100), source('adnet / referral', 0, 50)])).toEqual([
      { source: 'adnet / referral', least: 1550, point: 1550, most: 1550 },
    ]);
  });

  it('takes what a known source holds above its limits', () => {
    const [found] = excess([source('organic / o', 100, 100), source('social / s', 20, 60)]);
    expect(found?.source).toBe('social / s');
    expect(found?.point).toBeCloseTo(1240, 6);
    expect(found!.least).toBeLessThan(1240);
    expect(found!.most).toBeGreaterThan(1240);
  });

  it('takes nothing of a source inside its limits, and does not net it against others', () => {
    expect(excess([source('organic / o', 100, 101), source('paid / p', 40, 20)])).toEqual([]);
    const list = excess([source('organic / o', 100, 60), source('adnet / referral', 0, 50)]);
    expect(list).toHaveLength(1);
    expect(list[0]?.point).toBe(1550);
  });

  it('counts a source that a finding names as flagged, though inside its limits', () => {
    const [found] = excess([source('organic / o', 100, 101)], ['organic / o']);
    expect(found).toMatchObject({ source: 'organic / o', least: 0 });
    expect(found?.point).toBeCloseTo(31, 6);
  });

  it('takes nothing of a named source that lies below its history', () => {
    expect(excess([source('organic / o', 100, 50)], ['organic / o'])).toEqual([]);
  });

  it('uses the own mean where too little is there to fit', () => {
    const first = august.from - 14;
    const list = excess([source('organic / o', 100, 200, first)]);
    expect(list[0]?.point).toBeCloseTo(3100, 6);
    expect(list[0]!.least).toBeLessThan(list[0]!.point);
  });

  it('spreads an own mean by how far its days lie apart, and by how few they are', () => {
    // Two days of 90 and 110: variance 200, dispersion 2, widened by 1 + 31 / 2 for a sum of 31 days.
    const few = (observed: number) =>
      excess([{ name: 'o / o', visitors: (i) => (isAugust(i) ? observed : (held[i] ?? null)) }], ['o / o']);
    const held: Record<number, number> = { [august.from - 20]: 90, [august.from - 1]: 110 };
    const [found] = few(200);
    const upper = negativeBinomialUpperLimit(0.01, 3100, 2 * (1 + 31 / 2));
    const lower = negativeBinomialLowerLimit(0.01, 3100, 2 * (1 + 31 / 2));
    expect(found).toMatchObject({ least: 6200 - upper, most: 6200 - lower });
    expect(found?.point).toBeCloseTo(3100, 9);
  });

  it('takes equal days for a Poisson count, not for certainty', () => {
    const first = august.from - 10;
    const [found] = excess([source('o / o', 4, 8, first)]);
    const upper = negativeBinomialUpperLimit(0.01, 124, 1 + 31 / 10);
    expect(found).toMatchObject({ least: 248 - upper, point: 124 });
  });

  it('counts only days that may train towards an own mean', () => {
    const history = flatHistory({
      sources: [
        {
          name: 'o / o',
          visitors: (i) => (isAugust(i) ? 300 : i < august.from - 12 ? null : i % 2 ? 100 : 900),
        },
      ],
    });
    const base = checkInput(history, august.id, { isLeftOut: (_, i) => i % 2 === 0 });
    expect(sourceExcess(base, [])[0]?.point).toBeCloseTo(31 * 200, 9);
  });

  it('says nothing of a source known from a single day', () => {
    const once: FlatSource = { name: 'o / o', visitors: (i) => (isAugust(i) || i === 200 ? 900 : null) };
    expect(excess([once], ['o / o'])).toEqual([]);
    const twice: FlatSource = {
      name: 'o / o',
      visitors: (i) => (isAugust(i) ? 900 : i === 200 || i === 180 ? 10 : null),
    };
    expect(excess([twice])[0]?.point).toBeCloseTo(31 * 890, 9);
  });

  it('shares the level among the sources it judges, and leaves out those it cannot', () => {
    const known = source('a / a', 100, 120);
    const once: FlatSource = { name: 'o / o', visitors: (i) => (isAugust(i) || i === 200 ? 900 : null) };
    expect(excess([known, once])).toEqual(excess([known]));
    expect(excess([known, source('b / b', 100, 100)])[0]!.least).toBeLessThan(excess([known])[0]!.least);
  });

  it('judges final days only', () => {
    const history = flatHistory({
      sources: [source('organic / o', 100, 100), source('adnet / referral', 0, 50)],
    });
    expect(sourceExcess(checkInput(history, august.id, { provisionalFrom: 218 }), [])[0]?.point).toBe(500);
    expect(sourceExcess(checkInput(history, august.id, { provisionalFrom: 208 }), [])).toEqual([]);
  });

  it('is empty without traffic by source', () => {
    expect(sourceExcess(checkInput(flatHistory({ leads: () => 1 }), august.id), [])).toEqual([]);
  });

  it('gives back bought visits within 15 % of the honest number on seeded companies', () => {
    let near = 0;
    for (let seed = 1; seed <= 20; seed += 1) {
      const quiet = quietHistory({ seed, days: 240, leadRate: 0 });
      const honest = sumAugust(quiet.traffic!.visitors);
      const history = withVisits(quiet, {
        name: 'google / cpc',
        from: 208,
        to: 239,
        perDay: 60,
        engaged: 0.02,
      });
      const point = sourceExcess(checkInput(history, august.id), []).reduce((sum, e) => sum + e.point, 0);
      if (Math.abs(sumAugust(history.traffic!.visitors) - point - honest) <= 0.15 * honest) near += 1;
    }
    expect(near).toBe(20);
  });

  it('flags a source of a quiet month less than once in a hundred months', () => {
    let flagged = 0;
    for (let seed = 1; seed <= 60; seed += 1)
      flagged += sourceExcess(
        checkInput(quietHistory({ seed, days: 240, leadRate: 0 }), august.id),
        [],
      ).length;
    expect(flagged).toBeLessThanOrEqual(1);
  });
});

function sumAugust(values: readonly (number | null)[]): number {
  return values.slice(august.from, august.to).reduce<number>((sum, v) => sum + (v ?? 0), 0);
}
