import { invertInPlace } from './cholesky.ts';
import {
  informationOfAll,
  informationOfOne,
  type QuasiPoissonInput,
  weighAll,
  weighOne,
} from './quasi-poisson-information.ts';

/** A fitted quasi-Poisson model. Plain numbers; `means` runs along the observations. */
export interface QuasiPoissonFit {
  /** Mean of each level at covariates 0 and exposure 1, in counts. */
  levelMeans: Float64Array;
  /** Change of the log mean per unit of each covariate. */
  slopes: Float64Array;
  means: Float64Array;
  /** Pearson dispersion before it is raised to 1. */
  phiRaw: number;
  /** Dispersion >= 1: variance divided by mean. */
  phi: number;
  /** Observations less coefficients. */
  degrees: number;
  /** Weighted sum of the means of each level: its Fisher information at dispersion 1. */
  levelInformation: Float64Array;
  /** Information-weighted mean of each covariate in each level, at level * covariates + covariate. */
  levelCentres: Float64Array;
  /** Covariance of the slopes at dispersion 1, row by row. */
  slopeCovariance: Float64Array;
}

const none = new Float64Array(0);
const maxIterations = 25;
const longestStep = 2;
// A Newton step that promises less gain in deviance than this leaves an error far below any standard error.
const negligibleGain = 1e-18;

function pearsonStatistic(
  counts: ArrayLike<number>,
  means: Float64Array,
  weights: ArrayLike<number> | null | undefined,
): number {
  let sum = 0;
  for (let i = 0; i < means.length; i++) {
    const miss = counts[i]! - means[i]!;
    const term = (miss * miss) / means[i]!;
    sum += weights ? weights[i]! * term : term;
  }
  return sum;
}

function requireCounted(levelTotals: Float64Array): void {
  for (let c = 0; c < levelTotals.length; c++) {
    if (!(levelTotals[c]! > 0)) throw new RangeError(`level ${c} must hold a count above 0`);
  }
}

/** The closed form without covariates: weighted counts of a level over its weighted exposure. */
function fitLevels(
  {
    counts,
    levels,
    levelCount,
    exposure,
    weights,
    means = new Float64Array(counts.length),
  }: QuasiPoissonInput,
  degrees: number,
): QuasiPoissonFit {
  const n = counts.length;
  const levelTotals = new Float64Array(levelCount);
  const levelMeans = new Float64Array(levelCount);
  for (let i = 0; i < n; i++) {
    const level = levels[i]!;
    const weight = weights ? weights[i]! : 1;
    levelTotals[level]! += weight * counts[i]!;
    levelMeans[level]! += exposure ? weight * exposure[i]! : weight;
  }
  requireCounted(levelTotals);
  for (let c = 0; c < levelCount; c++) levelMeans[c] = levelTotals[c]! / levelMeans[c]!;
  let pearson = 0;
  for (let i = 0; i < n; i++) {
    const mean = exposure ? levelMeans[levels[i]!]! * exposure[i]! : levelMeans[levels[i]!]!;
    const miss = counts[i]! - mean;
    const term = (miss * miss) / mean;
    pearson += weights ? weights[i]! * term : term;
    means[i] = mean;
  }
  return flatFit(levelMeans, levelTotals, means, pearson / degrees, degrees);
}

/** A fit without covariates, whose levels know as much as they count. */
export function flatFit(
  levelMeans: Float64Array,
  levelTotals: Float64Array,
  means: Float64Array,
  phiRaw: number,
  degrees: number,
): QuasiPoissonFit {
  return {
    levelMeans,
    slopes: none,
    means,
    phiRaw,
    phi: Math.max(1, phiRaw),
    degrees,
    levelInformation: levelTotals,
    levelCentres: none,
    slopeCovariance: none,
  };
}

/**
 * Quasi-Poisson regression of counts on levels and a few covariates, log link, by maximum likelihood.
 *
 * Same estimates as iteratively reweighted least squares. Given the slopes, the mean of a level has a closed
 * form, so Newton's method runs over the slopes alone; without covariates nothing is iterated.
 *
 * @param input see `QuasiPoissonInput`; not modified.
 * @returns the fit, or null when the slopes do not converge within 25 iterations or are not identified.
 * @throws {RangeError} a level has no count above 0, or there are not more observations than coefficients.
 * @see McCullagh & Nelder (1989), Generalized Linear Models, 6.2
 * @example
 * fitQuasiPoisson({ counts: [2, 4, 9], levels: [0, 0, 1], levelCount: 2, covariates: [] })?.levelMeans; // => [3, 9]
 */
