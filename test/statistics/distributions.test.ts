import gammaln from '@stdlib/math-base-special-gammaln';
import { describe, expect, it } from 'vitest';
import { betaLowerTail, betaQuantile } from '../../lib/statistics/beta.ts';
import {
  betaBinomialLowerTail,
  betaBinomialTails,
  betaBinomialUpperTail,
} from '../../lib/statistics/beta-binomial.ts';
import {
  binomialLowerLimit,
  binomialLowerTail,
  binomialProbability,
  binomialUpperLimit,
  binomialUpperTail,
} from '../../lib/statistics/binomial.ts';
import { chiSquareLowerTail, chiSquareUpperTail } from '../../lib/statistics/chi-square.ts';
import { fLowerTail, fUpperTail } from '../../lib/statistics/f-distribution.ts';
import { gammaQuantile, gammaUpperTail } from '../../lib/statistics/gamma.ts';
import { hypergeometricTails } from '../../lib/statistics/hypergeometric.ts';
import {
  negativeBinomialLowerLimit,
  negativeBinomialLowerTail,
  negativeBinomialProbability,
  negativeBinomialUpperLimit,
  negativeBinomialUpperTail,
} from '../../lib/statistics/negative-binomial.ts';
import { normalLowerTail, normalQuantile, normalUpperTail } from '../../lib/statistics/normal.ts';
import { poissonLowerTail, poissonProbability, poissonUpperTail } from '../../lib/statistics/poisson.ts';
import { poissonBinomialUpperTail } from '../../lib/statistics/poisson-binomial.ts';
import { studentLowerTail, studentQuantile, studentUpperTail } from '../../lib/statistics/student-t.ts';
import { expectClose, expectRelative, reference } from './reference.ts';

describe('reference values of the distributions', () => {
  const { expected, tolerance } = reference('special-functions');
  // R's size and prob: mu = size (1 - prob) / prob, phi = 1 / prob.
  const phi = 1 / 0.3;
  const mu = (5.5 * 0.7) / 0.3;

  it.each([
    ['pnorm_m8', () => normalLowerTail(-8)],
    ['qnorm_1em6', () => normalQuantile(1e-6)],
    ['pchisq_40_9', () => chiSquareUpperTail(40, 9)],
    ['ppois_30_12', () => poissonUpperTail(30, 12)],
    ['pnbinom', () => negativeBinomialLowerTail(10, mu, phi)],
    ['qnbinom', () => negativeBinomialUpperLimit(0.001, mu, phi)],
    ['pbinom_small', () => binomialLowerTail(3, 20, 0.5)],
    ['pbinom_large', () => binomialUpperTail(301, 1000, 0.25)],
    ['qbeta', () => betaQuantile(0.025, 12, 9)],
    ['pbeta', () => betaLowerTail(0.3, 12, 9)],
    ['pgamma_large', () => gammaUpperTail(5000, 4800)],
    ['pt', () => studentLowerTail(-3.2, 11)],
    ['pf', () => fLowerTail(0.3, 13, 160)],
    ['lgamma_1000_1', () => gammaln(1000.1)],
  ])('%s equals R', (key, compute) => {
    expectClose(compute(), expected[key], tolerance, key);
    expectRelative(compute(), expected[key], tolerance, key);
  });

  it('has the beta-binomial tails of scipy', () => {
    const rate = reference('beta-binomial-rate');
    const { x, N, a, b } = rate.input;
    expectClose(betaBinomialLowerTail(x, N, a, b), rate.expected.cdf, rate.tolerance);
    expectClose(betaBinomialLowerTail(x, N, a, b), rate.expected.nbConditional, rate.tolerance);
    const surge = reference('beta-binomial-surge');
    const { N: n, xEnd, alpha, beta } = surge.input;
    expectClose(betaBinomialUpperTail(xEnd, n, alpha, beta), surge.expected.sf, surge.tolerance);
  });
});

