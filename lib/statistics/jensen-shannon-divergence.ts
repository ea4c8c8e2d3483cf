import { requireAtLeast, requireLength, requireSameLength } from './argument.ts';
import { chiSquareUpperTail } from './chi-square.ts';
import { sharesOf } from './shares.ts';

/** x log(x / y) in nats, 0 at x = 0. */
function surplus(x: number, y: number): number {
  return x === 0 ? 0 : x * Math.log(x / y);
}

/**
 * Jensen-Shannon divergence of two mixes, base 2: 0 when their shares agree, 1 when they share no part.
 *
 * @param baseline parts of the first mix, >= 0, not all 0.
 * @param actual the same parts of the second mix, >= 0, not all 0.
 * @returns the divergence in bits, in [0, 1]. Its square root is the Jensen-Shannon distance.
 * @throws {RangeError} lengths differ, no part, a negative or infinite one, or a total of 0.
 * @see Lin (1991), IEEE Transactions on Information Theory 37
 * @example
 * jensenShannonDivergence([1, 0], [0, 1]); // => 1
 */
export function jensenShannonDivergence(baseline: readonly number[], actual: readonly number[]): number {
  requireSameLength('baseline', baseline, 'actual', actual);
  const q = sharesOf(actual);
  const sum = sharesOf(baseline).reduce((total, share, i) => {
    const middle = (share + q[i]!) / 2;
    return total + surplus(share, middle) + surplus(q[i]!, middle);
  }, 0);
  return Math.min(1, Math.max(0, sum / (2 * Math.LN2)));
}

/** A likelihood-ratio test of two mixes. */
export interface MixTest {
  /** G: twice the visits times the weighted Jensen-Shannon divergence in nats. */
  statistic: number;
  degrees: number;
  p: number;
}

/**
 * G-test that two mixes have the same shares, allowing for overdispersion.
 *
 * G / phi is held against chi-square with K - 1 degrees of freedom, K the parts that occur on either side.
 *
 * @param baseline counts of the first mix, >= 0, not all 0; at least two parts.
 * @param actual counts of the same parts in the second mix, >= 0, not all 0.
 * @param phi dispersion >= 1 of the counts; 1 is the plain G-test.
 * @returns G, its degrees of freedom and the p-value of G / phi; p = 1 when only one part occurs.
 * @throws {RangeError} lengths differ, fewer than two parts, a negative count, a total of 0, or `phi` < 1.
 * @see Sokal & Rohlf (1995), Biometry, 17
 * @example
 * mixTest([10, 10], [20, 20], 1); // => { statistic: 0, degrees: 1, p: 1 }
 */
export function mixTest(baseline: readonly number[], actual: readonly number[], phi: number): MixTest {
  requireSameLength('baseline', baseline, 'actual', actual);
  requireLength('baseline', baseline, 2);
  requireAtLeast('phi', phi, 1);
  const p = sharesOf(baseline);
  const q = sharesOf(actual);
  const baselineTotal = baseline.reduce((sum, count) => sum + count, 0);
  const actualTotal = actual.reduce((sum, count) => sum + count, 0);
  let statistic = 0;
  let parts = 0;
  baseline.forEach((count, i) => {
    const pooled = (count + actual[i]!) / (baselineTotal + actualTotal);
    if (pooled === 0) return;
    parts++;
    statistic += 2 * (baselineTotal * surplus(p[i]!, pooled) + actualTotal * surplus(q[i]!, pooled));
  });
  // Equal mixes can come out a rounding error below zero.
  statistic = Math.max(0, statistic);
  const degrees = parts - 1;
  return { statistic, degrees, p: degrees === 0 ? 1 : chiSquareUpperTail(statistic / phi, degrees) };
}
