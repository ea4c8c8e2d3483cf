import { describe, expect, it } from 'vitest';
import { benfordShares, compareWithBenford, expectedDeviation } from '../../lib/statistics/benford.ts';
import { binomialUpperTail } from '../../lib/statistics/binomial.ts';
import { compareBin } from '../../lib/statistics/burgstahler-dichev.ts';
import { caliperTest } from '../../lib/statistics/caliper-test.ts';
import { clopperPearsonInterval } from '../../lib/statistics/clopper-pearson.ts';
import { dispersionDrop, dispersionTest } from '../../lib/statistics/dispersion-test.ts';
import { linkageWeight } from '../../lib/statistics/fellegi-sunter.ts';
import { jaroSimilarity, jaroWinklerSimilarity } from '../../lib/statistics/jaro-winkler.ts';
import { lastDigitBias, lastDigitTest } from '../../lib/statistics/last-digit.ts';
import { mulberry32 } from '../../lib/statistics/mulberry32.ts';
import { negativeBinomialLowerTail } from '../../lib/statistics/negative-binomial.ts';
import { runsTest } from '../../lib/statistics/runs-test.ts';
import {
  fullestWindow,
  kulldorffRatio,
  scanP,
  scanWindows,
  wallensteinNeff,
} from '../../lib/statistics/scan-statistic.ts';
import { evenestRun, evenRunP, shortGapsTest } from '../../lib/statistics/short-gaps.ts';
import { tieProbability, tieTest } from '../../lib/statistics/tie-test.ts';
import { expectClose, expectRelative, reference } from './reference.ts';

describe('results around a target', () => {
  it('equal the reference of the caliper', () => {
    const { input, expected, tolerance } = reference('caliper-test');
    const { above, below } = input;
    expectClose(caliperTest(above, below, 1), expected.p_half, tolerance);
    expectClose(caliperTest(above, below, 1.5), expected.p_gamma1_5, tolerance);
    expectClose(above / (above + below), expected.share, tolerance);
    expectClose(clopperPearsonInterval(above, above + below, 0.95), expected.cp95, tolerance);
  });

  it('are no finding without a result in the caliper', () => {
    expect(caliperTest(0, 0, 1)).toBe(1);
    expect(caliperTest(0, 9, 1)).toBe(1);
    expect(caliperTest(2, 0, 1)).toBeCloseTo(0.25, 14);
    expect(() => caliperTest(1, 1, 0.5)).toThrow('gamma must be a finite number >= 1, was 0.5');
    expect(() => caliperTest(-1, 1, 1)).toThrow('above must be a whole number >= 0, was -1');
    expect(() => caliperTest(1, -1, 1)).toThrow('below must be a whole number >= 0, was -1');
  });

  it('equal the reference of the histogram', () => {
    const { input, expected, tolerance } = reference('burgstahler-dichev');
    const at = input.firstBinAboveTarget;
    for (const [bin, wanted] of [
      [at, expected.above],
      [at - 1, expected.below],
    ]) {
      const found = compareBin(input.binCounts, bin);
      expectClose(found.expected, wanted.expected, tolerance);
      expectClose(found.variance, wanted.var, tolerance);
      expectClose(found.tau, wanted.tau, tolerance);
    }
  });

  it('need neighbours on both sides', () => {
    expect(() => compareBin([1, 2, 3], 0)).toThrow('bin must be a whole number >= 1, was 0');
    expect(() => compareBin([1, 2, 3], 2)).toThrow(new RangeError('bin must lie inside 1..1, was 2'));
    expect(compareBin([1, 2, 3], 1).expected).toBe(2);
    expect(() => compareBin([1, -2, 3], 1)).toThrow('counts must be a whole number >= 0, was -2');
    expect(() => compareBin([0, 5, 0], 1)).toThrow(new RangeError('the bin and its neighbours must vary'));
    expect(() => compareBin([0, 0, 0], 1)).toThrow('the bin and its neighbours must vary');
  });

  it('fall behind once the target is met, as in the reference', () => {
    const { input, expected, tolerance } = reference('stop-after-target');
    expectClose(negativeBinomialLowerTail(input.xAfter, input.muAfter, input.phi), expected.p, tolerance);
  });
});

