import { type OutlierWeights, outlierWeights } from './anscombe.ts';
import { type BaselineDesign, covariatesAt, designBaseline, levelAt, trendInput } from './baseline-design.ts';
import {
  type BaselineInput,
  type BaselinePolicy,
  collectValidDays,
  defaultBaselinePolicy,
  type InsufficientBaseline,
  type ValidDays,
  weekdayOf,
} from './baseline-input.ts';
import { type BaselineScratch, baselineScratch, forObservations, trendOf } from './baseline-scratch.ts';
import {
  type BaselinePrediction,
  type ExpectedDay,
  type ExpectedTotal,
  expectTotal,
} from './baseline-total.ts';
import {
  fitQuasiPoisson,
  observationVariance,
  predictorVariance,
  type QuasiPoissonFit,
} from './quasi-poisson.ts';
import { fitRobustBaseline, type RobustBaseline, robustMoments } from './robust-baseline.ts';
import { fitFlat, fitTrend } from './trend-fit.ts';
import { type TrendModel, trendAt, trendModel } from './trend-model.ts';
import { isSignificant, type TrendTest, testTrend } from './trend-test.ts';

/** The terms a limit is made of. */
export interface BaselineCoefficients {
  /** Log mean of a Monday; with a trend, of one on the day before the first. */
  intercept: number;
  /** Log of each weekday's mean over Monday's, Monday first. */
  weekdays: number[];
  /** Change of the log mean per day; null without a trend. */
  trendPerDay: number | null;
  /** Log of a holiday's mean over that of its weekday; null without the term. */
  holiday: number | null;
  /** Cosine and sine terms of the annual season on the log mean; null without it. */
  annual: [number, number] | null;
}

/** A fitted baseline with its predictions. */
export interface FittedBaseline {
  status: 'ok';
  /** A: regression. B: robust medians of a short history, good for watching only. */
  tier: 'A' | 'B';
  validDays: number;
  missingShare: number;
  /** Sum of the counts of the valid days. */
  total: number;
  /** False when the mean is so small that only weeks and periods are to be tested. */
  isDailyTestable: boolean;
  /** Dispersion before and after downweighting. */
  phiFirst: number;
  phi: number;
  /** Whether weekdays are only told from weekends. */
  isCollapsed: boolean;
  /** Null for tier B. */
  coefficients: BaselineCoefficients | null;
  /** Test of the trend, its p by `trendPValue`; null when none was tried. */
  trendTest: TrendTest | null;
  /** Days pulled down in the fit: their standardised residual and the weight left. */
  downweighted: { day: number; residual: number; weight: number }[];
  /** Null for tier A. */
  robust: RobustBaseline | null;
  days: ExpectedDay[];
  sum: ExpectedTotal;
}

export type Baseline = InsufficientBaseline | FittedBaseline;

interface Regression {
  fit: QuasiPoissonFit;
  phiFirst: number;
  /** Null when no day was pulled down. */
  pulled: OutlierWeights | null;
}

/**
 * Fit, weights against high outliers, refit: steps 1 to 4 of the method.
 * @param days of a history whose one possible covariate is the trend; null for any other.
 * @param trend null for a fit without it.
 */
function fitReweighted(
  { counts, levels, columns, weekdays: { levelCount } }: BaselineDesign,
  days: TrendModel | null,
  trend: Float64Array | null,
  threshold: number,
  { means, weights }: BaselineScratch,
): Regression | null {
  const covariates = trend ? [...columns, trend] : columns;
  if (counts.length <= levelCount + covariates.length) return null;
  const model = { counts, levels, levelCount, covariates, means };
  const fitWith = (pulled: OutlierWeights | null, start: Float64Array | null) => {
    if (!days) return fitQuasiPoisson({ ...model, weights: pulled?.weights, start });
    return trend ? fitTrend(days, pulled, start?.[0] ?? 0, means) : fitFlat(days, pulled, means);
  };
  const first = fitWith(null, null);
  if (!first) return null;
  const pulled = outlierWeights(model, first, threshold, weights);
  if (!pulled) return { fit: first, phiFirst: first.phi, pulled };
  const fit = fitWith(pulled, first.slopes);
  return fit && { fit, phiFirst: first.phi, pulled };
}

