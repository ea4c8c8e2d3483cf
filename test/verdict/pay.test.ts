import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../lib/model/config.ts';
import { parsePeriod } from '../../lib/model/period.ts';
import { kpiShares, largestRemainder, payOf, periodAmount } from '../../lib/verdict/pay.ts';

const plan = (bonus: Plan['bonus'], weights: number[] = [1]): Plan => ({
  id: 'p',
  title: 'P',
  side: 'marketing',
  period: 'month',
  payAfter: 'P15D',
  bonus,
  combine: 'each',
  kpis: weights.map((weight, i) => ({
    kpi: (['visitors', 'leads', 'sqls_delivered'] as const)[i]!,
    target: 100,
    weight,
    payout: 'all_or_nothing',
    countsWhen: 'delivered',
    basis: 'daily_unique_sum',
  })),
});
const months = Array.from({ length: 12 }, (_, i) => parsePeriod(`2026-${String(i + 1).padStart(2, '0')}`));

describe('periodAmount', () => {
  it('pays the twelfth of a yearly bonus that the specification names', () => {
    const amounts = months.map((m) =>
      periodAmount(plan({ amount: 20000, per: 'year', paid: 'month' }), m, 'USD'),
    );
    expect(amounts[0]).toBe(166666);
    expect(amounts[7]).toBe(166667);
    expect(amounts.reduce((a, b) => a + b, 0)).toBe(2_000_000);
  });

  it('splits a quarterly bonus into its three months and starts again each quarter', () => {
    const amounts = months.map((m) =>
      periodAmount(plan({ amount: 100, per: 'quarter', paid: 'month' }), m, 'USD'),
    );
    expect(amounts.slice(0, 3)).toEqual([3333, 3333, 3334]);
    expect(amounts.slice(3, 6)).toEqual([3333, 3333, 3334]);
  });

  it('pays a monthly bonus three times over in a quarter', () => {
    expect(
      periodAmount(plan({ amount: 10, per: 'month', paid: 'quarter' }), parsePeriod('2026-Q2'), 'USD'),
    ).toBe(3000);
  });

  it('reads a plain number as the money of one period, by the exponent of its currency', () => {
    expect(periodAmount(plan(1000.5), months[0]!, 'USD')).toBe(100050);
    expect(periodAmount(plan(1000), months[0]!, 'JPY')).toBe(1000);
    expect(periodAmount(plan(1.234), months[0]!, 'KWD')).toBe(1234);
  });

  it('refuses an amount with more decimals than the currency has', () => {
    expect(() => periodAmount(plan(1000.555), months[0]!, 'USD')).toThrow(
      'expected an amount with at most 2 decimals, got 1000.555',
    );
  });
});

describe('largestRemainder', () => {
  it('gives ties to the first in the order of the plan', () => {
    expect(largestRemainder(100, [1, 1, 1])).toEqual([34, 33, 33]);
    // All three remainders are 2/3, though their binary fractions differ.
    expect(largestRemainder(10, [1, 1, 4])).toEqual([2, 2, 6]);
    expect(largestRemainder(166667, [1, 1, 1])).toEqual([55556, 55556, 55555]);
  });

  it('gives the rest to the largest remainder, wherever it stands', () => {
    expect(largestRemainder(10, [1, 1, 1.5])).toEqual([3, 3, 4]);
    expect(largestRemainder(10, [3, 1, 2])).toEqual([5, 2, 3]);
    expect(largestRemainder(11, [0.5, 0.25, 3.25])).toEqual([1, 1, 9]);
  });

  it('adds up exactly and stays within one unit of the exact share', () => {
    fc.assert(
      fc.property(
        fc.nat(10_000_000),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 8 }),
        (amount, weights) => {
          const shares = largestRemainder(amount, weights);
          const total = weights.reduce((a, b) => a + b, 0);
          expect(shares.reduce((a, b) => a + b, 0)).toBe(amount);
          shares.forEach((s, i) => {
            expect(Math.abs(s - (amount * weights[i]!) / total)).toBeLessThan(1);
          });
        },
      ),
      { seed: 1 },
    );
  });

  it('refuses no weights and weights that are not positive', () => {
    expect(() => largestRemainder(1, [])).toThrow(RangeError);
    expect(() => largestRemainder(1, [1, 0])).toThrow('all positive');
  });
});

describe('payOf', () => {
  it('pays all or nothing exactly from the target', () => {
    expect(payOf('all_or_nothing', 55555, 100, 99)).toBe(0);
    expect(payOf('all_or_nothing', 55555, 100, 100)).toBe(55555);
    expect(payOf('all_or_nothing', 55555, 100, 1000)).toBe(55555);
  });

  const linear = { linear: { threshold: 0.8, accelerator: 1.5, cap: 2 } };
  it('pays the reference waterfall', () => {
    expect(payOf(linear, 300_000, 4000, 5000)).toBe(412_500);
    expect(payOf(linear, 300_000, 4000, 3240)).toBe(243_000);
    expect(payOf(linear, 300_000, 4000, 3082)).toBe(0);
  });

  it('pays from the threshold on, not just below, and never above the cap', () => {
    expect(payOf(linear, 300_000, 4000, 3200)).toBe(240_000);
    expect(payOf(linear, 300_000, 4000, 3199)).toBe(0);
    expect(payOf(linear, 300_000, 4000, 1_000_000)).toBe(600_000);
    expect(payOf({ linear: { threshold: 0, accelerator: 1, cap: 0.5 } }, 100, 10, 9)).toBe(50);
  });

  it('is exact where decimal fractions are not binary ones', () => {
    expect(payOf({ linear: { threshold: 0.7, accelerator: 1, cap: 1 } }, 100, 10, 7)).toBe(70);
    expect(payOf({ linear: { threshold: 0, accelerator: 1.1, cap: 3 } }, 1000, 10, 20)).toBe(2100);
  });

  it('attains a target that is no whole number exactly', () => {
    const plain = { linear: { threshold: 0.8, accelerator: 1, cap: 3 } };
    expect([1, 2, 3, 8].map((value) => payOf(plain, 1000, 2.5, value))).toEqual([0, 800, 1200, 3000]);
  });

  it('pays the highest tier reached, whatever their order', () => {
    const tiers = {
      tiers: [
        { from: 50, share: 1 },
        { from: 40, share: 0.5 },
        { from: 80, share: 1.25 },
      ],
    };
    expect([39, 40, 49, 50, 79, 80].map((v) => payOf(tiers, 1001, 60, v))).toEqual([
      0, 500, 500, 1001, 1001, 1251,
    ]);
  });

  it('never pays less for more', () => {
    const payout = fc.constantFrom('all_or_nothing' as const, linear, {
      linear: { threshold: 0.5, accelerator: 0.3, cap: 1.2 },
    });
    fc.assert(
      fc.property(
        payout,
        fc.nat(1_000_000),
        fc.integer({ min: 1, max: 5000 }),
        fc.nat(20_000),
        fc.nat(1000),
        (p, share, target, value, more) => {
          expect(payOf(p, share, target, value + more)).toBeGreaterThanOrEqual(
            payOf(p, share, target, value),
          );
        },
      ),
      { seed: 2 },
    );
  });
});

it('splits the month of the specification into three shares in plan order', () => {
  expect(
    kpiShares(plan({ amount: 20000, per: 'year', paid: 'month' }, [1, 1, 1]), months[7]!, 'USD'),
  ).toEqual([55556, 55556, 55555]);
});
