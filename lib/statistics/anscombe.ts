import type { QuasiPoissonFit } from './quasi-poisson.ts';
import type { QuasiPoissonInput } from './quasi-poisson-information.ts';

/**
 * Anscombe residual of a count, standardised: about normal for honest counts.
 *
 * s = 1.5 (y^(2/3) mu^(-1/6) - mu^(1/2)) / sqrt(phi (1 - leverage)).
 *
 * @param count y >= 0.
 * @param mean mu > 0, in counts.
 * @param phi dispersion >= 1: variance divided by mean.
 * @param leverage of the count in its own fit, in [0, 1).
 * @returns the residual, in standard deviations; 0 when the count equals its mean.
 * @see Farrington, Andrews, Beale & Catchpole (1996), JRSS-A 159(3)
 * @example
 * anscombeResidual(8, 1, 1, 0); // => 4.5
 */
export function anscombeResidual(count: number, mean: number, phi: number, leverage: number): number {
  const root = Math.sqrt(mean);
  const twoThirds = Math.cbrt(count) ** 2;
  return (1.5 * (twoThirds / Math.cbrt(root) - root)) / Math.sqrt(phi * (1 - leverage));
}

/** Leverage of observation `i` in its own fit: how much of its mean it decides itself, in [0, 1). */
export function leverage(input: QuasiPoissonInput, fit: QuasiPoissonFit, i: number): number {
  const q = fit.slopes.length;
  const level = input.levels[i]!;
  let variance = 1 / fit.levelInformation[level]!;
  for (let j = 0; j < q; j++) {
    const left = input.covariates[j]![i]! - fit.levelCentres[level * q + j]!;
    for (let k = 0; k < q; k++) {
      const right = input.covariates[k]![i]! - fit.levelCentres[level * q + k]!;
      variance += left * fit.slopeCovariance[j * q + k]! * right;
    }
  }
  return (input.weights ? input.weights[i]! : 1) * fit.means[i]! * variance;
}

/** Weights that take the pull of high outliers out of a second fit. */
export interface OutlierWeights {
  /** One weight per observation; they add up to the number of observations. */
  weights: Float64Array;
  /** The weight of every observation that is no outlier. */
  usual: number;
  /** Observations with a residual above the threshold, that residual and their weight. */
  outliers: { index: number; residual: number; weight: number }[];
}

/**
 * Weights of a refit: gamma / s^2 for an Anscombe residual s above the threshold, gamma otherwise.
 *
 * Only high outliers are downweighted: the history of an inflated number must not raise its own limit, and a
 * dip is no danger to it. gamma makes the weights add up to n.
 *
 * @param input the model just fitted, unweighted.
 * @param fit its fit.
 * @param threshold in standard deviations, usually 2.58.
 * @param weights column of the observations to write to; left out: a new one.
 * @returns the weights, or null when no residual lies above the threshold and a refit would change nothing.
 * @see Noufaily et al. (2013), Statistics in Medicine 32:1206-1222
 * @example
 * outlierWeights(input, fit, 2.58)?.outliers; // => [{ index: 23, residual: 4.41, weight: 0.052 }]
 */
export function outlierWeights(
  input: QuasiPoissonInput,
  fit: QuasiPoissonFit,
  threshold: number,
  weights: Float64Array = new Float64Array(fit.means.length),
): OutlierWeights | null {
  const { counts } = input;
  const { means, phi } = fit;
  const n = means.length;
  const outliers: OutlierWeights['outliers'] = [];
  let sum = n;
  for (const i of farAbove(input, fit, threshold * threshold * phi)) {
    const residual = anscombeResidual(counts[i]!, means[i]!, phi, leverage(input, fit, i));
    if (residual <= threshold) continue;
    outliers.push({ index: i, residual, weight: 1 / (residual * residual) });
    sum += 1 / (residual * residual) - 1;
  }
  if (outliers.length === 0) return null;
  const usual = n / sum;
  weights.fill(usual);
  for (const outlier of outliers) {
    outlier.weight *= usual;
    weights[outlier.index] = outlier.weight;
  }
  return { weights, usual, outliers };
}

/**
 * Observations above their mean whose squared standardised Pearson residual, times the dispersion, exceeds a bound.
 * The Anscombe residual of a high count never exceeds the Pearson residual, which needs no roots.
 */
function farAbove(input: QuasiPoissonInput, fit: QuasiPoissonFit, bound: number): number[] {
  const { counts, levels, covariates, exposure } = input;
  const { means, levelMeans, levelInformation, levelCentres, slopeCovariance } = fit;
  const found: number[] = [];
  if (covariates.length === 0 && !exposure) {
    // All counts of a level have one limit.
    const limits = new Float64Array(levelMeans.length);
    for (let level = 0; level < limits.length; level++) {
      const mean = levelMeans[level]!;
      limits[level] = mean + Math.sqrt(bound * (1 - mean / levelInformation[level]!) * mean);
    }
    for (let i = 0; i < means.length; i++) if (counts[i]! > limits[levels[i]!]!) found.push(i);
    return found;
  }
  const isSimple = covariates.length === 1;
  const column = covariates[0] ?? counts;
  const covariance = slopeCovariance[0] ?? 0;
  for (let i = 0; i < means.length; i++) {
    const mean = means[i]!;
    const miss = counts[i]! - mean;
    const level = levels[i]!;
    // `leverage` written out for one covariate, the usual case.
    const centred = column[i]! - levelCentres[level]!;
    const own = isSimple
      ? mean * (1 / levelInformation[level]! + centred * centred * covariance)
      : leverage(input, fit, i);
    // Asked before the side of the miss, which is a toss-up a day and would be guessed wrong as often.
    if (miss * miss > bound * (1 - own) * mean && miss > 0) found.push(i);
  }
  return found;
}
