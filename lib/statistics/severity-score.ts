import { requireAtLeast, requirePositive, requireShare } from './argument.ts';

/** p-values between which the severity rises from 0 to 1, on a logarithmic scale. */
export interface SeverityScale {
  none: number;
  full: number;
}

/**
 * Severity of a finding between 0 and 1: evidence times practical effect.
 *
 * s = clamp((log10 none - log10 p) / (log10 none - log10 full), 0, 1) x min(1, effect / reference).
 *
 * @param p p-value in [0, 1].
 * @param effect size of the effect, >= 0, in the unit of `reference`.
 * @param reference effect that counts in full, > 0.
 * @param scale p-values of no and of full severity, 0.05 and 0.0001 unless policy says otherwise.
 * @returns a score in [0, 1]; 0 at p >= scale.none or without effect.
 * @throws {RangeError} `p` outside [0, 1], `effect` < 0, `reference` <= 0, or a scale that does not fall.
 * @example
 * severityScore(0.001, 0.3, 0.2, { none: 0.05, full: 0.0001 }); // => 0.629
 */
export function severityScore(p: number, effect: number, reference: number, scale: SeverityScale): number {
  requireShare('p', p);
  requireAtLeast('effect', effect, 0);
  requirePositive('reference', reference);
  requirePositive('scale.full', scale.full);
  if (!(scale.none > scale.full)) {
    throw new RangeError(`scale.none must be > scale.full ${scale.full}, was ${scale.none}`);
  }
  const evidence = Math.log(scale.none / p) / Math.log(scale.none / scale.full);
  return Math.min(1, Math.max(0, evidence)) * Math.min(1, effect / reference);
}
