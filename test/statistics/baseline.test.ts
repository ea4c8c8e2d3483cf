import { describe, expect, it } from 'vitest';
import { anscombeResidual, leverage, outlierWeights } from '../../lib/statistics/anscombe.ts';
import { autocorrelation, totalVarianceFactor } from '../../lib/statistics/autocorrelation.ts';
import { type Baseline, type FittedBaseline, fitBaseline } from '../../lib/statistics/baseline.ts';
import {
  type BaselineInput,
  type BaselinePolicy,
  defaultBaselinePolicy,
} from '../../lib/statistics/baseline-input.ts';
import { mulberry32 } from '../../lib/statistics/mulberry32.ts';
import {
  negativeBinomialLowerLimit,
  negativeBinomialLowerTail,
  negativeBinomialUpperLimit,
  negativeBinomialUpperTail,
} from '../../lib/statistics/negative-binomial.ts';
import { normalQuantile } from '../../lib/statistics/normal.ts';
import { fitQuasiPoisson } from '../../lib/statistics/quasi-poisson.ts';
import { trendPValue } from '../../lib/statistics/trend-test.ts';
import { expectClose, expectRelative, reference } from './reference.ts';
import { fitted, noisyCounts, range } from './series.ts';

describe('baseline against R glm and surveillance', () => {
  const { input, expected, tolerance } = reference('baseline');
  const counts: number[] = input.y;
  const day = input.predT - 1;
  const close = (actual: unknown, wanted: unknown, where: string) =>
    expectClose(actual, wanted, tolerance, where);
  const coefficientsOf = ({ coefficients }: FittedBaseline): number[] => [
    coefficients!.intercept,
    ...coefficients!.weekdays.slice(1),
  ];
  const withTrend: BaselinePolicy = {
    ...defaultBaselinePolicy,
    minTrendDays: 56,
    trendAlpha: 0.9,
    maxTrendRise: 10,
  };

  it('has the model without trend, which is the one to use', () => {
    const wanted = expected.finalNoTrend;
    const found = fitted(fitBaseline({ counts, firstWeekday: input.firstDow, predictDays: [day] }));
    expect(found.tier).toBe('A');
    close(found.phiFirst, wanted.phi0, 'phi0');
    close(found.phi, wanted.phi, 'phi');
    close(coefficientsOf(found), wanted.coef, 'coef');
    expect(found.coefficients).toMatchObject({ trendPerDay: null, holiday: null, annual: null });
    expect(found.coefficients!.weekdays[0]).toBe(0);
    expect(found.downweighted).toHaveLength(1);
    expect(found.downweighted[0]!.day).toBe(23);
    close(found.downweighted[0]!.residual, wanted.anscombe_day24, 'residual');
    close(found.downweighted[0]!.weight, wanted.weight_day24, 'weight');
    const { mu, phi, seEta } = found.days[0]!;
    close(mu, wanted.mu, 'mu');
    close(seEta, wanted.seEta, 'seEta');
    close(phi, wanted.phiPred, 'phiPred');
    expect(negativeBinomialUpperLimit(0.01, mu, phi)).toBe(wanted.upper99);
    expect(negativeBinomialUpperLimit(0.001, mu, phi)).toBe(wanted.upper999);
    expect(negativeBinomialLowerLimit(0.01, mu, phi)).toBe(wanted.lower01);
    close(negativeBinomialUpperTail(130, mu, phi), wanted.p_upper_y130, 'upper p');
    close(negativeBinomialLowerTail(40, mu, phi), wanted.p_lower_y40, 'lower p');
    expect(found.sum.mu).toBe(mu);
    expect(found.sum.acfFactor).toBe(1);
    expectRelative(found.sum.phi, phi, 1e-12);
  });

  it('has its total over 28 days with the autocorrelation in it', () => {
    const wanted = expected.finalNoTrend.period28;
    const found = fitted(fitBaseline({ counts, firstWeekday: 1, predictDays: range(28, day) }));
    const { mu, phi, varMean, acf, acfFactor, phiBlock, blocks } = found.sum;
    close(mu, wanted.mu, 'mu');
    close(varMean, wanted.varMean, 'varMean');
    close(acf, wanted.acf1to7, 'acf');
    close(acfFactor, wanted.acfFactor, 'factor');
    close(phi, wanted.phiT, 'phi');
    close(phi * mu, wanted.var, 'variance');
    expect(negativeBinomialUpperLimit(0.01, mu, phi)).toBe(wanted.upper99);
    expect(negativeBinomialLowerLimit(0.01, mu, phi)).toBe(wanted.lower01);
    close(negativeBinomialUpperTail(2200, mu, phi), wanted.p_upper_2200, 'p');
    expect([phiBlock, blocks]).toEqual([null, 2]);
  });

  it('has the model with a trend when policy asks for one', () => {
    const found = fitted(fitBaseline({ counts, firstWeekday: 1, predictDays: [day] }, withTrend));
    close(found.phiFirst, expected.phi0, 'phi0');
    close(found.phi, expected.phi1, 'phi1');
    close(trendPValue(found.trendTest!), expected.trendP, 'trendP');
    close([...coefficientsOf(found), found.coefficients!.trendPerDay], expected.coef1, 'coef1');
    close(found.downweighted[0]!.residual, expected.anscombe_day24, 'residual');
    close(found.downweighted[0]!.weight, expected.weight_day24, 'weight');
    close(found.sum.acf, expected.pearsonAcf1to7, 'acf');
    const { mu, phi, seEta } = found.days[0]!;
    close(mu, expected.mu, 'mu');
    close(seEta, expected.seEta, 'seEta');
    close(phi, expected.phiPred, 'phiPred');
    for (const alpha of [0.05, 0.01, 0.001]) {
      const limits = expected.thresholds[`alpha_${alpha}`];
      const of = (dispersion: number): number[] => [
        negativeBinomialLowerLimit(alpha, mu, dispersion),
        negativeBinomialUpperLimit(alpha, mu, dispersion),
      ];
      expect(of(phi)).toEqual(limits.momentMatched);
      expect(of(found.phi)).toEqual(limits.plugin);
    }
    close(negativeBinomialUpperTail(130, mu, phi), expected.p_upper_y130.momentMatched, 'upper');
    close(negativeBinomialUpperTail(130, mu, found.phi), expected.p_upper_y130.plugin, 'upper plugin');
    close(negativeBinomialLowerTail(40, mu, phi), expected.p_lower_y40.momentMatched, 'lower');
    close(negativeBinomialLowerTail(40, mu, found.phi), expected.p_lower_y40.plugin, 'lower plugin');
  });

  it('has its total with the covariance of the trend in it', () => {
    const wanted = expected.period28;
    const found = fitted(fitBaseline({ counts, firstWeekday: 1, predictDays: range(28, day) }, withTrend));
    const { mu, varMean, acfFactor, phi } = found.sum;
    close(mu, wanted.mu, 'mu');
    close(varMean, wanted.varMean, 'varMean');
    // The reference states the variance before the autocorrelation.
    close((phi * mu) / acfFactor, wanted.var, 'variance');
    close(phi / acfFactor, wanted.phiT, 'phi');
    expect(negativeBinomialUpperLimit(0.01, mu, phi / acfFactor)).toBe(wanted.upper99);
    expect(negativeBinomialLowerLimit(0.01, mu, phi / acfFactor)).toBe(wanted.lower01);
    close(negativeBinomialUpperTail(2200, mu, phi / acfFactor), wanted.p_upper_2200, 'p');
  });

  it('has the residuals and leverages of surveillance and R', () => {
    const model = {
      counts,
      levels: range(56).map((t) => t % 7),
      levelCount: 7,
      covariates: [range(56, 1).map((t) => t / 56)],
    };
    const fit = fitQuasiPoisson(model)!;
    close(leverage(model, fit, 23), expected.hat_day24, 'hat');
    const residuals = counts.map((count, i) =>
      anscombeResidual(count, fit.means[i]!, fit.phi, leverage(model, fit, i)),
    );
    close(residuals.slice(0, 7), expected.anscombe_first7, 'residuals');
    close(residuals[23], expected.anscombe_day24, 'day 24');
    const pulled = outlierWeights(model, fit, input.weightsThreshold)!;
    expect(pulled.outliers.map(({ index }) => index)).toEqual([23]);
    close(pulled.weights[23], expected.weight_day24, 'weight');
    close(pulled.weights[0], expected.weight_other, 'other weights');
    const slope = fit.slopes[0]! / 56;
    const coefficients = Array.from(fit.levelMeans, (mean) => Math.log(mean / fit.levelMeans[0]!)).slice(1);
    close([Math.log(fit.levelMeans[0]!), ...coefficients, slope], expected.coef0, 'coef0');
  });
});

