import { requirePositive, requireShare } from './argument.ts';

/** What one family of checks adds to a score. */
export interface FamilySeverity {
  /** Points the family is worth, > 0. A choice of policy, not an estimate. */
  weight: number;
  /** Severity in [0, 1]; null when the family could not run. */
  severity: number | null;
}

/** A score of 100 less the points lost, over the families that ran. */
export interface IntegrityScore {
  /** 0 to 100; null when no family ran. */
  score: number | null;
  /** Share of the weight of all families that ran. */
  coverage: number;
  /** Points of the score lost by each family; null where it did not run. */
  lost: (number | null)[];
}

/**
 * Integrity score: 100 (1 - sum of weight x severity / sum of weight) over the families that ran.
 *
 * It steers attention and never changes pay. Missing families lower the coverage, not the score.
 *
 * @param families weight and severity of every family; not modified.
 * @returns score, coverage and the points lost in the order given.
 * @throws {RangeError} a weight <= 0 or a severity outside [0, 1].
 * @example
 * integrityScore([{ weight: 3, severity: 0.5 }, { weight: 1, severity: null }]).score; // => 50
 */
export function integrityScore(families: readonly FamilySeverity[]): IntegrityScore {
  let ran = 0;
  let all = 0;
  for (const { weight, severity } of families) {
    requirePositive('weight', weight);
    all += weight;
    if (severity === null) continue;
    requireShare('severity', severity);
    ran += weight;
  }
  if (ran === 0) return { score: null, coverage: 0, lost: families.map(() => null) };
  const lost = families.map(({ weight, severity }) =>
    severity === null ? null : (100 * weight * severity) / ran,
  );
  const total = lost.reduce<number>((sum, points) => sum + (points ?? 0), 0);
  return { score: 100 - total, coverage: ran / all, lost };
}
