import { describe, expect, it } from 'vitest';
import { betaBinomialTails, betaBinomialUpperTail } from '../../lib/statistics/beta-binomial.ts';
import { binomialLowerTail, binomialUpperTail } from '../../lib/statistics/binomial.ts';
import { hypergeometricTails } from '../../lib/statistics/hypergeometric.ts';
import {
  negativeBinomialLowerTail,
  negativeBinomialProbability,
  negativeBinomialUpperTail,
} from '../../lib/statistics/negative-binomial.ts';
import { poissonLowerTail, poissonUpperTail } from '../../lib/statistics/poisson.ts';
import {
  exactBetaBinomialTails,
  exactBinomialTails,
  exactHypergeometricTails,
  multipliedBetaBinomialTails,
  summedNegativeBinomialTails,
} from './exact-sums.ts';
import { expectRelative } from './reference.ts';

interface Walked {
  readonly below: number;
  readonly probability: number;
  readonly above: number;
}

/** A distribution multiplied out from its mode by the ratio P(k + 1) / P(k), cut at `x`, in shares of all. */
function walk(x: number, mode: number, reach: number, ratio: (k: number) => number): Walked {
  let [below, at, above, weight] = [0, 0, 0, 1];
  const add = (k: number) => {
    if (k < x) below += weight;
    else if (k > x) above += weight;
    else at = weight;
  };
  for (let k = mode; k < mode + reach; k++) {
    add(k);
    weight *= ratio(k);
  }
  weight = 1;
  for (let k = mode; k > Math.max(0, mode - reach); k--) {
    weight /= ratio(k - 1);
    add(k - 1);
  }
  const all = below + at + above;
  return { below: below / all, probability: at / all, above: above / all };
}

