import type { DailyValues, TrafficSeries } from '../model/history.ts';
import { finalDays, isNewSeries, sumOf, trainingDays } from '../model/training-days.ts';
import { fitBaseline } from '../statistics/baseline.ts';
import type { CheckInput } from './check.ts';

/** Sums of one source over some days; engaged sessions are null where the files hold none. */
export interface SourceSums {
  readonly visitors: number;
  readonly sessions: number;
  readonly engaged: number | null;
}

/** One source in a period, with its own history. */
export interface SourceTraffic {
  readonly series: TrafficSeries;
  /** First seen inside the period or shortly before it: it has no history to be held against. */
  readonly isNew: boolean;
  readonly before: SourceSums;
  readonly now: SourceSums;
  /** Visitors its history explains; 0 for a new source. Fitted when first asked for. */
  expected(): ExpectedVisitors;
}

/** Visitors that a source's history explains in the period. */
export interface ExpectedVisitors {
  readonly mean: number;
  /** Daily dispersion of its baseline; 1 where none could be fitted. */
  readonly phi: number;
  /** `fitted`: baseline of METHODS 1. `mean`: own daily mean, where too little is there to fit. `none`: new. */
  readonly from: 'fitted' | 'mean' | 'none';
}

/** All sources of a unit in a period. */
export interface SourceTable {
  readonly sources: readonly SourceTraffic[];
  /** Indices of the judged days, and of the days that train. */
  readonly days: readonly number[];
  readonly baselineDays: readonly number[];
}

const tables = new WeakMap<CheckInput, Map<string, SourceTable | null>>();

/**
 * Sums every source over the judged days and over its baseline days; null without traffic by source.
 *
 * Several checks ask for the same table, so it is kept with its input.
 *
 * @param windowDays days of history to look back over.
 * @param newDays days before the period within which a first appearance counts as new.
 * @example sourceTable(input, 182, 14)?.sources.filter((s) => s.isNew)
 */
export function sourceTable(input: CheckInput, windowDays: number, newDays: number): SourceTable | null {
  const key = `${windowDays} ${newDays}`;
  const known = tables.get(input) ?? new Map<string, SourceTable | null>();
  tables.set(input, known);
  const held = known.get(key);
  if (held !== undefined) return held;
  const made = makeTable(input, windowDays, newDays);
  known.set(key, made);
  return made;
}

function makeTable(input: CheckInput, windowDays: number, newDays: number): SourceTable | null {
  const { traffic } = input.history;
  if (!traffic) return null;
  const days = finalDays(input, 'visitors', traffic.visitors);
  const baselineDays: number[] = [];
  for (let i = Math.max(0, input.from - windowDays); i < input.from; i += 1)
    if ((traffic.visitors[i] ?? null) !== null && input.isBaselineDay('visitors', i)) baselineDays.push(i);
  const sources = traffic.sources.map((series): SourceTraffic => {
    const isNew = isNewSeries(input, 'visitors', series.visitors, newDays);
    let expected: ExpectedVisitors | null = null;
    return {
      series,
      isNew,
      before: sumsOf(series, baselineDays),
      now: sumsOf(series, days),
      expected() {
        expected ??= isNew
          ? { mean: 0, phi: 1, from: 'none' }
          : expectedVisitors(input, series.visitors, days, baselineDays, windowDays);
        return expected;
      },
    };
  });
  return { sources, days, baselineDays };
}

function sumsOf(series: TrafficSeries, days: readonly number[]): SourceSums {
  return {
    visitors: sumOf(series.visitors, days),
    sessions: sumOf(series.sessions, days),
    engaged: series.engagedSessions && sumOf(series.engagedSessions, days),
  };
}

function expectedVisitors(
  input: CheckInput,
  values: DailyValues,
  days: readonly number[],
  baselineDays: readonly number[],
  windowDays: number,
): ExpectedVisitors {
  const baseline =
    days.length > 0 ? fitBaseline(trainingDays(input, 'visitors', values, days, windowDays)) : null;
  if (baseline?.status === 'ok') return { mean: baseline.sum.mu, phi: baseline.phi, from: 'fitted' };
  const daily = baselineDays.length > 0 ? sumOf(values, baselineDays) / baselineDays.length : 0;
  return { mean: daily * days.length, phi: 1, from: 'mean' };
}

/** Sums of a series over weeks of seven listed days; a last part week is left out. */
export function weeklySums(values: DailyValues, days: readonly number[]): number[] {
  const sums: number[] = [];
  for (let start = 0; start + 7 <= days.length; start += 7)
    sums.push(sumOf(values, days.slice(start, start + 7)));
  return sums;
}
