import type { QuasiPoissonFit } from './quasi-poisson.ts';
import { type TrendInput, type TrendModel, trendAt } from './trend-model.ts';

/** Weights of a fit: `usual` for every observation but the listed ones. */
export interface TrendWeights {
  usual: number;
  outliers: readonly { index: number; weight: number }[];
}

/** Columns a fit writes to: one number a day of the history, and one an observation. */
export interface TrendColumns {
  growth: Float64Array;
  means: Float64Array;
}

const unweighted: TrendWeights = { usual: 1, outliers: [] };
const maxIterations = 25;
const longestStep = 2;
/** Newton steps below this are made by the series of the exponential: its next term is below 1e-18. */
const shortStep = 1e-6;
/** Days, or weeks, whose exponentials come from each other by products before one is worked out afresh. */
const chain = 14;

/** Sums of e, e x, e x^2 and e x^3 by level. */
interface Moments {
  zero: Float64Array;
  one: Float64Array;
  two: Float64Array;
  three: Float64Array;
}

function addOne({ zero, one, two, three }: Moments, level: number, x: number, e: number): void {
  zero[level]! += e;
  one[level]! += e * x;
  two[level]! += e * x * x;
  three[level]! += e * x * x * x;
}

/**
 * Sums of e, e x, e x^2 and e x^3 of each level at e = exp(slope x), usual observations having weight 1.
 *
 * Days of one weekday lie a week apart, so their sums are those of the weeks' first days, shifted.
 */
function sumMoments(model: TrendModel, slope: number, weights: TrendWeights, sums: Moments): void {
  const { length, usualLevels, levels, trend: trends } = model.input;
  const { zero, one, two, three } = sums;
  const lastWeek = Math.ceil(length / 7) - 1;
  const perWeek = Math.exp((slope * 7) / length);
  const perDay = Math.exp(slope / length);
  let m0 = 0;
  let m1 = 0;
  let m2 = 0;
  let m3 = 0;
  let x = 0;
  let e = 0;
  let f0 = 0;
  let f1 = 0;
  let f2 = 0;
  let f3 = 0;
  for (let week = 0; week <= lastWeek; week++) {
    x = (7 * week - (length - 1) / 2) / length;
    e = week % chain === 0 ? Math.exp(slope * x) : e * perWeek;
    f0 = m0;
    f1 = m1;
    f2 = m2;
    f3 = m3;
    m0 += e;
    m1 += e * x;
    m2 += e * x * x;
    m3 += e * x * x * x;
  }
  zero.fill(0);
  one.fill(0);
  two.fill(0);
  three.fill(0);
  const lastPhase = (length - 1) % 7;
  let scale = 1;
  for (let phase = 0; phase < 7; phase++) {
    if (phase === lastPhase + 1) {
      // Later weekdays have no day in the last week.
      m0 = f0;
      m1 = f1;
      m2 = f2;
      m3 = f3;
    }
    const level = usualLevels[phase]!;
    if (level >= 0) {
      const shift = phase / length;
      zero[level]! += scale * m0;
      one[level]! += scale * (m1 + shift * m0);
      two[level]! += scale * (m2 + shift * (2 * m1 + shift * m0));
      three[level]! += scale * (m3 + shift * (3 * m2 + shift * (3 * m1 + shift * m0)));
    }
    scale *= perDay;
  }
  for (const { level, trend, weight } of model.exceptions) {
    addOne(sums, level, trend, weight * Math.exp(slope * trend));
  }
  for (const { index, weight } of weights.outliers) {
    const trend = trends[index]!;
    addOne(sums, levels[index]!, trend, (weight / weights.usual - 1) * Math.exp(slope * trend));
  }
}

/** Means of the observations, and Pearson's statistic. */
function fillMeans(
  { counts, levels, days, length }: TrendInput,
  slope: number,
  levelMeans: Float64Array,
  weights: TrendWeights,
  { growth, means }: TrendColumns,
): number {
  const perDay = Math.exp(slope / length);
  for (let first = 0; first < length; first += chain) {
    let e = Math.exp(slope * trendAt(first, length));
    const end = Math.min(first + chain, length);
    for (let day = first; day < end; day++) {
      growth[day] = e;
      e *= perDay;
    }
  }
  let sum = 0;
  for (let i = 0; i < means.length; i++) {
    const mean = levelMeans[levels[i]!]! * growth[days[i]!]!;
    const miss = counts[i]! - mean;
    sum += (miss * miss) / mean;
    means[i] = mean;
  }
  sum *= weights.usual;
  for (const { index, weight } of weights.outliers) {
    sum += ((weight - weights.usual) * (counts[index]! - means[index]!) ** 2) / means[index]!;
  }
  return sum;
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
 * @param columns to write to; left out: new ones.
 * @returns the fit, its one slope per length of the history; null when it does not converge within 25 iterations.
 * @see McCullagh & Nelder (1989), Generalized Linear Models, 6.2
 * @example
 * fitTrend(model, null, 0)?.slopes; // => [0.26]
 */
export function fitTrend(
  model: TrendModel,
  weights: TrendWeights | null,
  start: number,
  columns: TrendColumns = {
    growth: new Float64Array(model.input.length),
    means: new Float64Array(model.input.counts.length),
  },
): QuasiPoissonFit | null {
  const { levels, levelCount, trend, counts } = model.input;
  const { degrees } = model;
  const held = weights ?? unweighted;
  const totals = new Float64Array(levelCount);
  for (let level = 0; level < levelCount; level++) totals[level] = held.usual * model.totals[level]!;
  let moment = held.usual * model.moment;
  for (const { index, weight } of held.outliers) {
    const more = (weight - held.usual) * counts[index]!;
    totals[levels[index]!]! += more;
    moment += more * trend[index]!;
  }

  const sums: Moments = {
    zero: new Float64Array(levelCount),
    one: new Float64Array(levelCount),
    two: new Float64Array(levelCount),
    three: new Float64Array(levelCount),
  };
  const { zero, one, two, three } = sums;
  let slope = start;
  let information = 0;
  for (let iteration = 0; ; iteration++) {
    if (iteration === maxIterations) return null;
    sumMoments(model, slope, held, sums);
    let score = moment;
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
  const levelCentres = new Float64Array(levelCount);
  for (let level = 0; level < levelCount; level++) {
    levelMeans[level] = totals[level]! / (held.usual * zero[level]!);
    levelCentres[level] = one[level]! / zero[level]!;
  }
  const phiRaw = fillMeans(model.input, slope, levelMeans, held, columns) / degrees;
  return {
    levelMeans,
    slopes: Float64Array.of(slope),
    means: columns.means,
    phiRaw,
    phi: Math.max(1, phiRaw),
    degrees,
    // At the maximum the weighted means of a level add up to its weighted counts.
    levelInformation: totals,
    levelCentres,
    slopeCovariance: Float64Array.of(1 / information),
  };
}
