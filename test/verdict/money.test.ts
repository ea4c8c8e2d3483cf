import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decision, Verdict } from '../../lib/model/flag.ts';
import { combineAll, type MoneyInput, splitMoney } from '../../lib/verdict/money.ts';
import { payOf } from '../../lib/verdict/pay.ts';

const base: MoneyInput = {
  currency: 'USD',
  pay: (value) => payOf('all_or_nothing', 55555, 100, value),
  claimed: 100,
  gross: 100,
  proven: 0,
  verified: { low: 50, point: 50, high: 50 },
  verdict: 'suspect',
  isRipe: true,
  decision: null,
};
const decision = (kind: Decision['kind'], value: number | null = null): Decision => ({
  kind,
  value,
  reason: 'other',
  at: '2026-09-10',
});

describe('splitMoney', () => {
  it('holds the whole claim when the verified value misses the target', () => {
    expect(splitMoney(base)).toEqual({
      currency: 'USD',
      claimed: 55555,
      payable: 0,
      held: 55555,
      refused: 0,
      waiting: 0,
    });
  });

  it('tells money that only waits for undecided records from money in dispute', () => {
    const waiting = splitMoney({ ...base, verdict: 'review', verified: { low: 90, point: 97, high: 100 } });
    expect(waiting).toMatchObject({ payable: 0, held: 55555, waiting: 55555 });
  });

  it('pays a certified, ripe period less what is proven, and refuses the rest', () => {
    expect(splitMoney({ ...base, verdict: 'clear', proven: 0 })).toMatchObject({
      payable: 55555,
      held: 0,
      refused: 0,
    });
    expect(splitMoney({ ...base, verdict: 'watch', proven: 1 })).toMatchObject({
      payable: 0,
      held: 0,
      refused: 55555,
    });
  });

  it('pays only the verified low of a certified period that is not ripe', () => {
    expect(splitMoney({ ...base, verdict: 'clear', isRipe: false })).toMatchObject({
      payable: 0,
      held: 55555,
      refused: 0,
    });
  });

  it('holds everything that cannot be certified', () => {
    expect(
      splitMoney({ ...base, verdict: 'unable_to_certify', verified: { low: 100, point: 100, high: 100 } }),
    ).toMatchObject({ payable: 0, held: 55555 });
    expect(splitMoney({ ...base, verdict: 'clear', gross: null, verified: null })).toMatchObject({
      payable: 0,
      held: 55555,
    });
  });

  it('holds nothing once a person has decided', () => {
    expect(splitMoney({ ...base, decision: decision('cleared') })).toMatchObject({
      payable: 55555,
      held: 0,
      refused: 0,
    });
    expect(splitMoney({ ...base, decision: decision('confirmed') })).toMatchObject({
      payable: 0,
      held: 0,
      refused: 55555,
    });
    expect(splitMoney({ ...base, decision: decision('partly_confirmed', 100) })).toMatchObject({
      payable: 55555,
      held: 0,
    });
  });

  it('pays the verified low when a person confirms, or decides on no value of their own', () => {
    const verified = { low: 100, point: 120, high: 140 };
    const open: MoneyInput = { ...base, claimed: 140, gross: 140, verified };
    expect(splitMoney({ ...open, decision: decision('confirmed', 0) })).toMatchObject({ payable: 55555 });
    expect(splitMoney({ ...open, decision: decision('partly_confirmed') })).toMatchObject({ payable: 55555 });
    expect(splitMoney({ ...open, decision: decision('partly_confirmed', 99) })).toMatchObject({
      payable: 0,
      refused: 55555,
    });
  });

  it('pays no more than gross where a month is cleared at a value of its own', () => {
    const cleared = (value: number | null) =>
      splitMoney({ ...base, claimed: 120, gross: 110, decision: decision('cleared', value) });
    expect([null, 99, 100, 500].map((value) => cleared(value).payable)).toEqual([55555, 0, 55555, 55555]);
    const linear = (value: number | null) =>
      splitMoney({
        ...base,
        pay: (units) => 10 * units,
        claimed: 120,
        gross: 110,
        decision: decision('cleared', value),
      });
    expect([null, 105, 500].map((value) => linear(value).payable)).toEqual([1100, 1050, 1100]);
  });

  it('keeps holding what could not be counted, whatever was decided', () => {
    const uncounted: MoneyInput = { ...base, decision: decision('cleared') };
    for (const missing of [{ gross: null }, { verified: null }, { gross: null, verified: null }])
      expect(splitMoney({ ...uncounted, ...missing })).toMatchObject({ payable: 0, held: 55555, refused: 0 });
    for (const missing of [{ gross: null }, { verified: null }])
      expect(splitMoney({ ...base, verdict: 'clear', ...missing })).toMatchObject({ held: 55555 });
  });

  it('pays nothing while a claim is awaited', () => {
    expect(splitMoney({ ...base, claimed: null })).toEqual({
      currency: 'USD',
      claimed: 0,
      payable: 0,
      held: 0,
      refused: 0,
      waiting: 0,
    });
  });

  it('always splits what is claimed and never makes or loses a cent', () => {
    const verdict = fc.constantFrom<Verdict>('clear', 'watch', 'review', 'suspect', 'unable_to_certify');
    const decided = fc.option(
      fc.record({
        kind: fc.constantFrom('cleared', 'confirmed', 'partly_confirmed') as fc.Arbitrary<Decision['kind']>,
        value: fc.option(fc.nat(400)),
        reason: fc.constant('other'),
        at: fc.constant('2026-09-10'),
      }),
    );
    const payout = fc.constantFrom(
      'all_or_nothing' as const,
      { linear: { threshold: 0.5, accelerator: 2, cap: 3 } },
      {
        tiers: [
          { from: 10, share: 0.2 },
          { from: 90, share: 1.1 },
        ],
      },
    );
    fc.assert(
      fc.property(
        fc.tuple(verdict, decided, payout, fc.option(fc.nat(300)), fc.option(fc.nat(300)), fc.boolean()),
        fc.tuple(fc.nat(100), fc.nat(100), fc.nat(100), fc.nat(100_000)),
        ([v, d, p, claimed, counted, isRipe], [removed, pending, proven, share]) => {
          const pay = (value: number) => payOf(p, share, 100, value);
          const gross = counted === null ? null : Math.min(claimed ?? counted, counted);
          const high = gross === null ? 0 : Math.max(0, gross - removed);
          const low = Math.max(0, high - pending);
          const money = splitMoney({
            ...base,
            pay,
            claimed,
            gross,
            proven,
            verdict: v,
            isRipe,
            decision: d,
            verified: gross === null ? null : { low, point: low, high },
          });
          expect(money.payable + money.held + money.refused).toBe(claimed === null ? 0 : pay(claimed));
          for (const part of [money.payable, money.held, money.refused, money.waiting])
            expect(part).toBeGreaterThanOrEqual(0);
          expect(money.waiting).toBeLessThanOrEqual(money.held);
        },
      ),
      { seed: 3, numRuns: 2000 },
    );
  });
});