describe('what a baseline needs', () => {
  const steady = (length: number, value = 3): (number | null)[] => new Array(length).fill(value);
  const ask = (counts: (number | null)[], more: Partial<BaselineInput> = {}): Baseline =>
    fitBaseline({ counts, firstWeekday: 1, predictDays: [counts.length], ...more });

  it('is insufficient on 27 valid days and robust on 28', () => {
    expect(ask(steady(27))).toEqual({
      status: 'insufficient_data',
      reason: 'few-days',
      validDays: 27,
      missingShare: 0,
      total: 81,
    });
    expect(ask(steady(28))).toMatchObject({ status: 'ok', tier: 'B', validDays: 28, total: 84 });
  });

  it('is robust on 55 valid days and a regression on 56', () => {
    expect(ask(steady(55))).toMatchObject({ tier: 'B', validDays: 55 });
    expect(ask(steady(56))).toMatchObject({ tier: 'A', validDays: 56 });
  });

  it('is insufficient with more than a fifth of the days missing, missing is not zero', () => {
    const gaps = (missing: number): (number | null)[] => [...steady(80), ...new Array(missing).fill(null)];
    expect(ask(gaps(20))).toMatchObject({ status: 'ok', missingShare: 0.2, validDays: 80 });
    expect(ask(gaps(21))).toMatchObject({
      status: 'insufficient_data',
      reason: 'missing-days',
      missingShare: 21 / 101,
      validDays: 80,
    });
    const zeros = fitted(ask([...steady(56), ...new Array(7).fill(0)]));
    expect(zeros.validDays).toBe(63);
    expect(zeros.missingShare).toBe(0);
  });

  it('does not count days left out as missing', () => {
    const include = range(100).map((day) => day < 60);
    expect(ask(steady(100), { include })).toMatchObject({ status: 'ok', validDays: 60, missingShare: 0 });
    expect(ask([null, null], { include: [false, false] })).toMatchObject({
      reason: 'few-days',
      missingShare: 1,
    });
  });

  it('needs four days of every weekday', () => {
    const counts = steady(42).map((count, day) => (day % 7 === 2 && day > 20 ? null : count));
    expect(ask(counts)).toMatchObject({ reason: 'few-days-per-weekday', validDays: 39 });
    counts[23] = 3;
    expect(ask(counts)).toMatchObject({ status: 'ok' });
  });

  it('needs thirty counts', () => {
    const counts: number[] = new Array(56).fill(0);
    range(29).forEach((day) => {
      counts[day] = 1;
    });
    expect(ask(counts)).toMatchObject({ reason: 'few-counts', total: 29 });
    counts[40] = 1;
    expect(ask(counts)).toMatchObject({ status: 'ok', total: 30 });
  });

  it('does not test single days of less than one count', () => {
    const counts = range(60).map((day) => (day % 2 === 0 ? 2 : 0));
    expect(fitted(ask(counts)).isDailyTestable).toBe(true);
    expect(fitted(ask([...counts, 0])).isDailyTestable).toBe(false);
  });

  it('refuses impossible input', () => {
    expect(() => ask([1, -1])).toThrow(new RangeError('counts must be finite and >= 0, was -1 on day 1'));
    expect(() => ask([Number.NaN])).toThrow('counts must be finite and >= 0, was NaN on day 0');
    expect(() => ask([Number.POSITIVE_INFINITY])).toThrow(
      'counts must be finite and >= 0, was Infinity on day 0',
    );
    expect(() => ask([1], { firstWeekday: 0 })).toThrow(
      new RangeError('firstWeekday must lie in 1..7, was 0'),
    );
    expect(() => ask([1], { firstWeekday: 8 })).toThrow(
      new RangeError('firstWeekday must lie in 1..7, was 8'),
    );
    expect(() => ask([1], { firstWeekday: 1.5 })).toThrow('firstWeekday must be a whole number, was 1.5');
    expect(() => ask([1], { predictDays: [] })).toThrow(
      new RangeError('predictDays must hold at least one day'),
    );
    expect(() => ask([1], { predictDays: [-1] })).toThrow('predictDays must be a whole number >= 0, was -1');
    expect(() => ask([1], { firstDayOfYear: 0 })).toThrow(
      'firstDayOfYear must be a whole number >= 1, was 0',
    );
  });
});