describe('normal distribution', () => {
  it('is symmetric and halves at zero', () => {
    expect(normalUpperTail(0)).toBe(0.5);
    expect(normalLowerTail(1.3)).toBe(normalUpperTail(-1.3));
    expect(normalUpperTail(1.3) + normalUpperTail(-1.3)).toBe(1);
    expect(normalQuantile(0.5)).toBe(0);
    expect(Object.is(normalQuantile(0.5), 0)).toBe(true);
  });
  it('returns to the probability it started from', () => {
    for (const p of [1e-15, 1e-6, 0.02, 0.3]) {
      expectRelative(normalLowerTail(normalQuantile(p)), p, 1e-12);
      expect(normalQuantile(1 - 0.25)).toBe(-normalQuantile(0.25));
    }
  });
  it('refuses what is no deviation or no probability', () => {
    expect(() => normalUpperTail(Number.NaN)).toThrow(new RangeError('z must be a finite number, was NaN'));
    expect(() => normalLowerTail(Number.POSITIVE_INFINITY)).toThrow(RangeError);
    expect(() => normalQuantile(0)).toThrow(new RangeError('p must lie in (0, 1), was 0'));
    expect(() => normalQuantile(1)).toThrow(new RangeError('p must lie in (0, 1), was 1'));
  });
});

describe('Poisson distribution', () => {
  it('is certain at the ends', () => {
    expect(poissonUpperTail(0, 3)).toBe(1);
    expect(poissonUpperTail(-4, 3)).toBe(1);
    expect(poissonLowerTail(-1, 3)).toBe(0);
    expect(poissonProbability(-1, 3)).toBe(0);
  });
  it('holds all its mass at zero when the mean is zero', () => {
    expect([poissonLowerTail(0, 0), poissonUpperTail(1, 0), poissonUpperTail(0, 0)]).toEqual([1, 0, 1]);
    expect([poissonProbability(0, 0), poissonProbability(1, 0)]).toEqual([1, 0]);
  });
  it('has the closed values of small counts', () => {
    expectRelative(poissonLowerTail(0, 2), Math.exp(-2), 1e-14);
    expectRelative(poissonUpperTail(1, 2), 1 - Math.exp(-2), 1e-14);
    expectRelative(poissonProbability(3, 2), (8 / 6) * Math.exp(-2), 1e-14);
  });
  it('refuses fractions of counts and negative means', () => {
    for (const tail of [poissonLowerTail, poissonUpperTail, poissonProbability]) {
      expect(() => tail(1.5, 2)).toThrow(new RangeError('y must be a whole number, was 1.5'));
      expect(() => tail(1, -1)).toThrow(new RangeError('mu must be a finite number >= 0, was -1'));
      expect(() => tail(1, Number.NaN)).toThrow(RangeError);
    }
  });
});

