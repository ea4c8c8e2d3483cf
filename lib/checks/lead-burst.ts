import * as z from 'zod';

import { seedOf } from '../model/canonical-json.ts';
import { dayNumber } from '../model/day.ts';
import { mulberry32 } from '../statistics/mulberry32.ts';
import { roundP } from '../statistics/p-value.ts';
import { fullestWindow, wallensteinNeff } from '../statistics/scan-statistic.ts';
import { evenestRun, evenRunP } from '../statistics/short-gaps.ts';
import { defineCheck, type Failure, fail, insufficientData, notApplicable, pass } from './check.ts';
import { passedP, reviewP, share, watchP } from './levels.ts';
import { offlineMarks, offlineNames } from './offline-lead.ts';
import { recordDays, recordSeconds } from './record-days.ts';
import { type Levels, severityOf } from './share-test.ts';

const week = 7 * 24 * 3600;

/** Leads that come many at once, or at gaps as even as a clock's. */
export const leadBurst = defineCheck({
  id: 'lead-burst',
  version: 2,
  family: 'mix',
  side: 'marketing',
  scope: 'unit',
  kpi: 'leads',
  question: 'Are the records sound?',
  messages: {
    burst:
      '{count} leads came within {width} seconds of usual traffic from {at} on; before, never more than {usualMost}.',
    clockwork:
      '{count} leads in a row from {at} on came at gaps that vary by {variation:percent} of their mean; chance gives about 100 %.',
  },
  innocent: [
    'a mailing, a talk or a broadcast that many answered at once',
    'an import, or a queue of the form that was sent late',
    'a scanner at an event',
  ],
  clears: 'the log of the form for those minutes: addresses, browsers and pages before the form',
  policy: z.strictObject({
    watchP,
    reviewP: reviewP.describe('largest p of a review of even gaps, a probability'),
    widths: z
      .array(z.int().min(1))
      .min(1)
      .default([600, 3600, 86_400])
      .describe('windows that are scanned, in seconds'),
    maxWindowP: share
      .gt(0)
      .default(0.1)
      .describe('chance of a window from which on its approximation is not used and p is 1, a probability'),
    minCount: z.int().min(2).default(5).describe('least leads in a window'),
    minRatio: z.number().min(1).default(2).describe('least count over the fullest window of the history'),
    minLeads: z.int().min(2).default(10).describe('leads of the period below which nothing can be told'),
    minProfileLeads: z
      .int()
      .min(1)
      .default(200)
      .describe('leads of the history from which hours of weekdays and weekends are told apart'),
    minWeekLeads: z
      .int()
      .min(1)
      .default(500)
      .describe('leads of the history from which every hour of the week is'),
    minWeeks: z.int().min(1).default(8).describe('weeks these leads must span, first to last'),
    runLength: z.int().min(5).default(20).describe('leads in a row whose gaps are compared'),
    maxVariation: share.default(0.3).describe('largest coefficient of variation of their gaps'),
    simulations: z
      .int()
      .min(99)
      .default(9999)
      .describe('series of leads at random that even gaps are held against'),
    offline: z
      .array(z.string())
      .default([...offlineNames])
      .describe('sources, media, channels and forms, in lower case, of leads that are entered together'),
  }),
  evaluate({ history, period, from, to, isBaselineDay }, policy) {
    if (!history.leads) return notApplicable('no-lead-records');
    const { rows } = history.leads;
    const isOffline = offlineMarks(rows, policy.offline);
    const days = recordDays(rows, 'created_at');
    const seconds = recordSeconds(rows, 'created_at');
    const origin = dayNumber(history.firstDay);
    const own: { id: string; at: number; time: string }[] = [];
    const before: number[] = [];
    let untimed = 0;
    for (let i = 0; i < rows.length; i += 1) {
      const day = days[i]! - origin;
      const isIn = day >= from && day < to;
      if ((!isIn && !isBaselineDay('leads', day)) || isOffline[i] === 1) continue;
      const at = seconds[i]!;
      if (Number.isNaN(at)) untimed += 1;
      else if (isIn) own.push({ id: rows[i]!.lead_id, at, time: rows[i]!.created_at });
      else before.push(at);
    }
    if (own.length < policy.minLeads)
      return insufficientData(untimed > 0 ? 'dates-without-times' : 'few-leads', { leads: own.length });
    const profile = hourProfile(before, policy);
    if (!profile) return insufficientData('few-leads-before', { leadsBefore: before.length });

    own.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    let usual: number[] | null = null;
    const times = own.map((lead) => profile(lead.at));
    const whole = profile((origin + to) * 86_400) - profile((origin + from) * 86_400);
    const failures: Failure[] = [];
    let least = 1;
    for (const width of policy.widths) {
      const { count, start } = fullestWindow(times, width);
      const chance =
        count < policy.minCount || width >= whole ? 1 : wallensteinNeff(count, own.length, width / whole);
      // The approximation holds for small probabilities only; where they are not nothing is unusual anyway.
      const p = roundP(chance >= policy.maxWindowP ? 1 : Math.min(1, policy.widths.length * chance));
      least = Math.min(least, p);
      if (p > policy.watchP) continue;
      usual ??= before.map(profile);
      const usualMost = fullestWindow(usual, width).count;
      if (count < policy.minRatio * usualMost) continue;
      const inside = own.filter((_, i) => times[i]! >= start! && times[i]! <= start! + width);
      failures.push({
        messageId: 'burst',
        severity: 'watch',
        p,
        effect: count / Math.max(1, usualMost),
        expected: usualMost,
        observed: count,
        range: [0, Math.max(policy.minCount, Math.ceil(policy.minRatio * usualMost)) - 1],
        data: { count, width, at: inside[0]!.time, usualMost, leads: own.length, leadsBefore: before.length },
        records: inside.map((lead) => lead.id),
      });
    }
    const fullest = failures.reduce<Failure | null>((a, b) => (a === null || b.p! < a.p! ? b : a), null);
    const even = clockwork(own, `lead-burst|${history.unit}|leads|${period.id}`, policy);
    const found = [...(fullest ? [fullest] : []), ...(even ? [even] : [])];
    return found.length > 0 ? fail(...found) : pass(passedP(least, policy.watchP), { leads: own.length });
  },
});

