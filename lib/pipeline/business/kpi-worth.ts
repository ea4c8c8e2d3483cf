import type { KpiWorth, Prediction } from '../../model/business.ts';
import { type Day, dayNumber, weekday } from '../../model/day.ts';
import type { Estimate } from '../../model/estimate.ts';
import type { DailyValues } from '../../model/history.ts';
import { datasetOf, type Kpi } from '../../model/kpi.ts';
import { blockBootstrap, blockLengthFor } from '../../statistics/block-bootstrap.ts';
import { mulberry32 } from '../../statistics/mulberry32.ts';
import {
  effectivePairs,
  fluffIndex,
  lagOneCorrelation,
  spearman,
} from '../../statistics/rank-correlation.ts';
import { type BusinessRows, daysBetween, medianOf } from './business-rows.ts';
import { outcomeDaily, weekSum } from './outcome-days.ts';
import { daysToWin } from './win-rates.ts';

/** Gates and draws of METHODS 13. */
const limits = {
  pairs: 26,
  effectivePairs: 10,
  distinctOutcomes: 5,
  variation: 0.1,
  rho: 0.3,
  replications: 2000,
  confidence: 0.95,
  seed: 13,
};

/**
 * How well each KPI foretells accepted SQLs and revenue, by rank correlation of week-to-week changes.
 * @param kpis distinct; those no source holds come back as "history too short".
 */
export function kpiWorth(rows: BusinessRows, kpis: readonly Kpi[]): KpiWorth[] {
  return kpis.map((kpi) => {
    const predictions = (['sqls_accepted', 'revenue'] as const)
      .filter((outcome) => isUpstream(kpi, outcome))
      .map((outcome) => predict(rows, kpi, outcome));
    const labels = predictions.map((p) => p.label);
    const worth = labels.includes('useful')
      ? 'useful'
      : labels.includes('weak predictor')
        ? 'fluff'
        : labels.includes('undetermined')
          ? 'undetermined'
          : 'history too short';
    return { kpi, worth, predictions };
  });
}

/** Whether a KPI stands before an outcome in the funnel, and is not the outcome itself. */
function isUpstream(kpi: Kpi, outcome: 'sqls_accepted' | 'revenue'): boolean {
  if (outcome === 'sqls_accepted') return kpi !== 'sqls_accepted' && datasetOf(kpi) !== 'deals';
  return kpi !== 'revenue' && kpi !== 'deals_won';
}

/** How well one KPI foretells one outcome. */
export function predict(rows: BusinessRows, kpi: Kpi, outcome: 'sqls_accepted' | 'revenue'): Prediction {
  const lagDays = lagOf(rows, kpi, outcome);
  const { x, y, values } = weeklyChanges(rows, kpi, outcome, lagDays);
  const none = { kpi, outcome, rho: null, fluff: null, pairs: x.length, lagDays } as const;
  const rho = x.length < limits.pairs ? null : spearman(x, y);
  if (rho === null || new Set(y).size < limits.distinctOutcomes)
    return { ...none, label: 'history too short' };
  const effective = effectivePairs(x.length, lagOneCorrelation(x) ?? 0, lagOneCorrelation(y) ?? 0);
  if (effective < limits.effectivePairs) return { ...none, label: 'history too short' };
  // A KPI that hardly moves shows no relation to anything, useful or not.
  if (variation(values) < limits.variation) return { ...none, label: 'undetermined' };
  const { interval } = blockBootstrap(
    x,
    y,
    spearman,
    blockLengthFor(x.length),
    limits.replications,
    limits.confidence,
    mulberry32(limits.seed),
  );
  if (interval === null) return { ...none, label: 'undetermined' };
  const [low, high] = interval;
  const fluff: Estimate = { value: fluffIndex(rho), low: fluffIndex(high), high: fluffIndex(low) };
  const label = high < limits.rho ? 'weak predictor' : low > limits.rho ? 'useful' : 'undetermined';
  return { ...none, rho: { value: rho, low, high }, fluff, label };
}

/** Median days from KPI to outcome, fixed beforehand: a visit is as old as its lead. */
function lagOf(rows: BusinessRows, kpi: Kpi, outcome: 'sqls_accepted' | 'revenue'): number {
  const dataset = datasetOf(kpi);
  if (dataset === 'deals')
    return Math.round(medianOf(rows.won.map((w) => daysBetween(w.deal.created_at, w.wonOn))) ?? 0);
  const toSql =
    dataset === 'sqls'
      ? 0
      : (medianOf(
          (rows.sqls ?? []).flatMap((s) => {
            const lead = rows.leadById.get(s.lead_id);
            return lead ? [daysBetween(lead.created_at, s.delivered_at)] : [];
          }),
        ) ?? 0);
  if (outcome === 'sqls_accepted') return Math.round(toSql);
  return Math.round(toSql + (medianOf(daysToWin(rows)) ?? 0));
}

interface Changes {
  readonly x: number[];
  readonly y: number[];
  /** Weekly values of the KPI. */
  readonly values: readonly number[];
}

/** First differences of log(v + 1/2) week by week, the outcome's weeks `lagDays` later. */
function weeklyChanges(
  rows: BusinessRows,
  kpi: Kpi,
  outcome: 'sqls_accepted' | 'revenue',
  lagDays: number,
): Changes {
  const first = rows.histories.reduce((d, h) => (h.firstDay < d ? h.firstDay : d), rows.asOf);
  const of = companyDaily(rows, kpi, first);
  const to = companyDaily(rows, outcome, first);
  const x: number[] = [];
  const y: number[] = [];
  const values: number[] = [];
  if (!of || !to) return { x, y, values };
  const end = dayNumber(rows.asOf) - dayNumber(first) + 1;
  let before: { x: number; y: number } | null = null;
  for (let i = (8 - weekday(dayNumber(first))) % 7; i + 7 + lagDays <= end; i += 7) {
    const own = weekSum(of, i);
    const later = weekSum(to, i + lagDays);
    const now: { x: number; y: number } | null =
      own === null || later === null ? null : { x: Math.log(own + 0.5), y: Math.log(later + 0.5) };
    if (own !== null) values.push(own);
    if (now && before) {
      x.push(now.x - before.x);
      y.push(now.y - before.y);
    }
    before = now;
  }
  return { x, y, values };
}

/** Daily values of a KPI over all units that hold it, from `first` on; null where none does. */
function companyDaily(rows: BusinessRows, kpi: Kpi, first: Day): DailyValues | null {
  const length = dayNumber(rows.asOf) - dayNumber(first) + 1;
  const parts = rows.histories.flatMap((history) => {
    const values = outcomeDaily(history, kpi);
    return values ? [{ values, shift: dayNumber(history.firstDay) - dayNumber(first) }] : [];
  });
  if (parts.length === 0) return null;
  return Array.from({ length }, (_, i) =>
    parts.reduce<number | null>((sum, { values, shift }) => {
      const value = values[i - shift] ?? null;
      return sum === null || value === null ? null : sum + value;
    }, 0),
  );
}

function variation(values: readonly number[]): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  if (!(mean > 0)) return 0;
  const square = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  return Math.sqrt(square) / mean;
}
