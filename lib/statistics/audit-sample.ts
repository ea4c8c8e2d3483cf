import { requireCount, requireInside } from './argument.ts';
import { hypergeometricTails } from './hypergeometric.ts';
import { smallestInteger } from './integer-search.ts';

/**
 * Limits of the number of errors in a population, from a sample drawn without replacement.
 *
 * Each limit is one-sided and exact: the largest number of errors under which so few, and the smallest under
 * which so many, in the sample are not improbable.
 *
 * @param population records in all.
 * @param sample records reviewed, 0..population.
 * @param errors errors among them, 0..sample.
 * @param confidence of each limit, inside (0, 1).
 * @returns errors in the whole population, at least and at most.
 * @throws {RangeError} counts not whole or out of range, or `confidence` outside (0, 1).
 * @see Cochran (1977), Sampling Techniques, 3.6
 * @example
 * auditLimits(500, 60, 2, 0.95); // => { lower: 4, upper: 48 }
 */
export function auditLimits(
  population: number,
  sample: number,
  errors: number,
  confidence: number,
): { lower: number; upper: number } {
  requireCount('population', population);
  requireCount('sample', sample);
  requireCount('errors', errors);
  if (sample > population) throw new RangeError(`sample must be <= population ${population}, was ${sample}`);
  if (errors > sample) throw new RangeError(`errors must be <= sample ${sample}, was ${errors}`);
  requireInside('confidence', confidence);
  // A tail that equals the risk on paper must count as such.
  const risk = (1 - confidence) * (1 + 1e-12);
  const scaled = sample === 0 ? 0 : (errors / sample) * population;
  const lower = smallestInteger(
    (marked) => marked >= errors && hypergeometricTails(errors, population, marked, sample).upper > risk,
    scaled,
    population,
  );
  // Errors the sample did not hold can number at most the records outside it.
  const highest = population - sample + errors;
  const tooMany = smallestInteger(
    (marked) => marked > highest || hypergeometricTails(errors, population, marked, sample).lower <= risk,
    scaled,
    highest + 1,
  );
  return { lower, upper: tooMany - 1 };
}

/**
 * Sample in which no error at all shows that errors are rarer than a rate.
 *
 * n = log(1 - confidence) / log(1 - rate), for sampling from a large population.
 *
 * @param rate error rate to be excluded, inside (0, 1).
 * @param confidence inside (0, 1).
 * @returns the smallest whole sample size.
 * @throws {RangeError} `rate` or `confidence` outside (0, 1).
 * @example
 * zeroErrorSample(0.05, 0.95); // => 59
 */
export function zeroErrorSample(rate: number, confidence: number): number {
  requireInside('rate', rate);
  requireInside('confidence', confidence);
  return Math.ceil(Math.log(1 - confidence) / Math.log1p(-rate));
}
