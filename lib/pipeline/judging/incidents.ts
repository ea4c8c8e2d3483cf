import type { IncidentLimits } from '../../checks/incident-check.ts';
import { heldSum, type IncidentContext, incidentRuns, testableDays } from '../../checks/incident-days.ts';
import { expectationOf } from '../../checks/incident-expectation.ts';
import { type ExplainedRun, explainRun } from '../../checks/incident-explanation.ts';
import { type Arrivals, type IncidentSeries, incidentSeries } from '../../checks/incident-series.ts';
import { incidentChecks } from '../../checks/incidents.ts';
import type { Config } from '../../model/config.ts';
import { addDays, type Day } from '../../model/day.ts';
import type { IsHoliday } from '../../model/duration.ts';
import type { UnitHistory } from '../../model/history.ts';
import type { Incident } from '../../model/incident.ts';
import { periodOf } from '../../model/period.ts';
import { metricNames } from '../../reports/incident-text.ts';
import { renderMessage } from '../../reports/message.ts';
import {
  negativeBinomialLowerLimit,
  negativeBinomialUpperLimit,
} from '../../statistics/negative-binomial.ts';
import { baselineOf } from './baseline-days.ts';
import { contributorsOf } from './incident-contributors.ts';
import type { Policies } from './run-checks.ts';

/** Days an incident is kept in view after its last day. */
export const incidentDays = 35;

/** Level of the range in which the sum over an incident would be ordinary, a probability in each direction. */
const rangeP = 0.01;

/** What the incidents of a unit rest on. */
export interface IncidentInput {
  readonly config: Config;
  readonly policies: Policies;
  readonly history: UnitHistory;
  readonly arrivals: Arrivals;
  readonly isHoliday: IsHoliday;
}

/**
 * Incidents of a unit as known at the judging date: those open, and those whose last day lies within 35 days of it.
 * The whole history is gone through, so that the first day of a long one, and with it its id, stays what it was.
 * Pure: the same input gives the same incidents.
 *
 * @returns by first day, then metric; empty where the history is too short to expect anything.
 * @example incidentsOf(input).filter((incident) => incident.state === 'open')
 */
export function incidentsOf(input: IncidentInput): Incident[] {
  const { config, policies, history, isHoliday } = input;
  const list = incidentSeries(history, input.arrivals);
  const judges = incidentChecks.map((check) => ({
    check,
    limits: (policies.get(check.id) ?? check.policy.parse({})) as IncidentLimits,
  }));
  const { isFinal } = baselineOf(
    config,
    history,
    periodOf(history.asOf, 'month'),
    () => new Set<string>(),
    isHoliday,
    null,
  );
  const context: IncidentContext = { history, series: list.length, isFinal };
  const since = addDays(history.asOf, -incidentDays);
  return list
    .flatMap((series) =>
      incidentRuns(series, context, judges)
        .filter((run) => dayAt(history, run.steps.at(-1)!.to) > since)
        .flatMap((run) => explainRun(run, series, context))
        .map((run) => incidentOf(run, series, history)),
    )
    .filter((incident) => incident.to > since)
    .sort((a, b) => (a.from === b.from ? 0 : a.from < b.from ? -1 : 1));
}

function incidentOf(run: ExplainedRun, series: IncidentSeries, history: UnitHistory): Incident {
  const { check, limits } = run.judge;
  const { metric } = series;
  const first = run.steps[0]!;
  const to = run.steps.at(-1)!.to;
  const days = testableDays(series, history, first.from, to);
  // What a step could be held against, all of its days can be.
  const { mean, dispersion } = expectationOf(run.training, run.cut, days, limits)!.sum;
  const observed = heldSum(series.values, days);
  const range = [
    negativeBinomialLowerLimit(rangeP, mean, dispersion),
    negativeBinomialUpperLimit(rangeP, mean, dispersion),
  ] as const;
  const from = dayAt(history, first.from);
  const messageId = series.exposure ? 'rate' : to - first.from === 1 ? 'day' : 'days';
  const data = {
    metric: metricNames[metric],
    from,
    until: dayAt(history, to - 1),
    days: days.length,
    observed,
    expected: mean,
    dispersion,
    low: range[0],
    high: range[1],
    ...(series.exposure && { visits: heldSum(series.exposure, days) }),
  };
  return {
    id: `${metric}.${check.direction}.${from}`,
    unit: history.unit,
    metric,
    direction: check.direction,
    check: check.id,
    version: check.version,
    level: first.level,
    from,
    to: dayAt(history, to),
    state: run.ending === null ? 'open' : 'closed',
    ending: run.ending,
    provisional: !run.steps.some((step) => step.opens && step.isFinal),
    p: Math.min(...run.steps.map((step) => step.p)),
    expected: mean,
    observed,
    range,
    messageId,
    data,
    text: renderMessage(check.messages[messageId], data),
    contributors: contributorsOf(series, days, run.training.isTraining),
    explainedBy: run.explainedBy,
    asOf: history.asOf,
  };
}

function dayAt(history: UnitHistory, index: number): Day {
  return addDays(history.firstDay, index);
}
