import * as z from 'zod';
import { addDays, dayNumber } from '../model/day.ts';
import type { DailyValues } from '../model/history.ts';
import { sumOf } from '../model/training-days.ts';
import { roundP } from '../statistics/p-value.ts';
import { learnShare, type ShareHistory, shareTails } from '../statistics/share-history.ts';
import { type CheckInput, defineCheck, fail, insufficientData, notApplicable, pass } from './check.ts';
import { passedP, reviewP, share, watchP, windowDays } from './levels.ts';
import { severityOf } from './share-test.ts';
import { type SourceTraffic, sourceTable, weeklySums } from './source-traffic.ts';

/** Added visits of a source that do nothing on the site. */
export const unengagedTraffic = defineCheck({
  id: 'unengaged-traffic',
  version: 1,
  family: 'mix',
  side: 'marketing',
  scope: 'unit',
  kpi: 'visitors',
  question: 'Did volume move alone?',
  messages: {
    excessUnengaged:
      'Of about {excessSessions} sessions above what {sources} had before, {marginalRate:percent} were engaged; {ownRate:percent} were in the history.',
  },
  innocent: [
    'a campaign for awareness that sends people to a page with nothing to do',
    'a change of what the tool counts as engaged',
    'monitoring or crawlers that a filter no longer takes out',
  ],
  clears: 'the order and the invoice of the added visits, or a filter that takes them out at the source',
  policy: z.strictObject({
    watchP,
    reviewP,
    windowDays,
    newDays: z
      .int()
      .min(0)
      .default(14)
      .describe('days before the period within which a first appearance counts as new'),
    maxRatio: share
      .default(1 / 3)
      .describe('largest engaged rate of the added sessions over the own one, a ratio'),
    minShare: share
      .default(0.05)
      .describe('least added visitors of the named sources, as a share of the visitors'),
    minSourceShare: share
      .default(0.01)
      .describe('least added visitors of one source, as a share of the visitors'),
    minSessions: z
      .int()
      .min(1)
      .default(200)
      .describe('least sessions in the history of a source, and of the site'),
  }),
  evaluate(input, policy) {
    const table = sourceTable(input, policy.windowDays, policy.newDays);
    const { traffic } = input.history;
    if (!table || !traffic) return notApplicable('no-traffic-by-source');
    if (!traffic.engagedSessions) return notApplicable('no-engaged-sessions');
    const { days, baselineDays, sources } = table;
    const visitors = sumOf(traffic.visitors, days);
    const site = ownRate(traffic.engagedSessions, traffic.sessions, baselineDays);
    const sizes = { days: days.length, baselineDays: baselineDays.length, visitors };
    if (days.length === 0 || visitors === 0) return insufficientData('no-visits', sizes);
    if (!site || site.trials < policy.minSessions) return insufficientData('few-baseline-sessions', sizes);

    const tested: Tested[] = [];
    let skipped = 0;
    for (const source of sources) {
      if (source.now.visitors < policy.minSourceShare * visitors) continue;
      const isKnown = !source.isNew && source.before.sessions >= policy.minSessions;
      if (!source.isNew && !isKnown) skipped += 1;
      const history = source.isNew
        ? site
        : isKnown
          ? ownRate(source.series.engagedSessions!, source.series.sessions, baselineDays)
          : null;
      if (history) tested.push(testSource(source, history));
    }
    if (tested.length === 0) return insufficientData('no-source-with-history', { ...sizes, skipped });

    // The smallest of several p is that of the worst source, so all of them count.
    const corrected = (t: Tested) => roundP(Math.min(1, tested.length * t.p));
    const named = tested
      .filter((t) => corrected(t) <= policy.watchP && isExcessive(t, policy, visitors))
      .sort((a, b) => excessOf(b).visitors - excessOf(a).visitors);
    const least = Math.min(...tested.map(corrected));
    const added = named.reduce((sum, t) => sum + excessOf(t).visitors, 0);
    const checked = { ...sizes, tested: tested.length, skipped };
    if (named.length === 0 || added < policy.minShare * visitors)
      return pass(passedP(least, policy.watchP), checked);

    const p = Math.min(...named.map(corrected));
    const sessions = named.reduce((sum, t) => sum + excessOf(t).sessions, 0);
    const expected = named.reduce((sum, t) => sum + excessOf(t).sessions * t.history.share, 0);
    const engaged = named.reduce((sum, t) => sum + excessOf(t).engaged, 0);
    return fail({
      messageId: 'excessUnengaged',
      severity: severityOf(p, policy)!,
      p,
      effect: engaged / expected,
      expected,
      observed: engaged,
      range: [Math.floor(policy.maxRatio * expected) + 1, Math.round(sessions)],
      sources: named.map((t) => t.source.series.name),
      data: {
        ...checked,
        sources: named.map((t) => t.source.series.name),
        excessVisitors: Math.round(added),
        excessSessions: Math.round(sessions),
        marginalRate: Math.max(0, engaged / sessions),
        ownRate: expected / sessions,
        sessions: named.map((t) => t.source.now.sessions),
        engagedSessions: named.map((t) => t.source.now.engaged!),
        expectedVisitors: named.map((t) => t.source.expected().mean),
        baselineSessions: named.map((t) => t.history.trials),
        baselineRates: named.map((t) => t.history.share),
        weights: named.map((t) => t.history.weight),
        sourceP: named.map((t) => t.p),
        ...costOf(input, named, days),
      },
    });
  },
});

