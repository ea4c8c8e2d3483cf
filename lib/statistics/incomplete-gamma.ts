import gammainc from '@stdlib/math-base-special-gammainc';

// Above it the library takes an asymptotic branch that is off by up to several per cent near x = shape.
const largestTrusted = 1000;

/** Stirling's remainder log(a!) - log(sqrt(2 pi a) (a / e)^a); exact to a double's digits for a > 100. */
function stirlingRemainder(a: number): number {
  const square = a * a;
  return (1 / 12 - (1 / 360 - 1 / (1260 * square)) / square) / a;
}

/** x^a e^-x / a! without the cancellation of its large logarithms; a > 100. */
function leadingTerm(a: number, x: number): number {
  const excess = (x - a) / a;
  let deviance = excess - Math.log1p(excess);
  if (Math.abs(excess) < 0.1) {
    // The two terms above agree in their leading digits, so their difference is taken as a series.
    const v = excess / (2 + excess);
    const square = v * v;
    let sum = 0;
    for (let k = 21; k >= 3; k -= 2) sum = sum * square + 1 / k;
    deviance = v * (excess - 2 * square * sum);
  }
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
