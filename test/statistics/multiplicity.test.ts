import { describe, expect, it } from 'vitest';
import { benjaminiHochberg, benjaminiYekutieli, bonferroni, holm } from '../../lib/statistics/adjusted-p.ts';
import {
  bonferroniCombination,
  cauchyCombination,
  fisherCombination,
  simesCombination,
  stoufferCombination,
} from '../../lib/statistics/combined-p.ts';
import { smallestInteger } from '../../lib/statistics/integer-search.ts';
import { integrityScore } from '../../lib/statistics/integrity-score.ts';
import { lord } from '../../lib/statistics/lord.ts';
import { mulberry32 } from '../../lib/statistics/mulberry32.ts';
import { monteCarloP, roundP, twoSidedP } from '../../lib/statistics/p-value.ts';
import { saffron } from '../../lib/statistics/saffron.ts';
import { severityScore } from '../../lib/statistics/severity-score.ts';
import { expectClose, expectRelative, reference } from './reference.ts';

describe('adjusted p-values', () => {
  const { input, expected, tolerance } = reference('adjusted-p');
  const methods = { bonferroni, holm, BH: benjaminiHochberg, BY: benjaminiYekutieli };

  it.each(Object.entries(methods))('%s equals R p.adjust', (name, adjust) => {
    expectClose(adjust(input.p), expected[name], tolerance);
  });

  it.each(Object.entries(methods))('%s keeps the order it was given and modifies nothing', (_, adjust) => {
    const order = [3, 0, 7, 5, 1, 6, 2, 4];
    const shuffled = order.map((i) => input.p[i]);
    const before = [...shuffled];
    const straight = adjust(input.p);
    expectClose(
      adjust(shuffled),
      order.map((i) => straight[i]),
      1e-15,
    );
    expect(shuffled).toEqual(before);
  });

  it.each(Object.entries(methods))('%s leaves a single p-value alone', (_, adjust) => {
    expect(adjust([0.03])).toEqual([0.03]);
    expect(adjust([1, 1])).toEqual([1, 1]);
  });

  it.each(Object.entries(methods))('%s refuses what is no p-value', (_, adjust) => {
    expect(() => adjust([])).toThrow('pValues must hold at least 1 elements, had 0');
    expect(() => adjust([0.1, 1.1])).toThrow('p must lie in [0, 1], was 1.1');
    expect(() => adjust([Number.NaN])).toThrow('p must lie in [0, 1], was NaN');
  });

  it('treats tied p-values alike', () => {
    expect(holm([0.02, 0.02, 0.5])).toEqual([0.06, 0.06, 0.5]);
    expectClose(benjaminiHochberg([0.02, 0.02, 0.5]), [0.03, 0.03, 0.5], 1e-15);
  });
});

