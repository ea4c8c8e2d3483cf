import { requireCount, requireInside } from './argument.ts';
import { betaQuantile } from './beta.ts';

function requireTrials(successes: number, trials: number, confidence: number): void {
  requireCount('successes', successes);
  requireCount('trials', trials, 1);
  if (successes > trials) throw new RangeError(`successes must be <= trials ${trials}, was ${successes}`);
  requireInside('confidence', confidence);
}

/**
 * Exact one-sided lower limit of a share (Clopper-Pearson).
 *
 * @param successes whole number, 0..trials.
 * @param trials whole number >= 1.
 * @param confidence one-sided, inside (0, 1).
 * @returns the largest share under which so many successes stay improbable; 0 at no success.
 * @throws {RangeError} counts not whole or out of range, or `confidence` outside (0, 1).
 * @see Clopper & Pearson (1934), Biometrika 26
 * @example
 * clopperPearsonLower(15, 15, 0.975); // => 0.782
 */
export function clopperPearsonLower(successes: number, trials: number, confidence: number): number {
  requireTrials(successes, trials, confidence);
  return successes === 0 ? 0 : betaQuantile(1 - confidence, successes, trials - successes + 1);
}

/**
 * Exact one-sided upper limit of a share (Clopper-Pearson).
 *
 * @param successes whole number, 0..trials.
 * @param trials whole number >= 1.
 * @param confidence one-sided, inside (0, 1).
 * @returns the smallest share under which so few successes stay improbable; 1 when all succeed.
 * @throws {RangeError} counts not whole or out of range, or `confidence` outside (0, 1).
 * @see Clopper & Pearson (1934), Biometrika 26
 * @example
 * clopperPearsonUpper(18, 40, 0.95); // => 0.591
 */
export function clopperPearsonUpper(successes: number, trials: number, confidence: number): number {
  requireTrials(successes, trials, confidence);
  return successes === trials ? 1 : betaQuantile(confidence, successes + 1, trials - successes);
}

/**
 * Exact two-sided interval of a share (Clopper-Pearson), each side at half the risk.
 *
 * @param successes whole number, 0..trials.
 * @param trials whole number >= 1.
 * @param confidence two-sided, inside (0, 1).
 * @returns lower and upper limit in [0, 1].
 * @throws {RangeError} counts not whole or out of range, or `confidence` outside (0, 1).
 * @see Clopper & Pearson (1934), Biometrika 26
 * @example
 * clopperPearsonInterval(11, 20, 0.95); // => [0.315, 0.769]
 */
export function clopperPearsonInterval(
  successes: number,
  trials: number,
  confidence: number,
): [number, number] {
  const oneSided = (1 + confidence) / 2;
  return [clopperPearsonLower(successes, trials, oneSided), clopperPearsonUpper(successes, trials, oneSided)];
}
