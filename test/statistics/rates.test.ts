import { describe, expect, it } from 'vitest';
import { binomialLowerTail, binomialUpperTail } from '../../lib/statistics/binomial.ts';
import {
  conditionalRateTest,
  eTestLower,
  partTails,
  rateRatioInterval,
} from '../../lib/statistics/conditional-rate-test.ts';
import { intersectionUnionP } from '../../lib/statistics/intersection-union.ts';
import { laneyChart } from '../../lib/statistics/laney-chart.ts';
import { negativeBinomialLowerTail } from '../../lib/statistics/negative-binomial.ts';
import {
  expectFromElasticExposure,
  expectFromExposure,
  fitElasticity,
} from '../../lib/statistics/rate-given-exposure.ts';
import { irls } from './irls.ts';
import { expectClose, expectRelative, reference } from './reference.ts';

describe('conditional rate test', () => {
  it('equals R and VGAM', () => {
    const { input, expected, tolerance } = reference('conditional-rate-test');
    const { x1, n1, x2, n2, phi } = input;
    const found = conditionalRateTest(x1, n1, x2, n2, phi);
    expectClose(found.share, expected.pi, tolerance);
    expectClose(found.lower, expected.pBetaBinomial, tolerance);
    expectClose(found.rateRatio, expected.rateRatio, tolerance);
    const weight = (x1 + x2) / (phi - 1);
    expectClose(weight * found.share, expected.bbAlpha, tolerance);
    expectClose(weight * (1 - found.share), expected.bbBeta, tolerance);
    const poisson = conditionalRateTest(x1, n1, x2, n2, 1);
    expectClose(poisson.lower, expected.pBinomial, tolerance);
    expectClose(poisson.lower, expected.pPoissonTest, tolerance);
    expectClose(rateRatioInterval(x1, n1, x2, n2, 0.95), expected.rateRatioCI95, tolerance);
  });

  it('equals statsmodels, as does the E-test beside it', () => {
    const { input, expected, tolerance } = reference('e-test');
    const { x1, n1, x2, n2 } = input;
    expectClose(eTestLower(x1, n1, x2, n2), expected.etest_p, tolerance);
    expectRelative(eTestLower(x1, n1, x2, n2), expected.etest_p, 1e-9);
    expectRelative(conditionalRateTest(x1, n1, x2, n2, 1).lower, expected.exactCond_p, 1e-9);
    // The score test's own p is that of its statistic under a normal law; it brackets the E-test from above.
    expect(eTestLower(x1, n1, x2, n2)).toBeLessThan(expected.score_p);
  });

  it('finds nothing without an event', () => {
    expect(conditionalRateTest(0, 10, 0, 10, 3)).toEqual({ share: 0.5, lower: 1, upper: 1, rateRatio: null });
    expect(conditionalRateTest(0, 10, 2, 10, 1).rateRatio).toBeNull();
    expect(eTestLower(0, 10, 0, 10)).toBe(1);
  });

  it('does not depend on the unit of exposure', () => {
    const hours = conditionalRateTest(40, 600, 5, 300, 1.7);
    const minutes = conditionalRateTest(40, 36_000, 5, 18_000, 1.7);
    expect(minutes.lower).toBeCloseTo(hours.lower, 14);
    expect(minutes.rateRatio).toBeCloseTo(hours.rateRatio!, 14);
    expect(eTestLower(40, 36_000, 5, 18_000)).toBeCloseTo(eTestLower(40, 600, 5, 300), 12);
  });

  it('is lenient to a high current rate and strict to a low one', () => {
    expect(eTestLower(40, 600, 60, 300)).toBeGreaterThan(0.99);
    expect(conditionalRateTest(40, 600, 60, 300, 2).upper).toBeLessThan(0.001);
  });

  it('refuses impossible arguments', () => {
    for (const test of [conditionalRateTest, eTestLower] as ((...values: number[]) => unknown)[]) {
      expect(() => test(-1, 1, 1, 1, 1)).toThrow('baselineEvents must be a whole number >= 0, was -1');
      expect(() => test(1, 0, 1, 1, 1)).toThrow('baselineExposure must be a finite number > 0, was 0');
      expect(() => test(1, 1, 0.5, 1, 1)).toThrow('currentEvents must be a whole number >= 0, was 0.5');
      expect(() => test(1, 1, 1, -2, 1)).toThrow('currentExposure must be a finite number > 0, was -2');
    }
    expect(() => conditionalRateTest(1, 1, 1, 1, 0.5)).toThrow('phi must be a finite number >= 1, was 0.5');
    expect(() => rateRatioInterval(0, 1, 1, 1, 0.9)).toThrow(
      'baselineEvents must be a whole number >= 1, was 0',
    );
    expect(() => rateRatioInterval(1, 0, 1, 1, 0.9)).toThrow(
      'baselineExposure must be a finite number > 0, was 0',
    );
    expect(() => rateRatioInterval(1, 1, 0, 1, 0.9)).toThrow(
      'currentEvents must be a whole number >= 1, was 0',
    );
    expect(() => rateRatioInterval(1, 1, 1, 0, 0.9)).toThrow(
      'currentExposure must be a finite number > 0, was 0',
    );
    expect(() => rateRatioInterval(1, 1, 1, 1, 1)).toThrow('confidence must lie in (0, 1), was 1');
  });
});