describe('combineAll', () => {
  const part = (claimed: number, payable: number, held: number) => ({
    currency: 'USD',
    claimed,
    payable,
    held,
    refused: claimed - payable - held,
    waiting: 0,
  });

  it('pays when every KPI is payable', () => {
    expect(combineAll([part(10, 10, 0), part(20, 20, 0)])).toEqual([part(10, 10, 0), part(20, 20, 0)]);
  });

  it('holds a KPI that is met while another is held', () => {
    expect(combineAll([part(10, 10, 0), part(20, 0, 20)])).toEqual([part(10, 0, 10), part(20, 0, 20)]);
  });

  it('refuses a KPI that is met once another is refused', () => {
    expect(combineAll([part(10, 10, 0), part(20, 0, 0)])).toEqual([part(10, 0, 0), part(20, 0, 0)]);
  });

  it('claims nothing where one claim misses its target', () => {
    expect(combineAll([part(10, 10, 0), part(0, 0, 0)])).toEqual([part(0, 0, 0), part(0, 0, 0)]);
  });

  it('never makes or loses a cent', () => {
    const money = fc.tuple(fc.nat(50), fc.nat(50), fc.nat(50)).map(([a, b, c]) => part(a + b + c, a, b));
    fc.assert(
      fc.property(fc.array(money, { minLength: 1, maxLength: 4 }), (parts) => {
        for (const m of combineAll(parts)) {
          expect(m.payable + m.held + m.refused).toBe(m.claimed);
          for (const amount of [m.payable, m.held, m.refused]) expect(amount).toBeGreaterThanOrEqual(0);
        }
      }),
      { seed: 4 },
    );
  });
});
