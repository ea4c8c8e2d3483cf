import type { Plan, PlanKpi } from '../model/config.ts';
import { dayNumber } from '../model/day.ts';
import { type DailyValues, isAccepted, type SqlCase, type UnitHistory } from '../model/history.ts';
import { keptFor } from '../model/kept.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Period } from '../model/period.ts';

/** What a KPI counts in a period: the number, and the records behind it where there are any. */
export interface Cohort {
  /** Null when the period has no data at all. */
  readonly counted: number | null;
  /** Ids of the counted records; null where only numbers exist. */
  readonly ids: readonly string[] | null;
  /** The SQLs delivered in the period, for the two SQL KPIs. */
  readonly sqls: readonly SqlCase[];
  readonly basis: 'monthly_unique' | 'daily_unique_sum' | null;
}

/** Identity of a delivered SQL: one lead may be delivered under several ids and the other way round. */
export function sqlKey(sql: { readonly sql_id: string; readonly lead_id: string }): string {
  return `${sql.sql_id}/${sql.lead_id}`;
}

/**
 * Counts a KPI in a period from what was known at `history.asOf` (SPEC 6), before any removal.
 *
 * SQLs are counted by delivery date; opportunities by creation; won deals and revenue by the date won.
 * Visitors are the monthly unique number where the plan asks for it and a `totals` row holds it, else the
 * sum of daily uniques over sources, an upper bound.
 *
 * @example countKpi(history, { kpi: 'leads' }, plan, august).counted // => 300
 */
export function countKpi(
  history: UnitHistory,
  planKpi: Pick<PlanKpi, 'kpi' | 'basis'>,
  plan: Plan,
  period: Period,
): Cohort {
  // Plans that count alike share what they count.
  const key = `${planKpi.kpi} ${planKpi.basis} ${period.id} ${period.to} ${plan.countsOrigins?.join() ?? ''}`;
  return cohorts([history], key, () => count(history, planKpi, plan, period));
}

const cohorts = keptFor<Cohort>();
const idSets = keptFor<ReadonlySet<string>>();

/** Ids of the counted records; empty where only numbers exist. */
export function countedIds({ ids }: Cohort): ReadonlySet<string> {
  return ids === null ? new Set() : idSets([ids], '', () => new Set(ids));
}

/** Rows of a period; rows of a history are in the order of their time. */
function within<R>(rows: readonly R[], timeOf: (row: R) => string, { from, to }: Period): readonly R[] {
  const place = (day: string) => {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (timeOf(rows[middle]!) < day) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return rows.slice(place(from), place(to));
}

function count(
  history: UnitHistory,
  planKpi: Pick<PlanKpi, 'kpi' | 'basis'>,
  plan: Plan,
  period: Period,
): Cohort {
  const { kpi } = planKpi;
  const inPeriod = (time: string | null) => time !== null && time >= period.from && time < period.to;
  const counts = (row: { readonly origin: string | null }) =>
    !plan.countsOrigins ||
    row.origin === null ||
    (plan.countsOrigins as readonly string[]).includes(row.origin);
  const none = { sqls: [], basis: null } as const;

  if (kpi === 'visitors' || kpi === 'sessions' || kpi === 'engaged_sessions') {
    if (kpi === 'visitors' && planKpi.basis === 'monthly_unique') {
      const total = latestTotal(history, period.id, 'visitors');
      if (total !== null) return { counted: total, ids: null, sqls: [], basis: 'monthly_unique' };
    }
    const values = dailyOf(history, kpi);
    const basis = kpi === 'visitors' ? 'daily_unique_sum' : null;
    return { counted: values && sumOver(history, values, period), ids: null, sqls: [], basis };
  }
  if (kpi === 'leads' && history.leads) {
    if (sumOver(history, history.leads.daily, period) === null) return { counted: null, ids: null, ...none };
    const ids = within(history.leads.rows, (r) => r.created_at, period)
      .filter(counts)
      .map((r) => r.lead_id);
    return { counted: ids.length, ids, ...none };
  }
  if ((kpi === 'sqls_delivered' || kpi === 'sqls_accepted') && history.sqls) {
    if (sumOver(history, history.sqls.daily, period) === null) return { counted: null, ids: null, ...none };
    const sqls = within(history.sqls.rows, (r) => r.delivered_at, period).filter(counts);
    const counted = kpi === 'sqls_delivered' ? sqls : sqls.filter(isAccepted);
    return { counted: counted.length, ids: counted.map(sqlKey), sqls, basis: null };
  }
  if (
    history.deals &&
    sumOver(history, history.deals.daily, period) !== null &&
    (kpi === 'opportunities' || kpi === 'deals_won' || kpi === 'revenue')
  ) {
    const rows = history.deals.rows.filter(
      (r) =>
        counts(r) &&
        (kpi === 'opportunities' ? inPeriod(r.created_at) : r.stage === 'won' && inPeriod(r.won_at)),
    );
    const counted = kpi === 'revenue' ? rows.reduce((sum, r) => sum + (r.amount ?? 0), 0) : rows.length;
    return { counted, ids: rows.map((r) => r.deal_id), ...none };
  }
  const values = dailyOf(history, kpi);
  return { counted: values && sumOver(history, values, period), ids: null, ...none };
}

/** Daily values of a KPI: from traffic or records, else from `counts`; null when nothing holds it. */
export function dailyOf(history: UnitHistory, kpi: Kpi): DailyValues | null {
  if (history.traffic) {
    if (kpi === 'visitors') return history.traffic.visitors;
    if (kpi === 'sessions') return history.traffic.sessions;
    if (kpi === 'engaged_sessions') return history.traffic.engagedSessions;
  }
  if (kpi === 'leads' && history.leads) return history.leads.daily;
  if (kpi === 'sqls_delivered' && history.sqls) return history.sqls.daily;
  return history.counts[kpi] ?? null;
}

/** Sum over the days of a period that are not missing; null when all of them are. */
function sumOver(history: UnitHistory, values: DailyValues, period: Period): number | null {
  const first = dayNumber(history.firstDay);
  let sum: number | null = null;
  for (let i = Math.max(0, dayNumber(period.from) - first); i < dayNumber(period.to) - first; i += 1) {
    const value = values[i];
    if (value !== null && value !== undefined) sum = (sum ?? 0) + value;
  }
  return sum;
}

function latestTotal(history: UnitHistory, period: string, metric: string): number | null {
  const rows = history.totals.filter((t) => t.period === period && t.metric === metric);
  const latest = rows.sort((a, b) => ((a.extracted_at ?? '') < (b.extracted_at ?? '') ? 1 : -1))[0];
  return latest?.value ?? null;
}