describe('part of a total', () => {
  it('is binomial without overdispersion and approaches it continuously', () => {
    expect(partTails(42, 120, 0.18, 1).upper).toBe(binomialUpperTail(42, 120, 0.18));
    expect(partTails(42, 120, 0.18, 1).lower).toBe(binomialLowerTail(42, 120, 0.18));
    expectRelative(partTails(42, 120, 0.18, 1 + 1e-9).upper, binomialUpperTail(42, 120, 0.18), 1e-6);
  });

  it('equals the reference of a surge at the end of a period', () => {
    const { input, expected, tolerance } = reference('period-end-surge');
    const { N, xEnd, pi, phi } = input;
    expectClose(partTails(xEnd, N, pi, phi).upper, expected.pBetaBinomial, tolerance);
    expectClose(partTails(xEnd, N, pi, 1).upper, expected.pBinomial, tolerance);
    const weight = N / (phi - 1);
    expectClose([weight * pi, weight * (1 - pi)], [expected.alpha, expected.beta], tolerance);
    expectClose(xEnd - N * pi, expected.excess, tolerance);
    expectClose(xEnd / N / pi, expected.surgeRatio, tolerance);
  });

  it('refuses a part larger than its total', () => {
    expect(() => partTails(5, 4, 0.5, 2)).toThrow(new RangeError('part must be <= total 4, was 5'));
    expect(() => partTails(-5, 4, 0.5, 2)).toThrow('part must be a whole number >= 0, was -5');
    expect(() => partTails(0, -4, 0.5, 2)).toThrow('total must be a whole number >= 0, was -4');
    expect(() => partTails(1, 4, 1, 2)).toThrow('share must lie in (0, 1), was 1');
    expect(() => partTails(1, 4, 0.5, 0)).toThrow('phi must be a finite number >= 1, was 0');
  });
});

