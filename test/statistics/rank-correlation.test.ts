import { describe, expect, it } from 'vitest';
import { blockBootstrap, blockLengthFor } from '../../lib/statistics/block-bootstrap.ts';
import { mulberry32 } from '../../lib/statistics/mulberry32.ts';
import {
  effectivePairs,
  fluffIndex,
  kendall,
  lagOneCorrelation,
  partialCorrelation,
  rankCorrelationInterval,
  spearman,
} from '../../lib/statistics/rank-correlation.ts';
import { expectClose, reference } from './reference.ts';

const differences = (values: number[]): number[] => values.slice(1).map((value, i) => value - values[i]!);

describe('does a KPI foretell the outcome', () => {
  const { input, expected, tolerance } = reference('rank-correlation');
  const { kpi, outcome } = input;
  const time = kpi.map((_: number, i: number) => i + 1);

  it('equals R', () => {
    const levels = spearman(kpi, outcome)!;
    expectClose(levels, expected.spearman, tolerance);
    expectClose(kendall(kpi, outcome), expected.kendallTauB, tolerance);
    expectClose(spearman(kpi.slice(0, -1), outcome.slice(1)), expected.spearmanLag1, tolerance);
    const partial = partialCorrelation(levels, spearman(kpi, time)!, spearman(outcome, time)!);
    expectClose(partial, expected.partialSpearmanTime, tolerance);
    expectClose(rankCorrelationInterval(levels, 12, 0.95), expected.bonettWrightCI95, tolerance);
    const moves = spearman(differences(kpi), differences(outcome))!;
    expectClose(moves, expected.spearmanDiff, tolerance);
    const [r1x, r1y] = [lagOneCorrelation(kpi)!, lagOneCorrelation(outcome)!];
    expectClose([r1x, r1y], [expected.r1x, expected.r1y], tolerance);
    expectClose(effectivePairs(12, r1x, r1y), expected.nEff, tolerance);
    expectClose(fluffIndex(moves), expected.fluffIndexDiff, tolerance);
  });

  it('does not depend on units or on the order of pairs', () => {
    const order = [4, 0, 11, 2, 7, 9, 1, 10, 3, 5, 8, 6];
    const shuffle = (values: number[]): number[] => order.map((i) => values[i]!);
    expect(spearman(shuffle(kpi), shuffle(outcome))).toBeCloseTo(expected.spearman, 12);
    expect(kendall(shuffle(kpi), shuffle(outcome))).toBeCloseTo(expected.kendallTauB, 12);
    const logs = kpi.map((value: number) => Math.log(value));
    expect(spearman(logs, outcome)).toBeCloseTo(expected.spearman, 12);
    expect(kendall(logs, outcome)).toBeCloseTo(expected.kendallTauB, 12);
    const before = [...kpi];
    spearman(kpi, outcome);
    expect(kpi).toEqual(before);
  });

  it('tells a KPI that drives the outcome from one that only grows beside it, with the interval mirrored', () => {
    const moves = (values: number[]) => differences(values.map((v) => Math.log(v + 0.5)));
    const indexOf = (x: number[], y: number[]) => {
      const r = spearman(moves(x), moves(y))!;
      const [low, high] = rankCorrelationInterval(r, x.length - 1, 0.95)!;
      return { low: fluffIndex(high), index: fluffIndex(r), high: fluffIndex(low) };
    };
    let told = 0;
    for (let seed = 1; seed <= 40; seed += 1) {
      const random = mulberry32(seed);
      const grown = Array.from({ length: 60 }, (_, i) => 40 + 3 * i);
      const noisy = (values: number[], share: number) =>
        values.map((v) => v * (1 + share * (random() - 0.5)));
      const lively = noisy(grown, 0.5);
      const driven = indexOf(lively, noisy(lively, 0.1));
      const beside = indexOf(noisy(grown, 0.5), noisy(grown, 0.5));
      for (const { low, index, high } of [driven, beside]) {
        expect(low).toBeLessThanOrEqual(index);
        expect(index).toBeLessThanOrEqual(high);
      }
      // Both grow alike: of levels, either would look like a good predictor.
      expect(spearman(lively, noisy(grown, 0.5))!).toBeGreaterThan(0.7);
      expect(driven.index).toBeLessThan(beside.index);
      if (driven.high < 70 && beside.high > 70) told += 1;
    }
    expect(told).toBeGreaterThanOrEqual(38);
  });

  it('gives an index that falls as the correlation rises, and 100 for every one below 0', () => {
    const of = Array.from({ length: 21 }, (_, i) => fluffIndex(i / 10 - 1));
    expect(of.slice(0, 11)).toEqual(Array(11).fill(100));
    for (let i = 11; i < 21; i += 1) expect(of[i]!).toBeLessThan(of[i - 1]!);
  });

  it('has closed values', () => {
    expect(spearman([1, 2, 3], [1, 4, 9])).toBe(1);
    expect(spearman([1, 2, 3], [9, 4, 1])).toBe(-1);
    expect(kendall([1, 2, 3], [1, 3, 2])).toBeCloseTo(1 / 3, 14);
    expect(kendall([1, 1, 2], [1, 2, 3])).toBeCloseTo(2 / Math.sqrt(6), 14);
    expect(partialCorrelation(0.5, 0.5, 0.5)).toBeCloseTo(1 / 3, 14);
    expect(lagOneCorrelation([1, 2, 3])).toBe(0);
    expect(effectivePairs(12, 0.5, 0.5)).toBeCloseTo(7.2, 12);
    expect(effectivePairs(12, 0.5, -0.5)).toBeCloseTo(20, 12);
    expect([fluffIndex(1), fluffIndex(0.4), fluffIndex(0), fluffIndex(-1)]).toEqual([0, 60, 100, 100]);
    expect(rankCorrelationInterval(1, 10, 0.9)).toEqual([1, 1]);
  });

  it('is null where nothing varies or nothing is bound', () => {
    expect(spearman([1, 1, 1], [1, 2, 3])).toBeNull();
    expect(spearman([1, 2, 3], [1, 1, 1])).toBeNull();
    expect(kendall([1, 1], [1, 2])).toBeNull();
    expect(kendall([1, 2], [1, 1])).toBeNull();
    expect(partialCorrelation(0.5, 1, 0.5)).toBeNull();
    expect(partialCorrelation(0.5, 0.5, -1)).toBeNull();
    expect(lagOneCorrelation([4, 4, 4])).toBeNull();
    expect(rankCorrelationInterval(0.5, 3, 0.95)).toBeNull();
    expect(rankCorrelationInterval(0.5, 3.01, 0.95)).not.toBeNull();
  });

  it('refuses what is no pair', () => {
    for (const correlation of [spearman, kendall]) {
      expect(() => correlation([1], [1])).toThrow('x must hold at least 2 elements, had 1');
      expect(() => correlation([1, 2], [1])).toThrow('x and y must have the same length, were 2 and 1');
      expect(() => correlation([1, Number.NaN], [1, 2])).toThrow('x must be a finite number, was NaN');
      expect(() => correlation([1, 2], [1, Number.NaN])).toThrow('y must be a finite number, was NaN');
    }
    expect(() => rankCorrelationInterval(1.1, 9, 0.9)).toThrow(
      new RangeError('correlation must lie in [-1, 1], was 1.1'),
    );
    expect(() => rankCorrelationInterval(-1.1, 9, 0.9)).toThrow('correlation must lie in [-1, 1], was -1.1');
    expect(() => rankCorrelationInterval(0.1, 9, 1)).toThrow('confidence must lie in (0, 1), was 1');
    expect(() => fluffIndex(1.1)).toThrow(new RangeError('correlation must lie in [-1, 1], was 1.1'));
    expect(() => fluffIndex(-1.1)).toThrow('correlation must lie in [-1, 1], was -1.1');
    expect(() => lagOneCorrelation([1])).toThrow('values must hold at least 2 elements, had 1');
    expect(() => lagOneCorrelation([1, Number.NaN])).toThrow('values must be a finite number, was NaN');
  });
});