describe('combined p-values', () => {
  it('equal the reference', () => {
    const adjusted = reference('adjusted-p');
    const cauchy = cauchyCombination(adjusted.input.p);
    expectClose(cauchy.statistic, adjusted.expected.cauchyT, adjusted.tolerance);
    expectClose(cauchy.p, adjusted.expected.cauchyP, adjusted.tolerance);
    expectClose(simesCombination(adjusted.input.p), adjusted.expected.simes, adjusted.tolerance);
    const { input, expected, tolerance } = reference('combined-p');
    const stouffer = stoufferCombination(input.p);
    expectClose(stouffer.statistic, expected.stoufferZ, tolerance);
    expectClose(stouffer.p, expected.stoufferP, tolerance);
    const fisher = fisherCombination(input.p);
    expectClose(fisher.statistic, expected.fisherX2, tolerance);
    expectClose(fisher.p, expected.fisherP, tolerance);
  });

  it('of one p-value are that p-value', () => {
    for (const combine of [stoufferCombination, fisherCombination, cauchyCombination]) {
      for (const p of [1e-9, 0.2, 0.25, 0.7]) expectRelative(combine([p]).p, p, 1e-9);
    }
    expect(bonferroniCombination([0.3])).toBe(0.3);
    expect(simesCombination([0.3])).toBe(0.3);
  });

  it('keep the digits of tiny Cauchy combinations', () => {
    expectRelative(cauchyCombination([1e-14]).p, 1e-14, 0.01);
    expectRelative(cauchyCombination([1e-10, 0.5]).p, 2e-10, 1e-6);
    expect(cauchyCombination([0.5]).p).toBe(0.5);
  });

  it('by Bonferroni are the smallest times their number, at most 1', () => {
    expect(bonferroniCombination([0.4, 0.01])).toBe(0.02);
    expect(bonferroniCombination([0.4, 0.6])).toBe(0.8);
    expect(bonferroniCombination([0.9, 0.6])).toBe(1);
    expect(simesCombination([0.02, 0.01])).toBe(0.02);
    expect(simesCombination([0.9, 0.01, 0.012])).toBeCloseTo(0.018, 15);
  });

  it('refuse what is no p-value', () => {
    for (const combine of [bonferroniCombination, simesCombination]) {
      expect(() => combine([])).toThrow('pValues must hold at least 1 elements, had 0');
      expect(() => combine([-0.1])).toThrow('p must lie in [0, 1], was -0.1');
      expect(combine([0, 0.5])).toBe(0);
    }
    for (const combine of [cauchyCombination, stoufferCombination]) {
      expect(() => combine([])).toThrow('pValues must hold at least 1 elements, had 0');
      expect(() => combine([0])).toThrow('p must lie in (0, 1), was 0');
      expect(() => combine([1])).toThrow('p must lie in (0, 1), was 1');
    }
    expect(() => fisherCombination([])).toThrow('pValues must hold at least 1 elements, had 0');
    expect(() => fisherCombination([0])).toThrow(new RangeError('p must lie in (0, 1], was 0'));
    expect(() => fisherCombination([1.5])).toThrow(new RangeError('p must lie in (0, 1], was 1.5'));
    expect(fisherCombination([1])).toEqual({ statistic: 0, p: 1 });
  });
});

describe('streams of tests', () => {
  it('are held to the levels of LORD++ in onlineFDR', () => {
    const { input, expected, tolerance } = reference('lord');
    const found = lord(input.p, input.alpha, input.w0);
    expectClose(found.levels, expected.alphai, tolerance);
    expect(found.rejected.map(Number)).toEqual(expected.R);
  });

  it('are held to the levels of SAFFRON in onlineFDR', () => {
    const { input, expected, tolerance } = reference('saffron');
    const found = saffron(input.p, input.alpha, input.w0, input.lambda);
    expectClose(found.levels, expected.alphai, tolerance);
    expect(found.rejected.map(Number)).toEqual(expected.R);
  });

  it('never look ahead: the first decisions do not change with later tests', () => {
    const { input } = reference('lord');
    expect(lord(input.p.slice(0, 6), 0.05, 0.005).levels).toEqual(
      lord(input.p, 0.05, 0.005).levels.slice(0, 6),
    );
    const short = saffron(input.p.slice(0, 6), 0.05, 0.025, 0.5).levels;
    expect(short).toEqual(saffron(input.p, 0.05, 0.025, 0.5).levels.slice(0, 6));
  });

  it('reject at the level itself and cap SAFFRON at lambda', () => {
    const level = lord([1], 0.05, 0.005).levels[0]!;
    expect(lord([level], 0.05, 0.005).rejected).toEqual([true]);
    expect(lord([level * 1.0001], 0.05, 0.005).rejected).toEqual([false]);
    const first = saffron([1], 0.05, 0.025, 0.5).levels[0]!;
    expect(saffron([first], 0.05, 0.025, 0.5).rejected).toEqual([true]);
    expect(saffron([0.9], 0.9, 0.8, 0.01).levels).toEqual([0.01]);
    // A p-value equal to lambda is a candidate.
    const [, second] = saffron([0.5, 1], 0.05, 0.025, 0.5).levels;
    expect(second).toBe(saffron([0.4, 1], 0.05, 0.025, 0.5).levels[1]);
    expect(lord([], 0.05, 0.005)).toEqual({ levels: [], rejected: [] });
  });

  it('refuse impossible levels', () => {
    expect(() => lord([0.1], 1, 0.1)).toThrow('alpha must lie in (0, 1), was 1');
    expect(() => lord([0.1], 0.05, 0)).toThrow('start must lie in (0, 1), was 0');
    expect(() => lord([0.1], 0.05, 0.05)).toThrow(new RangeError('start must be < alpha 0.05, was 0.05'));
    expect(() => lord([2], 0.05, 0.01)).toThrow('p must lie in [0, 1], was 2');
    expect(() => saffron([0.1], 1, 0.1, 0.5)).toThrow('alpha must lie in (0, 1), was 1');
    expect(() => saffron([0.1], 0.05, 0, 0.5)).toThrow('start must lie in (0, 1), was 0');
    expect(() => saffron([0.1], 0.05, 0.05, 0.5)).toThrow(
      new RangeError('start must be < alpha 0.05, was 0.05'),
    );
    expect(() => saffron([0.1], 0.05, 0.01, 1)).toThrow('lambda must lie in (0, 1), was 1');
    expect(() => saffron([2], 0.05, 0.01, 0.5)).toThrow('p must lie in [0, 1], was 2');
  });
});

