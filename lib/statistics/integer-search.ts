/**
 * Smallest integer k >= 0 for which a monotone condition holds.
 *
 * The condition must be false below some k and true from it on. The search gallops from `start` and then
 * halves, so a start a few steps off costs a handful of evaluations.
 *
 * @param holds the condition; called with integers >= 0 only.
 * @param start any finite number; rounded and raised to 0.
 * @param last the search gives up above it, so that a condition that never holds ends.
 * @returns the smallest k in [0, last] with `holds(k)`.
 * @throws {RangeError} `holds(last)` is false.
 * @example
 * smallestInteger((k) => k * k >= 50, 3); // => 8
 */
export function smallestInteger(
  holds: (k: number) => boolean,
  start: number,
  last = Number.MAX_SAFE_INTEGER,
): number {
  let at = Math.min(last, Math.max(0, Math.round(start)));
  let step = 1;
  let below: number;
  if (holds(at)) {
    // Walk down until the condition fails; `at` always satisfies it.
    for (;;) {
      if (at === 0) return 0;
      const next = Math.max(0, at - step);
      if (!holds(next)) {
        below = next;
        break;
      }
      at = next;
      step *= 2;
    }
  } else {
    for (;;) {
      if (at === last) throw new RangeError(`no integer up to ${last} satisfies the condition`);
      const next = Math.min(last, at + step);
      if (holds(next)) {
        below = at;
        at = next;
        break;
      }
      at = next;
      step *= 2;
    }
  }
  while (at - below > 1) {
    const middle = below + Math.floor((at - below) / 2);
    if (holds(middle)) at = middle;
    else below = middle;
  }
  return at;
}

/**
 * Factor by which a probability may miss a level and still count as having reached it.
 *
 * Tails are accurate to about 1e-13; a tail that equals the level on paper must not miss it by rounding.
 */
const levelTolerance = 1e-12;

/**
 * Upper limit of a count: the smallest u with P(Y > u) <= alpha; a count above u is too high at level alpha.
 *
 * @param upperTail P(Y >= k) for integers k >= 0, not rising in k.
 * @param alpha level inside (0, 1), a share.
 * @param start a guess of u.
 * @param last the largest possible count.
 * @returns an integer in [0, last].
 * @throws {RangeError} no integer up to `last` qualifies.
 * @example
 * upperCountLimit((k) => 0.5 ** k, 0.125, 0); // => 2
 */
export function upperCountLimit(
  upperTail: (k: number) => number,
  alpha: number,
  start: number,
  last?: number,
): number {
  const level = alpha * (1 + levelTolerance);
  return smallestInteger((u) => upperTail(u + 1) <= level, start, last);
}

/**
 * Lower limit of a count: the smallest l with P(Y <= l) >= alpha; a count below l is too low at level alpha.
 *
 * @param lowerTail P(Y <= k) for integers k >= 0, not falling in k.
 * @param alpha level inside (0, 1), a share.
 * @param start a guess of l.
 * @param last the largest possible count.
 * @returns an integer in [0, last].
 * @throws {RangeError} no integer up to `last` qualifies.
 * @example
 * lowerCountLimit((k) => 1 - 0.5 ** (k + 1), 0.75, 0); // => 1
 */
export function lowerCountLimit(
  lowerTail: (k: number) => number,
  alpha: number,
  start: number,
  last?: number,
): number {
  const level = alpha * (1 - levelTolerance);
  return smallestInteger((l) => lowerTail(l) >= level, start, last);
}