describe('negative binomial distribution', () => {
  it('with size 1 is geometric', () => {
    // mu = phi - 1 makes size = 1: P(Y >= y) = (1 - 1/phi)^y.
    for (const y of [0, 1, 2, 10]) {
      expectRelative(negativeBinomialUpperTail(y, 3, 4), 0.75 ** y, 1e-13);
      expectRelative(negativeBinomialProbability(y, 3, 4), 0.75 ** y / 4, 1e-13);
    }
  });
  it('is certain at the ends', () => {
    expect(negativeBinomialUpperTail(0, 3, 2)).toBe(1);
    expect(negativeBinomialUpperTail(-2, 3, 2)).toBe(1);
    expect(negativeBinomialLowerTail(-1, 3, 2)).toBe(0);
    expect(negativeBinomialProbability(-1, 3, 2)).toBe(0);
    expectRelative(negativeBinomialLowerTail(0, 2, 2), 0.25, 1e-14);
  });
  it('holds all its mass at zero when the mean is zero', () => {
    expect(negativeBinomialLowerTail(0, 0, 3)).toBe(1);
    expect(negativeBinomialUpperTail(1, 0, 3)).toBe(0);
    expect(negativeBinomialProbability(0, 0, 3)).toBe(1);
    expect(negativeBinomialUpperLimit(0.01, 0, 3)).toBe(0);
    expect(negativeBinomialLowerLimit(0.01, 0, 3)).toBe(0);
  });
  it('with dispersion 1 is Poisson', () => {
    expect(negativeBinomialUpperTail(30, 12, 1)).toBe(poissonUpperTail(30, 12));
    expect(negativeBinomialLowerTail(5, 12, 1)).toBe(poissonLowerTail(5, 12));
    expect(negativeBinomialProbability(5, 12, 1)).toBe(poissonProbability(5, 12));
    expectRelative(negativeBinomialUpperTail(30, 12, 1 + 1e-8), poissonUpperTail(30, 12), 1e-6);
  });
  it('has limits that are the smallest counts reaching the level', () => {
    for (const [mu, phi] of [
      [0.4, 1],
      [5, 1.3],
      [71.25, 2.928],
      [1400, 6],
      [90_000, 40],
    ] as const) {
      for (const alpha of [0.2, 0.01, 0.001, 1e-6]) {
        const upper = negativeBinomialUpperLimit(alpha, mu, phi);
        expect(negativeBinomialUpperTail(upper + 1, mu, phi)).toBeLessThanOrEqual(alpha);
        if (upper > 0) expect(negativeBinomialUpperTail(upper, mu, phi)).toBeGreaterThan(alpha);
        const lower = negativeBinomialLowerLimit(alpha, mu, phi);
        expect(negativeBinomialLowerTail(lower, mu, phi)).toBeGreaterThanOrEqual(alpha);
        if (lower > 0) expect(negativeBinomialLowerTail(lower - 1, mu, phi)).toBeLessThan(alpha);
      }
    }
  });
  it('reaches a limit that equals the level on paper', () => {
    // P(Y >= 2) = 0.5^2 with size 1 and phi 2, so u = 1 at alpha = 0.25; P(Y <= 0) = 0.5.
    expect(negativeBinomialUpperLimit(0.25, 1, 2)).toBe(1);
    expect(negativeBinomialLowerLimit(0.5, 1, 2)).toBe(0);
  });
  it('refuses a dispersion below 1', () => {
    const refusal = new RangeError('phi must be a finite number >= 1, was 0.9');
    expect(() => negativeBinomialUpperTail(1, 2, 0.9)).toThrow(refusal);
    expect(() => negativeBinomialLowerTail(1, 2, 0.9)).toThrow(refusal);
    expect(() => negativeBinomialProbability(1, 2, 0.9)).toThrow(refusal);
    expect(() => negativeBinomialUpperLimit(0.01, 2, 0.9)).toThrow(refusal);
    expect(() => negativeBinomialUpperTail(1.5, 2, 2)).toThrow('y must be a whole number, was 1.5');
    expect(() => negativeBinomialLowerTail(1, -2, 2)).toThrow('mu must be a finite number >= 0, was -2');
    expect(() => negativeBinomialUpperLimit(1, 2, 2)).toThrow('alpha must lie in (0, 1), was 1');
    expect(() => negativeBinomialLowerLimit(0, 2, 2)).toThrow('alpha must lie in (0, 1), was 0');
  });
});