describe('totals over a period', () => {
  it('are no surer than earlier blocks of the same length', () => {
    // Blocks of 28 days alternate between two levels: drift that no weekday explains.
    const drift = (day: number): number => (Math.floor(day / 28) % 2 === 0 ? 45 : 55);
    const counts = noisyCounts(196, drift, 9);
    const policy = { ...defaultBaselinePolicy, minTrendDays: 1000 };
    const found = fitted(fitBaseline({ counts, firstWeekday: 1, predictDays: range(28, 196) }, policy));
    expect(found.sum.blocks).toBe(7);
    let spread = 0;
    const mean = (day: number): number => found.days[day % 7]!.mu;
    for (let block = 0; block < 7; block++) {
      const days = range(28, 28 * block);
      const held = days.reduce((sum, day) => sum + counts[day]!, 0);
      const expectation = days.reduce((sum, day) => sum + mean(day), 0);
      spread += (held - expectation) ** 2 / expectation;
    }
    expect(found.sum.phiBlock).toBeCloseTo(spread / 6, 8);
    const { mu, varMean, acfFactor, phiBlock, phi } = found.sum;
    const byDays = ((found.phi * mu + varMean) * acfFactor) / mu;
    const byBlocks = phiBlock! + (varMean * acfFactor) / mu;
    expect(phi).toBeCloseTo(Math.max(byDays, byBlocks), 10);
    expect(byBlocks).toBeGreaterThan(byDays);
  });

  it('look at blocks from seven days and six blocks on', () => {
    const counts = noisyCounts(62, () => 40, 2);
    const of = (days: number): FittedBaseline['sum'] =>
      fitted(fitBaseline({ counts, firstWeekday: 1, predictDays: range(days, 62) })).sum;
    expect(of(6)).toMatchObject({ blocks: 0, phiBlock: null });
    expect(of(7).blocks).toBe(8);
    expect(of(7).phiBlock).not.toBeNull();
    expect(of(10).blocks).toBe(6);
    expect(of(10).phiBlock).not.toBeNull();
    expect(of(11)).toMatchObject({ blocks: 5, phiBlock: null });
  });

  it('leave blocks out that miss more than a fifth of their days', () => {
    const counts: (number | null)[] = noisyCounts(80, () => 40, 2);
    for (const day of [71, 73]) counts[day] = null;
    const of = (): FittedBaseline['sum'] =>
      fitted(fitBaseline({ counts, firstWeekday: 1, predictDays: range(10, 80) })).sum;
    expect(of().blocks).toBe(8);
    counts[75] = null;
    expect(of().blocks).toBe(7);
  });

  it('widen by positive autocorrelation only', () => {
    expect(autocorrelation([1, -1, 1, -1], 2)).toEqual([-0.75, 0.5]);
    expect(autocorrelation([0, 0, 0], 2)).toEqual([0, 0]);
    expect(autocorrelation([2], 1)).toEqual([0]);
    const residuals = noisyCounts(40, () => 9).map((count) => count! - 9);
    const product = (lag: number) =>
      residuals.slice(lag).reduce((sum, residual, i) => sum + residual * residuals[i]!, 0);
    for (const lags of [1, 7, 8, 17, 41])
      expect(autocorrelation(residuals, lags)).toEqual(
        Array.from({ length: lags }, (_, k) => product(k + 1) / product(0)),
      );
    expect(totalVarianceFactor([-0.75, 0.5], 4)).toBe(1.5);
    expect(totalVarianceFactor([0.5], 2)).toBe(1.5);
    expect(totalVarianceFactor([0.5, 0.5], 2)).toBe(1.5);
    expect(totalVarianceFactor([0.5], 1)).toBe(1);
    expect(totalVarianceFactor([], 5)).toBe(1);
    expect(() => autocorrelation([1], 0)).toThrow('lags must be a whole number >= 1, was 0');
    expect(() => totalVarianceFactor([1], 0)).toThrow('days must be a whole number >= 1, was 0');
  });

  it('sum what their days expect', () => {
    const counts = noisyCounts(100, (day) => (day % 7 > 4 ? 20 : 60));
    const found = fitted(fitBaseline({ counts, firstWeekday: 1, predictDays: [101, 103, 108] }));
    expect(found.days.map(({ day }) => day)).toEqual([101, 103, 108]);
    expect(found.sum.mu).toBeCloseTo(
      found.days.reduce((sum, { mu }) => sum + mu, 0),
      10,
    );
  });
});

