import { flatFit, type QuasiPoissonFit } from './quasi-poisson.ts';
import type { TrendInput, TrendModel } from './trend-model.ts';
import { chain, momentsOf, sumMoments, type TrendWeights } from './trend-moments.ts';

const unweighted: TrendWeights = { usual: 1, outliers: [] };
const maxIterations = 25;
const longestStep = 2;
/** Newton steps below this are made by the series of the exponential: its next term is below 1e-18. */
const shortStep = 1e-6;
/** Fills in the means of the observations and returns Pearson's statistic. */
function fillMeans(
  { counts, levels, days, length, trend }: TrendInput,
  slope: number,
  levelMeans: Float64Array,
  weights: TrendWeights,
  means: Float64Array,
): number {
  const perDay = Math.exp(slope / length);
  const n = means.length;
  let sum = 0;
  for (let i = 0; i < n; ) {
    let growth = Math.exp(slope * trend[i]!);
    const ahead = days[i]! - i;
    const end = Math.min(i + chain, n);
    for (; i < end && days[i]! - i === ahead; i++) {
      const mean = levelMeans[levels[i]!]! * growth;
      const miss = counts[i]! - mean;
      sum += (miss * miss) / mean;
      means[i] = mean;
      growth *= perDay;
    }
  }
  return weighedStatistic(sum, counts, means, weights);
}

/** The same where the mean of a level is that of all its days: a third of the time. */
function fillFlatMeans(
  { counts, levels }: TrendInput,
  levelMeans: Float64Array,
  weights: TrendWeights,
  means: Float64Array,
): number {
  let sum = 0;
  for (let i = 0; i < means.length; i++) {
    const mean = levelMeans[levels[i]!]!;
    const miss = counts[i]! - mean;
    sum += (miss * miss) / mean;
    means[i] = mean;
  }
  return weighedStatistic(sum, counts, means, weights);
}

/** Pearson's statistic with weights from that without. */
function weighedStatistic(
  unweighted: number,
  counts: Float64Array,
  means: Float64Array,
  { usual, outliers }: TrendWeights,
): number {
  let sum = usual * unweighted;
  for (const { index, weight } of outliers) {
    sum += ((weight - usual) * (counts[index]! - means[index]!) ** 2) / means[index]!;
  }
  return sum;
}

/** Weighted sums of the counts, and of counts times trend: what the fitted means must add up to. */
function weighCounts({ input, totals, moment }: TrendModel, { usual, outliers }: TrendWeights) {
  const { counts, levels, trend } = input;
  const levelTotals = new Float64Array(totals.length);
  for (let level = 0; level < totals.length; level++) levelTotals[level] = usual * totals[level]!;
  let trendTotal = usual * moment;
  for (const { index, weight } of outliers) {
    const more = (weight - usual) * counts[index]!;
    levelTotals[levels[index]!]! += more;
    trendTotal += more * trend[index]!;
  }
  return { levelTotals, trendTotal };
}

function requireDegrees({ counts, levelCount }: TrendInput, slopes: number): number {
  const degrees = counts.length - levelCount - slopes;
  if (degrees > 0) return degrees;
  throw new RangeError(`${counts.length} observations are too few for ${levelCount + slopes} coefficients`);
}

/**
 * Quasi-Poisson regression of daily counts on levels and a trend, log link, by maximum likelihood.
 *
 * The same estimates as `fitQuasiPoisson` with `trendColumn` as its only covariate, several times sooner: Newton's
 * method needs nothing of the days but moments, which `sumMoments` has from the weeks.
 *
 * @param model from `trendModel`; not modified.
 * @param weights of the observations; null: all 1.
 * @param start slope to start from.
 * @param means column of the observations to write to; left out: a new one.
 * @returns the fit, its one slope per length of the history; null when it does not converge within 25 iterations.
 * @throws {RangeError} there are not more observations than coefficients.
 * @see McCullagh & Nelder (1989), Generalized Linear Models, 6.2
 * @example
 * fitTrend(model, null, 0)?.slopes; // => [0.26]
 */
