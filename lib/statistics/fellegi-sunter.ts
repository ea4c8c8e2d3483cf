import { requireInside, requireLength } from './argument.ts';

/** One compared field of a pair of records. */
export interface FieldComparison {
  /** Probability that the field agrees on two records of one person. */
  agreesIfSame: number;
  /** Probability that it agrees on two records of different persons. */
  agreesIfDifferent: number;
  agrees: boolean;
}

/** Evidence that two records are the same person. */
export interface LinkageWeight {
  /** Weight of each field in bits, negative against. */
  weights: number[];
  total: number;
  /** Probability that the two are the same, given the prior. */
  posterior: number;
}

/**
 * Fellegi-Sunter weight and posterior of a pair of records.
 *
 * log2(m / u) where a field agrees, log2((1 - m) / (1 - u)) where not; fields are taken as independent, so of two
 * that go together (company and domain) only one may be given.
 *
 * @param fields at least one compared field; fields missing on a record are left out.
 * @param prior share of pairs that are the same person, inside (0, 1).
 * @returns weights in bits, their sum, and the posterior probability.
 * @throws {RangeError} no field, or a probability outside (0, 1).
 * @see Fellegi & Sunter (1969), JASA 64
 * @example
 * linkageWeight([{ agreesIfSame: 0.9, agreesIfDifferent: 0.1, agrees: true }], 0.5).posterior; // => 0.9
 */
export function linkageWeight(fields: readonly FieldComparison[], prior: number): LinkageWeight {
  requireLength('fields', fields, 1);
  requireInside('prior', prior);
  const weights = fields.map(({ agreesIfSame, agreesIfDifferent, agrees }) => {
    requireInside('agreesIfSame', agreesIfSame);
    requireInside('agreesIfDifferent', agreesIfDifferent);
    return agrees
      ? Math.log2(agreesIfSame / agreesIfDifferent)
      : Math.log2((1 - agreesIfSame) / (1 - agreesIfDifferent));
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { weights, total, posterior: 1 / (1 + ((1 - prior) / prior) * 2 ** -total) };
}