describe('events given exposure', () => {
  const { input, expected, tolerance } = reference('rate-given-exposure');
  const newExposure = input.newSessions.reduce((sum: number, value: number) => sum + value, 0);

  it('equals R glm with an offset', () => {
    const found = expectFromExposure(input.leads, input.sessions, newExposure);
    expectClose(found.rate, expected.rate, tolerance);
    expectClose(found.mu, expected.mu, tolerance);
    expectClose(found.seEta, expected.seEta, tolerance);
    expectClose(
      negativeBinomialLowerTail(input.newLeads, found.mu, found.phi),
      expected.pLower,
      tolerance,
      'pLower',
    );
    const elastic = fitElasticity(input.leads, input.sessions, 0.95)!;
    expectClose(elastic.elasticity, expected.elasticity, tolerance);
    expectClose(elastic.standardError, expected.elasticitySE, tolerance);
  });

  it('has the dispersion at convergence, where R reports that of its last step but one', () => {
    const rows = input.leads.map(() => [1]);
    const offset = input.sessions.map(Math.log);
    // R's default stops at 1e-8 and divides by the weights before the last step; that is the reference value.
    const asR = irls(input.leads, rows, { offset, epsilon: 1e-8 });
    expectClose(asR.workingDispersion, expected.phiRaw, tolerance);
    expectClose(Math.max(1, asR.workingDispersion), expected.phi, tolerance);
    const seEta = Math.sqrt(asR.workingDispersion * asR.covariance[0]![0]!);
    expectClose(expected.phi + expected.mu * seEta ** 2, expected.phiPred, 1e-5);
    const found = expectFromExposure(input.leads, input.sessions, newExposure);
    expectRelative(found.phiRaw, irls(input.leads, rows, { offset }).dispersion, 1e-12);
    expect(found.phiHistory).toBe(found.phiRaw);
    expectRelative(found.phi, expected.phiPred, 1e-5);
    expectRelative(found.phi, found.phiHistory + found.mu * found.seEta ** 2, 1e-14);
  });

  it('never takes counts for less dispersed than Poisson', () => {
    const found = expectFromExposure([10, 10, 10], [5, 5, 5], 15);
    expect(found.phiRaw).toBe(0);
    expect(found.phiHistory).toBe(1);
    expect(found.mu).toBeCloseTo(30, 12);
    expect(found.phi).toBeCloseTo(1 + 30 / 30, 12);
  });

  it('is the same in sessions and in thousands of sessions', () => {
    const thousands = input.sessions.map((value: number) => value / 1000);
    const found = expectFromExposure(input.leads, thousands, newExposure / 1000);
    const plain = expectFromExposure(input.leads, input.sessions, newExposure);
    expectRelative(found.mu, plain.mu, 1e-12);
    expectRelative(found.phi, plain.phi, 1e-12);
    expectRelative(found.rate, 1000 * plain.rate, 1e-12);
    expectRelative(
      fitElasticity(input.leads, thousands, 0.95)!.elasticity,
      fitElasticity(input.leads, input.sessions, 0.95)!.elasticity,
      1e-9,
    );
  });

  it('puts the interval of the elasticity at the t quantile of its degrees of freedom', () => {
    const { elasticity, standardError, interval } = fitElasticity(input.leads, input.sessions, 0.95)!;
    // qt(0.975, 26)
    expect(interval[1] - elasticity).toBeCloseTo(2.055529438642871 * standardError, 9);
    expect(elasticity - interval[0]).toBeCloseTo(2.055529438642871 * standardError, 9);
  });

  it('has elasticity 1 where events grow in proportion', () => {
    expect(fitElasticity([1, 2, 4], [10, 20, 40], 0.95)!.elasticity).toBeCloseTo(1, 9);
    expect(fitElasticity([1, 4, 16], [10, 20, 40], 0.95)!.elasticity).toBeCloseTo(2, 9);
  });

  it('extends a power to new exposure', () => {
    const found = expectFromElasticExposure([1, 4, 16], [10, 20, 40], [80, 80])!;
    expect(found.mu).toBeCloseTo(128, 6);
    expect(found.rate).toBeCloseTo(0.8, 8);
    expect(found.phiHistory).toBe(1);
    // Independent: var of log mean at log 80 by the textbook fit.
    const fit = irls(
      [1, 4, 16],
      [10, 20, 40].map((x) => [1, Math.log(x)]),
    );
    const x = [1, Math.log(80)];
    let variance = 0;
    for (let i = 0; i < 2; i++)
      for (let j = 0; j < 2; j++) variance += x[i]! * fit.covariance[i]![j]! * x[j]!;
    expect(found.seEta).toBeCloseTo(Math.sqrt(variance), 8);
    expect(found.phi).toBeCloseTo(1 + 128 * variance, 5);
  });

  it('has no elasticity where exposure never varies', () => {
    expect(fitElasticity([1, 2, 3], [5, 5, 5], 0.95)).toBeNull();
    expect(expectFromElasticExposure([1, 2, 3], [5, 5, 5], [5])).toBeNull();
  });

  it('refuses what gives no rate', () => {
    expect(() => expectFromExposure([1], [1], 1)).toThrow('counts must hold at least 2 elements, had 1');
    expect(() => expectFromExposure([1, 2], [1], 1)).toThrow('counts and exposure must have the same length');
    expect(() => expectFromExposure([1, 2], [1, 0], 1)).toThrow(
      'exposure must be a finite number > 0, was 0',
    );
    expect(() => expectFromExposure([0, 0], [1, 1], 1)).toThrow('level 0 must hold a count above 0');
    expect(() => expectFromExposure([1, 2], [1, 1], 0)).toThrow(
      'newExposure must be a finite number > 0, was 0',
    );
    expect(() => fitElasticity([1, 2], [1, 2], 0.9)).toThrow('counts must hold at least 3 elements, had 2');
    expect(() => fitElasticity([1, 2, 3], [1, 2, 4], 1)).toThrow(RangeError);
    expect(() => expectFromElasticExposure([1, 2, 3], [1, 2, 4], [])).toThrow(
      'newExposures must hold at least 1 elements, had 0',
    );
    expect(() => expectFromElasticExposure([1, 2, 3], [1, 2, 4], [0])).toThrow(
      'newExposures must be a finite number > 0, was 0',
    );
  });
});

