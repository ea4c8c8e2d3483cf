import { type Day, dayNumber } from '../model/day.ts';
import type { DailyValues, UnitHistory } from '../model/history.ts';
import { type IncidentMetric, incidentMetrics, metricKpis } from '../model/incident.ts';
import { datasetOf, type Kpi } from '../model/kpi.ts';
import { kpiDays } from './kpi-days.ts';
import { leadSeries, visitSeries } from './unit-series.ts';

/** The part of a series that one `source / medium` brought. */
export interface SeriesPart {
  readonly name: string;
  readonly channel: string;
  readonly values: DailyValues;
  /** Visits of the same source, for leads per visit. */
  readonly exposure: DailyValues | null;
}

/** A metric of a unit, day by day, as it is watched for incidents. */
export interface IncidentSeries {
  readonly metric: IncidentMetric;
  readonly kpis: readonly Kpi[];
  readonly values: DailyValues;
  /** Visits the values are held against, for leads per visit; else null. */
  readonly exposure: DailyValues | null;
  /** Index of the last day whose numbers have arrived. */
  readonly last: number;
  /** Whether that day has arrived whole: an export may have been made in the middle of it. */
  readonly isLastWhole: boolean;
  /** What each source brought; empty where nothing tells. */
  parts(): readonly SeriesPart[];
}

/** Dates on which the newest files landed, by dataset. */
export type Arrivals = Readonly<Partial<Record<ReturnType<typeof datasetOf>, Day>>>;

/**
 * The metrics of a unit that can be watched.
 *
 * The days after a dataset's last record hold none either because nothing happened or because nothing was delivered.
 * They count as zeros up to the day before the newest file landed, where that is not after the judging date; a file
 * landed later was not made day by day and tells nothing about its end, so the last day it holds may be a part of one.
 *
 * @returns series with any day at all, in the order of `incidentMetrics`.
 * @example incidentSeries(history, {}).map((s) => s.metric) // => ['visitors', 'leads', 'sqls_delivered', 'leads_per_visit']
 */
export function incidentSeries(history: UnitHistory, arrivals: Arrivals): IncidentSeries[] {
  const endOf = (kpi: Kpi, values: DailyValues): Pick<IncidentSeries, 'last' | 'isLastWhole'> => {
    const isRecords = datasetOf(kpi) !== 'traffic';
    const held = values.findLastIndex((v) => v !== null && (!isRecords || v > 0));
    const landed = arrivals[datasetOf(kpi)];
    if (landed === undefined || landed > history.asOf) return { last: held, isLastWhole: false };
    const arrived = dayNumber(landed) - dayNumber(history.firstDay);
    return held > arrived ? { last: held, isLastWhole: false } : { last: arrived - 1, isLastWhole: true };
  };
  return incidentMetrics.flatMap((metric): IncidentSeries[] => {
    const kpis = metricKpis[metric];
    if (metric === 'leads_per_visit') {
      const leads = leadSeries(history);
      const visits = visitSeries(history);
      if (!leads || !visits) return [];
      const ends = [endOf('leads', leads.values), endOf('visitors', visits.values)];
      const last = Math.min(...ends.map((end) => end.last));
      return [
        {
          metric,
          kpis,
          values: leads.values,
          exposure: visits.values,
          last,
          isLastWhole: ends.every((end) => end.last > last || end.isLastWhole),
          parts: () => ratioParts(history),
        },
      ];
    }
    const values = kpiDays(history, metric);
    if (!values?.some((v) => v !== null)) return [];
    const parts = () => partsOf(history, metric);
    return [{ metric, kpis, values, exposure: null, ...endOf(metric, values), parts }];
  });
}

function partsOf(history: UnitHistory, metric: 'visitors' | 'leads' | 'sqls_delivered'): SeriesPart[] {
  const { traffic, leads, sqls } = history;
  if (metric === 'visitors')
    return (traffic?.sources ?? []).map((s) => ({ ...s, values: s.visitors, exposure: null }));
  if (!leads) return [];
  if (metric === 'leads')
    return byLead(
      history,
      leads.daily,
      leads.rows.map((lead) => ({ lead, at: lead.created_at })),
    );
  if (!sqls) return [];
  const known = new Map(leads.rows.map((lead) => [lead.lead_id, lead]));
  return byLead(
    history,
    sqls.daily,
    sqls.rows.map((sql) => ({ lead: known.get(sql.lead_id) ?? null, at: sql.delivered_at })),
  );
}

type LeadRow = NonNullable<UnitHistory['leads']>['rows'][number];

function byLead(
  history: UnitHistory,
  covered: DailyValues,
  records: readonly { readonly lead: LeadRow | null; readonly at: string }[],
): SeriesPart[] {
  const origin = dayNumber(history.firstDay);
  const channels = new Map((history.traffic?.sources ?? []).map((s) => [s.name, s.channel]));
  const parts = new Map<string, SeriesPart & { readonly values: (number | null)[] }>();
  for (const { lead, at } of records) {
    const name = lead?.source ? `${lead.source} / ${lead.medium ?? '(none)'}` : '(not known)';
    let part = parts.get(name);
    if (!part) {
      const values = covered.map((v) => (v === null ? null : 0));
      part = { name, channel: lead?.channel ?? channels.get(name) ?? '', values, exposure: null };
      parts.set(name, part);
    }
    const index = dayNumber(at.slice(0, 10)) - origin;
    if ((part.values[index] ?? null) !== null) part.values[index]! += 1;
  }
  return [...parts.values()];
}

function ratioParts(history: UnitHistory): SeriesPart[] {
  const visits = new Map((history.traffic?.sources ?? []).map((s) => [s.name, s]));
  const leads = new Map(partsOf(history, 'leads').map((part) => [part.name, part]));
  const none = history.leads?.daily.map((v) => (v === null ? null : 0)) ?? [];
  return [...new Set([...visits.keys(), ...leads.keys()])].map((name) => ({
    name,
    channel: visits.get(name)?.channel ?? leads.get(name)?.channel ?? '',
    values: leads.get(name)?.values ?? none,
    exposure: visits.get(name)?.sessions ?? none,
  }));
}