describe('binomial distribution', () => {
  it('is certain at the ends', () => {
    expect([binomialUpperTail(0, 4, 0.3), binomialUpperTail(5, 4, 0.3)]).toEqual([1, 0]);
    expect([binomialLowerTail(-1, 4, 0.3), binomialLowerTail(4, 4, 0.3)]).toEqual([0, 1]);
    expect([binomialProbability(-1, 4, 0.3), binomialProbability(5, 4, 0.3)]).toEqual([0, 0]);
    expect([binomialUpperTail(1, 0, 0.3), binomialLowerTail(0, 0, 0.3)]).toEqual([0, 1]);
  });
  it('holds all its mass at an end when the outcome is certain', () => {
    expect([binomialProbability(0, 4, 0), binomialProbability(1, 4, 0)]).toEqual([1, 0]);
    expect([binomialProbability(4, 4, 1), binomialProbability(3, 4, 1)]).toEqual([1, 0]);
    expect([binomialUpperTail(4, 4, 1), binomialLowerTail(3, 4, 1)]).toEqual([1, 0]);
    expect([binomialUpperTail(1, 4, 0), binomialLowerTail(0, 4, 0)]).toEqual([0, 1]);
  });
  it('has the closed values of few trials', () => {
    expectRelative(binomialProbability(1, 3, 0.25), 27 / 64, 1e-14);
    expectRelative(binomialProbability(0, 3, 0.25), 27 / 64, 1e-14);
    expectRelative(binomialProbability(3, 3, 0.25), 1 / 64, 1e-14);
  });
  it('has limits that are the smallest counts reaching the level', () => {
    expect(binomialUpperLimit(0.05, 10, 0.5)).toBe(8);
    expect(binomialLowerLimit(0.05, 10, 0.5)).toBe(2);
    // P(X >= 10) = 2^-10 on paper.
    expect(binomialUpperLimit(2 ** -10, 10, 0.5)).toBe(9);
    expect(binomialLowerLimit(2 ** -10, 10, 0.5)).toBe(0);
    expect(binomialUpperLimit(1e-9, 10, 0.5)).toBe(10);
    expect(binomialLowerLimit(1 - 1e-9, 10, 0.5)).toBe(10);
    expect(binomialUpperLimit(0.5, 0, 0.5)).toBe(0);
  });
  it('refuses impossible arguments', () => {
    expect(() => binomialUpperTail(1.2, 3, 0.5)).toThrow('x must be a whole number, was 1.2');
    expect(() => binomialLowerTail(1, -3, 0.5)).toThrow('n must be a whole number >= 0, was -3');
    expect(() => binomialProbability(1, 3, 1.5)).toThrow('p must lie in [0, 1], was 1.5');
    expect(() => binomialUpperLimit(0, 3, 0.5)).toThrow('alpha must lie in (0, 1), was 0');
    expect(() => binomialLowerLimit(2, 3, 0.5)).toThrow('alpha must lie in (0, 1), was 2');
    expect(() => binomialLowerLimit(0.5, 3.5, 0.5)).toThrow(RangeError);
  });
});

describe('beta-binomial and hypergeometric distributions', () => {
  it('are certain outside their range', () => {
    expect(betaBinomialTails(-1, 3, 1, 1)).toEqual({ lower: 0, upper: 1, probability: 0 });
    expect(betaBinomialTails(4, 3, 1, 1)).toEqual({ lower: 1, upper: 0, probability: 0 });
    expect(betaBinomialTails(0, 0, 2, 3)).toEqual({ lower: 1, upper: 1, probability: 1 });
    expect(hypergeometricTails(3, 3, 3, 3)).toEqual({ lower: 1, upper: 1, probability: 1 });
  });
  it('approaches the binomial for heavy weights', () => {
    expectRelative(betaBinomialLowerTail(3, 20, 3e9, 7e9), binomialLowerTail(3, 20, 0.3), 1e-7);
  });
  it('refuse impossible arguments', () => {
    expect(() => betaBinomialTails(0.5, 3, 1, 1)).toThrow('x must be a whole number, was 0.5');
    expect(() => betaBinomialTails(0, -1, 1, 1)).toThrow('n must be a whole number >= 0, was -1');
    expect(() => betaBinomialTails(0, 3, 0, 1)).toThrow('a must be a finite number > 0, was 0');
    expect(() => betaBinomialTails(0, 3, 1, Number.NaN)).toThrow('b must be a finite number > 0, was NaN');
    expect(() => hypergeometricTails(0.5, 3, 1, 1)).toThrow('x must be a whole number, was 0.5');
    expect(() => hypergeometricTails(0, 3, 4, 1)).toThrow('marked must be <= population 3, was 4');
    expect(() => hypergeometricTails(0, 3, 1, 4)).toThrow('sample must be <= population 3, was 4');
    expect(() => hypergeometricTails(0, -3, 1, 1)).toThrow('population must be a whole number >= 0, was -3');
    expect(() => hypergeometricTails(0, 3, -1, 1)).toThrow('marked must be a whole number >= 0, was -1');
    expect(() => hypergeometricTails(0, 3, 1, -1)).toThrow('sample must be a whole number >= 0, was -1');
  });
});

