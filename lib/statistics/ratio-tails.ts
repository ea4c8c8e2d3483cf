/** Both closed tails of a count and the probability between them: lower + upper - probability = 1. */
export interface Tails {
  /** P(X <= x). */
  lower: number;
  /** P(X >= x). */
  upper: number;
  /** P(X = x). */
  probability: number;
}

/**
 * Tails of a finite discrete distribution known by the ratio of neighbouring probabilities.
 *
 * Walks from `start` to both ends and divides by the total, so no constant of the distribution is needed
 * and small tails keep their digits: only positive numbers are added.
 *
 * @param x a whole number; outside first..last the tails are 0 and 1.
 * @param first smallest possible value.
 * @param last largest possible value, >= first.
 * @param start a value near the mode.
 * @param ratio P(X = k + 1) / P(X = k) for k in first..last-1.
 * @param isLogConcave whether the ratio never rises; then the walk stops where terms no longer count.
 * @param shortfall by what share of itself `ratio(k)` is too small, where that is known. Roundings of one sign, as
 *   those of a sum that grows by 1 are, would add up over a long walk.
 * @returns both tails and the probability of `x`.
 * @example
 * tailsByRatio(1, 0, 2, 1, (k) => (2 - k) / (k + 1), true); // => { lower: 0.75, upper: 0.75, probability: 0.5 }
 */
export function tailsByRatio(
  x: number,
  first: number,
  last: number,
  start: number,
  ratio: (k: number) => number,
  isLogConcave: boolean,
  shortfall: (k: number) => number = () => 0,
): Tails {
  if (x < first) return { lower: 0, upper: 1, probability: 0 };
  if (x > last) return { lower: 1, upper: 0, probability: 0 };
  const middle = Math.min(last, Math.max(first, Math.floor(start)));
  const negligible = isLogConcave ? 1e-19 : 0;
  let below = 0;
  let at = 0;
  let above = 0;
  const add = (k: number, weight: number): void => {
    if (k < x) below += weight;
    else if (k > x) above += weight;
    else at = weight;
  };
  add(middle, 1);
  let weight = 1;
  let missing = 0;
  for (let k = middle; k < last; k++) {
    weight *= ratio(k);
    missing += shortfall(k);
    add(k + 1, weight + weight * missing);
    if (k + 1 > x && weight <= negligible * above) break;
  }
  weight = 1;
  missing = 0;
  for (let k = middle; k > first; k--) {
    weight /= ratio(k - 1);
    missing -= shortfall(k - 1);
    add(k - 1, weight + weight * missing);
    if (k - 1 < x && weight <= negligible * below) break;
  }
  const total = below + at + above;
  return { lower: (below + at) / total, upper: (above + at) / total, probability: at / total };
}