/** The most even run of leads in the order of their times, if it is as even as a clock and not by chance. */
function clockwork(
  own: readonly { id: string; at: number; time: string }[],
  name: string,
  { runLength, maxVariation, simulations, ...levels }: ClockLimits,
): Failure | null {
  // A clock is even in its own time, not in that of the unit's week.
  const best = evenestRun(
    Float64Array.from(own, (lead) => lead.at),
    runLength,
  );
  if (!best || best.variation > maxVariation) return null;
  const seed = seedOf(name);
  const p = roundP(evenRunP(best.variation, own.length, runLength, simulations, mulberry32(seed)));
  const severity = severityOf(p, levels);
  if (!severity) return null;
  const run = own.slice(best.start, best.start + runLength);
  return {
    messageId: 'clockwork',
    severity,
    p,
    effect: best.variation,
    expected: 1,
    observed: best.variation,
    data: {
      count: runLength,
      at: run[0]!.time,
      variation: best.variation,
      leads: own.length,
      simulations,
      seed,
    },
    records: run.map((lead) => lead.id),
  };
}

/** Limits of even gaps. */
interface ClockLimits extends Levels {
  readonly runLength: number;
  readonly maxVariation: number;
  readonly simulations: number;
}

/** Leads, and weeks they span, from which hours of the week are known. */
interface ProfileLimits {
  readonly minProfileLeads: number;
  readonly minWeekLeads: number;
  readonly minWeeks: number;
}

/**
 * Time measured by how many leads an hour of the week usually brings, in seconds: an hour that brings twice
 * the average lasts two. Null with too few leads to know.
 */
function hourProfile(
  before: readonly number[],
  { minProfileLeads, minWeekLeads, minWeeks }: ProfileLimits,
): ((at: number) => number) | null {
  if (before.length < minProfileLeads) return null;
  let first = before[0]!;
  let last = first;
  for (const at of before) {
    if (at < first) first = at;
    if (at > last) last = at;
  }
  const isWeekly = before.length >= minWeekLeads && last - first >= minWeeks * week;
  const hourOf = (at: number) => Math.floor(((((at + 3 * 86_400) % week) + week) % week) / 3600);
  const bins = new Array<number>(168).fill(0);
  for (const at of before) bins[hourOf(at)]! += 1;
  const grouped = bins.map((count, hour) => {
    if (isWeekly) return count + 0.5;
    const isWeekend = hour >= 5 * 24;
    let sum = 0;
    for (let day = isWeekend ? 5 : 0; day < (isWeekend ? 7 : 5); day += 1)
      sum += bins[day * 24 + (hour % 24)]! + 0.5;
    return sum / (isWeekend ? 2 : 5);
  });
  const mean = grouped.reduce((sum, v) => sum + v, 0) / 168;
  const starts = [0];
  for (const rate of grouped) starts.push(starts.at(-1)! + (rate / mean) * 3600);
  return (at) => {
    const monday = at + 3 * 86_400;
    const weeks = Math.floor(monday / week);
    const rest = monday - weeks * week;
    const hour = Math.min(167, Math.floor(rest / 3600));
    return weeks * week + starts[hour]! + (rest - hour * 3600) * (grouped[hour]! / mean);
  };
}
