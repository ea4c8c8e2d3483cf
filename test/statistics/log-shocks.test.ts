import { describe, expect, it } from 'vitest';
import { defaultLogShocks, fitLogShocks, logShockDraws } from '../../lib/statistics/log-shocks.ts';
import { mulberry32 } from '../../lib/statistics/mulberry32.ts';
import { normalDraw } from '../../lib/statistics/random-draws.ts';

describe('log shocks', () => {
  it('draws factors of mean 1 with the deviation and persistence asked for', () => {
    const factors = logShockDraws({ persistence: 0.7, deviation: 0.2 }, 60_000, mulberry32(5));
    const logs = factors.map((f) => Math.log(f) + 0.02);
    const covariance = (lag: number) =>
      logs.slice(lag).reduce((sum, x, i) => sum + x * logs[i]!, 0) / (logs.length - lag);
    expect(Math.abs(factors.reduce((sum, f) => sum + f, 0) / factors.length - 1)).toBeLessThan(0.008);
    expect(Math.sqrt(covariance(0))).toBeCloseTo(0.2, 2);
    expect(covariance(1) / covariance(0)).toBeCloseTo(0.7, 1);
  });

  it('finds the shocks it drew, under the noise of single days', () => {
    const random = mulberry32(11);
    const factors = logShockDraws({ persistence: 0.9, deviation: 0.2 }, 3000, random);
    const fitted = fitLogShocks(
      factors.map((f) => f * (1 + 0.3 * normalDraw(random)) - 1),
      28,
      182,
    );
    expect(fitted.persistence).toBeGreaterThanOrEqual(0.8);
    expect(fitted.persistence).toBeLessThanOrEqual(0.95);
    expect(fitted.deviation).toBeGreaterThan(0.15);
    expect(fitted.deviation).toBeLessThan(0.25);
  });

  it('finds the shocks whose covariances the days have, and no others', () => {
    // Neighbours multiply to .04 x .8, days two apart to .04 x .64; nothing else stands in a pair.
    const block = [0.2, 0.16, null, null, 0.16, null, 0.16, null, null];
    const fitted = fitLogShocks(new Array(30).fill(block).flat(), 2, 30);
    expect(fitted.persistence).toBe(0.8);
    expect(fitted.deviation).toBeCloseTo(0.2, 12);
    expect(fitLogShocks(new Array(30).fill(block).flat(), 2, 31)).toEqual(defaultLogShocks);
    const opposed = [0.2, -0.16, null, null];
    expect(fitLogShocks(new Array(30).fill(opposed).flat(), 1, 30)).toEqual({ persistence: 0, deviation: 0 });
  });

  it('finds next to none where days are independent', () => {
    const random = mulberry32(2);
    const noise = Array.from({ length: 2000 }, () => 0.1 * normalDraw(random));
    expect(fitLogShocks(noise, 28, 182).deviation).toBeLessThan(0.03);
  });

  it('gives the default for a history too short, and leaves missing days out', () => {
    const short = Array.from({ length: 182 }, () => 0.1);
    expect(fitLogShocks(short, 28, 182)).toEqual(defaultLogShocks);
    const gaps = Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? 0.1 : null));
    expect(fitLogShocks(gaps, 28, 182)).toEqual(defaultLogShocks);
    expect(fitLogShocks([...short, 0.1], 28, 182)).not.toEqual(defaultLogShocks);
  });

  it('draws ones without shocks, and never a deviation above a half', () => {
    expect(logShockDraws({ persistence: 0.5, deviation: 0 }, 3, mulberry32(1))).toEqual([1, 1, 1]);
    expect(fitLogShocks(new Array<number>(300).fill(0.9), 28, 182).deviation).toBe(0.5);
  });
});
