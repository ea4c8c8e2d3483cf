import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../../lib/statistics/mulberry32.ts';
import {
  betaDraw,
  binomialDraw,
  gammaDraw,
  negativeBinomialDraw,
  normalDraw,
  poissonDraw,
  type Random,
} from '../../lib/statistics/random-draws.ts';

const draws = 10_000;

/** Mean and variance of many draws. */
function momentsOf(draw: (random: Random) => number): { mean: number; variance: number } {
  const random = mulberry32(7);
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < draws; i += 1) {
    const value = draw(random);
    sum += value;
    squares += value * value;
  }
  const mean = sum / draws;
  return { mean, variance: squares / draws - mean * mean };
}

describe('random draws', () => {
  it.each<[string, (random: Random) => number, number, number]>([
    ['standard normal', (r) => normalDraw(r), 0, 1],
    ['gamma of shape 0.4', (r) => gammaDraw(0.4, r), 0.4, 0.4],
    ['gamma of shape 6', (r) => gammaDraw(6, r), 6, 6],
    ['beta(3, 5)', (r) => betaDraw(3, 5, r), 3 / 8, 15 / (64 * 9)],
    ['Poisson of mean 3.5', (r) => poissonDraw(3.5, r), 3.5, 3.5],
    ['Poisson of mean 620, in parts', (r) => poissonDraw(620, r), 620, 620],
    ['Poisson of mean 5000, rounded normal', (r) => poissonDraw(5000, r), 5000, 5000],
    ['negative binomial of mean 20 and dispersion 3', (r) => negativeBinomialDraw(20, 3, r), 20, 60],
    ['binomial(40, .3)', (r) => binomialDraw(40, 0.3, r), 12, 8.4],
    ['binomial(40, .8)', (r) => binomialDraw(40, 0.8, r), 32, 6.4],
    ['binomial(20000, .5), rounded normal', (r) => binomialDraw(20_000, 0.5, r), 10_000, 5000],
  ])('%s has its mean and variance', (_, draw, mean, variance) => {
    const found = momentsOf(draw);
    const error = Math.sqrt(variance / draws);
    expect(Math.abs(found.mean - mean)).toBeLessThan(4.5 * error);
    expect(found.variance / variance).toBeGreaterThan(0.94);
    expect(found.variance / variance).toBeLessThan(1.06);
  });

  it.each<[string, (random: Random) => number, number[]]>([
    ['Poisson of mean .5', (r) => poissonDraw(0.5, r), [0.6065, 0.3033, 0.0758]],
    [
      'negative binomial of mean 1 and dispersion 2',
      (r) => negativeBinomialDraw(1, 2, r),
      [0.5, 0.25, 0.125],
    ],
    [
      'negative binomial of dispersion 1, Poisson',
      (r) => negativeBinomialDraw(1, 1, r),
      [0.3679, 0.3679, 0.1839],
    ],
    ['binomial(3, .4)', (r) => binomialDraw(3, 0.4, r), [0.216, 0.432, 0.288]],
    ['binomial(3, .6)', (r) => binomialDraw(3, 0.6, r), [0.064, 0.288, 0.432]],
    ['beta of shapes so tiny that both draws are 0', (r) => betaDraw(1e-5, 3e-5, r), [0.75, 0.25]],
  ])('%s has its probabilities', (_, draw, probabilities) => {
    const random = mulberry32(5);
    const seen = probabilities.map(() => 0);
    for (let i = 0; i < draws; i += 1) {
      const value = draw(random);
      if (value in seen) seen[value]! += 1;
    }
    for (const [value, p] of probabilities.entries())
      expect(Math.abs(seen[value]! / draws - p)).toBeLessThan(4.5 * Math.sqrt((p * (1 - p)) / draws));
  });

  it('gives whole numbers within range', () => {
    const random = mulberry32(1);
    for (let i = 0; i < 500; i += 1) {
      const value = binomialDraw(7, 0.4, random);
      expect(Number.isInteger(value) && value >= 0 && value <= 7).toBe(true);
    }
    expect(binomialDraw(5, 0, random)).toBe(0);
    expect(binomialDraw(0, 0.5, random)).toBe(0);
    expect(binomialDraw(5, 1, random)).toBe(5);
  });

  it('draws the same from the same seed', () => {
    const list = (seed: number) => {
      const random = mulberry32(seed);
      return Array.from({ length: 20 }, () => negativeBinomialDraw(30, 2.5, random));
    };
    expect(list(3)).toEqual(list(3));
    expect(list(3)).not.toEqual(list(4));
  });

  it('refuses means, shapes and shares out of range', () => {
    const random = mulberry32(1);
    expect(() => poissonDraw(-1, random)).toThrow(RangeError);
    expect(() => poissonDraw(Number.NaN, random)).toThrow(RangeError);
    expect(() => gammaDraw(0, random)).toThrow(RangeError);
    expect(() => betaDraw(1, 0, random)).toThrow(RangeError);
    expect(() => binomialDraw(3, 1.1, random)).toThrow(RangeError);
    expect(() => binomialDraw(2.5, 0.5, random)).toThrow(RangeError);
    expect(() => negativeBinomialDraw(-2, 2, random)).toThrow(RangeError);
  });
});