describe('chi-square, gamma and beta distributions', () => {
  it('have the closed values of two degrees of freedom', () => {
    expectRelative(chiSquareUpperTail(6, 2), Math.exp(-3), 1e-14);
    expectRelative(chiSquareLowerTail(6, 2), 1 - Math.exp(-3), 1e-14);
    expectRelative(chiSquareLowerTail(2e-20, 2), 1e-20, 1e-12);
    expect([chiSquareUpperTail(0, 3), chiSquareLowerTail(0, 3)]).toEqual([1, 0]);
    expectRelative(gammaUpperTail(2, 1), Math.exp(-2), 1e-14);
    expectRelative(gammaQuantile(0.9, 1), Math.log(10), 1e-12);
    expectRelative(betaLowerTail(0.25, 1, 3), 1 - 0.75 ** 3, 1e-14);
    expectRelative(betaQuantile(1 - 0.75 ** 3, 1, 3), 0.25, 1e-12);
  });
  it('refuse impossible arguments', () => {
    expect(() => chiSquareUpperTail(-1, 2)).toThrow('x must be a finite number >= 0, was -1');
    expect(() => chiSquareLowerTail(-1, 2)).toThrow('x must be a finite number >= 0, was -1');
    expect(() => chiSquareUpperTail(1, 0)).toThrow('degrees must be a finite number > 0, was 0');
    expect(() => chiSquareLowerTail(1, 0)).toThrow('degrees must be a finite number > 0, was 0');
    expect(() => gammaUpperTail(-1, 2)).toThrow('x must be a finite number >= 0, was -1');
    expect(() => gammaUpperTail(1, 0)).toThrow('shape must be a finite number > 0, was 0');
    expect(() => gammaQuantile(1, 2)).toThrow('p must lie in (0, 1), was 1');
    expect(() => gammaQuantile(0.5, -2)).toThrow('shape must be a finite number > 0, was -2');
    expect(() => gammaQuantile(0.5, 501)).toThrow('shape must be <= 500, was 501');
    expect(() => betaLowerTail(1.1, 2, 2)).toThrow('x must lie in [0, 1], was 1.1');
    expect(() => betaLowerTail(0.1, 0, 2)).toThrow('a must be a finite number > 0, was 0');
    expect(() => betaLowerTail(0.1, 2, 0)).toThrow('b must be a finite number > 0, was 0');
    expect(() => betaQuantile(0, 2, 2)).toThrow('p must lie in (0, 1), was 0');
    expect(() => betaQuantile(0.1, 0, 2)).toThrow('a must be a finite number > 0, was 0');
    expect(() => betaQuantile(0.1, 2, 0)).toThrow('b must be a finite number > 0, was 0');
  });
});