export function fitQuasiPoisson(input: QuasiPoissonInput): QuasiPoissonFit | null {
  const { counts, levels, levelCount, covariates, weights, start } = input;
  const n = counts.length;
  const q = covariates.length;
  const degrees = n - levelCount - q;
  if (degrees <= 0) {
    throw new RangeError(`${n} observations are too few for ${levelCount + q} coefficients`);
  }
  if (q === 0) return fitLevels(input, degrees);
  const levelTotals = new Float64Array(levelCount);
  const slopeTotals = new Float64Array(q);
  for (let i = 0; i < n; i++) {
    const weighted = weights ? weights[i]! * counts[i]! : counts[i]!;
    levelTotals[levels[i]!]! += weighted;
    for (let j = 0; j < q; j++) slopeTotals[j]! += weighted * covariates[j]![i]!;
  }
  requireCounted(levelTotals);
  const slopes = new Float64Array(q);
  if (start) slopes.set(start);
  const relative = new Float64Array(n);
  const levelMeans = new Float64Array(levelCount);
  const levelCentres = new Float64Array(levelCount * q);
  const slopeCovariance = new Float64Array(q * q);
  const score = new Float64Array(q);
  const steps = new Float64Array(q);

  for (let iteration = 0; ; iteration++) {
    levelMeans.fill(0);
    levelCentres.fill(0);
    if (q === 1) weighOne(input, slopes[0]!, relative, levelMeans, levelCentres);
    else weighAll(input, slopes, relative, levelMeans, levelCentres);
    for (let c = 0; c < levelCount; c++) {
      const exposed = levelMeans[c]!;
      levelMeans[c] = levelTotals[c]! / exposed;
      for (let j = 0; j < q; j++) levelCentres[c * q + j]! /= exposed;
    }
    if (q === 1) slopeCovariance[0] = informationOfOne(input, relative, levelMeans, levelCentres);
    else informationOfAll(input, relative, levelMeans, levelCentres, slopeCovariance);
    for (let j = 0; j < q; j++) {
      score[j] = slopeTotals[j]!;
      for (let c = 0; c < levelCount; c++) score[j]! -= levelTotals[c]! * levelCentres[c * q + j]!;
      for (let k = 0; k < j; k++) slopeCovariance[k * q + j] = slopeCovariance[j * q + k]!;
    }
    if (!invertInPlace(slopeCovariance, q)) return null;
    let gain = 0;
    for (let j = 0; j < q; j++) {
      for (let k = 0; k < q; k++) gain += score[j]! * slopeCovariance[j * q + k]! * score[k]!;
    }
    if (gain < negligibleGain) break;
    if (!Number.isFinite(gain) || iteration === maxIterations) return null;
    let longest = 0;
    for (let j = 0; j < q; j++) {
      steps[j] = 0;
      for (let k = 0; k < q; k++) steps[j]! += slopeCovariance[j * q + k]! * score[k]!;
      longest = Math.max(longest, Math.abs(steps[j]!));
    }
    // From a flat start Newton overshoots a steep slope, and then needs an iteration for each unit of it.
    const damping = longest > longestStep ? longestStep / longest : 1;
    for (let j = 0; j < q; j++) slopes[j]! += damping * steps[j]!;
  }

  for (let i = 0; i < n; i++) relative[i]! *= levelMeans[levels[i]!]!;
  const phiRaw = pearsonStatistic(counts, relative, weights) / degrees;
  return {
    levelMeans,
    slopes,
    means: relative,
    phiRaw,
    phi: Math.max(1, phiRaw),
    degrees,
    // At the maximum the weighted means of a level add up to its weighted counts.
    levelInformation: levelTotals,
    levelCentres,
    slopeCovariance,
  };
}

/**
 * Variance at dispersion 1 of a weighted sum of linear predictors, g' (X'WX)^-1 g.
 *
 * For a single observation of one level: `levelWeights` 1 at its level, `slopeWeights` its covariates; the
 * result is the squared standard error of its log mean. For a total of means: the sums of means, and of means
 * times covariates. Multiply by the dispersion.
 *
 * @param fit a fitted model.
 * @param levelWeights one number per level.
 * @param slopeWeights one number per covariate.
 * @returns a variance >= 0.
 * @example
 * predictorVariance(fit, [1, 0], []); // => 1 / fit.levelInformation[0]
 */
export function predictorVariance(
  fit: QuasiPoissonFit,
  levelWeights: ArrayLike<number>,
  slopeWeights: ArrayLike<number>,
): number {
  const q = fit.slopes.length;
  let variance = 0;
  for (let c = 0; c < levelWeights.length; c++) {
    variance += (levelWeights[c]! * levelWeights[c]!) / fit.levelInformation[c]!;
  }
  for (let j = 0; j < q; j++) {
    const left = centredWeight(fit, levelWeights, slopeWeights, j);
    for (let k = 0; k < q; k++) {
      variance += left * fit.slopeCovariance[j * q + k]! * centredWeight(fit, levelWeights, slopeWeights, k);
    }
  }
  return variance;
}

/**
 * Variance at dispersion 1 of the linear predictor of one observation: what `predictorVariance` gives for it.
 *
 * @param fit a fitted model.
 * @param level of the observation.
 * @param covariates its covariates.
 * @returns a variance >= 0: the squared standard error of its log mean.
 * @example
 * observationVariance(fit, 0, []); // => 1 / fit.levelInformation[0]
 */
export function observationVariance(
  fit: QuasiPoissonFit,
  level: number,
  covariates: ArrayLike<number>,
): number {
  const { slopeCovariance, levelCentres } = fit;
  const q = covariates.length;
  let variance = 1 / fit.levelInformation[level]!;
  for (let j = 0; j < q; j++) {
    const left = covariates[j]! - levelCentres[level * q + j]!;
    for (let k = 0; k < q; k++) {
      variance += left * slopeCovariance[j * q + k]! * (covariates[k]! - levelCentres[level * q + k]!);
    }
  }
  return variance;
}

function centredWeight(
  fit: QuasiPoissonFit,
  levelWeights: ArrayLike<number>,
  slopeWeights: ArrayLike<number>,
  covariate: number,
): number {
  const q = fit.slopes.length;
  let centred = slopeWeights[covariate]!;
  for (let c = 0; c < levelWeights.length; c++) {
    if (levelWeights[c] !== 0) centred -= levelWeights[c]! * fit.levelCentres[c * q + covariate]!;
  }
  return centred;
}