interface Tested {
  readonly source: SourceTraffic;
  readonly history: ShareHistory;
  readonly p: number;
}

/** Engaged sessions over sessions in the history, by weeks; null with fewer than two weeks that hold sessions. */
function ownRate(engaged: DailyValues, sessions: DailyValues, days: readonly number[]): ShareHistory | null {
  const all = weeklySums(sessions, days);
  const hits = weeklySums(engaged, days);
  const held = all.flatMap((n, i) => (n > 0 ? [i] : []));
  if (held.length < 2 || all.every((n) => n <= 1)) return null;
  return learnShare(
    held.map((i) => Math.min(hits[i]!, all[i]!)),
    held.map((i) => all[i]!),
    0,
  );
}

function testSource(source: SourceTraffic, history: ShareHistory): Tested {
  const { sessions, engaged } = source.now;
  return { source, history, p: shareTails(history, Math.min(engaged!, sessions), sessions).lower };
}

/** What the period holds above the source's history, engaged sessions at the own rate taken off. */
function excessOf({ source, history }: Tested): { visitors: number; sessions: number; engaged: number } {
  const { before, now } = source;
  const { mean } = source.expected();
  const perVisitor = before.visitors > 0 && !source.isNew ? before.sessions / before.visitors : 1;
  const sessions = now.sessions - mean * perVisitor;
  return {
    visitors: now.visitors - mean,
    sessions,
    engaged: now.engaged! - history.share * mean * perVisitor,
  };
}

function isExcessive(
  tested: Tested,
  policy: { maxRatio: number; minSourceShare: number },
  visitors: number,
): boolean {
  const excess = excessOf(tested);
  if (excess.visitors < policy.minSourceShare * visitors || excess.sessions <= 0) return false;
  return excess.engaged <= policy.maxRatio * tested.history.share * excess.sessions;
}

/** Age, spend and leads of the named sources, for whoever asks where they come from. */
function costOf({ history }: CheckInput, named: readonly Tested[], days: readonly number[]) {
  const first = days[0]!;
  const last = days.at(-1)!;
  const from = addDays(history.firstDay, first);
  const end = addDays(history.firstDay, last + 1);
  const leads = named.map(
    ({ source }) =>
      (history.leads?.rows ?? []).filter(
        (l) =>
          l.created_at >= from && l.created_at < end && `${l.source} / ${l.medium}` === source.series.name,
      ).length,
  );
  const spend = named.map(({ source }) => (source.series.spend ? sumOf(source.series.spend, days) : 0));
  const firstSeen = named.map(({ source }) =>
    addDays(
      history.firstDay,
      source.series.visitors.findIndex((v) => v !== null && v > 0),
    ),
  );
  return {
    firstSeen,
    ageDays: firstSeen.map((day) => dayNumber(end) - dayNumber(day)),
    spend,
    leads,
    costPerLead: leads.map((n, i) => (n > 0 && spend[i]! > 0 ? Math.round(spend[i]! / n) : 'none')),
  };
}
