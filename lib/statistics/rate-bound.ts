import { requireCount, requireInside, requirePositive } from './argument.ts';
import { gammaQuantile } from './gamma.ts';

/** Largest number of events the bound can be worked out for; more are far above any budget anyway. */
const mostEvents = 499;
/** Factor below which a limit says nothing any more. */
const leastFactor = 1e-12;

/**
 * Upper confidence bound of a rate: quantile of the gamma distribution of shape events + 1, over the time.
 *
 * @param events v >= 0, counted; above 499 the bound of 499 is given, which is then too low.
 * @param time they were counted in, > 0.
 * @param confidence one-sided, inside (0, 1).
 * @returns events per unit of time, > 0.
 * @throws {RangeError} an argument out of range.
 * @see Garwood (1936), Biometrika 28
 * @example
 * rateBound(0, 200, 0.9); // => Math.log(10) / 200
 */
export function rateBound(events: number, time: number, confidence: number): number {
  requireCount('events', events);
  requirePositive('time', time);
  requireInside('confidence', confidence);
  return gammaQuantile(confidence, Math.min(events, mostEvents) + 1) / time;
}

/** A limit scaled to a budget of false alarms. */
export interface ScaledLimit {
  /** Factor on the limit, in (0, 1]. */
  factor: number;
  /** False alarms left at it, and the bound of their rate. */
  events: number;
  upperBound: number;
}

/**
 * Scales a limit by budget / bound until the bound of the rate of false alarms fits the budget.
 *
 * @param factors for each simulated p, the factor on the limit from which it is a false alarm, >= 0.
 * @param time they were simulated in, > 0.
 * @param budget false alarms allowed per unit of time, > 0.
 * @param confidence of the bound, inside (0, 1).
 * @returns the first factor that fits, or that leaves none; where p of exactly 0 keep the bound above the budget,
 *   the bound says so.
 * @throws {RangeError} an argument out of range.
 * @see Garwood (1936), Biometrika 28, for the bound
 * @example
 * scaleLimit([], 200, 0.1, 0.9); // => { factor: 1, events: 0 }
 */
export function scaleLimit(
  factors: readonly number[],
  time: number,
  budget: number,
  confidence: number,
): ScaledLimit {
  requirePositive('budget', budget);
  let factor = 1;
  for (;;) {
    const events = factors.filter((f) => f <= factor).length;
    const upperBound = rateBound(events, time, confidence);
    if (upperBound <= budget || events === 0 || factor < leastFactor) return { factor, events, upperBound };
    factor *= budget / upperBound;
  }
}