export function fitTrend(
  model: TrendModel,
  weights: TrendWeights | null,
  start: number,
  means: Float64Array = new Float64Array(model.input.counts.length),
): QuasiPoissonFit | null {
  const { levelCount } = model.input;
  const degrees = requireDegrees(model.input, 1);
  const held = weights ?? unweighted;
  const { levelTotals: totals, trendTotal } = weighCounts(model, held);
  const sums = momentsOf(levelCount);
  const { zero, one, two, three } = sums;
  let slope = start;
  let information = 0;
  for (let iteration = 0; ; iteration++) {
    if (iteration === maxIterations) return null;
    sumMoments(model, slope, held, sums);
    let score = trendTotal;
    information = 0;
    for (let level = 0; level < levelCount; level++) {
      const centre = one[level]! / zero[level]!;
      score -= totals[level]! * centre;
      information += totals[level]! * (two[level]! / zero[level]! - centre * centre);
    }
    const step = score / information;
    if (!(information > 0) || !Number.isFinite(step)) return null;
    // From a flat start Newton overshoots a steep slope.
    slope += Math.max(-longestStep, Math.min(longestStep, step));
    if (Math.abs(step) > shortStep) continue;
    information = 0;
    for (let level = 0; level < levelCount; level++) {
      zero[level]! += step * (one[level]! + (step / 2) * two[level]!);
      one[level]! += step * (two[level]! + (step / 2) * three[level]!);
      two[level]! += step * three[level]!;
      const centre = one[level]! / zero[level]!;
      information += totals[level]! * (two[level]! / zero[level]! - centre * centre);
    }
    break;
  }

  const levelMeans = new Float64Array(levelCount);
  for (let level = 0; level < levelCount; level++) {
    levelMeans[level] = totals[level]! / (held.usual * zero[level]!);
    one[level]! /= zero[level]!;
  }
  const slopes = new Float64Array(1);
  slopes[0] = slope;
  const slopeCovariance = new Float64Array(1);
  slopeCovariance[0] = 1 / information;
  const phiRaw = fillMeans(model.input, slope, levelMeans, held, means) / degrees;
  return {
    levelMeans,
    slopes,
    means,
    phiRaw,
    phi: Math.max(1, phiRaw),
    degrees,
    // At the maximum the weighted means of a level add up to its weighted counts.
    levelInformation: totals,
    levelCentres: one,
    slopeCovariance,
  };
}

/**
 * The same without a trend: what `fitQuasiPoisson` gives without covariates, from the sums of `trendModel`.
 *
 * @param model from `trendModel`; not modified.
 * @param weights of the observations; null: all 1.
 * @param means column of the observations to write to; left out: a new one.
 * @returns the fit, without slopes.
 * @throws {RangeError} there are not more observations than levels.
 * @example
 * fitFlat(model, null).levelMeans; // => [81.4, 83.2, 80.7, 79.9, 73.1, 45.6, 41.2]
 */
export function fitFlat(
  model: TrendModel,
  weights: TrendWeights | null,
  means: Float64Array = new Float64Array(model.input.counts.length),
): QuasiPoissonFit {
  const { levelCount } = model.input;
  const degrees = requireDegrees(model.input, 0);
  const held = weights ?? unweighted;
  const { levelTotals } = weighCounts(model, held);
  const sums = momentsOf(levelCount);
  sumMoments(model, 0, held, sums);
  const levelMeans = sums.zero;
  for (let level = 0; level < levelCount; level++)
    levelMeans[level] = levelTotals[level]! / (held.usual * levelMeans[level]!);
  const pearson = fillFlatMeans(model.input, levelMeans, held, means);
  return flatFit(levelMeans, levelTotals, means, pearson / degrees, degrees);
}
