import type { DailyValues, UnitHistory } from '../model/history.ts';
import type { Kpi } from '../model/kpi.ts';
import { trainingDays } from '../model/training-days.ts';
import { fitBaseline } from '../statistics/baseline.ts';
import { expectFromExposure } from '../statistics/rate-given-exposure.ts';
import type { IncidentLimits } from './incident-check.ts';

/** What some days should hold: negative binomial with this mean and variance over mean. */
export interface Expected {
  readonly mean: number;
  readonly dispersion: number;
}

/** What own history explains of some days of a metric. */
export interface Expectation {
  /** Each day by its index; empty for a rate, which is tested by the week only. */
  readonly days: ReadonlyMap<number, Expected>;
  readonly sum: Expected;
  /** Mean a day of the history. */
  readonly dailyMean: number;
}

/** The days of a metric, and which of them may train. */
export interface Training {
  readonly history: UnitHistory;
  readonly kpi: Kpi;
  readonly values: DailyValues;
  readonly exposure: DailyValues | null;
  isTraining(index: number): boolean;
}

/**
 * What own history explains of some days, from the days before `cut` alone.
 *
 * Counts follow the daily baseline of METHODS 1. Leads per visit are leads given visits (METHODS 2), fitted on the
 * sums of whole weeks, because within a week conversion has its own rhythm.
 *
 * @param cut index before which days train; no later than any of `days`.
 * @param days indices that hold the metric, at least one.
 * @returns null where the history is too short or too thin.
 * @example expectationOf(training, 364, [364, 365], limits)?.sum.mean // => 198.5
 */
export function expectationOf(
  training: Training,
  cut: number,
  days: readonly number[],
  limits: IncidentLimits,
): Expectation | null {
  if (training.exposure) return expectedRate(training, training.exposure, cut, days, limits);
  const { history, kpi, values, isTraining } = training;
  const base = {
    history,
    from: cut,
    to: history.length,
    isBaselineDay: (_: Kpi, index: number) => index < cut && isTraining(index),
    isFinal: () => true,
  };
  const baseline = fitBaseline(trainingDays(base, kpi, values, days, limits.windowDays));
  if (baseline.status === 'insufficient_data') return null;
  return {
    days: new Map(baseline.days.map(({ mu, phi }, k) => [days[k]!, { mean: mu, dispersion: phi }])),
    sum: { mean: baseline.sum.mu, dispersion: Math.max(1, baseline.sum.phi) },
    dailyMean: baseline.total / baseline.validDays,
  };
}

function expectedRate(
  { history, values, isTraining }: Training,
  exposure: DailyValues,
  cut: number,
  days: readonly number[],
  limits: IncidentLimits,
): Expectation | null {
  const events: number[] = [];
  const exposures: number[] = [];
  for (let monday = 1 - history.firstWeekday; monday + 7 <= cut; monday += 7) {
    if (monday < cut - limits.windowDays) continue;
    let held = 0;
    let count = 0;
    let size = 0;
    for (let i = Math.max(0, monday); i < monday + 7; i += 1) {
      if (!isTraining(i) || (values[i] ?? null) === null || (exposure[i] ?? null) === null) continue;
      held += 1;
      count += values[i]!;
      size += exposure[i]!;
    }
    if (held < limits.minWeekDays || size === 0) continue;
    events.push(count);
    exposures.push(size);
  }
  const total = events.reduce((sum, n) => sum + n, 0);
  const newExposure = days.reduce((sum, i) => sum + exposure[i]!, 0);
  if (events.length < limits.minBaselineWeeks || total < limits.minBaselineLeads || newExposure === 0)
    return null;
  const { mu, phi } = expectFromExposure(events, exposures, newExposure);
  if (mu < limits.minExpectedLeads) return null;
  return { days: new Map(), sum: { mean: mu, dispersion: phi }, dailyMean: 0 };
}
