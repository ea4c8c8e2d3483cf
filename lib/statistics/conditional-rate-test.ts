import { requireAtLeast, requireCount, requireInside, requirePositive } from './argument.ts';
import { betaQuantile } from './beta.ts';
import { betaBinomialTails } from './beta-binomial.ts';
import { binomialLowerTail, binomialUpperTail } from './binomial.ts';
import { poissonProbability } from './poisson.ts';

/** Comparison of a current rate with a baseline rate. */
export interface RateComparison {
  /** Share of the exposure that is current; the expected share of the events. */
  share: number;
  /** P(current events <= seen | all events): small when the rate has fallen. */
  lower: number;
  /** P(current events >= seen | all events): small when the rate has risen. */
  upper: number;
  /** Current rate over baseline rate; null when the baseline has no event. */
  rateRatio: number | null;
}

/**
 * Tails of a part of a total, given the total, under a common dispersion.
 *
 * If the parts are negative binomial with one dispersion phi, a part given the total N is beta-binomial
 * BB(N, r share, r (1 - share)) with r = N / (phi - 1); with phi = 1 it is binomial.
 *
 * @param part events in the part, 0..total.
 * @param total events in all, >= 0.
 * @param share expected share of the part, inside (0, 1).
 * @param phi dispersion >= 1: variance divided by mean.
 * @returns P(X <= part) and P(X >= part); both 1 when the total is 0.
 * @throws {RangeError} counts not whole or out of range, `share` outside (0, 1), or `phi` < 1.
 * @see Przyborowski & Wilenski (1940), Biometrika 31
 * @example
 * partTails(42, 120, 0.18, 2.2).upper; // => 0.00226
 */
export function partTails(
  part: number,
  total: number,
  share: number,
  phi: number,
): { lower: number; upper: number } {
  requireCount('part', part);
  requireCount('total', total);
  if (part > total) throw new RangeError(`part must be <= total ${total}, was ${part}`);
  requireInside('share', share);
  requireAtLeast('phi', phi, 1);
  const weight = total / (phi - 1);
  // Beyond this weight the beta-binomial is binomial to the last digit, and phi = 1 makes it infinite.
  if (total === 0 || weight > 1e15) {
    return { lower: binomialLowerTail(part, total, share), upper: binomialUpperTail(part, total, share) };
  }
  const { lower, upper } = betaBinomialTails(part, total, weight * share, weight * (1 - share));
  return { lower, upper };
}

/**
 * Conditional rate test: is the current rate of events per exposure that of the baseline?
 *
 * The closed form an auditor can redo: given all events, the current ones are beta-binomial with the current
 * share of the exposure. Ignoring the dispersion would overstate the evidence a hundredfold.
 *
 * @param baselineEvents events of the baseline, >= 0.
 * @param baselineExposure exposure of the baseline, > 0.
 * @param currentEvents events under test, >= 0.
 * @param currentExposure exposure under test, > 0.
 * @param phi dispersion >= 1 of the events: variance divided by mean.
 * @returns both one-sided p-values and the rate ratio.
 * @throws {RangeError} counts not whole or < 0, exposures <= 0, or `phi` < 1.
 * @see Przyborowski & Wilenski (1940), Biometrika 31
 * @example
 * conditionalRateTest(480, 21000, 70, 5000, 2.2).lower; // => 0.00297
 */
export function conditionalRateTest(
  baselineEvents: number,
  baselineExposure: number,
  currentEvents: number,
  currentExposure: number,
  phi: number,
): RateComparison {
  requireCount('baselineEvents', baselineEvents);
  requireCount('currentEvents', currentEvents);
  requirePositive('baselineExposure', baselineExposure);
  requirePositive('currentExposure', currentExposure);
  const share = currentExposure / (baselineExposure + currentExposure);
  return {
    share,
    ...partTails(currentEvents, baselineEvents + currentEvents, share, phi),
    rateRatio:
      baselineEvents === 0 ? null : currentEvents / currentExposure / (baselineEvents / baselineExposure),
  };
}