describe('digits', () => {
  it('have the Benford comparison of R', () => {
    const { input, expected, tolerance } = reference('benford-first-digit');
    const found = compareWithBenford(input.observed, 'first');
    expectClose(found.n, expected.n, tolerance);
    expectClose(found.deviation, expected.mad, tolerance);
    expectClose(found.expectedDeviation, expected.expectedMADunderH0, tolerance);
    expectClose(found.excess, expected.excessMAD, tolerance);
    expectClose(found.chiSquare, expected.chi2, tolerance);
    expectClose(found.p, expected.p, tolerance);
  });

  it('deviate from Benford by chance as much as the reference says', () => {
    const { input, expected, tolerance } = reference('benford-expected-deviation');
    const of = (digits: 'first' | 'first-two', sizes: number[]): number[] =>
      sizes.map((n) => expectedDeviation(benfordShares(digits), n));
    expectClose(of('first', input.nFirst), expected.first, tolerance);
    expectClose(of('first-two', input.nFirstTwo), expected.firstTwo, tolerance);
  });

  it('have Benford shares that add up', () => {
    for (const [digits, count] of [
      ['first', 9],
      ['second', 10],
      ['first-two', 90],
    ] as const) {
      const shares = benfordShares(digits);
      expect(shares).toHaveLength(count);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 13);
    }
    expect(benfordShares('first')[0]).toBeCloseTo(Math.log10(2), 15);
    expect(benfordShares('first-two')[89]).toBeCloseTo(Math.log10(100 / 99), 15);
    const zero = [10, 20, 30, 40, 50, 60, 70, 80, 90].reduce((sum, d) => sum + Math.log10(1 + 1 / d), 0);
    expect(benfordShares('second')[0]).toBeCloseTo(zero, 14);
  });

  it('of one observation deviate by twice pq', () => {
    expect(expectedDeviation([0.3, 0.7], 1)).toBeCloseTo(2 * 0.3 * 0.7, 14);
    expect(() => expectedDeviation([0.5], 0)).toThrow('n must be a whole number >= 1, was 0');
    expect(() => compareWithBenford([1, 2], 'first')).toThrow(
      'counts and digits must have the same length, were 2 and 9',
    );
    expect(() => compareWithBenford(new Array(9).fill(0), 'first')).toThrow(
      'n must be a whole number >= 1, was 0',
    );
    expect(() => compareWithBenford([-1, 1, 1, 1, 1, 1, 1, 1, 1], 'first')).toThrow(
      'counts must be a whole number >= 0',
    );
  });

  it('at the end of typed numbers equal the reference', () => {
    const { input, expected, tolerance } = reference('last-digit');
    const found = lastDigitTest(input.counts_digit0to9);
    expectClose(found.n, expected.n, tolerance);
    expectClose(found.chiSquare, expected.chi2, tolerance);
    expectClose(found.p, expected.p, tolerance);
    expectClose(found.pRounded, expected.pZeroFive, tolerance);
  });

  it('of small honest counts are uneven by themselves', () => {
    const { expected, tolerance } = reference('last-digit-bias');
    for (const mean of [25, 9]) {
      const { exact, leadingTerm } = lastDigitBias(mean);
      expectClose(exact, expected[`maxAbsDev_lambda${mean}`], tolerance);
      expectClose(leadingTerm, expected[`leadingTerm${mean}`], tolerance);
    }
    expect(lastDigitBias(0.01).exact).toBeCloseTo(Math.exp(-0.01) - 0.1, 12);
  });

  it('are ten, and counted', () => {
    expect(() => lastDigitTest(new Array(9).fill(1))).toThrow('counts must hold at least 10 elements, had 9');
    expect(() => lastDigitTest(new Array(11).fill(1))).toThrow(
      new RangeError('counts must hold 10 elements, had 11'),
    );
    expect(() => lastDigitTest(new Array(10).fill(0))).toThrow(new RangeError('counts must not all be 0'));
    expect(() => lastDigitTest(new Array(10).fill(0.5))).toThrow(
      'counts must be a whole number >= 0, was 0.5',
    );
    expect(() => lastDigitBias(0)).toThrow('mean must be a finite number > 0, was 0');
    expect(lastDigitTest(new Array(10).fill(3))).toMatchObject({ n: 30, chiSquare: 0, p: 1 });
  });
});

