import { requireAtLeast, requireCount } from './argument.ts';
import { binomialUpperTail } from './binomial.ts';

/**
 * Caliper test: do results gather just above a target rather than just below it?
 *
 * P(Bin(above + below, gamma / (1 + gamma)) >= above). gamma = 1 is the plain test; gamma = 1.5 asks whether
 * the finding survives a density that is half as high again above as below.
 *
 * @param above results in [target, target (1 + h)), a whole number.
 * @param below results in [target (1 - h), target), a whole number.
 * @param gamma odds of landing above without any gathering, >= 1.
 * @returns the one-sided p-value; 1 without a result.
 * @throws {RangeError} counts not whole or < 0, or `gamma` < 1.
 * @see Gerber & Malhotra (2008), Quarterly Journal of Political Science 3
 * @example
 * caliperTest(19, 6, 1); // => 0.0073
 */
export function caliperTest(above: number, below: number, gamma: number): number {
  requireCount('above', above);
  requireCount('below', below);
  requireAtLeast('gamma', gamma, 1);
  return binomialUpperTail(above, above + below, gamma / (1 + gamma));
}
