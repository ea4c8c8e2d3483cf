import { dayNumber } from '../model/day.ts';
import type { Explanation, IncidentMetric } from '../model/incident.ts';
import { explainedDays, isDeclaredBefore } from './explained-days.ts';
import { heldSum, type IncidentContext, type IncidentRun, type IncidentStep } from './incident-days.ts';
import { expectationOf } from './incident-expectation.ts';
import type { IncidentSeries } from './incident-series.ts';

/** Steps of a run that are explained by one entry, or by none. */
export interface ExplainedRun extends IncidentRun {
  readonly explainedBy: Explanation | null;
}

/** Names by which a calendar entry may mean a metric. No entry explains a relation between two metrics. */
const entryMetrics: Readonly<Record<IncidentMetric, readonly string[] | null>> = {
  visitors: ['visitors', 'unique_visitors', 'sessions', 'traffic'],
  leads: ['leads'],
  sqls_delivered: ['sqls', 'sqls_delivered'],
  leads_per_visit: null,
};

/**
 * Splits a run where a calendar entry begins or ceases to explain it (SPEC 7): an entry counts when it was declared on
 * or before its first day, is of a kind that can explain this direction, and covers the step, whole or in the sources
 * without which the step would open nothing.
 *
 * @returns parts in order; an unexplained part none of whose steps opens an incident by itself is left out.
 * @example explainRun(run, series, context).map((part) => part.explainedBy?.kind ?? null) // => ['campaign', null]
 */
export function explainRun(
  run: IncidentRun,
  series: IncidentSeries,
  context: IncidentContext,
): ExplainedRun[] {
  const parts: { explainedBy: Explanation | null; steps: IncidentStep[] }[] = [];
  for (const step of run.steps) {
    const explainedBy = explanationOf(step, run, series, context);
    const part = parts.at(-1);
    if (part && part.explainedBy?.from === explainedBy?.from && part.explainedBy?.kind === explainedBy?.kind)
      part.steps.push(step);
    else parts.push({ explainedBy, steps: [step] });
  }
  return parts
    .map((part, i) => ({
      ...run,
      ...part,
      ending: i < parts.length - 1 ? ('ordinary' as const) : run.ending,
    }))
    .filter(({ explainedBy, steps }) => explainedBy !== null || steps.some((step) => step.opens));
}

function explanationOf(
  step: IncidentStep,
  { judge, training, cut }: IncidentRun,
  series: IncidentSeries,
  { history, series: count }: IncidentContext,
): Explanation | null {
  const metrics = entryMetrics[series.metric];
  if (!metrics) return null;
  const origin = dayNumber(history.firstDay);
  const entries = history.calendar.filter(
    (entry) =>
      judge.check.explainedBy.includes(entry.kind) &&
      isDeclaredBefore(entry) &&
      (entry.metric === null || metrics.includes(entry.metric)) &&
      step.days.some(
        (i) => dayNumber(entry.date_from) <= origin + i && origin + i <= dayNumber(entry.date_to),
      ),
  );
  const [entry] = entries;
  if (!entry) return null;
  const by: Explanation = {
    kind: entry.kind,
    from: entry.date_from,
    to: entry.date_to,
    declaredOn: entry.declared_at!.slice(0, 10),
  };
  const groups = explainedDays({ ...history, calendar: entries }, step.days, metrics);
  if (groups.every(({ sources }) => sources === 'all')) return by;
  if (groups.some(({ sources }) => sources.length === 0)) return null;
  const names = new Set(groups.flatMap(({ sources }) => (sources === 'all' ? [] : sources)));
  const explained = series.parts().filter((part) => names.has(part.name));
  const rest = series.values.map(
    (v, i) => v && explained.reduce((left, part) => left - (part.values[i] ?? 0), v),
  );
  const expectation = expectationOf({ ...training, values: rest }, cut, step.days, judge.limits);
  if (!expectation) return null;
  const { mean, dispersion } = expectation.sum;
  const figures = { observed: heldSum(rest, step.days), expected: mean, dispersion, series: count };
  return judge.check.evaluate(figures, judge.limits).standing === 'opens' ? null : by;
}