describe('F and t distributions', () => {
  it('have the closed values of few degrees of freedom', () => {
    // F(2, d): P(F >= f) = (1 + 2f/d)^(-d/2).
    expectRelative(fUpperTail(3, 2, 10), 1.6 ** -5, 1e-13);
    expectRelative(fUpperTail(1e6, 2, 10), (1 + 2e5) ** -5, 1e-12);
    expectRelative(fLowerTail(3, 2, 10), 1 - 1.6 ** -5, 1e-13);
    expect([fLowerTail(0, 2, 3), fUpperTail(0, 2, 3)]).toEqual([0, 1]);
    // t with one degree of freedom is Cauchy.
    expectRelative(studentUpperTail(1, 1), 0.25, 1e-14);
    expectRelative(studentLowerTail(1, 1), 0.75, 1e-14);
    expect(studentUpperTail(0, 5)).toBe(0.5);
    expectRelative(studentQuantile(0.75, 1), 1, 1e-12);
    expectRelative(studentQuantile(0.25, 1), -1, 1e-12);
    expect(studentQuantile(0.5, 7)).toBe(0);
  });
  it('keep their digits at many degrees of freedom', () => {
    // Fisher's expansion of t in the degrees; what it leaves out is below 1e-14 of the tail here.
    for (const t of [0.5, 1, 3]) {
      const density = Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
      const first = (t ** 3 + t) / 4e6;
      const second = (3 * t ** 7 - 7 * t ** 5 - 5 * t ** 3 - 3 * t) / 96e12;
      const expanded = normalUpperTail(t) + density * (first + second);
      expectRelative(studentUpperTail(t, 1e6), expanded, 1e-12);
      expectRelative(studentUpperTail(-t, 1e6), 1 - expanded, 1e-12);
    }
    // The beta and F distributions of whole shapes are tails of binomial counts.
    for (const count of [14_900, 15_000, 15_400]) {
      const share = 0.378;
      const [a, b] = [count, 40_000 - count + 1];
      const tail = binomialUpperTail(count, 40_000, share);
      expectRelative(betaLowerTail(share, a, b), tail, 1e-10);
      expectRelative(fLowerTail((share * b) / ((1 - share) * a), 2 * a, 2 * b), tail, 1e-9);
      expectRelative(fUpperTail((share * b) / ((1 - share) * a), 2 * a, 2 * b), 1 - tail, 1e-9);
    }
  });
  it('returns to the probability it started from', () => {
    for (const p of [1e-9, 0.01, 0.4, 0.975]) {
      expectRelative(studentLowerTail(studentQuantile(p, 26), 26), p, 1e-10);
    }
    expectRelative(studentQuantile(0.975, 1e9), normalQuantile(0.975), 1e-8);
  });
  it('refuse impossible arguments', () => {
    expect(() => fLowerTail(-1, 2, 2)).toThrow('f must be a finite number >= 0, was -1');
    expect(() => fUpperTail(1, 0, 2)).toThrow('numerator must be a finite number > 0, was 0');
    expect(() => fUpperTail(1, 2, 0)).toThrow('denominator must be a finite number > 0, was 0');
    expect(() => studentUpperTail(Number.NaN, 2)).toThrow('t must be a finite number, was NaN');
    expect(() => studentLowerTail(1, 0)).toThrow('degrees must be a finite number > 0, was 0');
    expect(() => studentQuantile(1, 2)).toThrow('p must lie in (0, 1), was 1');
    expect(() => studentQuantile(0.1, 0)).toThrow('degrees must be a finite number > 0, was 0');
  });
});

describe('Poisson-binomial distribution', () => {
  it('with equal probabilities is binomial', () => {
    for (let hits = -1; hits <= 8; hits++) {
      const tail = poissonBinomialUpperTail(hits, [0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3]);
      expect(tail).toBeCloseTo(binomialUpperTail(hits, 7, 0.3), 14);
    }
  });
  it('multiplies unequal probabilities', () => {
    expectRelative(poissonBinomialUpperTail(3, [0.1, 0.2, 0.5]), 0.01, 1e-14);
    expectRelative(poissonBinomialUpperTail(2, [0.1, 0.2, 0.5]), 0.01 + 0.01 + 0.04 + 0.09, 1e-13);
    expectRelative(poissonBinomialUpperTail(1, [0.1, 0.2, 0.5]), 1 - 0.9 * 0.8 * 0.5, 1e-14);
    expect(poissonBinomialUpperTail(0, [])).toBe(1);
    expect(poissonBinomialUpperTail(1, [])).toBe(0);
    expect(poissonBinomialUpperTail(2, [1, 1, 0])).toBe(1);
  });
  it('refuses what is no probability', () => {
    expect(() => poissonBinomialUpperTail(0.5, [0.5])).toThrow('hits must be a whole number, was 0.5');
    expect(() => poissonBinomialUpperTail(1, [1.5])).toThrow('probability must lie in [0, 1], was 1.5');
  });
});