/**
 * Exact confidence interval of the ratio of two Poisson rates, current over baseline.
 *
 * From the Clopper-Pearson interval of the current share of all events. Dispersion is taken as 1.
 *
 * @param baselineEvents events of the baseline, >= 1.
 * @param baselineExposure exposure of the baseline, > 0.
 * @param currentEvents events under test, >= 1.
 * @param currentExposure exposure under test, > 0.
 * @param confidence two-sided, inside (0, 1).
 * @returns lower and upper limit of the ratio.
 * @throws {RangeError} counts not whole or < 1, exposures <= 0, or `confidence` outside (0, 1).
 * @example
 * rateRatioInterval(480, 21000, 70, 5000, 0.95); // => [0.47, 0.79]
 */
export function rateRatioInterval(
  baselineEvents: number,
  baselineExposure: number,
  currentEvents: number,
  currentExposure: number,
  confidence: number,
): [number, number] {
  requireCount('baselineEvents', baselineEvents, 1);
  requireCount('currentEvents', currentEvents, 1);
  requirePositive('baselineExposure', baselineExposure);
  requirePositive('currentExposure', currentExposure);
  requireInside('confidence', confidence);
  const outside = (1 - confidence) / 2;
  const toRatio = (share: number): number => (share / (1 - share)) * (baselineExposure / currentExposure);
  return [
    toRatio(betaQuantile(outside, currentEvents, baselineEvents + 1)),
    toRatio(betaQuantile(1 - outside, currentEvents + 1, baselineEvents)),
  ];
}

/**
 * E-test that the current Poisson rate is not below the baseline rate.
 *
 * Sums the estimated probabilities of all outcomes whose score statistic is at most the one seen.
 * More powerful than the exact conditional test, but it takes counts as Poisson: shown beside it, not used.
 *
 * @param baselineEvents events of the baseline, >= 0.
 * @param baselineExposure exposure of the baseline, > 0.
 * @param currentEvents events under test, >= 0.
 * @param currentExposure exposure under test, > 0.
 * @returns the one-sided p-value; 1 when there is no event at all.
 * @throws {RangeError} counts not whole or < 0, or exposures <= 0.
 * @see Krishnamoorthy & Thomson (2004), JSPI 119:23-35
 * @example
 * eTestLower(480, 21000, 70, 5000); // => 0.0000253
 */
export function eTestLower(
  baselineEvents: number,
  baselineExposure: number,
  currentEvents: number,
  currentExposure: number,
): number {
  requireCount('baselineEvents', baselineEvents);
  requireCount('currentEvents', currentEvents);
  requirePositive('baselineExposure', baselineExposure);
  requirePositive('currentExposure', currentExposure);
  if (baselineEvents + currentEvents === 0) return 1;
  const pooled = (baselineEvents + currentEvents) / (baselineExposure + currentExposure);
  const exposureRatio = currentExposure / baselineExposure;
  const statistic = (current: number, baseline: number): number => {
    if (current + baseline === 0) return 0;
    return (current - baseline * exposureRatio) / Math.sqrt((current + baseline) * exposureRatio);
  };
  const seen = statistic(currentEvents, baselineEvents);
  const currentMean = pooled * currentExposure;
  const baselineMean = pooled * baselineExposure;
  const range = (mean: number): [number, number] => {
    const reach = 10 * Math.sqrt(mean) + 20;
    return [Math.max(0, Math.floor(mean - reach)), Math.ceil(mean + reach)];
  };
  const [firstBaseline, lastBaseline] = range(baselineMean);
  const [firstCurrent, lastCurrent] = range(currentMean);
  const baselineWeights: number[] = [];
  for (let baseline = firstBaseline; baseline <= lastBaseline; baseline++) {
    baselineWeights.push(poissonProbability(baseline, baselineMean));
  }
  let p = 0;
  for (let current = firstCurrent; current <= lastCurrent; current++) {
    let sum = 0;
    baselineWeights.forEach((weight, i) => {
      if (statistic(current, firstBaseline + i) <= seen) sum += weight;
    });
    p += poissonProbability(current, currentMean) * sum;
  }
  return Math.min(1, p);
}
