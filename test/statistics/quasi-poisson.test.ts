import { describe, expect, it } from 'vitest';
import { anscombeResidual, leverage, outlierWeights } from '../../lib/statistics/anscombe.ts';
import { fitQuasiPoisson, predictorVariance } from '../../lib/statistics/quasi-poisson.ts';
import { irls } from './irls.ts';
import { expectClose, expectRelative } from './reference.ts';
import { noisyCounts, range, rows } from './series.ts';

describe('quasi-Poisson regression against the textbook algorithm', () => {
  const length = 120;
  const profile = (day: number): number => (day % 7 > 4 ? 20 : 60) * Math.exp(0.004 * day);
  const counts = noisyCounts(length, profile);
  const levels = range(length).map((day) => day % 7);
  const trend = (day: number): number => day / length;
  const season = (day: number): number => Math.cos(day / 9);
  const other = (day: number): number => (day % 11 === 3 ? 1 : 0);
  const weights = range(length).map((day) => (day % 13 === 0 ? 0.2 : 1.05));

  it.each([
    ['levels alone', []],
    ['one covariate', [trend]],
    ['three covariates', [trend, season, other]],
  ])('agrees with %s, weighted', (_, columns) => {
    const oracle = irls(counts, rows(length, 1, ...columns), { weights });
    const fit = fitQuasiPoisson({
      counts,
      levels,
      levelCount: 7,
      covariates: columns.map((column) => range(length).map(column)),
      weights,
    })!;
    expectClose([...fit.means], oracle.means, 1e-9);
    expectRelative(fit.phiRaw, oracle.dispersion, 1e-9);
    expect(fit.degrees).toBe(length - 7 - columns.length);
    expectClose([...fit.slopes], oracle.coefficients.slice(7), 1e-9);
    // The variance of the log mean on a Wednesday, day 100, by both.
    const at = columns.map((column) => column(100));
    const x = [1, 0, 1, 0, 0, 0, 0, ...at];
    let variance = 0;
    x.forEach((left, i) => {
      x.forEach((right, j) => {
        variance += left * oracle.covariance[i]![j]! * right;
      });
    });
    expectRelative(predictorVariance(fit, [0, 0, 1, 0, 0, 0, 0], at), variance, 1e-9);
  });

  it('reaches the same fit from a start given to it', () => {
    const model = { counts, levels, levelCount: 7, covariates: [range(length).map(trend)] };
    const cold = fitQuasiPoisson(model)!;
    const warm = fitQuasiPoisson({ ...model, start: [1.5] })!;
    expectClose([...warm.slopes], [...cold.slopes], 1e-12);
    expect([...fitQuasiPoisson({ ...model, start: cold.slopes })!.slopes]).toEqual([...cold.slopes]);
  });

  it('raises the dispersion to 1 and keeps the raw one', () => {
    const fit = fitQuasiPoisson({
      counts: [5, 5, 9, 9],
      levels: [0, 0, 1, 1],
      levelCount: 2,
      covariates: [],
    })!;
    expect(fit).toMatchObject({ phiRaw: 0, phi: 1, degrees: 2 });
    expect([...fit.levelMeans]).toEqual([5, 9]);
    expect([...fit.levelInformation]).toEqual([10, 18]);
    expect(predictorVariance(fit, [1, 0], [])).toBe(0.1);
    expect(predictorVariance(fit, [3, 2], [])).toBeCloseTo(9 / 10 + 4 / 18, 14);
  });

  it('climbs a steep slope without running out of steps', () => {
    // Forty times the counts on the marked days: an undamped Newton step would overshoot beyond recovery.
    const model = {
      counts: [5, 4, 6, 5, 200, 190, 210],
      levels: [0, 0, 0, 0, 0, 0, 0],
      levelCount: 1,
      covariates: [[0, 0, 0, 0, 1, 1, 1]],
    };
    const fit = fitQuasiPoisson(model)!;
    expect(fit.slopes[0]).toBeCloseTo(Math.log(40), 9);
    expect(fit.levelMeans[0]).toBeCloseTo(5, 9);
  });

  it('is null where a covariate is constant or a slope runs away', () => {
    const base = { counts: [4, 5, 6, 7], levels: [0, 0, 0, 0], levelCount: 1 };
    expect(fitQuasiPoisson({ ...base, covariates: [[1, 1, 1, 1]] })).toBeNull();
    expect(
      fitQuasiPoisson({
        ...base,
        covariates: [
          [0, 0, 1, 1],
          [1, 1, 0, 0],
        ].map((c) => c),
      }),
    ).toBeNull();
    expect(fitQuasiPoisson({ ...base, counts: [4, 5, 0, 0], covariates: [[0, 0, 1, 1]] })).toBeNull();
  });

  it('refuses an empty level and too few observations', () => {
    const model = { counts: [0, 0, 3, 4], levels: [0, 0, 1, 1], levelCount: 2, covariates: [] };
    expect(() => fitQuasiPoisson(model)).toThrow(new RangeError('level 0 must hold a count above 0'));
    expect(() => fitQuasiPoisson({ ...model, counts: [1, 2], levels: [0, 1] })).toThrow(
      new RangeError('2 observations are too few for 2 coefficients'),
    );
  });

  it('weighs nothing down where nothing stands out', () => {
    const model = { counts, levels, levelCount: 7, covariates: [range(length).map(trend)] };
    const fit = fitQuasiPoisson(model)!;
    expect(outlierWeights(model, fit, 50)).toBeNull();
    const all = outlierWeights(model, fit, 0.5)!;
    expect(all.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(length, 9);
    for (const { index, residual } of all.outliers) {
      expect(counts[index]!).toBeGreaterThan(fit.means[index]!);
      expect(residual).toBeGreaterThan(0.5);
    }
    // Exactly those whose residual, computed without the shortcut, lies above the threshold.
    const direct = counts.flatMap((count, i) =>
      anscombeResidual(count, fit.means[i]!, fit.phi, leverage(model, fit, i)) > 0.5 ? [i] : [],
    );
    expect(all.outliers.map(({ index }) => index)).toEqual(direct);
  });

  it('has Anscombe residuals of closed value', () => {
    expect(anscombeResidual(8, 1, 1, 0)).toBeCloseTo(4.5, 14);
    expect(anscombeResidual(8, 1, 4, 0.75)).toBeCloseTo(4.5, 14);
    expect(anscombeResidual(1, 1, 2, 0.1)).toBe(0);
    expect(anscombeResidual(0, 64, 1, 0)).toBeCloseTo(-12, 13);
  });
});
