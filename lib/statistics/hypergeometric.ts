import { requireCount, requireWhole } from './argument.ts';
import { type Tails, tailsByRatio } from './ratio-tails.ts';

/**
 * Tails of the hypergeometric distribution: marked records in a sample drawn without replacement.
 *
 * @param x marked records in the sample, a whole number.
 * @param population records in all, >= 0.
 * @param marked marked records in the population, 0..population.
 * @param sample records drawn, 0..population.
 * @returns P(X <= x), P(X >= x) and P(X = x).
 * @throws {RangeError} an argument is not whole or out of its range.
 * @see Johnson, Kemp & Kotz (2005), Univariate Discrete Distributions, 6
 * @example
 * hypergeometricTails(0, 4, 2, 2).probability; // => 1 / 6
 */
export function hypergeometricTails(x: number, population: number, marked: number, sample: number): Tails {
  requireWhole('x', x);
  requireCount('population', population);
  requireCount('marked', marked);
  requireCount('sample', sample);
  if (marked > population) throw new RangeError(`marked must be <= population ${population}, was ${marked}`);
  if (sample > population) throw new RangeError(`sample must be <= population ${population}, was ${sample}`);
  const unmarked = population - marked;
  const ratio = (k: number): number =>
    ((marked - k) / (k + 1)) * ((sample - k) / (unmarked - sample + k + 1));
  const mode = ((sample + 1) * (marked + 1)) / (population + 2);
  return tailsByRatio(x, Math.max(0, sample - unmarked), Math.min(sample, marked), mode, ratio, true);
}
