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
  const n = residuals.length;
  let square = 0;
  for (let t = 0; t < n; t++) square += residuals[t]! * residuals[t]!;
  const result: number[] = [];
  for (let lag = 1; lag <= lags; lag += 2) {
    // Two lags a pass: each residual is then read once for two sums.
    let sum = lag < n ? residuals[lag]! * residuals[0]! : 0;
    let next = 0;
    for (let t = lag + 1; t < n; t++) {
      sum += residuals[t]! * residuals[t - lag]!;
      next += residuals[t]! * residuals[t - lag - 1]!;
    }
    result.push(square === 0 ? 0 : sum / square);
    if (lag < lags) result.push(square === 0 ? 0 : next / square);
  }
  return result;
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