describe('downweighting', () => {
  it('keeps a past outbreak from raising the limit', () => {
    const clean = noisyCounts(70, () => 50, 4);
    const inflated = clean.map((count, day) => (day === 30 ? count + 200 : count));
    const before = fitted(fitBaseline({ counts: clean, firstWeekday: 1, predictDays: [72] }));
    const after = fitted(fitBaseline({ counts: inflated, firstWeekday: 1, predictDays: [72] }));
    expect(after.downweighted.map(({ day }) => day)).toEqual([30]);
    expect(after.phi).toBeLessThan(after.phiFirst / 3);
    // Day 72 is a Wednesday like day 30; its mean moves by little.
    expect(after.days[0]!.mu / before.days[0]!.mu).toBeLessThan(1.15);
  });

  it('does not pull a dip up', () => {
    const dipped = noisyCounts(70, () => 50, 4).map((count, day) => (day === 30 ? 0 : count));
    const found = fitted(fitBaseline({ counts: dipped, firstWeekday: 1, predictDays: [72] }));
    expect(found.downweighted).toEqual([]);
    expect(found.phi).toBe(found.phiFirst);
  });
});

describe('false alarms', () => {
  it('of a one-day test stay near its level on honest weeks', () => {
    // Gamma-mixed Poisson counts with dispersion 2; 400 histories, one tested day each.
    const random = mulberry32(2024);
    const normal = (): number => normalQuantile(Math.min(1 - 1e-12, Math.max(1e-12, random())));
    const draw = (mean: number): number => {
      // Wilson-Hilferty gamma of shape mean (dispersion 2 means scale 1), then Poisson by inversion.
      const gamma = mean * (1 - 1 / (9 * mean) + normal() / (3 * Math.sqrt(mean))) ** 3;
      let term = Math.exp(-gamma);
      let reached = term;
      const u = random();
      let count = 0;
      while (reached < u && count < 1000) {
        count++;
        term *= gamma / count;
        reached += term;
      }
      return count;
    };
    let alarms = 0;
    for (let history = 0; history < 400; history++) {
      const mean = (day: number): number => (day % 7 > 4 ? 15 : 40);
      const counts = range(70).map((day) => draw(mean(day)));
      const { days } = fitted(fitBaseline({ counts, firstWeekday: 1, predictDays: [75] }));
      if (negativeBinomialUpperTail(draw(mean(75)), days[0]!.mu, days[0]!.phi) <= 0.05) alarms++;
    }
    expect(alarms / 400).toBeGreaterThan(0.02);
    expect(alarms / 400).toBeLessThan(0.085);
  });
});