describe('counts that are too smooth', () => {
  it('equal the reference', () => {
    const { input, expected, tolerance } = reference('dispersion');
    const mean = input.y.reduce((sum: number, value: number) => sum + value, 0) / input.y.length;
    const found = dispersionTest(input.y, new Array(input.y.length).fill(mean), input.df);
    expectClose(found.chiSquare, expected.X2, tolerance);
    expectClose(found.index, expected.index, tolerance);
    expectClose(found.under, expected.pUnder, tolerance);
    expectRelative(found.under, expected.pUnder, 1e-9);
    expectClose(found.over, expected.pOver, tolerance);
    const { phiHist, dfHist, F, p } = expected.F_vs_history;
    expectClose(found.index / phiHist, F, tolerance);
    expectClose(dispersionDrop(found.index, input.df, phiHist, dfHist), p, tolerance);
  });

  it('are certain when they equal their means', () => {
    expect(dispersionTest([50, 50], [50, 50], 2)).toEqual({ chiSquare: 0, index: 0, under: 0, over: 1 });
    expect(dispersionTest([60, 40], [50, 50], 2)).toMatchObject({ chiSquare: 4, index: 2 });
    expect(dispersionDrop(0, 5, 2, 50)).toBe(0);
  });

  it('need means above zero', () => {
    expect(() => dispersionTest([1], [0], 1)).toThrow('means must be a finite number > 0, was 0');
    expect(() => dispersionTest([-1], [1], 1)).toThrow('counts must be a finite number >= 0, was -1');
    expect(() => dispersionTest([1, 2], [1], 1)).toThrow(
      'counts and means must have the same length, were 2 and 1',
    );
    expect(() => dispersionTest([], [], 1)).toThrow('counts must hold at least 1 elements, had 0');
    expect(() => dispersionTest([1], [1], 0)).toThrow('degrees must be a whole number >= 1, was 0');
    expect(() => dispersionDrop(-1, 1, 1, 1)).toThrow('current must be a finite number >= 0, was -1');
    expect(() => dispersionDrop(1, 1, 0, 1)).toThrow('history must be a finite number > 0, was 0');
  });

  it('alternate more than chance lets them, as in the reference', () => {
    const { input, expected, tolerance } = reference('runs-test');
    const found = runsTest(input.signs);
    expect(found.runs).toBe(expected.runs);
    expect([found.positive, found.negative]).toEqual([expected.n1, expected.n2]);
    expectClose(found.z, expected.z, tolerance);
    expectClose(found.p, expected.pTwoSided, tolerance);
    expectClose(found.tooMany, expected.pExactTooMany, tolerance);
    expectClose(found.tooFew, expected.pExactTooFew, tolerance);
  });

  it('have exact run tails of closed value', () => {
    // ++-- in some order: 6 orders with 2, 3 or 4 runs, twice each.
    const alternating = runsTest([1, -1, 1, -1]);
    expect(alternating.tooMany).toBeCloseTo(1 / 3, 12);
    expect(alternating.tooFew).toBeCloseTo(1, 12);
    expect(runsTest([1, 1, -2, -2]).tooFew).toBeCloseTo(1 / 3, 12);
    expect(runsTest([1, -1, -1, 1])).toMatchObject({ runs: 3, z: 0 });
    // One plus among three signs: 2 of 3 places at an end give two runs.
    expect(runsTest([1, -1, -1]).tooFew).toBeCloseTo(2 / 3, 12);
    expect(runsTest([-1, 1, -1]).tooMany).toBeCloseTo(1 / 3, 12);
    expect(runsTest([1, -1])).toMatchObject({ runs: 2, z: 0, p: 1, tooMany: 1, tooFew: 1 });
  });

  it('have no runs without both signs, and zeros have none', () => {
    expect(runsTest([1, 2, 0, 3])).toEqual({
      runs: 1,
      positive: 3,
      negative: 0,
      z: null,
      p: 1,
      tooMany: 1,
      tooFew: 1,
    });
    expect(runsTest([-1])).toMatchObject({ runs: 1, positive: 0, negative: 1, z: null });
    expect(runsTest([])).toMatchObject({ runs: 0, z: null });
    expect(runsTest([1, 0, 1, -1, 0, -1])).toEqual(runsTest([1, 1, -1, -1]));
    expect(() => runsTest([Number.NaN])).toThrow('residuals must be a finite number, was NaN');
  });

  it('repeat their neighbour more than chance lets them, as in the reference', () => {
    const { input, expected, tolerance } = reference('ties');
    const probability = tieProbability(input.mu, input.phi);
    expectClose(probability, expected.tieProb, tolerance);
    expectClose(tieTest(input.equalPairs, input.pairs, probability), expected.p, tolerance);
    expectRelative(tieTest(input.equalPairs, input.pairs, probability), expected.p, 1e-9);
  });

  it('tie by a closed probability where they are geometric', () => {
    // P(Y = k) = (1 - q) q^k: the squares add up to (1 - q) / (1 + q).
    expect(tieProbability(3, 4)).toBeCloseTo(0.25 / 1.75, 12);
    expect(tieProbability(0, 2)).toBe(1);
    expect(tieTest(0, 5, 0.1)).toBe(1);
    expect(tieTest(5, 5, 0.5)).toBeCloseTo(1 / 32, 14);
    expect(() => tieTest(6, 5, 0.1)).toThrow(new RangeError('equalPairs must be <= pairs 5, was 6'));
    expect(() => tieTest(-1, 5, 0.1)).toThrow('equalPairs must be a whole number >= 0, was -1');
    expect(() => tieTest(0, -5, 0.1)).toThrow('pairs must be a whole number >= 0, was -5');
    expect(() => tieProbability(1, 0.5)).toThrow('phi must be a finite number >= 1, was 0.5');
  });
});