function predictRegression(
  input: BaselineInput,
  design: BaselineDesign,
  { fit, pulled }: Regression,
): BaselinePrediction {
  const q = fit.slopes.length;
  const covariates = new Float64Array(q);
  const levelSums = new Float64Array(design.weekdays.levelCount);
  const slopeSums = new Float64Array(q);
  const expected = input.predictDays.map((day): ExpectedDay => {
    const level = levelAt(input, design, day);
    if (level < 0) return { day, mu: design.weekdays.quietMean, phi: fit.phi, seEta: 0 };
    covariatesAt(input, design, day, covariates);
    let eta = 0;
    for (let j = 0; j < q; j++) eta += fit.slopes[j]! * covariates[j]!;
    const mu = fit.levelMeans[level]! * Math.exp(eta);
    levelSums[level]! += mu;
    for (let j = 0; j < q; j++) slopeSums[j]! += mu * covariates[j]!;
    const variance = fit.phi * observationVariance(fit, level, covariates);
    return { day, mu, phi: fit.phi + mu * variance, seEta: Math.sqrt(variance) };
  });
  const varMean = fit.phi * predictorVariance(fit, levelSums, slopeSums);
  const { days, counts } = design;
  const weights = pulled?.weights ?? null;
  return { days, counts, means: fit.means, weights, phi: fit.phi, varMean, expected };
}

function isExtrapolating(prediction: BaselinePrediction, maxRise: number): boolean {
  let highest = 0;
  const { means } = prediction;
  for (let i = 0; i < means.length; i++) if (means[i]! > highest) highest = means[i]!;
  return prediction.expected.some((day) => day.mu > highest * maxRise);
}

function describe(
  design: BaselineDesign,
  fit: QuasiPoissonFit,
  hasTrend: boolean,
  length: number,
): BaselineCoefficients {
  const { slopes } = fit;
  const { levelOf, quietMean } = design.weekdays;
  const trend = hasTrend ? slopes[slopes.length - 1]! : 0;
  const logMeans = levelOf.map((level) => Math.log(level < 0 ? quietMean : fit.levelMeans[level]!));
  const monday = logMeans[0]!;
  const season = design.hasHolidayTerm ? 1 : 0;
  return {
    intercept: monday + trend * trendAt(-1, length),
    weekdays: logMeans.map((logMean) => logMean - monday),
    trendPerDay: hasTrend ? trend / length : null,
    holiday: design.hasHolidayTerm ? slopes[0]! : null,
    annual: design.hasAnnualSeason ? [slopes[season]!, slopes[season + 1]!] : null,
  };
}

function isDailyTestable(valid: ValidDays, policy: BaselinePolicy): boolean {
  return valid.total / valid.days.length >= policy.minDailyMean;
}

function regressionBaseline(
  input: BaselineInput,
  valid: ValidDays,
  policy: BaselinePolicy,
  columns: BaselineScratch,
): FittedBaseline | null {
  const design = designBaseline(input, valid, policy);
  const { length } = input.counts;
  const scratch = forObservations(columns, design.days.length);
  const trend = trendOf(design.days, scratch);
  const model = design.columns.length === 0 ? trendModel(trendInput(input, design, trend)) : null;
  let hasTrend = valid.days.length >= policy.minTrendDays;
  let trendTest: TrendTest | null = null;
  let regression: Regression | null = null;
  let prediction: BaselinePrediction | null = null;
  if (hasTrend) {
    regression = fitReweighted(design, model, trend, policy.outlierResidual, scratch);
    trendTest = regression && testTrend(regression.fit);
    hasTrend = trendTest !== null && isSignificant(trendTest, policy.trendAlpha);
    if (regression && hasTrend) {
      prediction = predictRegression(input, design, regression);
      hasTrend = !isExtrapolating(prediction, policy.maxTrendRise);
    }
  }
  if (!hasTrend) {
    regression = fitReweighted(design, model, null, policy.outlierResidual, scratch);
    prediction = regression && predictRegression(input, design, regression);
  }
  if (!regression || !prediction) return null;
  const { fit, phiFirst, pulled } = regression;
  return {
    status: 'ok',
    tier: 'A',
    validDays: valid.days.length,
    missingShare: valid.missingShare,
    total: valid.total,
    isDailyTestable: isDailyTestable(valid, policy),
    phiFirst,
    phi: fit.phi,
    isCollapsed: design.weekdays.isCollapsed,
    coefficients: describe(design, fit, hasTrend, length),
    trendTest,
    downweighted: (pulled?.outliers ?? []).map(({ index, residual, weight }) => ({
      day: design.days[index]!,
      residual,
      weight,
    })),
    robust: null,
    days: prediction.expected,
    sum: expectTotal(prediction, length, policy, scratch.residuals),
  };
}

