import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareTest } from '../../lib/checks/share-test.ts';
import { betaBinomialUpperTail } from '../../lib/statistics/beta-binomial.ts';
import { binomialUpperTail } from '../../lib/statistics/binomial.ts';
import { seededRandom } from '../fixtures/random.ts';

const counts = { marked: 12, of: 100, markedBefore: 2, ofBefore: 400 };

describe('shareTest', () => {
  it('holds a clean or unknown history against the floor, which is given and not learned', () => {
    const clean = shareTest(counts, 0.01, 0.01);
    expect(clean).toMatchObject({ share: 0.12, ownShare: 0.01, expected: 1 });
    expect(clean.p).toBeCloseTo(binomialUpperTail(12, 100, 0.01), 15);
    expect(shareTest({ ...counts, markedBefore: 0, ofBefore: 0 }, 0.01, 0.01)).toEqual(clean);
    expect(shareTest({ ...counts, markedBefore: 4 }, 0.01, 0.01)).toEqual(clean);
  });

  it('holds a learned share for as uncertain as its history is short', () => {
    const long = shareTest({ ...counts, markedBefore: 500, ofBefore: 10_000 }, 0.01, 0.01);
    const short = shareTest({ ...counts, markedBefore: 5, ofBefore: 100 }, 0.01, 0.01);
    expect(long.ownShare).toBe(0.05);
    expect(short.ownShare).toBe(0.05);
    expect(long.p).toBeCloseTo(betaBinomialUpperTail(12, 100, 500, 9500), 14);
    expect(long.p / binomialUpperTail(12, 100, 0.05)).toBeLessThan(1.1);
    expect(short.p).toBeGreaterThan(5 * long.p);
    expect(short.limit).toBeGreaterThan(long.limit);
  });

  it('passes at the limit and not above it', () => {
    for (const history of [
      { markedBefore: 2, ofBefore: 400 },
      { markedBefore: 30, ofBefore: 400 },
    ]) {
      const { limit } = shareTest({ ...counts, ...history }, 0.01, 0.01);
      const p = (marked: number) => shareTest({ ...counts, ...history, marked }, 0.01, 0.01).p;
      expect(p(limit)).toBeGreaterThan(0.01);
      expect(p(limit + 1)).toBeLessThanOrEqual(0.01);
    }
  });

  it('finds nothing where every earlier record had the trait', () => {
    expect(shareTest({ marked: 9, of: 9, markedBefore: 50, ofBefore: 50 }, 0.01, 0.01)).toMatchObject({
      p: 1,
      limit: 9,
    });
  });

  it('needs a record', () => {
    expect(() => shareTest({ ...counts, marked: 0, of: 0 }, 0.01, 0.01)).toThrow(RangeError);
  });

  it('is never made more suspicious by more of the same before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(39), (marked, before) => {
        const p = (markedBefore: number) =>
          shareTest({ marked, of: 40, markedBefore, ofBefore: 40 }, 0.1, 0.01).p;
        expect(p(before + 1)).toBeGreaterThanOrEqual(p(before) * (1 - 1e-9));
      }),
      { seed: 6 },
    );
  });

  it('raises at most its level of honest months, however short the history its share is learned from', () => {
    const random = seededRandom(9);
    const draw = (n: number) => Array.from({ length: n }, () => random() < 0.1).filter(Boolean).length;
    let raised = 0;
    const months = 4000;
    for (let i = 0; i < months; i += 1) {
      const month = { marked: draw(60), of: 60, markedBefore: draw(60), ofBefore: 60 };
      if (shareTest(month, 0.01, 0.05).p <= 0.05) raised += 1;
    }
    // Two standard errors above the level; a share taken for certain raises twice as many.
    expect(raised / months).toBeLessThan(0.057);
    expect(raised / months).toBeGreaterThan(0.01);
  });
});
