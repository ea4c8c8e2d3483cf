import betainc from '@stdlib/math-base-special-betainc';
import { logDeviance, stirlingRemainder } from './saddle-point.ts';

// Above it the library loses digits (1e-10 of a tail at a million), and near 1e11 it returns no probabilities at all.
const largestTrusted = 10_000;

/** A point of a beta distribution with shapes a and b, known better than one double says. */
export interface BetaPoint {
  /** In [0, 1]. */
  readonly x: number;
  /** 1 - x, formed without subtracting. */
  readonly y: number;
  /** b x - a y, the distance from the mean times a + b, formed without cancellation. */
  readonly lead: number;
}

/** x^a y^b / B(a, b) without the cancellation of its large logarithms. */
function leadingTerm({ x, y, lead }: BetaPoint, a: number, b: number): number {
  const n = a + b;
  const deviance = a * logDeviance(lead / a, (n * x) / a) + b * logDeviance(-lead / b, (n * y) / b);
  const remainder = stirlingRemainder(n) - stirlingRemainder(a) - stirlingRemainder(b);
  return Math.exp(remainder - deviance) * Math.sqrt(a / n) * Math.sqrt(b / (2 * Math.PI));
}

/**
 * Lower tail over its leading term: the continued fraction of I_x(a, b), contracted so that near the mean, where x alone
 * says little, only positive terms are added. Needs x <= a / (a + b); `below` is a - (a + b) x >= 0.
 */
function lowerFraction(x: number, y: number, below: number, a: number, b: number): number {
  const first = 1 + below;
  const [ratio, above] = [b / a, 1 + 1 / a];
  let [numerator, lastNumerator] = [1, 0];
  let [denominator, lastDenominator] = [first / above, 1];
  let fraction = above / first;
  let step = 1;
  for (let n = 1; ; n++) {
    const odd = a + 2 * n - 1;
    const w = n * (b - n) * x;
    const alpha = step * (step + ratio) * (a / odd) ** 2 * w * x;
    const part = n / a;
    const beta = n + w / odd + ((1 + part) / (above + 2 * part)) * (first + n * (1 + y));
    step = 1 + part;
    [numerator, lastNumerator] = [alpha * lastNumerator + beta * numerator, numerator];
    [denominator, lastDenominator] = [alpha * lastDenominator + beta * denominator, denominator];
    const before = fraction;
    fraction = numerator / denominator;
    if (Math.abs(fraction - before) <= 1e-15 * fraction) return fraction;
    lastNumerator /= denominator;
    lastDenominator /= denominator;
    numerator = fraction;
    denominator = 1;
  }
}

/**
 * Regularised incomplete beta function, either tail.
 *
 * @param point where the distribution is cut, with x and y in [0, 1].
 * @param a > 0, first shape.
 * @param b > 0, second shape.
 * @param isUpper true for P(X >= x), false for P(X <= x), X beta distributed.
 * @returns a probability, accurate to about 1e-12 of itself.
 * @see Loader (2000), Fast and Accurate Computation of Binomial Probabilities, for the leading term;
 *   DiDonato & Morris (1992), ACM TOMS 18(3), for the fraction
 * @example
 * incompleteBeta({ x: 0.25, y: 0.75, lead: -0.5 }, 1, 1, false); // => 0.25
 */
export function incompleteBeta(point: BetaPoint, a: number, b: number, isUpper: boolean): number {
  const { x, y, lead } = point;
  if (x === 0 || y === 0) return (x === 0) === isUpper ? 1 : 0;
  // The smaller of x and y holds more digits.
  if (a + b <= largestTrusted)
    return x <= y ? betainc(x, a, b, true, isUpper) : betainc(y, b, a, true, !isUpper);
  const isLowerNear = lead <= 0;
  const term = leadingTerm(point, a, b);
  if (term === 0) return isLowerNear === isUpper ? 1 : 0;
  const near = term * (isLowerNear ? lowerFraction(x, y, -lead, a, b) : lowerFraction(y, x, lead, b, a));
  return isLowerNear === isUpper ? 1 - near : near;
}