describe('severity and score', () => {
  const scale = { none: 0.05, full: 1e-4 };

  it('equal the reference', () => {
    const severity = reference('severity');
    const found = severity.input.p.map((p: number, i: number) =>
      severityScore(p, severity.input.effect[i], severity.input.effectRef, scale),
    );
    expectClose(found, severity.expected.s, severity.tolerance);
    const { input, expected, tolerance } = reference('integrity-score');
    const families = Object.values(input.families) as { weight: number; s: number | null }[];
    const score = integrityScore(families.map(({ weight, s }) => ({ weight, severity: s })));
    expectClose(score.score, expected.score, tolerance);
    expectClose(score.coverage, expected.coverage, tolerance);
  });

  it('are nothing at the upper end of the scale and full at the lower', () => {
    expect(severityScore(0.05, 9, 1, scale)).toBe(0);
    expect(severityScore(0.9, 9, 1, scale)).toBe(0);
    expect(severityScore(1e-4, 1, 1, scale)).toBe(1);
    expect(severityScore(0, 1, 1, scale)).toBe(1);
    expect(severityScore(0, 0, 1, scale)).toBe(0);
    expect(severityScore(1e-9, 0.25, 1, scale)).toBe(0.25);
    expect(severityScore(0.01, 1, 1, { none: 0.1, full: 0.001 })).toBeCloseTo(0.5, 14);
  });

  it('take points off by family and leave out those that did not run', () => {
    const score = integrityScore([
      { weight: 3, severity: 0.5 },
      { weight: 1, severity: null },
      { weight: 1, severity: 0.25 },
    ]);
    expect(score).toEqual({ score: 56.25, coverage: 0.8, lost: [37.5, null, 6.25] });
    expect(integrityScore([{ weight: 2, severity: 1 }])).toEqual({ score: 0, coverage: 1, lost: [100] });
    expect(integrityScore([{ weight: 2, severity: null }])).toEqual({
      score: null,
      coverage: 0,
      lost: [null],
    });
    expect(integrityScore([])).toEqual({ score: null, coverage: 0, lost: [] });
  });

  it('refuse impossible arguments', () => {
    expect(() => severityScore(1.5, 1, 1, scale)).toThrow('p must lie in [0, 1], was 1.5');
    expect(() => severityScore(0.5, -1, 1, scale)).toThrow('effect must be a finite number >= 0, was -1');
    expect(() => severityScore(0.5, 1, 0, scale)).toThrow('reference must be a finite number > 0, was 0');
    expect(() => severityScore(0.5, 1, 1, { none: 0.1, full: 0 })).toThrow(
      'scale.full must be a finite number > 0',
    );
    expect(() => severityScore(0.5, 1, 1, { none: 0.1, full: 0.1 })).toThrow(
      new RangeError('scale.none must be > scale.full 0.1, was 0.1'),
    );
    expect(() => integrityScore([{ weight: 0, severity: 0.5 }])).toThrow(
      'weight must be a finite number > 0',
    );
    expect(() => integrityScore([{ weight: 1, severity: 2 }])).toThrow('severity must lie in [0, 1], was 2');
  });
});

