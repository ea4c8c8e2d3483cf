import type { MessageData } from '../model/finding.ts';
import type { DailyValues } from '../model/history.ts';
import type { Kpi } from '../model/kpi.ts';
import { conditionalRateTest } from '../statistics/conditional-rate-test.ts';
import { negativeBinomialUpperLimit, negativeBinomialUpperTail } from '../statistics/negative-binomial.ts';
import { roundP } from '../statistics/p-value.ts';
import {
  type ExpectedFromExposure,
  expectFromElasticExposure,
  expectFromExposure,
  fitElasticity,
} from '../statistics/rate-given-exposure.ts';
import type { CheckInput } from './check.ts';

/** A daily count with the KPI whose rules its days follow. */
export interface DailySeries {
  readonly kpi: Kpi;
  readonly values: DailyValues;
}

/** What two metrics held on the days both have: in the history, and in the period. */
export interface RateRelation {
  /** Counts and exposure of each block of baseline days; every block holds exposure. */
  readonly counts: readonly number[];
  readonly exposure: readonly number[];
  /** Baseline days in them. */
  readonly baselineDays: number;
  /** Sums over them. */
  readonly baselineEvents: number;
  readonly baselineExposure: number;
  /** Exposure of each judged day that has any, and sums over the judged days. */
  readonly newExposures: readonly number[];
  readonly newEvents: number;
  readonly newExposure: number;
  /** Judged days. */
  readonly days: number;
}

/** How the days of two metrics are put together. */
export interface Pairing {
  /** Days of history to look back over. */
  readonly windowDays: number;
  /** Days by which events follow their exposure, >= 0. */
  readonly lagDays: number;
  /** Baseline days that are summed before the rate is fitted, >= 1. */
  readonly blockDays: number;
}

/**
 * Pairs the days of two metrics, leaving out every day that one of them misses (SPEC 5). A block without
 * exposure runs on into the next day that has some, so that no event is lost from the rate.
 *
 * @param events the metric that follows.
 * @param exposure the metric it follows.
 * @example rateRelation(input, leads, visits, { windowDays: 182, lagDays: 0, blockDays: 1 }).newEvents // => 300
 */
export function rateRelation(
  input: CheckInput,
  events: DailySeries,
  exposure: DailySeries,
  { windowDays, lagDays, blockDays }: Pairing,
): RateRelation {
  const counts: number[] = [];
  const exposures: number[] = [];
  const newExposures: number[] = [];
  const before = { days: 0, events: 0, exposure: 0 };
  const judged = { days: 0, events: 0, exposure: 0 };
  let block = { days: 0, events: 0, exposure: 0 };
  for (let i = Math.max(lagDays, input.from - windowDays); i < input.to; i += 1) {
    const count = events.values[i] ?? null;
    const size = exposure.values[i - lagDays] ?? null;
    if (count === null || size === null) continue;
    if (i >= input.from) {
      if (!input.isFinal(events.kpi, i) || !input.isFinal(exposure.kpi, i - lagDays)) continue;
      add(judged, count, size);
      if (size > 0) newExposures.push(size);
      continue;
    }
    if (!input.isBaselineDay(events.kpi, i) || !input.isBaselineDay(exposure.kpi, i - lagDays)) continue;
    add(block, count, size);
    if (block.days < blockDays || block.exposure === 0) continue;
    counts.push(block.events);
    exposures.push(block.exposure);
    add(before, block.events, block.exposure, block.days);
    block = { days: 0, events: 0, exposure: 0 };
  }
  return {
    counts,
    exposure: exposures,
    baselineDays: before.days,
    baselineEvents: before.events,
    baselineExposure: before.exposure,
    newExposures,
    newEvents: judged.events,
    newExposure: judged.exposure,
    days: judged.days,
  };
}

function add(
  sum: { days: number; events: number; exposure: number },
  events: number,
  exposure: number,
  days = 1,
): void {
  sum.days += days;
  sum.events += events;
  sum.exposure += exposure;
}

/** Events the period's exposure should have brought. */
export interface ExpectedEvents extends ExpectedFromExposure {
  /** Power with which events follow exposure; 1 unless the history says otherwise. */
  readonly elasticity: number;
}

/**
 * Events expected of the period's exposure: in proportion to it. Where that makes a gap, and the 95 % interval
 * of the history's own power leaves out 1, the expectation by that power is taken if it is nearer to what was seen.
 *
 * Days differ by weekday in both metrics at once, which pulls a daily power away from what a change of level
 * would show; so the power may explain a gap but never make one.
 *
 * @param relation with at least two blocks, an event among them, and exposure in the period.
 * @param isGap whether the proportional expectation leaves a gap worth explaining.
 * @throws {RangeError} as `expectFromExposure`.
 */
export function expectedEvents(
  relation: RateRelation,
  isGap: (expected: ExpectedFromExposure) => boolean,
): ExpectedEvents {
  const { counts, exposure, newExposures, newExposure, newEvents } = relation;
  const proportional = { ...expectFromExposure(counts, exposure, newExposure), elasticity: 1 };
  if (!isGap(proportional)) return proportional;
  const isVaried = counts.length >= 3 && exposure.some((size) => size !== exposure[0]);
  const free = isVaried ? fitElasticity(counts, exposure, 0.95) : null;
  if (!free || (free.interval[0] <= 1 && free.interval[1] >= 1)) return proportional;
  const elastic = expectFromElasticExposure(counts, exposure, newExposures);
  if (!elastic || Math.abs(elastic.mu - newEvents) >= Math.abs(proportional.mu - newEvents))
    return proportional;
  return { ...elastic, elasticity: free.elasticity };
}

/** A rate held against the upper tail of its history. */
export interface RateExcess {
  readonly p: number;
  readonly expected: number;
  /** Whether the ratio and the excess are large enough to matter. */
  readonly isLarge: boolean;
  /** Values that would pass. */
  readonly range: readonly [number, number];
  /** Numbers to redo the test with. */
  readonly data: MessageData;
}

/**
 * Tests whether the period's events lie above what its exposure brought before: NB(mu, phi), upper tail.
 *
 * @param relation with at least two blocks, an event among them, and exposure in the period.
 * @throws {RangeError} as `expectFromExposure`.
 */
export function rateExcess(
  relation: RateRelation,
  { watchP, minRatio, minExcess }: { watchP: number; minRatio: number; minExcess: number },
): RateExcess {
  const { newEvents: observed, newExposure, baselineEvents, baselineExposure, days } = relation;
  const { mu, phi, phiHistory, elasticity } = expectedEvents(
    relation,
    (e) => negativeBinomialUpperTail(observed, e.mu, e.phi) <= watchP,
  );
  const limit = negativeBinomialUpperLimit(watchP, mu, phi);
  return {
    p: roundP(negativeBinomialUpperTail(observed, mu, phi)),
    expected: mu,
    isLarge: observed >= minRatio * mu && observed - mu >= minExcess,
    range: [0, Math.max(limit, Math.ceil(minRatio * mu) - 1, Math.ceil(mu + minExcess) - 1)],
    data: {
      observed,
      expected: mu,
      limit,
      days,
      dispersion: phi,
      dispersionBefore: phiHistory,
      conditionalP: conditionalRateTest(baselineEvents, baselineExposure, observed, newExposure, phiHistory)
        .upper,
      elasticity,
    },
  };
}
