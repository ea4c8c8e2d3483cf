import gammaln from '@stdlib/math-base-special-gammaln';
import { requireFinite } from './argument.ts';
import { normalUpperTail } from './normal.ts';

/** Runs of equal signs in a sequence, against chance. */
export interface RunsTest {
  runs: number;
  positive: number;
  negative: number;
  /** Standardised number of runs; null when all signs are equal. */
  z: number | null;
  /** Two-sided normal p-value; 1 when all signs are equal. */
  p: number;
  /** Exact P(runs >= seen): small when signs alternate. */
  tooMany: number;
  /** Exact P(runs <= seen): small when signs drift. */
  tooFew: number;
}

function logChoose(n: number, k: number): number {
  return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1);
}

/** P(a random order of n1 and n2 signs has exactly `runs` runs). */
function runsProbability(runs: number, n1: number, n2: number): number {
  const logOrders = logChoose(n1 + n2, n1);
  // Cuts that split the first sign into i + 1 runs and the second into j + 1.
  const cuts = (i: number, j: number): number => {
    if (i > n1 - 1 || j > n2 - 1) return 0;
    return Math.exp(logChoose(n1 - 1, i) + logChoose(n2 - 1, j) - logOrders);
  };
  const half = Math.floor(runs / 2);
  return runs % 2 === 0 ? 2 * cuts(half - 1, half - 1) : cuts(half, half - 1) + cuts(half - 1, half);
}

/**
 * Wald-Wolfowitz runs test on the signs of residuals.
 *
 * @param residuals finite numbers in order of time; zeros have no sign and are left out.
 * @returns runs, the normal approximation (for more than 20 signs of each kind) and exact tails.
 * @throws {RangeError} a residual is not finite.
 * @see Wald & Wolfowitz (1940), Annals of Mathematical Statistics 11
 * @example
 * runsTest([1, -1, 1, -1]).runs; // => 4
 */
export function runsTest(residuals: readonly number[]): RunsTest {
  let runs = 0;
  let positive = 0;
  let negative = 0;
  let before = 0;
  for (const residual of residuals) {
    requireFinite('residuals', residual);
    const sign = Math.sign(residual);
    if (sign === 0) continue;
    if (sign > 0) positive++;
    else negative++;
    if (sign !== before) runs++;
    before = sign;
  }
  if (positive === 0 || negative === 0) {
    return { runs, positive, negative, z: null, p: 1, tooMany: 1, tooFew: 1 };
  }
  const n = positive + negative;
  const pairs = 2 * positive * negative;
  const variance = (pairs * (pairs - n)) / (n * n * (n - 1));
  const z = variance === 0 ? 0 : (runs - 1 - pairs / n) / Math.sqrt(variance);
  const most = 2 * Math.min(positive, negative) + 1;
  let tooMany = 0;
  let tooFew = 0;
  for (let count = 2; count <= most; count++) {
    const probability = runsProbability(count, positive, negative);
    if (count >= runs) tooMany += probability;
    if (count <= runs) tooFew += probability;
  }
  return {
    runs,
    positive,
    negative,
    z,
    p: 2 * normalUpperTail(Math.abs(z)),
    tooMany: Math.min(1, tooMany),
    tooFew: Math.min(1, tooFew),
  };
}
