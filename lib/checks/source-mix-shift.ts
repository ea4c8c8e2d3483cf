import * as z from 'zod';
import { sumOf } from '../model/training-days.ts';
import { explainMiss } from '../statistics/adtributor.ts';
import { herfindahl } from '../statistics/herfindahl.ts';
import { jensenShannonDivergence, mixTest } from '../statistics/jensen-shannon-divergence.ts';
import { roundP } from '../statistics/p-value.ts';
import { defineCheck, fail, insufficientData, notApplicable, pass } from './check.ts';
import { share, watchP, windowDays } from './levels.ts';
import { type SourceTable, type SourceTraffic, sourceTable } from './source-traffic.ts';

/** Visits that come from other sources than before, with the new or swollen ones named. */
export const sourceMixShift = defineCheck({
  id: 'source-mix-shift',
  version: 1,
  // New sources are volume of their own: beside traffic-spike they are the same fact, not a second kind of evidence.
  family: 'mix',
  side: 'marketing',
  scope: 'unit',
  kpi: 'visitors',
  question: 'Did volume move alone?',
  messages: {
    namedSources:
      '{namedShare:percent} of the visitors above what history explains came from {sources}, which before brought {beforeShare:percent} of all visitors.',
    mixChanged:
      'The visitors came from other sources than before; no source stands above its own history enough to be named.',
  },
  innocent: [
    'a new campaign, partner or press mention',
    'a channel that was switched off or paused',
    'renamed sources or a change of tagging',
  ],
  clears: 'what the named sources are, since when they run and what they cost',
  policy: z.strictObject({
    watchP,
    windowDays,
    newDays: z
      .int()
      .min(0)
      .default(14)
      .describe('days before the period within which a first appearance counts as new'),
    minDivergence: share.default(0.05).describe('least Jensen-Shannon divergence of the two mixes, in bits'),
    minBaselineDays: z.int().min(31).default(56).describe('least days of history'),
    minVisitors: z.int().min(1).default(500).describe('least visitors on each side'),
    minCell: z
      .int()
      .min(1)
      .default(5)
      .describe('visitors below which a source is pooled as other, on either side'),
    minSourceShare: share
      .default(0.01)
      .describe('share of the visitors below which a source is pooled, on both sides'),
    minSwell: z
      .number()
      .min(1)
      .default(1.5)
      .describe('least visitors of a known source over those expected, to be named'),
    elementPower: share.default(0.1).describe('part of the excess a source must carry to be named, a share'),
    totalPower: share.default(0.67).describe('part of the excess the named sources carry together, a share'),
  }),
  evaluate(input, policy) {
    const table = sourceTable(input, policy.windowDays, policy.newDays);
    if (!table) return notApplicable('no-traffic-by-source');
    const cells = pooled(table.sources, policy);
    const baselineVisitors = cells.before.reduce((sum, n) => sum + n, 0);
    const visitors = cells.now.reduce((sum, n) => sum + n, 0);
    const sizes = {
      visitors,
      baselineVisitors,
      baselineDays: table.baselineDays.length,
      days: table.days.length,
      parts: cells.names.length,
    };
    const usual = largestMonthlyDivergence(table, policy);
    if (table.baselineDays.length < policy.minBaselineDays || usual === null)
      return insufficientData('few-days', sizes);
    if (visitors < policy.minVisitors || baselineVisitors < policy.minVisitors)
      return insufficientData('few-visitors', sizes);
    if (cells.names.length < 2) return insufficientData('one-source', sizes);

    const divergence = jensenShannonDivergence(cells.before, cells.now);
    const data = {
      ...sizes,
      divergence,
      usualDivergence: usual,
      concentrationBefore: herfindahl(cells.before).index,
      concentration: herfindahl(cells.now).index,
    };
    const gate = Math.max(policy.minDivergence, usual);
    if (divergence < gate) return pass(null, { ...data, gate });
    const phi = Math.max(1, ...table.sources.map((s) => s.expected().phi));
    const { statistic, degrees, p: exact } = mixTest(cells.before, cells.now, phi);
    const p = roundP(exact);
    const tested = { ...data, gate, dispersion: phi, statistic, degrees };
    if (p > policy.watchP) return pass(p, tested);

    const named = namedSources(table.sources, policy);
    const excess = named.reduce((sum, s) => sum + s.now.visitors - s.expected().mean, 0);
    const total = table.sources.reduce((sum, s) => sum + Math.max(0, s.now.visitors - s.expected().mean), 0);
    return fail({
      messageId: named.length > 0 ? 'namedSources' : 'mixChanged',
      severity: 'watch',
      p,
      effect: divergence,
      expected: usual,
      observed: divergence,
      range: [0, gate],
      sources: named.map((s) => s.series.name),
      data: {
        ...tested,
        sources: named.map((s) => s.series.name),
        isNew: named.map((s) => (s.isNew ? 'new' : 'known')),
        sourceVisitors: named.map((s) => s.now.visitors),
        sourceExpected: named.map((s) => s.expected().mean),
        namedShare: named.length > 0 ? excess / total : null,
        beforeShare: named.reduce((sum, s) => sum + s.before.visitors, 0) / baselineVisitors,
        cells: cells.names,
        cellsBefore: cells.before,
        cellsNow: cells.now,
      },
    });
  },
});

