import { describe, expect, it } from 'vitest';
import { poissonInterval } from '../../lib/statistics/poisson-interval.ts';

describe('the interval of a Poisson mean', () => {
  // Published table: Garwood (1936), two-sided 95 %.
  it.each([
    [0, 0, 3.689],
    [1, 0.0253, 5.572],
    [10, 4.795, 18.39],
    [50, 37.11, 65.92],
    [100, 81.36, 121.63],
  ])('of %i events is the published one', (events, low, high) => {
    const [least, most] = poissonInterval(events, 0.95);
    expect(least).toBeCloseTo(low, events < 2 ? 3 : 2);
    expect(most).toBeCloseTo(high, events === 50 || events === 100 ? 1 : 2);
  });

  it('goes on without a step where the exact form ends', () => {
    const [low, high] = poissonInterval(499, 0.95);
    const [lower, higher] = poissonInterval(500, 0.95);
    expect(lower - low).toBeCloseTo(0.98, 1);
    expect(higher - high).toBeCloseTo(1.02, 1);
  });

  it('refuses a count that is none', () => {
    expect(() => poissonInterval(-1, 0.95)).toThrow(RangeError);
    expect(() => poissonInterval(1.5, 0.95)).toThrow(RangeError);
    expect(() => poissonInterval(1, 1)).toThrow(RangeError);
  });
});