describe('bursts', () => {
  it('have the Wallenstein-Neff tail of the reference and of its simulation', () => {
    const { input, expected, tolerance } = reference('wallenstein-neff');
    input.cases.forEach(({ k, N, w }: { k: number; N: number; w: number }, i: number) => {
      expectClose(wallensteinNeff(k, N, w), expected.p[i], tolerance);
      expectClose(binomialUpperTail(k, N, w), expected.binomSingleWindow[i], tolerance);
      // The approximation is claimed good below 0.1 only.
      if (expected.p[i] < 0.1) {
        const simulated = expected.monteCarlo1e5[i];
        const error = Math.sqrt((simulated * (1 - simulated)) / 1e5);
        expect(Math.abs(wallensteinNeff(k, N, w) - simulated)).toBeLessThan(3 * error);
      }
    });
  });

  it('agree with a simulation of their own', () => {
    const random = mulberry32(5);
    let hits = 0;
    for (let i = 0; i < 4000; i++) {
      const times = Array.from({ length: 40 }, random);
      if (fullestWindow(times, 1 / 24).count >= 8) hits++;
    }
    expect(Math.abs(hits / 4000 - 0.0274)).toBeLessThan(0.009);
  });

  it('have the Kulldorff ratio of the reference', () => {
    const { input, expected, tolerance } = reference('kulldorff');
    expectClose(kulldorffRatio(input.c, input.mu, input.N), expected.llr, tolerance);
    expect(kulldorffRatio(3, input.mu, input.N)).toBe(expected.zeroWhenBelow);
    expect(kulldorffRatio(4, 4, 9)).toBe(0);
    expect(kulldorffRatio(9, 3, 9)).toBeCloseTo(9 * Math.log(3), 12);
  });

  it('have the short gaps of the reference', () => {
    const { input, expected, tolerance } = reference('short-gaps');
    const found = shortGapsTest(input.short, input.nGaps, input.ratePerSec, input.gapSec);
    expectClose(found.probability, expected.pShort, tolerance);
    expectClose(found.p, expected.p, tolerance);
    expectRelative(found.p, expected.p, 1e-9);
  });

  it('fill a window that is closed at both ends, the earliest of equals', () => {
    expect(fullestWindow([0, 1, 1.5, 9], 1)).toEqual({ count: 2, start: 0 });
    expect(fullestWindow([9, 1.5, 0, 1], 1.5)).toEqual({ count: 3, start: 0 });
    expect(fullestWindow([0, 5, 6, 6.5], 1.5)).toEqual({ count: 3, start: 5 });
    expect(fullestWindow([], 1)).toEqual({ count: 0, start: null });
    expect(fullestWindow([4], 1)).toEqual({ count: 1, start: 4 });
    const times = [3, 1, 2];
    fullestWindow(times, 1);
    expect(times).toEqual([3, 1, 2]);
    expect(() => fullestWindow([1], 0)).toThrow('width must be a finite number > 0, was 0');
  });

  it('are found in the window that surprises most', () => {
    const found = scanWindows([0.1, 0.11, 0.12, 0.9], [0.05, 0.5]);
    expect(found).toEqual({ ratio: kulldorffRatio(3, 0.2, 4), width: 0.05, count: 3, start: 0.1 });
    expect(scanWindows([], [0.1])).toEqual({ ratio: 0, width: null, count: 0, start: null });
    expect(scanWindows([0, 0.5, 1], [0.5])).toMatchObject({ width: 0.5, count: 2 });
    expect(() => scanWindows([], [1])).toThrow('widths must lie in (0, 1), was 1');
  });

  it('are as improbable as a seeded simulation says', () => {
    const burst = Array.from({ length: 12 }, (_, i) => 0.4 + i * 1e-4);
    const quiet = Array.from({ length: 28 }, (_, i) => i / 28);
    const { ratio } = scanWindows([...burst, ...quiet], [0.01, 0.05]);
    expect(scanP(ratio, 40, [0.01, 0.05], 99, mulberry32(1))).toBe(0.01);
    expect(scanP(0, 40, [0.01, 0.05], 99, mulberry32(1))).toBe(1);
    const middling = scanP(6, 40, [0.01, 0.05], 199, mulberry32(3));
    expect(middling).toBe(scanP(6, 40, [0.01, 0.05], 199, mulberry32(3)));
    expect(middling).toBeGreaterThan(0.01);
    expect(middling).toBeLessThan(0.9);
  });

  it('refuse impossible arguments', () => {
    expect(() => wallensteinNeff(5, 4, 0.1)).toThrow(new RangeError('count must be <= events 4, was 5'));
    expect(() => wallensteinNeff(0, 4, 0.1)).toThrow('count must be a whole number >= 1, was 0');
    expect(() => wallensteinNeff(1, 0, 0.1)).toThrow('events must be a whole number >= 1, was 0');
    expect(() => wallensteinNeff(1, 4, 1)).toThrow('width must lie in (0, 1), was 1');
    expect(wallensteinNeff(1, 40, 0.5)).toBe(1);
    expect(wallensteinNeff(1, 40, 0.001)).toBeLessThanOrEqual(1);
    expect(() => kulldorffRatio(5, 1, 4)).toThrow(new RangeError('count must be <= events 4, was 5'));
    expect(() => kulldorffRatio(1, 0, 4)).toThrow(new RangeError('expected must lie in (0, 4), was 0'));
    expect(() => kulldorffRatio(1, 4, 4)).toThrow(new RangeError('expected must lie in (0, 4), was 4'));
    expect(() => kulldorffRatio(-1, 1, 4)).toThrow('count must be a whole number >= 0, was -1');
    expect(() => kulldorffRatio(0, 1, 0)).toThrow('events must be a whole number >= 1, was 0');
    expect(() => scanP(-1, 4, [0.1], 9, Math.random)).toThrow('ratio must be a finite number >= 0, was -1');
    expect(() => scanP(1, 0, [0.1], 9, Math.random)).toThrow('events must be a whole number >= 1, was 0');
    expect(() => scanP(1, 4, [0.1], 0, Math.random)).toThrow(
      'simulations must be a whole number >= 1, was 0',
    );
    expect(() => shortGapsTest(3, 2, 1, 1)).toThrow(new RangeError('shortGaps must be <= gaps 2, was 3'));
    expect(() => shortGapsTest(-1, 2, 1, 1)).toThrow('shortGaps must be a whole number >= 0, was -1');
    expect(() => shortGapsTest(0, -2, 1, 1)).toThrow('gaps must be a whole number >= 0, was -2');
    expect(() => shortGapsTest(0, 2, 0, 1)).toThrow('rate must be a finite number > 0, was 0');
    expect(() => shortGapsTest(0, 2, 1, 0)).toThrow('gap must be a finite number > 0, was 0');
  });

  it('vary in their gaps by nothing for a clock', () => {
    expect(evenestRun([0, 10, 20, 30], 4)).toEqual({ start: 0, variation: 0 });
    expect(evenestRun([0, 1, 4], 3)!.variation).toBeCloseTo(Math.SQRT2 / 2, 14);
    expect(evenestRun([0, 1], 3)).toBeNull();
    expect(evenestRun([5, 5, 5], 3)).toBeNull();
    expect(() => evenestRun([0, 1, 2], 2)).toThrow('length must be a whole number >= 3, was 2');
  });

  it('are as even by chance as volumes within a simplex say', () => {
    // Shares of g gaps are uniform on a simplex, and gaps of variation up to c the ball about its middle.
    const within = (gaps: number, c: number) => {
      const radius = (c * Math.sqrt(gaps - 1)) / gaps;
      if (gaps === 2) return c / Math.SQRT2;
      if (gaps === 3) return (2 * Math.PI * radius ** 2) / Math.sqrt(3);
      return (12 * Math.PI ** 2 * radius ** 4) / Math.sqrt(5);
    };
    for (const [gaps, c] of [
      [2, 0.5],
      [3, 0.6],
      [5, 0.4],
    ] as const) {
      const exact = within(gaps, c);
      const p = evenRunP(c, gaps + 1, gaps + 1, 9999, mulberry32(gaps));
      expect(Math.abs(p - exact), `${gaps} gaps`).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / 9999));
    }
  });

  it('are as even by chance as in series drawn elsewhere', () => {
    const { input, expected, tolerance } = reference('even-run');
    const found = input.map(({ N, L, c }: Record<'N' | 'L' | 'c', number>) =>
      evenRunP(c, N, L, 9999, mulberry32(5)),
    );
    expectClose(found, expected.p, tolerance);
  });

  it('are rarely as even as a clock, the same for the same seed, and never impossible', () => {
    const p = (variation: number, seed = 7) => evenRunP(variation, 300, 20, 999, mulberry32(seed));
    expect(p(0)).toBe(0.001);
    expect(p(0.5)).toBe(p(0.5));
    expect(p(0.5)).not.toBe(p(0.5, 8));
    expect(p(0.45)).toBeLessThan(p(0.6));
    expect(p(10)).toBe(1);
    expect(() => evenRunP(0.1, 19, 20, 99, mulberry32(1))).toThrow(
      'events must be a whole number >= 20, was 19',
    );
    expect(() => evenRunP(0.1, 20, 2, 99, mulberry32(1))).toThrow(
      'length must be a whole number >= 3, was 2',
    );
    expect(() => evenRunP(-0.1, 20, 20, 99, mulberry32(1))).toThrow('variation');
    expect(() => evenRunP(0.1, 20, 20, 0, mulberry32(1))).toThrow('simulations must be a whole number >= 1');
  });

  it('are most even where they are', () => {
    expect(evenestRun([0, 1, 5, 10, 15, 16], 3)).toEqual({ start: 2, variation: 0 });
    expect(evenestRun([0, 10, 20, 30, 40], 3)!.start).toBe(0);
    expect(evenestRun([5, 5, 5, 9, 11], 3)!.start).toBe(2);
  });
});

