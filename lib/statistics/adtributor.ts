import { requireAtLeast, requireInside, requireSameLength } from './argument.ts';
import { sharesOf } from './shares.ts';

/** How one dimension (source, country, ...) explains that a total missed its forecast. */
export interface Explanation {
  /** Part of the miss each element carries; adds up to 1, may be negative or above 1. */
  power: number[];
  /** How surprising each element's new share is, in nats. */
  surprise: number[];
  /** Elements that together explain the miss, most surprising first; empty when no set of them does. */
  picked: number[];
  /** Power and surprise of the picked elements together. */
  pickedPower: number;
  pickedSurprise: number;
}

/** Thresholds on the part of the miss that is explained, each a share. */
export interface ExplanationPolicy {
  /** Power an element needs more than to be picked, usually 0.10. */
  elementPower: number;
  /** Power the picked elements together need more than, usually 0.67. */
  totalPower: number;
}

/** Surprise of a share moving from p to q: its term of the Jensen-Shannon divergence. */
function surpriseOf(p: number, q: number): number {
  const term = (share: number): number => (share === 0 ? 0 : share * Math.log((2 * share) / (p + q)));
  return (term(p) + term(q)) / 2;
}

function surprises(forecast: readonly number[], actual: readonly number[]): number[] {
  const q = sharesOf(actual);
  return sharesOf(forecast).map((p, i) => surpriseOf(p, q[i]!));
}

function pick(power: number[], surprise: number[], policy: ExplanationPolicy): Explanation {
  const order = surprise.map((_, i) => i).sort((a, b) => surprise[b]! - surprise[a]!);
  const picked: number[] = [];
  let pickedPower = 0;
  let pickedSurprise = 0;
  for (const element of order) {
    if (power[element]! <= policy.elementPower) continue;
    picked.push(element);
    pickedPower += power[element]!;
    pickedSurprise += surprise[element]!;
    if (pickedPower > policy.totalPower) return { power, surprise, picked, pickedPower, pickedSurprise };
  }
  return { power, surprise, picked: [], pickedPower: 0, pickedSurprise: 0 };
}

function requirePolicy(policy: ExplanationPolicy): void {
  requireInside('elementPower', policy.elementPower);
  requireInside('totalPower', policy.totalPower);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/**
 * Adtributor for a count: which elements of a dimension carry a miss of the forecast.
 *
 * Elements are taken by surprise while each explains enough, until together they explain enough. To choose
 * between dimensions, take the one with the largest `pickedSurprise`. Attribution, not proof of a cause.
 *
 * @param forecast expected count of each element, >= 0, not all 0.
 * @param actual count of each element, >= 0, not all 0.
 * @param policy thresholds.
 * @returns power and surprise of each element and the elements picked.
 * @throws {RangeError} lengths differ, a count is negative, a total is 0, the totals are equal, or a threshold
 *   lies outside (0, 1).
 * @see Bhagwan et al. (2014), Adtributor: Revenue debugging in advertising systems, NSDI
 * @example
 * explainMiss([50, 50], [50, 150], { elementPower: 0.1, totalPower: 0.67 }).picked; // => [1]
 */
export function explainMiss(
  forecast: readonly number[],
  actual: readonly number[],
  policy: ExplanationPolicy,
): Explanation {
  requireSameLength('forecast', forecast, 'actual', actual);
  requirePolicy(policy);
  const surprise = surprises(forecast, actual);
  const miss = sum(actual) - sum(forecast);
  if (miss === 0) throw new RangeError('actual and forecast must differ in total');
  const power = actual.map((value, i) => (value - forecast[i]!) / miss);
  return pick(power, surprise, policy);
}

/**
 * Adtributor for a rate, such as leads per visit: which elements carry its change.
 *
 * Power from the partial derivatives of the rate, normalised to add up to 1; surprise of numerator and
 * denominator added.
 *
 * @param events forecast and actual numerator of each element, >= 0, not all 0.
 * @param exposure forecast and actual denominator of each element, >= 0, not all 0.
 * @param policy thresholds.
 * @returns power and surprise of each element and the elements picked.
 * @throws {RangeError} lengths differ, a count is negative, a total is 0, the rate does not change, or a
 *   threshold lies outside (0, 1).
 * @see Bhagwan et al. (2014), Adtributor: Revenue debugging in advertising systems, NSDI, section 4
 * @example
 * explainRateMiss(leads, visits, { elementPower: 0.1, totalPower: 0.67 }).picked; // => [4]
 */
export function explainRateMiss(
  events: { forecast: readonly number[]; actual: readonly number[] },
  exposure: { forecast: readonly number[]; actual: readonly number[] },
  policy: ExplanationPolicy,
): Explanation {
  requireSameLength('events.forecast', events.forecast, 'events.actual', events.actual);
  requireSameLength('events.forecast', events.forecast, 'exposure.forecast', exposure.forecast);
  requireSameLength('events.forecast', events.forecast, 'exposure.actual', exposure.actual);
  requirePolicy(policy);
  const ofEvents = surprises(events.forecast, events.actual);
  const ofExposure = surprises(exposure.forecast, exposure.actual);
  const eventTotal = sum(events.forecast);
  const exposureTotal = sum(exposure.forecast);
  const raw = events.forecast.map((before, i) => {
    const exposureMiss = exposure.actual[i]! - exposure.forecast[i]!;
    const moved = (events.actual[i]! - before) * exposureTotal - exposureMiss * eventTotal;
    return moved / (exposureTotal * (exposureTotal + exposureMiss));
  });
  const total = sum(raw);
  requireAtLeast('the change of the rate, in absolute value,', Math.abs(total), Number.MIN_VALUE);
  return pick(
    raw.map((part) => part / total),
    ofEvents.map((part, i) => part + ofExposure[i]!),
    policy,
  );
}