function robustBaseline(input: BaselineInput, valid: ValidDays, policy: BaselinePolicy): FittedBaseline {
  const robust = fitRobustBaseline(valid.counts, valid.weekdays);
  const moments = Array.from({ length: 7 }, (_, weekday) => robustMoments(robust, weekday));
  const sums = new Float64Array(7);
  const expected = input.predictDays.map((day): ExpectedDay => {
    const weekday = input.holidays?.[day] ? 6 : weekdayOf(day, input.firstWeekday);
    const { mu, phi, etaVariance } = moments[weekday]!;
    sums[weekday]! += mu;
    return { day, mu, phi: phi + mu * etaVariance, seEta: Math.sqrt(etaVariance) };
  });
  // Each weekday has its own median, so its error is shared by all its days and by no other's.
  const varMean = moments.reduce((sum, { etaVariance }, i) => sum + sums[i]! ** 2 * etaVariance, 0);
  const { days, counts } = valid;
  const means = Array.from(valid.weekdays, (weekday) => moments[weekday]!.mu);
  const phi = moments[0]!.phi;
  const prediction: BaselinePrediction = { days, counts, means, weights: null, phi, varMean, expected };
  return {
    status: 'ok',
    tier: 'B',
    validDays: valid.days.length,
    missingShare: valid.missingShare,
    total: valid.total,
    isDailyTestable: isDailyTestable(valid, policy),
    phiFirst: phi,
    phi,
    isCollapsed: false,
    coefficients: null,
    trendTest: null,
    downweighted: [],
    robust,
    days: expected,
    sum: expectTotal(prediction, input.counts.length, policy),
  };
}

/**
 * Baseline of a daily count: what the given days should hold, from the history before them.
 *
 * Tier A (56 valid days and more): quasi-Poisson regression on weekday, holiday, trend and, from 24 months on,
 * one annual harmonic; days far above their mean are downweighted and the fit repeated; the predictive
 * distribution is negative binomial with the uncertainty of the mean added to its variance. Tier B (28 to 55
 * days, or a regression that does not converge): medians of square-root counts. The history must end before
 * the days under test; cutting it to a window and leaving out doubtful periods is the caller's part.
 *
 * @param input daily counts, calendar and the days to predict; not modified.
 * @param policy limits, each documented with its unit.
 * @returns expected days and their sum with everything an explanation needs, or why the history is insufficient.
 * @throws {RangeError} a count is negative or not finite, a weekday or day number out of range, or no day is
 *   to be predicted.
 * @see Noufaily et al. (2013), Statistics in Medicine 32:1206-1222; Farrington et al. (1996), JRSS-A 159(3)
 * @example
 * fitBaseline({ counts, firstWeekday: 1, predictDays: [63] }); // => { status: 'ok', tier: 'A', days: [{ mu: 71.25, ... }], ... }
 */
export function fitBaseline(input: BaselineInput, policy: BaselinePolicy = defaultBaselinePolicy): Baseline {
  const scratch = baselineScratch(input.counts.length);
  const valid = collectValidDays(input, policy, scratch);
  if (valid.status === 'insufficient_data') return valid;
  const regression =
    valid.days.length >= policy.minRegressionDays ? regressionBaseline(input, valid, policy, scratch) : null;
  return regression ?? robustBaseline(input, valid, policy);
}
