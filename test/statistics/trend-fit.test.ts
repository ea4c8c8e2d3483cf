import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitBaseline } from '../../lib/statistics/baseline.ts';
import { trendColumn } from '../../lib/statistics/baseline-design.ts';
import { fitQuasiPoisson } from '../../lib/statistics/quasi-poisson.ts';
import { fitFlat, fitTrend } from '../../lib/statistics/trend-fit.ts';
import { trendModel } from '../../lib/statistics/trend-model.ts';
import { isSignificant, trendPValue } from '../../lib/statistics/trend-test.ts';
import { overdispersed, seededRandom } from '../fixtures/random.ts';
import { slowBaseline } from './slow-baseline.ts';

const week = [1, 1.02, 1.01, 1, 0.92, 0.55, 0.5];

interface Made {
  readonly seed: number;
  readonly length: number;
  readonly mean: number;
  readonly growth: number;
  /** Every so many-th day is missing; 0: none. */
  readonly gap: number;
  /** A day of several times its mean. */
  readonly peak: number | null;
}

const made: fc.Arbitrary<Made> = fc.record({
  seed: fc.nat(1_000_000),
  length: fc.constantFrom(84, 85, 120, 182, 365),
  mean: fc.constantFrom(4, 30, 800, 1e6),
  growth: fc.constantFrom(-0.6, 0, 0.05, 0.4, 2),
  gap: fc.constantFrom(0, 6, 9, 13),
  peak: fc.option(fc.nat(80)),
});

function countsOf({ seed, length, mean, growth, gap, peak }: Made): (number | null)[] {
  const random = seededRandom(seed);
  return Array.from({ length }, (_, i) => {
    if (gap > 0 && i % gap === gap - 1) return null;
    const count = overdispersed(random, mean * week[i % 7]! * (1 + (growth * i) / length), 2);
    return i === peak ? 5 * count + 20 : count;
  });
}

/** Observations of the days that are known, some of them standing in another level than their weekday's. */
function observe(
  counts: readonly (number | null)[],
  moved: readonly number[] = [],
  levelOf = [0, 1, 2, 3, 4, 5, 6],
) {
  const known = counts.flatMap((count, day) => (count === null || levelOf[day % 7]! < 0 ? [] : [day]));
  const days = Int32Array.from(known);
  const levelCount = Math.max(...levelOf) + 1;
  return {
    counts: Float64Array.from(known, (day) => counts[day]!),
    levels: Uint8Array.from(known, (day) => (moved.includes(day) ? levelCount - 1 : levelOf[day % 7]!)),
    levelCount,
    days,
    length: counts.length,
    trend: trendColumn(days, counts.length),
    usualLevels: Int8Array.from(levelOf),
  };
}

/** Both within 1e-9 of each other; what may be near 0 (slopes, places within the history) on a scale of its own. */
function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, scale = 0) {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < actual.length; i += 1)
    expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThanOrEqual(
      1e-9 * Math.max(scale, Math.abs(expected[i]!)),
    );
}

function expectSameFit(
  model: ReturnType<typeof observe>,
  start = 0,
  outliers: { index: number; weight: number }[] = [],
) {
  const weights = new Float64Array(model.counts.length).fill(1.05);
  for (const { index, weight } of outliers) weights[index] = weight;
  const held = outliers.length > 0 ? { usual: 1.05, outliers } : null;
  const quick = fitTrend(trendModel(model), held, start)!;
  const slow = fitQuasiPoisson({ ...model, covariates: [model.trend], weights: held && weights })!;
  for (const key of ['levelMeans', 'means', 'levelInformation', 'slopeCovariance'] as const)
    expectClose(quick[key], slow[key]);
  for (const key of ['slopes', 'levelCentres'] as const) expectClose(quick[key], slow[key], 0.1);
  expectClose([quick.phiRaw, quick.phi, quick.degrees], [slow.phiRaw, slow.phi, slow.degrees]);
}

