import { requireAtLeast, requireCount, requirePositive, requireShare } from './argument.ts';

/** Numbers drawn from distributions with a seeded source; the same source gives the same numbers. */

/** Gives the next uniform number in [0, 1). */
export type Random = () => number;

/** Poisson mean and binomial variance above which a rounded normal number stands in; its skewness is below 0.04. */
const largeMean = 1000;
const largeVariance = 1000;

/**
 * Standard normal number (Box and Muller).
 * @see Box & Muller (1958), Annals of Mathematical Statistics 29
 * @example
 * normalDraw(mulberry32(1)); // => 1.4043
 */
export function normalDraw(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/**
 * Gamma number of scale 1.
 * @param shape > 0; the mean.
 * @throws {RangeError} `shape` is not a finite number > 0.
 * @see Marsaglia & Tsang (2000), ACM TOMS 26
 * @example
 * gammaDraw(4, mulberry32(1)); // => 7.0667
 */
export function gammaDraw(shape: number, random: Random): number {
  requirePositive('shape', shape);
  // Below shape 1 the method draws one shape higher and shrinks it by a power of a uniform number.
  const boosted = shape < 1 ? shape + 1 : shape;
  const d = boosted - 1 / 3;
  for (;;) {
    const x = normalDraw(random);
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v <= 0 || Math.log(1 - random()) >= 0.5 * x * x + d - d * v + d * Math.log(v)) continue;
    return d * v * (shape < 1 ? (1 - random()) ** (1 / shape) : 1);
  }
}

/**
 * Beta number.
 * @param a > 0 and @param b > 0; the mean is a / (a + b).
 * @throws {RangeError} `a` or `b` is not a finite number > 0.
 * @see Johnson, Kotz & Balakrishnan (1995), Continuous Univariate Distributions 2, ch. 25
 * @example
 * betaDraw(2, 2, mulberry32(1)); // => 0.33485
 */
export function betaDraw(a: number, b: number, random: Random): number {
  const x = gammaDraw(a, random);
  const y = gammaDraw(b, random);
  // Tiny shapes can draw two zeros; either end is then as good as the other.
  return x + y === 0 ? Number(random() * (a + b) < a) : x / (x + y);
}

/**
 * Poisson number.
 * @param mean >= 0; above 1000 a rounded normal number stands in.
 * @throws {RangeError} `mean` is not a finite number >= 0.
 * @see Knuth (1997), The Art of Computer Programming 2, 3.4.1
 * @example
 * poissonDraw(0, mulberry32(1)); // => 0
 */
export function poissonDraw(mean: number, random: Random): number {
  requireAtLeast('mean', mean, 0);
  if (mean > largeMean) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normalDraw(random)));
  let count = 0;
  // In parts, so that no product of uniform numbers falls below what a number can hold.
  for (let left = mean; left > 0; left -= 500) {
    const limit = Math.exp(-Math.min(left, 500));
    for (let product = random(); product > limit; product *= random()) count += 1;
  }
  return count;
}

/**
 * Negative binomial number: a Poisson one whose mean is gamma distributed.
 * @param mean >= 0.
 * @param phi variance over mean; 1 or less is Poisson.
 * @throws {RangeError} `mean` is not a finite number >= 0.
 * @see Greenwood & Yule (1920), JRSS 83
 * @example
 * negativeBinomialDraw(0, 2, mulberry32(1)); // => 0
 */
export function negativeBinomialDraw(mean: number, phi: number, random: Random): number {
  requireAtLeast('mean', mean, 0);
  if (mean === 0 || phi <= 1) return poissonDraw(mean, random);
  return poissonDraw(gammaDraw(mean / (phi - 1), random) * (phi - 1), random);
}

/**
 * Binomial number.
 * @param trials n >= 0.
 * @param share in [0, 1]. Where n p (1 - p) is above 1000 a rounded normal number stands in.
 * @throws {RangeError} `trials` is not whole or below 0, or `share` outside [0, 1].
 * @see Devroye (1986), Non-Uniform Random Variate Generation, X.4.3 (waiting times)
 * @example
 * binomialDraw(12, 1, mulberry32(1)); // => 12
 */
export function binomialDraw(trials: number, share: number, random: Random): number {
  requireCount('trials', trials);
  requireShare('share', share);
  if (share > 0.5) return trials - binomialDraw(trials, 1 - share, random);
  if (share === 0 || trials === 0) return 0;
  const variance = trials * share * (1 - share);
  if (variance > largeVariance) {
    const value = Math.round(trials * share + Math.sqrt(variance) * normalDraw(random));
    return Math.min(trials, Math.max(0, value));
  }
  const perTrial = Math.log(1 - share);
  let count = -1;
  for (let at = 0; at <= trials; count += 1) at += Math.floor(Math.log(1 - random()) / perTrial) + 1;
  return count;
}
