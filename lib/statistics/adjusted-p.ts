import { requireLength, requireShare } from './argument.ts';

function requirePValues(pValues: readonly number[]): void {
  requireLength('pValues', pValues, 1);
  for (const p of pValues) requireShare('p', p);
}

/** Indexes of the p-values from the smallest to the largest. */
function rising(pValues: readonly number[]): number[] {
  return pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]!);
}

/** Step-up adjustment: from the largest p-value down, min over (factor * m / rank * p). */
function stepUp(pValues: readonly number[], factor: number): number[] {
  const count = pValues.length;
  const adjusted = new Array<number>(count);
  let least = 1;
  for (const [fromEnd, index] of rising(pValues).reverse().entries()) {
    least = Math.min(least, ((factor * count) / (count - fromEnd)) * pValues[index]!);
    adjusted[index] = least;
  }
  return adjusted;
}

/**
 * Bonferroni-adjusted p-values: each times their number, at most 1.
 *
 * Controls the chance of any false positive under any dependence.
 *
 * @param pValues at least one p-value in [0, 1]; not modified.
 * @returns adjusted p-values in the same order.
 * @throws {RangeError} no p-value, or one outside [0, 1].
 * @see Dunn (1961), JASA 56
 * @example
 * bonferroni([0.01, 0.6]); // => [0.02, 1]
 */
export function bonferroni(pValues: readonly number[]): number[] {
  requirePValues(pValues);
  return pValues.map((p) => Math.min(1, p * pValues.length));
}

/**
 * Holm-adjusted p-values: as strict as Bonferroni on the smallest, less on the others.
 *
 * @param pValues at least one p-value in [0, 1]; not modified.
 * @returns adjusted p-values in the same order.
 * @throws {RangeError} no p-value, or one outside [0, 1].
 * @see Holm (1979), Scandinavian Journal of Statistics 6
 * @example
 * holm([0.01, 0.6]); // => [0.02, 0.6]
 */
export function holm(pValues: readonly number[]): number[] {
  requirePValues(pValues);
  const adjusted = new Array<number>(pValues.length);
  let most = 0;
  for (const [rank, index] of rising(pValues).entries()) {
    most = Math.max(most, Math.min(1, (pValues.length - rank) * pValues[index]!));
    adjusted[index] = most;
  }
  return adjusted;
}

/**
 * Benjamini-Hochberg-adjusted p-values: controls the expected share of false positives.
 *
 * @param pValues at least one p-value in [0, 1], independent or positively dependent; not modified.
 * @returns adjusted p-values in the same order.
 * @throws {RangeError} no p-value, or one outside [0, 1].
 * @see Benjamini & Hochberg (1995), JRSS-B 57
 * @example
 * benjaminiHochberg([0.01, 0.6]); // => [0.02, 0.6]
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  requirePValues(pValues);
  return stepUp(pValues, 1);
}

/**
 * Benjamini-Yekutieli-adjusted p-values: as Benjamini-Hochberg, under any dependence.
 *
 * @param pValues at least one p-value in [0, 1]; not modified.
 * @returns adjusted p-values in the same order.
 * @throws {RangeError} no p-value, or one outside [0, 1].
 * @see Benjamini & Yekutieli (2001), Annals of Statistics 29
 * @example
 * benjaminiYekutieli([0.01, 0.6]); // => [0.03, 0.9]
 */
export function benjaminiYekutieli(pValues: readonly number[]): number[] {
  requirePValues(pValues);
  let harmonic = 0;
  for (let rank = 1; rank <= pValues.length; rank++) harmonic += 1 / rank;
  return stepUp(pValues, harmonic);
}
