import { type IncidentSeries, incidentSeries } from '../../checks/incident-series.ts';
import { dayNumber } from '../../model/day.ts';
import type { Assessment, Contributor } from '../../model/flag.ts';
import type { UnitHistory } from '../../model/history.ts';
import type { IncidentMetric } from '../../model/incident.ts';
import type { Kpi } from '../../model/kpi.ts';
import { parsePeriod } from '../../model/period.ts';
import { leadFinding } from '../../reports/alert-text.ts';
import { sqlKey } from '../../verdict/cohort.ts';

const mostContributors = 3;
const unknown = '(not known)';

/** Weeks before a period that say what a source usually brings. */
const usualWeeks = 8;

/** The daily metric whose sources tell where a KPI comes from; those of deals tell nothing. */
const metricOf: Readonly<Partial<Record<Kpi, IncidentMetric>>> = {
  visitors: 'visitors',
  sessions: 'visitors',
  engaged_sessions: 'visitors',
  leads: 'leads',
  sqls_delivered: 'sqls_delivered',
  sqls_accepted: 'sqls_delivered',
};

/**
 * Sources that carry most of what does not reconcile in a judgement, each beside its part of everything counted in the
 * period: a source that carries no more of the one than of the other does not stand out.
 *
 * Where records are disputed, those of each source are counted; where visitors of named sources are, these sources;
 * where only a number is off, what each source brought above the same weekdays of the eight weeks before.
 *
 * @param history what was known at the judging date.
 * @returns at most three, largest first; empty without a finding, or where no source is known.
 * @example contributorsTo(assessment, history) // => [{ name: 'list-broker / email', count: 41, share: 0.82, ofAll: 0.3 }]
 */
export function contributorsTo(assessment: Assessment, history: UnitHistory): Contributor[] {
  const metric = metricOf[assessment.kpi];
  const lead = leadFinding(assessment);
  if (!metric || !lead) return [];
  const series = incidentSeries(history, {}).find((one) => one.metric === metric);
  const brought = series ? broughtBySource(series, assessment.period, history) : [];
  const all = new Map(brought.map(({ name, held }) => [name, held]));
  const taken = assessment.removals.filter(({ memo }) => !memo);
  const named = taken.find(({ rule }) => rule === 'source_excess');
  if (named) {
    const own = brought.filter(({ name }) => named.records.includes(name));
    const held = own.reduce((sum, one) => sum + one.held, 0);
    return largest(new Map(own.map((one) => [one.name, (named.count * one.held) / held])), all);
  }
  const records = taken.filter(({ rule }) => rule !== 'pending').flatMap((removal) => removal.records);
  const disputed = new Set(records.length > 0 ? records : lead.records);
  if (metric !== 'visitors' && disputed.size > 0) return largest(countsBySource(disputed, history), all);
  const rose = brought.filter(({ held, usual }) => held > usual);
  return largest(new Map(rose.map(({ name, held, usual }) => [name, held - usual])), all);
}

/** Disputed leads and SQLs of each source; an SQL comes from where its lead came from. */
function countsBySource(disputed: ReadonlySet<string>, { leads, sqls }: UnitHistory): Map<string, number> {
  const sources = new Map((leads?.rows ?? []).map((row) => [row.lead_id, nameOf(row)]));
  const leadOf = new Map((sqls?.rows ?? []).map((row) => [sqlKey(row), row.lead_id]));
  const counts = new Map<string, number>();
  for (const id of disputed) {
    const name = sources.get(leadOf.get(id) ?? id) ?? unknown;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function nameOf({
  source,
  medium,
}: {
  readonly source: string | null;
  readonly medium: string | null;
}): string {
  return source === null ? unknown : `${source} / ${medium ?? '(none)'}`;
}

/** What each source brought in a period, and what it usually brings on such days. */
function broughtBySource(series: IncidentSeries, period: string, history: UnitHistory) {
  const { from, to } = parsePeriod(period);
  const start = dayNumber(from) - dayNumber(history.firstDay);
  const end = Math.min(dayNumber(to) - dayNumber(history.firstDay), history.length);
  return series.parts().map(({ name, values }) => {
    let held = 0;
    let usual = 0;
    for (let day = Math.max(start, 0); day < end; day++) {
      const before: number[] = [];
      const nearest = day - 7 * Math.ceil((day - start + 1) / 7);
      for (let i = nearest; i >= 0 && before.length < usualWeeks; i -= 7)
        if ((values[i] ?? null) !== null) before.push(values[i]!);
      if ((values[day] ?? null) === null) continue;
      held += values[day]!;
      if (before.length > 0) usual += before.reduce((a, b) => a + b, 0) / before.length;
    }
    return { name, held, usual };
  });
}

function largest(amounts: ReadonlyMap<string, number>, all: ReadonlyMap<string, number>): Contributor[] {
  const total = (of: ReadonlyMap<string, number>) => [...of.values()].reduce((a, b) => a + b, 0);
  const [ofAmounts, ofAll] = [total(amounts), total(all)];
  return [...amounts]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, mostContributors)
    .map(([name, amount]) => ({
      name,
      count: Math.round(amount * 10) / 10,
      share: amount / ofAmounts,
      ofAll: ofAll === 0 ? null : (all.get(name) ?? 0) / ofAll,
    }));
}