describe('intersection-union test', () => {
  it('is the largest of the p-values', () => {
    const { input, expected, tolerance } = reference('intersection-union');
    const found = intersectionUnionP([input.pTrafficUp, input.pLeadsGivenTrafficDown]);
    expectClose(found, expected.pDecoupling, tolerance);
  });
  it('refuses what is no p-value', () => {
    expect(() => intersectionUnionP([])).toThrow('pValues must hold at least 1 elements, had 0');
    expect(() => intersectionUnionP([0.1, 1.1])).toThrow('p must lie in [0, 1], was 1.1');
  });
});

describe("Laney p' chart", () => {
  const { input, expected, tolerance } = reference('laney-chart');

  it('equals the reference', () => {
    const baseline = input.baselineIndex.map((index: number) => index - 1);
    const chart = laneyChart(input.x, input.n, baseline);
    expectClose(chart.centre, expected.pbar, tolerance);
    expectClose(chart.z, expected.z, tolerance);
    expectClose(chart.sigmaZ, expected.sigmaZ, tolerance);
    expectClose(Math.max(1, chart.sigmaZ), expected.sigmaZused, tolerance);
    expectClose(chart.lower, expected.lcl, tolerance);
    expectClose(chart.upper, expected.ucl, tolerance);
  });

  it('is never narrower than a binomial chart and stays within 0 and 1', () => {
    const chart = laneyChart([5, 5, 9], [10, 10, 10], [0, 1]);
    expect(chart.sigmaZ).toBe(0);
    expect(chart.upper[2]).toBeCloseTo(0.5 + 3 * Math.sqrt(0.025), 14);
    expect(laneyChart([1, 1, 1], [2, 2, 2], [0, 1])).toMatchObject({ lower: [0, 0, 0], upper: [1, 1, 1] });
  });

  it('refuses what is no baseline', () => {
    expect(() => laneyChart([1, 2], [9, 9], [0])).toThrow('baseline must hold at least 2 elements, had 1');
    expect(() => laneyChart([1, 2], [9], [0, 1])).toThrow('events and sizes must have the same length');
    expect(() => laneyChart([1, 2], [9, 9], [0, 2])).toThrow('baseline must hold indexes below 2, had 2');
    expect(() => laneyChart([1, 2], [9, 9], [0, -1])).toThrow('baseline must be a whole number >= 0, was -1');
    expect(() => laneyChart([10, 2], [9, 9], [0, 1])).toThrow('events must be <= their size 9, was 10');
    expect(() => laneyChart([0.5, 2], [9, 9], [0, 1])).toThrow('events must be a whole number >= 0, was 0.5');
    expect(() => laneyChart([0, 2], [0, 9], [0, 1])).toThrow('sizes must be a finite number > 0, was 0');
    expect(() => laneyChart([0, 0], [9, 9], [0, 1])).toThrow('the baseline share must lie in (0, 1), was 0');
    expect(() => laneyChart([9, 9], [9, 9], [0, 1])).toThrow('the baseline share must lie in (0, 1), was 1');
  });
});
