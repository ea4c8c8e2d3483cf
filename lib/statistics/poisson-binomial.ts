import { requireShare, requireWhole } from './argument.ts';

/**
 * Upper tail of the Poisson-binomial distribution: at least `hits` successes in independent trials that
 * each have their own probability.
 *
 * @param hits a whole number.
 * @param probabilities one success probability per trial, each in [0, 1]; not modified.
 * @returns a probability; 1 for hits <= 0 and 0 for hits above the number of trials.
 * @throws {RangeError} `hits` is not whole or a probability lies outside [0, 1].
 * @see Wang (1993), Statistica Sinica 3
 * @example
 * poissonBinomialUpperTail(2, [0.5, 0.5]); // => 0.25
 */
export function poissonBinomialUpperTail(hits: number, probabilities: readonly number[]): number {
  requireWhole('hits', hits);
  const exactly = new Float64Array(probabilities.length + 1);
  exactly[0] = 1;
  probabilities.forEach((probability, trial) => {
    requireShare('probability', probability);
    for (let k = trial + 1; k > 0; k--) {
      exactly[k] = exactly[k]! * (1 - probability) + exactly[k - 1]! * probability;
    }
    exactly[0]! *= 1 - probability;
  });
  if (hits <= 0) return 1;
  let tail = 0;
  for (let k = exactly.length - 1; k >= hits; k--) tail += exactly[k]!;
  return Math.min(1, tail);
}
