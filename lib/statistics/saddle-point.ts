import gammaln from '@stdlib/math-base-special-gammaln';

/**
 * Stirling's remainder: log Gamma(a) - ((a - 1/2) log a - a + log(2 pi) / 2).
 *
 * @param a > 0.
 * @returns a number near 1 / (12 a), accurate to about 1e-15 absolutely.
 * @see Abramowitz & Stegun (1964), 6.1.41
 * @example
 * stirlingRemainder(100); // => 0.000833330556
 */
export function stirlingRemainder(a: number): number {
  // Below it the series no longer reaches a double's digits, and the logarithms are small enough to subtract.
  if (a < 16) return gammaln(a) - ((a - 0.5) * Math.log(a) - a + 0.5 * Math.log(2 * Math.PI));
  const square = a * a;
  const series = 1 / 1680 - 1 / (1188 * square);
  return (1 / 12 - (1 / 360 - (1 / 1260 - series / square) / square) / square) / a;
}

/**
 * u - log(1 + u), without the cancellation of its two terms.
 *
 * @param u > -1.
 * @param ratio 1 + u, given apart because it may be known better than `u` allows.
 * @returns a number >= 0, accurate to about 1e-16 of itself.
 * @see Loader (2000), Fast and Accurate Computation of Binomial Probabilities
 * @example
 * logDeviance(1, 2); // => 1 - Math.log(2)
 */
export function logDeviance(u: number, ratio: number): number {
  if (Math.abs(u) >= 0.1) return u - Math.log(ratio);
  // The two terms agree in their leading digits, so their difference is taken as a series.
  const v = u / (2 + u);
  const square = v * v;
  let sum = 0;
  for (let k = 21; k >= 3; k -= 2) sum = sum * square + 1 / k;
  return v * (u - 2 * square * sum);
}
