import { requireShare } from './argument.ts';

/**
 * Two-sided p-value from both closed tails: twice the smaller, at most 1.
 *
 * @param lower P(Y <= y), in [0, 1].
 * @param upper P(Y >= y), in [0, 1].
 * @returns a probability.
 * @throws {RangeError} a tail lies outside [0, 1].
 * @example
 * twoSidedP(0.99, 0.02); // => 0.04
 */
export function twoSidedP(lower: number, upper: number): number {
  requireShare('lower', lower);
  requireShare('upper', upper);
  return Math.min(1, 2 * Math.min(lower, upper));
}

/**
 * A p-value rounded to 12 significant digits, as it is before it is compared with a level.
 *
 * Rounding keeps a verdict from hanging on the last bits, which differ between machines.
 *
 * @param p in [0, 1].
 * @returns the rounded p-value.
 * @throws {RangeError} `p` lies outside [0, 1].
 * @example
 * roundP(0.05000000000000001); // => 0.05
 */
export function roundP(p: number): number {
  requireShare('p', p);
  return Number(p.toPrecision(12));
}

/**
 * Monte Carlo p-value: (1 + simulations at least as extreme) / (simulations + 1), never 0.
 *
 * @param atLeastAsExtreme simulated statistics >= the observed one, 0..simulations.
 * @param simulations number of simulations >= 1.
 * @returns a probability, at least 1 / (simulations + 1).
 * @throws {RangeError} the counts are not whole or out of range.
 * @see Davison & Hinkley (1997), Bootstrap Methods and their Application, 4.2
 * @example
 * monteCarloP(0, 9999); // => 0.0001
 */
export function monteCarloP(atLeastAsExtreme: number, simulations: number): number {
  if (!Number.isSafeInteger(simulations) || simulations < 1) {
    throw new RangeError(`simulations must be a whole number >= 1, was ${simulations}`);
  }
  if (!Number.isSafeInteger(atLeastAsExtreme) || atLeastAsExtreme < 0 || atLeastAsExtreme > simulations) {
    throw new RangeError(
      `atLeastAsExtreme must be a whole number in 0..${simulations}, was ${atLeastAsExtreme}`,
    );
  }
  return (1 + atLeastAsExtreme) / (simulations + 1);
}