describe('fitTrend', () => {
  it('gives what the general regression gives, days missing or not', () => {
    fc.assert(
      fc.property(made, (m) => expectSameFit(observe(countsOf(m)))),
      { seed: 1, numRuns: 150 },
    );
  });

  it('gives it where days are downweighted, and from any start', () => {
    fc.assert(
      fc.property(made, fc.uniqueArray(fc.nat(60), { minLength: 1, maxLength: 5 }), (m, peaks) => {
        const outliers = peaks.map((index) => ({ index, weight: 0.02 + index / 100 }));
        expectSameFit(observe(countsOf(m)), 0.2, outliers);
      }),
      { seed: 2, numRuns: 100 },
    );
  });

  it('gives it where holidays stand among the Sundays', () => {
    fc.assert(
      fc.property(made, fc.uniqueArray(fc.nat(80), { maxLength: 6 }), (m, moved) =>
        expectSameFit(observe(countsOf(m), moved)),
      ),
      { seed: 3, numRuns: 100 },
    );
  });

  it.each([
    ['weekdays and weekends', [0, 0, 0, 0, 0, 1, 1]],
    ['weekdays alone', [0, 0, 0, 0, 0, -1, -1]],
    ['a week that begins on a Thursday', [3, 4, 5, 6, 0, 1, 2]],
  ])('gives it for levels of %s', (_, levelOf) => {
    for (const length of [84, 88, 182])
      expectSameFit(
        observe(countsOf({ seed: 4, length, mean: 9, growth: 0.4, gap: 9, peak: 20 }), [], levelOf),
      );
  });

  it('finds a slope as steep as a thousandfold growth', () => {
    const counts = Array.from({ length: 182 }, (_, i) => Math.round(10 * Math.exp((7 * i) / 182)));
    expectSameFit(observe(counts));
    expect(fitTrend(trendModel(observe(counts)), null, 0)!.slopes[0]).toBeCloseTo(7, 2);
  });

  it('says null where no slope can be found: every count lies on one day', () => {
    const day = Int32Array.from([0, 1, 2, 3]);
    const model = {
      counts: Float64Array.from([0, 0, 0, 9]),
      levels: new Uint8Array(4),
      levelCount: 1,
      days: day,
      length: 4,
      trend: trendColumn(day, 4),
      usualLevels: new Int8Array(7),
    };
    expect(fitTrend(trendModel(model), null, 0)).toBeNull();
  });

  it('asks for more observations than coefficients', () => {
    const model = (days: number) => trendModel(observe(Array.from({ length: days }, (_, i) => i + 1)));
    const tooFew = (days: number, slopes: number) =>
      new RangeError(`${days} observations are too few for ${7 + slopes} coefficients`);
    expect(() => fitTrend(model(8), null, 0)).toThrow(tooFew(8, 1));
    expect(fitTrend(model(9), null, 0)!.degrees).toBe(1);
    expect(() => fitFlat(model(7), null)).toThrow(tooFew(7, 0));
    expect(fitFlat(model(8), null).degrees).toBe(1);
  });
});

describe('fitFlat', () => {
  it('gives what the general fit of levels gives: days missing, moved or downweighted', () => {
    fc.assert(
      fc.property(
        made,
        fc.uniqueArray(fc.nat(80), { maxLength: 6 }),
        fc.uniqueArray(fc.nat(60), { maxLength: 5 }),
        (m, moved, peaks) => {
          const model = observe(countsOf(m), moved);
          const weights = new Float64Array(model.counts.length).fill(1.05);
          const outliers = peaks.map((index) => ({ index, weight: 0.02 + index / 100 }));
          for (const { index, weight } of outliers) weights[index] = weight;
          const quick = fitFlat(trendModel(model), { usual: 1.05, outliers });
          const slow = fitQuasiPoisson({ ...model, covariates: [], weights })!;
          for (const key of ['levelMeans', 'means', 'levelInformation', 'slopes'] as const)
            expectClose(quick[key], slow[key]);
          expectClose([quick.phiRaw, quick.phi, quick.degrees], [slow.phiRaw, slow.phi, slow.degrees]);
          const plain = fitFlat(trendModel(model), null);
          expectClose(plain.means, fitQuasiPoisson({ ...model, covariates: [] })!.means);
        },
      ),
      { seed: 5, numRuns: 100 },
    );
  });
});

describe('isSignificant', () => {
  it('is whether the p lies below alpha, on both sides of it and far off', () => {
    for (const degrees of [1, 2, 5, 30, 174, 2_000])
      for (const alpha of [0.2, 0.05, 0.001]) {
        let told = 0;
        for (let t = 0.05; t < 1e4; t *= 1.01) {
          const isBelow = trendPValue({ t, degrees }) < alpha;
          expect(isSignificant({ t: -t, degrees }, alpha)).toBe(isBelow);
          if (isBelow) told += 1;
        }
        expect(told).toBeGreaterThan(0);
      }
  });
});

describe('the quick baseline', () => {
  it('expects what METHODS 1 read word by word expects', () => {
    const seen = { plain: 0, trend: 0, pulled: 0 };
    fc.assert(
      fc.property(made, fc.integer({ min: 1, max: 31 }), (m, ahead) => {
        const counts = countsOf(m);
        const predictDays = Array.from({ length: ahead }, (_, i) => m.length + i);
        const quick = fitBaseline({ counts, firstWeekday: 1, predictDays });
        if (quick.status !== 'ok' || quick.isCollapsed) return;
        const hasTrend = quick.coefficients!.trendPerDay !== null;
        const slow = slowBaseline(counts, predictDays, hasTrend);
        seen[hasTrend ? 'trend' : 'plain'] += 1;
        seen.pulled += Math.sign(slow.downweighted.length);
        expectClose([quick.phiFirst, quick.phi], [slow.phiFirst, slow.phi]);
        expect(quick.downweighted.map((d) => d.day)).toEqual(slow.downweighted);
        for (const key of ['mu', 'phi', 'seEta'] as const)
          expectClose(
            quick.days.map((d) => d[key]),
            slow.days.map((d) => d[key]),
          );
        expectClose([quick.sum.mu, quick.sum.varMean], [slow.sum.mu, slow.sum.varMean]);
      }),
      { seed: 5, numRuns: 120 },
    );
    expect(Math.min(seen.plain, seen.trend, seen.pulled)).toBeGreaterThan(20);
  });
});