describe('block bootstrap', () => {
  it('repeats the reference draw by draw', () => {
    const { input, expected, tolerance } = reference('block-bootstrap');
    const x = differences(input.kpi);
    const y = differences(input.outcome);
    expectClose(spearman(x, y), expected.spearman, tolerance);
    expect(blockLengthFor(x.length)).toBe(input.blockLength);
    const found = blockBootstrap(x, y, spearman, input.blockLength, input.B, 0.95, mulberry32(input.seed));
    expectClose(found.interval, expected.ci95, tolerance);
    expectClose(found.replicates.slice(0, 3), expected.first3, tolerance);
    expect(found.replicates).toHaveLength(2000);
    expect(found.replicates.filter((value) => value === null)).toHaveLength(expected.nanCount);
  });

  it('draws whole blocks and cuts the last', () => {
    const seen: number[][] = [];
    const draws = [0, 0.99, 0.5];
    let at = 0;
    blockBootstrap(
      [0, 1, 2, 3, 4],
      [0, 10, 20, 30, 40],
      (x, y) => {
        seen.push([...x], [...y]);
        return 1;
      },
      2,
      1,
      0.9,
      () => draws[at++]!,
    );
    expect(seen).toEqual([
      [0, 1, 3, 4, 2],
      [0, 10, 30, 40, 20],
    ]);
    expect(at).toBe(3);
  });

  it('leaves undefined replicates out of its interval', () => {
    let call = 0;
    const found = blockBootstrap(
      [1, 2],
      [1, 2],
      () => (call++ % 2 === 0 ? null : call),
      1,
      6,
      0.5,
      mulberry32(1),
    );
    expect(found.replicates).toEqual([null, 2, null, 4, null, 6]);
    expect(found.interval).toEqual([3, 5]);
    expect(blockBootstrap([1, 2], [1, 2], () => null, 1, 3, 0.5, mulberry32(1)).interval).toBeNull();
  });

  it('has blocks of the cube root', () => {
    expect([1, 2, 8, 9, 19, 27, 28, 1000].map(blockLengthFor)).toEqual([1, 2, 2, 3, 3, 3, 4, 10]);
    expect(() => blockLengthFor(0)).toThrow('length must be a whole number >= 1, was 0');
  });

  it('refuses impossible arguments', () => {
    const run = (x: number[], y: number[], block: number, replications: number, confidence: number) => () =>
      blockBootstrap(x, y, spearman, block, replications, confidence, mulberry32(1));
    expect(run([1], [1], 1, 1, 0.9)).toThrow('x must hold at least 2 elements, had 1');
    expect(run([1, 2], [1], 1, 1, 0.9)).toThrow('x and y must have the same length, were 2 and 1');
    expect(run([1, 2], [1, 2], 3, 1, 0.9)).toThrow(new RangeError('blockLength must be <= 2, was 3'));
    expect(run([1, 2], [1, 2], 0, 1, 0.9)).toThrow('blockLength must be a whole number >= 1, was 0');
    expect(run([1, 2], [1, 2], 1, 0, 0.9)).toThrow('replications must be a whole number >= 1, was 0');
    expect(run([1, 2], [1, 2], 1, 1, 1)).toThrow('confidence must lie in (0, 1), was 1');
  });
});
