import { describe, expect, it } from 'vitest';
import { currencyExponent, minorUnits } from '../../lib/model/currency.ts';

describe('currencyExponent', () => {
  // ISO 4217 list one, amendment 177.
  it.each([
    ['USD', 2],
    ['EUR', 2],
    ['HUF', 2],
    ['IDR', 2],
    ['PKR', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['ISK', 0],
    ['UYI', 0],
    ['KWD', 3],
    ['IQD', 3],
    ['CLF', 4],
  ])('gives %s the %i decimals of ISO 4217, whatever the runtime thinks usual', (currency, exponent) => {
    expect(currencyExponent(currency)).toBe(exponent);
  });

  it('refuses what is no code', () => {
    expect(() => currencyExponent('US')).toThrow(RangeError);
  });
});

describe('minorUnits', () => {
  it.each([
    [1666.67, 2, 166667],
    [0.1, 2, 10],
    [20000, 0, 20000],
    [1.125, 3, 1125],
    [1.0001, 4, 10001],
  ])('reads %d with %i decimals exactly', (amount, exponent, minor) => {
    expect(minorUnits(amount, exponent)).toBe(minor);
  });

  it.each([
    [20000.005, 2],
    [0.5, 0],
    [1e21, 2],
    [91e12 * 1.5, 2],
    [-1, 2],
    [Number.NaN, 2],
    [1e-7, 4],
  ])('refuses %d with %i decimals', (amount, exponent) => {
    expect(() => minorUnits(amount, exponent)).toThrow(RangeError);
  });
});
