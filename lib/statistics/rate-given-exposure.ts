import { requireLength, requirePositive, requireSameLength } from './argument.ts';
import { fitQuasiPoisson, predictorVariance, type QuasiPoissonFit } from './quasi-poisson.ts';
import { studentQuantile } from './student-t.ts';

/** What new exposure should yield at the rate of the past: test the new count against NB(mu, phi). */
export interface ExpectedFromExposure {
  /** Events per unit of exposure in the past. */
  rate: number;
  /** Dispersion of the past counts about their rate, >= 1, and before it is raised to 1. */
  phiHistory: number;
  phiRaw: number;
  /** Expected events of the new exposure. */
  mu: number;
  /** Standard error of the log rate. */
  seEta: number;
  /** Predictive dispersion. */
  phi: number;
}

/** Elasticity of events to exposure: the power with which events follow it. */
export interface Elasticity {
  /** 1 when events grow in proportion to exposure. */
  elasticity: number;
  standardError: number;
  /** Two-sided confidence interval, Student's t. */
  interval: [number, number];
}

function fitRate(
  counts: ArrayLike<number>,
  exposure: ArrayLike<number>,
  isElastic: boolean,
): QuasiPoissonFit | null {
  requireSameLength('counts', counts, 'exposure', exposure);
  requireLength('counts', counts, isElastic ? 3 : 2);
  for (let i = 0; i < exposure.length; i++) requirePositive('exposure', exposure[i]!);
  const levels = new Uint8Array(counts.length);
  if (!isElastic) return fitQuasiPoisson({ counts, levels, levelCount: 1, covariates: [], exposure });
  const logExposure = Float64Array.from(exposure, Math.log);
  return fitQuasiPoisson({ counts, levels, levelCount: 1, covariates: [logExposure] });
}

/**
 * Events expected of new exposure at the rate of the past: leads given traffic, SQLs given leads.
 *
 * Quasi-Poisson with the log of the exposure as offset, so events follow exposure in proportion. The
 * uncertainty of the rate is added to the dispersion.
 *
 * @param counts events of each past day, >= 0, at least two days and not all 0.
 * @param exposure exposure > 0 of each past day; days without exposure are left out by the caller.
 * @param newExposure exposure > 0 in all, of the period under test.
 * @returns expectation of the new events.
 * @throws {RangeError} lengths differ, fewer than two days, an exposure <= 0, or no event at all.
 * @see McCullagh & Nelder (1989), Generalized Linear Models, 6.2
 * @example
 * expectFromExposure([2, 4], [100, 200], 50).mu; // => 1
 */
export function expectFromExposure(
  counts: ArrayLike<number>,
  exposure: ArrayLike<number>,
  newExposure: number,
): ExpectedFromExposure {
  requirePositive('newExposure', newExposure);
  const fit = fitRate(counts, exposure, false)!;
  const rate = fit.levelMeans[0]!;
  const mu = rate * newExposure;
  const variance = fit.phi * predictorVariance(fit, [1], []);
  return {
    rate,
    phiHistory: fit.phi,
    phiRaw: fit.phiRaw,
    mu,
    seEta: Math.sqrt(variance),
    phi: fit.phi + mu * variance,
  };
}

/**
 * Elasticity of events to exposure, by quasi-Poisson regression on the log of the exposure.
 *
 * Its standard error uses the dispersion as estimated, not raised to 1.
 *
 * @param counts events of each day, >= 0, at least three days and not all 0.
 * @param exposure exposure > 0 of each day.
 * @param confidence of the interval, inside (0, 1), usually 0.95.
 * @returns the elasticity; null when the exposure never varies or the fit does not converge.
 * @throws {RangeError} lengths differ, fewer than three days, an exposure <= 0, no event at all, or
 *   `confidence` outside (0, 1).
 * @example
 * fitElasticity([1, 2, 4], [10, 20, 40], 0.95)?.elasticity; // => 1
 */
export function fitElasticity(
  counts: ArrayLike<number>,
  exposure: ArrayLike<number>,
  confidence: number,
): Elasticity | null {
  const fit = fitRate(counts, exposure, true);
  if (!fit) return null;
  const elasticity = fit.slopes[0]!;
  const standardError = Math.sqrt(fit.phiRaw * fit.slopeCovariance[0]!);
  const reach = studentQuantile((1 + confidence) / 2, fit.degrees) * standardError;
  return { elasticity, standardError, interval: [elasticity - reach, elasticity + reach] };
}

/**
 * Events expected of new exposure when they follow it with a power, not in proportion.
 *
 * For histories whose elasticity interval excludes 1; the offset would blame growth itself.
 *
 * @param counts events of each past day, >= 0, at least three days and not all 0.
 * @param exposure exposure > 0 of each past day.
 * @param newExposures exposure > 0 of each day under test.
 * @returns expectation of the sum of the new events (`rate` is per new exposure); null when no power can be
 *   estimated.
 * @throws {RangeError} lengths differ, too few days, an exposure <= 0, or no event at all.
 * @example
 * expectFromElasticExposure([1, 2, 4], [10, 20, 40], [80])?.mu; // => 8
 */
export function expectFromElasticExposure(
  counts: ArrayLike<number>,
  exposure: ArrayLike<number>,
  newExposures: ArrayLike<number>,
): ExpectedFromExposure | null {
  requireLength('newExposures', newExposures, 1);
  const fit = fitRate(counts, exposure, true);
  if (!fit) return null;
  let mu = 0;
  let slopeSum = 0;
  let total = 0;
  for (let i = 0; i < newExposures.length; i++) {
    const size = newExposures[i]!;
    requirePositive('newExposures', size);
    const mean = fit.levelMeans[0]! * size ** fit.slopes[0]!;
    mu += mean;
    slopeSum += mean * Math.log(size);
    total += size;
  }
  const variance = (fit.phi * predictorVariance(fit, [mu], [slopeSum])) / (mu * mu);
  return {
    rate: mu / total,
    phiHistory: fit.phi,
    phiRaw: fit.phiRaw,
    mu,
    seEta: Math.sqrt(variance),
    phi: fit.phi + mu * variance,
  };
}