describe('records alike', () => {
  it('have the similarities of stringdist and jellyfish', () => {
    const { input, expected, tolerance } = reference('jaro-winkler');
    const pairs: [string, string][] = input.pairs;
    expectClose(
      pairs.map(([a, b]) => jaroSimilarity(a, b)),
      expected.jaro,
      tolerance,
    );
    expectClose(
      pairs.map(([a, b]) => jaroWinklerSimilarity(a, b)),
      expected.jaroWinkler,
      tolerance,
    );
  });

  it('are as similar either way round', () => {
    for (const [a, b] of [
      ['jonathan smith', 'smith jonathan'],
      ['ab', 'ba'],
      ['aaab', 'baaa'],
      ['crate', 'trace'],
    ] as const) {
      expect(jaroSimilarity(a, b)).toBeCloseTo(jaroSimilarity(b, a), 14);
    }
  });

  it('are alike when empty, and like nothing when one is', () => {
    expect(jaroSimilarity('', '')).toBe(1);
    expect(jaroWinklerSimilarity('', '')).toBe(1);
    expect(jaroWinklerSimilarity('a', '')).toBe(0);
    expect(jaroSimilarity('abc', 'xyz')).toBe(0);
    expect(jaroWinklerSimilarity('abcdefgh', 'abcdxxxx')).toBeCloseTo(2 / 3 + 0.4 / 3, 14);
    // The fifth equal character adds nothing.
    expect(jaroWinklerSimilarity('abcdeX', 'abcdeY')).toBeCloseTo(8 / 9 + 0.4 / 9, 14);
    // Short texts match only in place.
    expect(jaroSimilarity('ab', 'ba')).toBe(0);
    // Within half the longer text less one: reach 1 of 5 characters, so only the r and a of crate and trace match.
    expect(jaroSimilarity('crate', 'trace')).toBeCloseTo((3 / 5 + 3 / 5 + 1) / 3, 14);
  });

  it('have the linkage weights of the reference', () => {
    const { input, expected, tolerance } = reference('fellegi-sunter');
    const fields = input.m.map((m: number, i: number) => ({
      agreesIfSame: m,
      agreesIfDifferent: input.u[i],
      agrees: input.gamma[i] === 1,
    }));
    const found = linkageWeight(fields, input.priorMatch);
    expectClose(found.weights, expected.weights, tolerance);
    expectClose(found.total, expected.total, tolerance);
    expectClose(found.posterior, expected.posterior, tolerance);
  });

  it('keep the prior when a field says nothing', () => {
    const silent = { agreesIfSame: 0.4, agreesIfDifferent: 0.4, agrees: true };
    expect(linkageWeight([silent], 0.2)).toEqual({
      weights: [0],
      total: 0,
      posterior: expect.closeTo(0.2, 14),
    });
    const one = { agreesIfSame: 0.9, agreesIfDifferent: 0.1 };
    expect(linkageWeight([{ ...one, agrees: true }], 0.5).posterior).toBeCloseTo(0.9, 14);
    expect(linkageWeight([{ ...one, agrees: false }], 0.5).posterior).toBeCloseTo(0.1, 14);
    expect(() => linkageWeight([], 0.5)).toThrow('fields must hold at least 1 elements, had 0');
    expect(() => linkageWeight([silent], 1)).toThrow('prior must lie in (0, 1), was 1');
    expect(() => linkageWeight([{ ...silent, agreesIfSame: 1 }], 0.5)).toThrow(
      'agreesIfSame must lie in (0, 1), was 1',
    );
    expect(() => linkageWeight([{ ...silent, agreesIfDifferent: 0 }], 0.5)).toThrow(
      'agreesIfDifferent must lie in (0, 1), was 0',
    );
  });
});