describe('p-values', () => {
  it('double the smaller tail, at most 1', () => {
    expect(twoSidedP(0.99, 0.02)).toBe(0.04);
    expect(twoSidedP(0.01, 0.995)).toBe(0.02);
    expect(twoSidedP(0.6, 0.7)).toBe(1);
    expect(() => twoSidedP(1.1, 0.5)).toThrow('lower must lie in [0, 1], was 1.1');
    expect(() => twoSidedP(0.1, -0.5)).toThrow('upper must lie in [0, 1], was -0.5');
  });
  it('are rounded to twelve significant digits before they meet a level', () => {
    expect(roundP(0.05000000000000001)).toBe(0.05);
    expect(roundP(1.234567890123456e-9)).toBe(1.23456789012e-9);
    expect(roundP(0)).toBe(0);
    expect(() => roundP(2)).toThrow('p must lie in [0, 1], was 2');
  });
  it('of simulations are never 0', () => {
    expect(monteCarloP(0, 9999)).toBe(1e-4);
    expect(monteCarloP(9999, 9999)).toBe(1);
    expect(monteCarloP(1, 1)).toBe(1);
    expect(() => monteCarloP(0, 0)).toThrow(new RangeError('simulations must be a whole number >= 1, was 0'));
    expect(() => monteCarloP(1, 1.5)).toThrow('simulations must be a whole number >= 1, was 1.5');
    expect(() => monteCarloP(3, 2)).toThrow(
      new RangeError('atLeastAsExtreme must be a whole number in 0..2, was 3'),
    );
    expect(() => monteCarloP(-1, 2)).toThrow('atLeastAsExtreme must be a whole number in 0..2, was -1');
    expect(() => monteCarloP(0.5, 2)).toThrow('atLeastAsExtreme must be a whole number in 0..2, was 0.5');
  });
});

describe('random numbers', () => {
  it('of a seed are those of an independent implementation', () => {
    const { input, expected } = reference('mulberry32');
    const random = mulberry32(input.seed);
    expect(Array.from({ length: 5 }, random)).toEqual(expected.first5);
  });
  it('depend on the seed, of which the lowest 32 bits count', () => {
    expect(mulberry32(7)()).not.toBe(mulberry32(8)());
    expect(mulberry32(2 ** 32 + 7)()).toBe(mulberry32(7)());
    expect(mulberry32(-1)()).toBe(mulberry32(2 ** 32 - 1)());
    expect(() => mulberry32(0.5)).toThrow('seed must be a whole number, was 0.5');
  });
  it('spread over [0, 1)', () => {
    const random = mulberry32(1);
    const bins = new Array(10).fill(0);
    for (let i = 0; i < 10_000; i++) bins[Math.floor(random() * 10)]++;
    for (const count of bins) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});

describe('integer search', () => {
  it('finds the smallest integer from any start', () => {
    for (const wanted of [0, 1, 7, 1000]) {
      for (const start of [-50, 0, 6.6, 7, 8, 999.4, 1e6]) {
        expect(smallestInteger((k) => k >= wanted, start)).toBe(wanted);
      }
    }
  });
  it('asks about no integer outside its range', () => {
    const asked: number[] = [];
    const holds = (k: number): boolean => {
      asked.push(k);
      return k >= 20;
    };
    expect(smallestInteger(holds, 100, 25)).toBe(20);
    expect(smallestInteger(holds, 3, 20)).toBe(20);
    expect(Math.max(...asked)).toBeLessThanOrEqual(25);
    expect(Math.min(...asked)).toBeGreaterThanOrEqual(0);
  });
  it('takes a handful of steps from a good start', () => {
    let asked = 0;
    smallestInteger((k) => {
      asked++;
      return k >= 1003;
    }, 1001);
    expect(asked).toBeLessThanOrEqual(5);
  });
  it('refuses a condition that never holds', () => {
    expect(() => smallestInteger(() => false, 3, 9)).toThrow(
      new RangeError('no integer up to 9 satisfies the condition'),
    );
  });
});
