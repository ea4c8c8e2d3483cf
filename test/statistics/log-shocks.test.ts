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
    expect(factors.reduce((sum, f) => sum + f, 0) / factors.length).toBeCloseTo(1, 1);
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
