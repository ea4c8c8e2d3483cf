import { autocorrelation, totalVarianceFactor } from './autocorrelation.ts';
import type { BaselinePolicy } from './baseline-input.ts';

/** What a day is expected to hold: test a count against NB(mu, phi). */
export interface ExpectedDay {
  /** Day number, 0 = first day of the history. */
  day: number;
  /** Expected count. */
  mu: number;
  /** Predictive dispersion: spread of counts plus uncertainty of mu. */
  phi: number;
  /** Standard error of the log of mu. */
  seEta: number;
}

/** What the predicted days are expected to hold together: test their sum against NB(mu, phi). */
export interface ExpectedTotal {
  mu: number;
  phi: number;
  /** Variance of mu, in counts squared. */
  varMean: number;
  /** Residual autocorrelation at lags 1 to 7 days. */
  acf: number[];
  /** Factor >= 1 by which that autocorrelation widens the variance. */
  acfFactor: number;
  /** Dispersion of earlier blocks of the same length; null with too few of them. */
  phiBlock: number | null;
  /** Earlier blocks looked at. */
  blocks: number;
}

/** What both tiers hand to the totals: fitted means along valid days, and the predicted days. */
export interface BaselinePrediction {
  /** Day numbers of the valid days, their counts, fitted means, and weights in the fit. */
  days: Int32Array;
  counts: Float64Array;
  means: ArrayLike<number>;
  weights: ArrayLike<number> | null;
  phi: number;
  varMean: number;
  expected: ExpectedDay[];
}

const lags = 7;

/** Dispersion of sums over earlier blocks as long as the prediction, counted back from the last valid day. */
function blockDispersion(
  prediction: BaselinePrediction,
  blockDays: number,
  policy: BaselinePolicy,
): { phiBlock: number | null; blocks: number } {
  const { days, counts, means } = prediction;
  const needed = blockDays * (1 - policy.maxMissingShare);
  let end = days[days.length - 1]! + 1;
  let at = days.length - 1;
  let blocks = 0;
  let spread = 0;
  for (; end - blockDays >= 0; end -= blockDays) {
    let held = 0;
    let mean = 0;
    let known = 0;
    for (; at >= 0 && days[at]! >= end - blockDays; at--) {
      held += counts[at]!;
      mean += means[at]!;
      known++;
    }
    if (known < needed) continue;
    blocks++;
    spread += (held - mean) ** 2 / mean;
  }
  return { phiBlock: blocks >= policy.minBlocks ? spread / (blocks - 1) : null, blocks };
}

/**
 * Expectation of the sum over the predicted days.
 *
 * Variance = (phi mu + variance of mu) widened by the autocorrelation of the residuals; with enough earlier
 * blocks of the same length it is no smaller than their own spread allows, so that slow drift counts.
 *
 * @param prediction fitted means of the history and the predicted days.
 * @param length days of the history.
 * @param policy limits for the blocks.
 * @param residuals column of the days of the history to write to; left out: a new one.
 * @returns mean and dispersion of the sum with the parts they are made of.
 * @example
 * expectTotal(prediction, 182, defaultBaselinePolicy).acfFactor; // => 1.52
 */
export function expectTotal(
  prediction: BaselinePrediction,
  length: number,
  policy: BaselinePolicy,
  residuals: Float64Array = new Float64Array(length),
): ExpectedTotal {
  const { days, counts, means, weights, phi, varMean, expected } = prediction;
  // A day without a count has none.
  if (days.length < length) residuals.fill(0);
  for (let i = 0; i < days.length; i++) {
    const mean = means[i]!;
    residuals[days[i]!] = (counts[i]! - mean) * Math.sqrt((weights ? weights[i]! : 1) / mean);
  }
  const acf = autocorrelation(residuals, lags);
  const acfFactor = totalVarianceFactor(acf, expected.length);
  let mu = 0;
  for (const day of expected) mu += day.mu;
  const { phiBlock, blocks } =
    expected.length >= policy.minBlockDays
      ? blockDispersion(prediction, expected.length, policy)
      : { phiBlock: null, blocks: 0 };
  const widened = (varMean * acfFactor) / mu;
  const byDays = phi * acfFactor + widened;
  const byBlocks = phiBlock === null ? 0 : phiBlock + widened;
  return { mu, phi: Math.max(byDays, byBlocks), varMean, acf, acfFactor, phiBlock, blocks };
}
