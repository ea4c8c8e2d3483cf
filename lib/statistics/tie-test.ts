import { requireCount } from './argument.ts';
import { binomialUpperTail } from './binomial.ts';
import { negativeBinomialProbability, negativeBinomialUpperTail } from './negative-binomial.ts';

/**
 * Probability that two independent counts of one distribution are equal: the sum of squared probabilities.
 *
 * @param mu mean >= 0 of each, in counts.
 * @param phi dispersion >= 1: variance divided by mean.
 * @returns a probability; 1 when the mean is 0.
 * @throws {RangeError} `mu` < 0 or `phi` < 1, or one is not finite.
 * @example
 * tieProbability(60, 2.4); // => 0.0237
 */
export function tieProbability(mu: number, phi: number): number {
  let sum = 0;
  for (let count = 0; ; count++) {
    const probability = negativeBinomialProbability(count, mu, phi);
    sum += probability * probability;
    // Beyond the mean the rest is at most the largest remaining probability times the tail.
    if (count > mu && probability * negativeBinomialUpperTail(count, mu, phi) < 1e-15 * sum) return sum;
  }
}

/**
 * Tests whether neighbouring counts are equal too often.
 *
 * @param equalPairs pairs of neighbours that are equal, 0..pairs.
 * @param pairs pairs of neighbours looked at.
 * @param probability that a pair is equal by chance, from `tieProbability`.
 * @returns P(at least so many equal pairs).
 * @throws {RangeError} counts not whole or < 0, more equal pairs than pairs, or a probability outside [0, 1].
 * @example
 * tieTest(6, 30, 0.0237268); // => 0.0000649
 */
export function tieTest(equalPairs: number, pairs: number, probability: number): number {
  requireCount('equalPairs', equalPairs);
  requireCount('pairs', pairs);
  if (equalPairs > pairs) throw new RangeError(`equalPairs must be <= pairs ${pairs}, was ${equalPairs}`);
  return binomialUpperTail(equalPairs, pairs, probability);
}
