import { describe, expect, it } from 'vitest';
import { gammaQuantile } from '../../lib/statistics/gamma.ts';
import { rateBound, scaleLimit } from '../../lib/statistics/rate-bound.ts';

describe('the bound of a rate', () => {
  it('is the gamma quantile of one event more, over the years', () => {
    expect(rateBound(0, 200, 0.9)).toBeCloseTo(Math.log(10) / 200, 12);
    expect(rateBound(3, 50, 0.9)).toBe(gammaQuantile(0.9, 4) / 50);
    // P(Poisson(6.6808) <= 3) = 0.1: the exact upper limit after three events.
    expect(rateBound(3, 1, 0.9)).toBeCloseTo(6.6808, 4);
  });
});

describe('the scale of the limit', () => {
  it('stays 1 while the bound fits the budget', () => {
    expect(scaleLimit([], 200, 0.1, 0.9)).toMatchObject({ factor: 1, events: 0 });
    // After fourteen events the bound is 20.13 events, after thirteen 18.96: 201.3 years are the least.
    const fourteen = new Array<number>(14).fill(0.5);
    expect(scaleLimit(fourteen, 202, 0.1, 0.9)).toMatchObject({ factor: 1, events: 14 });
    expect(scaleLimit(fourteen, 201, 0.1, 0.9).factor).toBeLessThan(1);
  });

  it('falls by budget over bound until what is left fits, counting the stored p anew', () => {
    const factors = [...new Array<number>(20).fill(0.9), 0.05];
    const scaled = scaleLimit(factors, 200, 0.1, 0.9);
    expect(scaled.factor).toBeCloseTo(0.1 / rateBound(21, 200, 0.9), 12);
    expect(scaled.events).toBe(1);
    expect(scaled.upperBound).toBe(rateBound(1, 200, 0.9));
  });

  it('counts no judgement above the limit', () => {
    expect(scaleLimit([1.01, 5], 200, 0.1, 0.9).events).toBe(0);
    expect(scaleLimit([1], 200, 0.1, 0.9).events).toBe(1);
  });

  it('ends, and says so, where suspects have a p of 0', () => {
    const scaled = scaleLimit(new Array<number>(40).fill(0), 200, 0.1, 0.9);
    expect(scaled.events).toBe(40);
    expect(scaled.upperBound).toBeGreaterThan(0.1);
  });
});
