import gammainc from '@stdlib/math-base-special-gammainc';
import { logDeviance, stirlingRemainder } from './saddle-point.ts';

// Above it the library takes an asymptotic branch that is off by up to several per cent near x = shape.
const largestTrusted = 1000;

/** x^a e^-x / a! without the cancellation of its large logarithms; a > 100. */
function leadingTerm(a: number, x: number): number {
  const deviance = logDeviance((x - a) / a, x / a);
  return Math.exp(-a * deviance - stirlingRemainder(a)) / Math.sqrt(2 * Math.PI * a);
}

/** Lower tail by its power series; needs x < a + 1. */
function lowerSeries(a: number, x: number): number {
  let sum = 1;
  let term = 1;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return leadingTerm(a, x) * sum;
}

/** Upper tail by Legendre's continued fraction, evaluated by Lentz; needs x >= a + 1. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = Number.MAX_VALUE;
  let d = 1 / b;
  let fraction = d;
  for (let i = 1; ; i++) {
    const numerator = -i * (i - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    const factor = c * d;
    fraction *= factor;
    if (Math.abs(factor - 1) < 1e-15) return leadingTerm(a, x) * a * fraction;
  }
}

/**
 * Regularised incomplete gamma function, either tail.
 *
 * @param x >= 0.
 * @param shape > 0.
 * @param isUpper true for Q = P(X >= x), false for P = P(X <= x), X gamma distributed with scale 1.
 * @returns a probability, accurate to about 1e-12 of itself.
 * @see Loader (2000), Fast and Accurate Computation of Binomial Probabilities, for the leading term
 * @example
 * incompleteGamma(2, 1, true); // => Math.exp(-2)
 */
export function incompleteGamma(x: number, shape: number, isUpper: boolean): number {
  // Far below 100 the library's asymptotic branch is good: shape is small against x there.
  if (x <= largestTrusted || shape <= 100) return gammainc(x, shape, true, isUpper);
  if (x < shape + 1) {
    const lower = lowerSeries(shape, x);
    return isUpper ? 1 - lower : lower;
  }
  const upper = upperFraction(shape, x);
  return isUpper ? upper : 1 - upper;
}