describe('tails against independent sums', () => {
  const deviations = [-8, -6, -3, -1, 0, 1, 3, 6, 8];

  it('binomial tails are exact to 1e-12 of themselves down to 1e-16', () => {
    for (const n of [1, 5, 40, 300, 1200]) {
      for (const part of [1, 32, 128, 200]) {
        const p = part / 256;
        for (const z of deviations) {
          const x = Math.round(n * p + z * Math.sqrt(n * p * (1 - p)));
          if (x < 0 || x > n) continue;
          const [lower, upper] = exactBinomialTails(x, n, part, 256);
          if (lower > 1e-16) expectRelative(binomialLowerTail(x, n, p), lower, 1e-12, `lower ${x}/${n} ${p}`);
          if (upper > 1e-16) expectRelative(binomialUpperTail(x, n, p), upper, 1e-12, `upper ${x}/${n} ${p}`);
        }
      }
    }
  });

  it('negative binomial and Poisson tails are exact to 1e-12 of themselves down to 1e-16', () => {
    for (const mu of [0.2, 3, 31.5, 250, 600]) {
      for (const phi of [1, 1 + 1e-15, 1 + 1e-13, 1 + 1e-9, 1 + 1e-5, 1.02, 1.5, 2.2, 9, 60]) {
        for (const z of deviations) {
          const y = Math.round(mu + z * Math.sqrt(phi * mu));
          if (y < 0) continue;
          const [lower, upper] = summedNegativeBinomialTails(y, mu, phi);
          const where = `${y} of NB(${mu}, ${phi})`;
          if (lower > 1e-16) expectRelative(negativeBinomialLowerTail(y, mu, phi), lower, 1e-12, where);
          if (upper > 1e-16) expectRelative(negativeBinomialUpperTail(y, mu, phi), upper, 1e-12, where);
          const probability = lower + upper - 1;
          expect(negativeBinomialProbability(y, mu, phi), where).toBeCloseTo(probability, 11);
        }
      }
    }
  });

  it('Poisson tails keep their digits at large means', () => {
    // Multiplied out from the term at the mean, whose logarithm is Stirling's series.
    for (const mu of [990, 1010, 4800, 60_000]) {
      for (const z of deviations) {
        const y = Math.round(mu + z * Math.sqrt(mu));
        let term = 1;
        let upper = 0;
        let total = 0;
        for (let k = mu; k < mu + 40 * Math.sqrt(mu); k++) {
          total += term;
          if (k >= y) upper += term;
          term *= mu / (k + 1);
        }
        term = 1;
        let lower = 0;
        for (let k = mu; k > 0 && k > mu - 40 * Math.sqrt(mu); k--) {
          if (k < mu) total += term;
          if (k <= y) lower += term;
          if (k < mu && k >= y) upper += term;
          term *= k / mu;
        }
        for (let k = mu + 1, up = mu / (mu + 1); k <= y; k++) {
          lower += up;
          up *= mu / (k + 1);
        }
        expectRelative(poissonUpperTail(y, mu), upper / total, 1e-11, `P(Y >= ${y}), mean ${mu}`);
        expectRelative(poissonLowerTail(y, mu), lower / total, 1e-11, `P(Y <= ${y}), mean ${mu}`);
      }
    }
  });

  it('negative binomial and binomial tails keep their digits at large means', () => {
    const hold = (
      at: number,
      { below, probability, above }: Walked,
      lower: number,
      upper: number,
      where: string,
    ) => {
      if (below + probability > 1e-16)
        expectRelative(lower, below + probability, 1e-12, `P(<= ${at}), ${where}`);
      if (above + probability > 1e-16)
        expectRelative(upper, above + probability, 1e-12, `P(>= ${at}), ${where}`);
    };
    for (const z of deviations) {
      for (const [mu, phi] of [
        [20_000, 1 + 2 ** -17],
        [150_000, 1.3],
        [1_000_000, 1.25],
        [60_000, 40],
      ] as const) {
        const y = Math.round(mu + z * Math.sqrt(phi * mu));
        const ratio = (k: number) => (mu + k * (phi - 1)) / ((k + 1) * phi);
        const walked = walk(y, Math.round(mu), 40 * Math.sqrt(phi * mu), ratio);
        const where = `NB(${mu}, ${phi})`;
        hold(y, walked, negativeBinomialLowerTail(y, mu, phi), negativeBinomialUpperTail(y, mu, phi), where);
      }
      for (const [n, p] of [
        [2_000_000, 0.625],
        [40_000, 2 ** -7],
        [3_000_000, 1 - 2 ** -9],
      ] as const) {
        const x = Math.round(n * p + z * Math.sqrt(n * p * (1 - p)));
        const ratio = (k: number) => ((n - k) / (k + 1)) * (p / (1 - p));
        const walked = walk(x, Math.round(n * p), 40 * Math.sqrt(n * p * (1 - p)), ratio);
        hold(x, walked, binomialLowerTail(x, n, p), binomialUpperTail(x, n, p), `Bin(${n}, ${p})`);
      }
    }
  });

  it('are probabilities at any count', () => {
    for (const mu of [1e6, 1e9, 9e10, 1e13])
      for (const phi of [1, 1.5, 800, 1e6])
        for (const z of [-60, -2, 0, 2, 60]) {
          const y = Math.round(mu + z * Math.sqrt(phi * mu));
          const [lower, upper] = [
            negativeBinomialLowerTail(y, mu, phi),
            negativeBinomialUpperTail(y, mu, phi),
          ];
          expect(lower + upper, `${y} of NB(${mu}, ${phi})`).toBeCloseTo(1, 3);
          expect(Math.min(lower, upper)).toBeGreaterThanOrEqual(0);
        }
    expect(negativeBinomialUpperTail(9e10 + 2 * 367_423, 9e10, 1.5)).toBeCloseTo(0.0228, 4);
  });

  it('hypergeometric tails are exact to 1e-12 of themselves', () => {
    for (const [population, marked, sample] of [
      [10, 4, 5],
      [500, 48, 60],
      [500, 480, 60],
      [90, 45, 80],
      [7, 7, 3],
      [7, 0, 3],
    ] as const) {
      for (let x = -1; x <= sample + 1; x++) {
        const [lower, upper] = exactHypergeometricTails(x, population, marked, sample);
        const tails = hypergeometricTails(x, population, marked, sample);
        if (lower > 1e-40) expectRelative(tails.lower, lower, 1e-12, `lower ${x}`);
        else expect(tails.lower).toBeLessThan(1e-39);
        if (upper > 1e-40) expectRelative(tails.upper, upper, 1e-12, `upper ${x}`);
        else expect(tails.upper).toBeLessThan(1e-39);
      }
    }
  });

  it('beta-binomial tails are exact to 1e-12 of themselves', () => {
    for (const [n, a, b] of [
      [1, 1, 1],
      [30, 3, 9],
      [120, 18, 82],
      [200, 150, 20],
      [60, 1, 40],
    ] as const) {
      for (let x = -1; x <= n + 1; x += n > 50 ? 7 : 1) {
        const [lower, upper] = exactBetaBinomialTails(x, n, a, b);
        const tails = betaBinomialTails(x, n, a, b);
        if (lower > 1e-100) expectRelative(tails.lower, lower, 1e-12, `lower ${x} of ${n}`);
        if (upper > 1e-100) expectRelative(tails.upper, upper, 1e-12, `upper ${x} of ${n}`);
        expect(tails.lower + tails.upper - tails.probability).toBeCloseTo(1, 12);
      }
    }
  });

  it('beta-binomial tails of twenty thousand trials are exact to 1e-13 of themselves down to 1e-16', () => {
    for (const [n, a, b] of [
      [20_277, 1.147017252379675, 2.2536891892172832],
      [23_967, 1.2318975969836459, 1.4381532622992597],
      [20_000, 88.14102564102565, 370.19230769230774],
      [18_228, 2002.0054044626036, 3512.692628907107],
      [20_000, 0.3, 40.7],
      [20_000, 150_000.7, 20_000.3],
    ] as const) {
      const exact = multipliedBetaBinomialTails(n, a, b);
      const mean = (n * a) / (a + b);
      const deviation = Math.sqrt((mean * b * (a + b + n)) / ((a + b) * (a + b + 1)));
      for (const z of [...deviations, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]) {
        const x = Math.min(n, Math.max(0, Math.round(mean + z * deviation)));
        const [lower, upper] = exact(x);
        const tails = betaBinomialTails(x, n, a, b);
        const where = `${x} of BB(${n}, ${a}, ${b})`;
        if (lower > 1e-16) expectRelative(tails.lower, lower, 1e-13, `lower ${where}`);
        if (upper > 1e-16) expectRelative(tails.upper, upper, 1e-13, `upper ${where}`);
      }
    }
  });

  it('sums a U-shaped beta-binomial to its end', () => {
    // BB(n, 1/2, 1/2) is the discrete arcsine law: P(X = k) = C(2k, k) C(2n-2k, n-k) / 4^n.
    const { lower, probability } = betaBinomialTails(0, 4, 0.5, 0.5);
    expectRelative(lower, 70 / 256, 1e-14);
    expectRelative(probability, 70 / 256, 1e-14);
    expectRelative(betaBinomialUpperTail(3, 4, 0.5, 0.5), (40 + 70) / 256, 1e-14);
  });
});
