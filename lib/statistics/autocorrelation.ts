import { requireCount } from './argument.ts';

/**
 * Autocorrelation of residuals about zero: r_k = sum r_t r_(t-k) / sum r_t^2.
 *
 * The residuals are taken as centred already. A day without a residual is given as 0 and so adds nothing.
 *
 * @param residuals one per consecutive day.
 * @param lags largest lag, in days, >= 1.
 * @returns r_1 .. r_lags; all 0 when every residual is 0.
 * @throws {RangeError} `lags` is not a whole number >= 1.
 * @see Box & Jenkins (1976), Time Series Analysis, 2.1
 * @example
 * autocorrelation([1, -1, 1, -1], 1); // => [-0.75]
 */
export function autocorrelation(residuals: ArrayLike<number>, lags: number): number[] {
  requireCount('lags', lags, 1);
  const products: number[] = [];
  for (let from = 0; from <= lags; from += 4) products.push(...fourProducts(residuals, from));
  const square = products[0]!;
  const result: number[] = [];
  for (let lag = 1; lag <= lags; lag++) result.push(square === 0 ? 0 : products[lag]! / square);
  return result;
}

/**
 * Sums of r_t r_(t-k) for the four lags k from `from` on. In one pass: the sums do not wait for one another, and the
 * earlier residuals move along from lag to lag. Of more at once, not all would stay in registers.
 */
function fourProducts(residuals: ArrayLike<number>, from: number): number[] {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let [r1, r2, r3] = [0, 0, 0];
  for (let t = from; t < residuals.length; t++) {
    const own = residuals[t]!;
    const r0 = residuals[t - from]!;
    s0 += own * r0;
    s1 += own * r1;
    s2 += own * r2;
    s3 += own * r3;
    r3 = r2;
    r2 = r1;
    r1 = r0;
  }
  return [s0, s1, s2, s3];
}

/**
 * Factor by which autocorrelation widens the variance of a total over consecutive days.
 *
 * c = max(1, 1 + 2 sum max(0, r_k) (1 - k / days)): negative correlations are not allowed to narrow it.
 *
 * @param correlations r_1, r_2, ... of daily residuals.
 * @param days days in the total, >= 1; lags from `days` on do not count.
 * @returns a factor >= 1; 1 for a single day.
 * @throws {RangeError} `days` is not a whole number >= 1.
 * @see Bayley & Hammersley (1946), JRSS Supplement 8
 * @example
 * totalVarianceFactor([0.5], 2); // => 1.5
 */
export function totalVarianceFactor(correlations: readonly number[], days: number): number {
  requireCount('days', days, 1);
  let factor = 1;
  for (let k = 1; k <= correlations.length && k < days; k++) {
    factor += 2 * Math.max(0, correlations[k - 1]!) * (1 - k / days);
  }
  return factor;
}