interface Cells {
  readonly names: readonly string[];
  readonly before: readonly number[];
  readonly now: readonly number[];
}

/** Visitors by source before and now; small sources together as "other". */
function pooled(
  sources: readonly SourceTraffic[],
  limits: { minCell: number; minSourceShare: number },
): Cells {
  const all = {
    before: sources.reduce((sum, s) => sum + s.before.visitors, 0),
    now: sources.reduce((sum, s) => sum + s.now.visitors, 0),
  };
  const names: string[] = [];
  const before: number[] = [];
  const now: number[] = [];
  const other = { before: 0, now: 0 };
  for (const source of sources) {
    const [was, is] = [source.before.visitors, source.now.visitors];
    const isSmall =
      Math.max(was, is) < limits.minCell ||
      (was < limits.minSourceShare * all.before && is < limits.minSourceShare * all.now);
    if (isSmall) {
      other.before += was;
      other.now += is;
      continue;
    }
    names.push(source.series.name);
    before.push(was);
    now.push(is);
  }
  if (other.before + other.now === 0) return { names, before, now };
  return { names: [...names, 'other'], before: [...before, other.before], now: [...now, other.now] };
}

/** Largest divergence between two neighbouring months of the history; null with fewer than two. */
function largestMonthlyDivergence(
  { sources, baselineDays }: SourceTable,
  { minVisitors }: { minVisitors: number },
): number | null {
  const months = new Map<number, number[]>();
  // Blocks of 30 judged days stand for months, so that months cut by the window do not shrink them.
  baselineDays.forEach((day, at) => {
    const block = Math.floor((baselineDays.length - 1 - at) / 30);
    const days = months.get(block) ?? [];
    days.push(day);
    months.set(block, days);
  });
  const mixes = [...months.values()]
    .map((days) => sources.map((s) => sumOf(s.series.visitors, days)))
    .filter((mix) => mix.reduce((sum, n) => sum + n, 0) >= minVisitors);
  let largest: number | null = null;
  for (let i = 1; i < mixes.length; i += 1)
    largest = Math.max(largest ?? 0, jensenShannonDivergence(mixes[i - 1]!, mixes[i]!));
  return largest;
}

/** The sources that carry the excess of the period, most surprising first; none when there is no excess. */
function namedSources(
  sources: readonly SourceTraffic[],
  { minSwell, elementPower, totalPower }: { minSwell: number; elementPower: number; totalPower: number },
): SourceTraffic[] {
  const held = sources.filter((s) => s.now.visitors > 0 || s.before.visitors > 0);
  const forecast = held.map((s) => s.expected().mean);
  const actual = held.map((s) => s.now.visitors);
  const sum = (values: readonly number[]) => values.reduce((total, n) => total + n, 0);
  if (sum(forecast) <= 0 || sum(actual) <= sum(forecast)) return [];
  const { picked } = explainMiss(forecast, actual, { elementPower, totalPower });
  return picked.map((i) => held[i]!).filter((s) => s.isNew || s.now.visitors >= minSwell * s.expected().mean);
}
