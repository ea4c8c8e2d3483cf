import * as z from 'zod';
import { dayNumber, dayOf } from '../model/day.ts';
import type { Restatement, UnitHistory } from '../model/history.ts';
import { keptFor } from '../model/kept.ts';
import { isRecordKpi, type Kpi } from '../model/kpi.ts';
import { type Period, periodOf } from '../model/period.ts';
import { type CheckInput, defineCheck, type Failure, fail, notApplicable, pass } from './check.ts';
import { type ClaimClose, claimClose } from './claim-close.ts';
import { baselineCounts, type EnteredRecords, enteredRecords, periodPlaces } from './entered-records.ts';
import { passedP, reviewP, share, watchP } from './levels.ts';
import { type ShareCounts, type ShareTest, severityOf, shareTest } from './share-test.ts';

interface Policy {
  readonly minShare: number;
  readonly minRecords: number;
  readonly minPayRecords: number;
  readonly minVisits: number;
  readonly closeDays: number;
  readonly watchP: number;
  readonly reviewP: number;
  readonly floor: number;
}

/** A claimed or final number that changed afterwards: records added behind it, another claim, another count. */
export const restated = defineCheck<Policy>({
  id: 'restated',
  version: 1,
  family: 'records',
  side: 'marketing',
  scope: 'kpi',
  kpi: null,
  needsWholePeriod: true,
  question: 'Is the data complete?',
  messages: {
    addedAfterClose:
      '{added} of {counted} records of the period were entered after {closedOn}, when it was claimed; {ownShare:percent} is usual.',
    claimChanged: '{first} were claimed on {firstOn} and {latest} on {latestOn}.',
    finalChanged: 'Days that were final changed afterwards: the period held {before} and now holds {after}.',
  },
  innocent: [
    'records that reached the system late: an event, a partner, an import',
    'a correction that everybody asked for, such as a bot filter run again',
    'a first claim taken from preliminary numbers',
  ],
  clears: 'who changed the number, when and why, with the list of the records concerned',
  policy: z.strictObject({
    minShare: share.default(0.05).describe('least change, as a share of the number before it'),
    minRecords: z.int().min(1).default(5).describe('least change in records'),
    minPayRecords: z
      .int()
      .min(1)
      .default(3)
      .describe('least change in records where the target is met with one number and missed with the other'),
    minVisits: z.int().min(1).default(10).describe('least change of KPIs counted in visits'),
    closeDays: z
      .int()
      .min(0)
      .default(10)
      .describe("days after the period's end taken for its close where nothing was claimed"),
    watchP,
    reviewP,
    floor: share
      .default(0.01)
      .describe('least own share of records entered after the close that it is held against'),
  }),
  evaluate(input, policy) {
    const close = claimClose(input, policy.closeDays);
    if (!close) return notApplicable('no-plan');
    if (input.history.asOf <= close.closedOn) return notApplicable('not-closed-yet');
    const { kpi } = input.pay!.planKpi;
    const added = addedAfterClose(input, kpi, close, policy);
    const failures = [
      added.failure,
      claimChanged(input, kpi, close, policy),
      finalChanged(input, kpi, policy),
    ];
    const found = failures.filter((f) => f !== null);
    return found.length > 0 ? fail(...found) : pass(added.p, added.data);
  },
});

/** Records of the period entered after it was claimed, held against earlier periods closed as late. */
function addedAfterClose(input: CheckInput, kpi: Kpi, close: ClaimClose, policy: Policy) {
  const none = { failure: null, p: null, data: { closedOn: close.closedOn } };
  const records = enteredRecords(input, kpi);
  if (!records) return none;
  const found = kept([input.isBaselineDay, records, policy], `${input.period.id} ${close.closedOn}`, () =>
    countAdded(input, kpi, records, dayNumber(close.closedOn), policy),
  );
  if (!found) return none;
  const { counts, added, firstEntry, test } = found;
  const data = {
    added: counts.marked,
    counted: counts.of,
    closedOn: close.closedOn,
    ownShare: test.ownShare,
    addedBefore: counts.markedBefore,
    countedBefore: counts.ofBefore,
    ...payEffect(input, counts.of - counts.marked, counts.of),
  };
  const isMuch = isLarge(input, kpi, counts.of - counts.marked, counts.of, policy);
  const severity = isMuch ? severityOf(test.p, policy) : null;
  const failure: Failure | null = severity && {
    messageId: 'addedAfterClose',
    severity,
    p: test.p,
    effect: test.share,
    expected: test.expected,
    observed: counts.marked,
    range: [0, test.limit],
    proof: isAfterSealing(input, firstEntry),
    data,
    records: added,
  };
  return { failure, p: passedP(test.p, policy.watchP), data };
}

/** Records entered after a day, and how unusual so many are. */
interface Added {
  readonly counts: ShareCounts;
  readonly added: readonly string[];
  /** Day number of the first entry; infinite without one. */
  readonly firstEntry: number;
  readonly test: ShareTest;
}

const kept = keptFor<Added | null>();

/** Counts what was added to the period after it was closed; plans that closed it on one day share this. Null without records. */
function countAdded(
  input: CheckInput,
  kpi: Kpi,
  records: EnteredRecords,
  closed: number,
  policy: Policy,
): Added | null {
  const lag = closed - dayNumber(input.period.to);
  const length = input.period.id.includes('Q') ? 'quarter' : 'month';
  const ends = new Map<number, number>();
  const endOf = (day: number) => {
    const known = ends.get(day);
    if (known !== undefined) return known;
    const end = dayNumber(periodOf(dayOf(day), length).to);
    ends.set(day, end);
    return end;
  };
  // A claim made well before the period's end comes before some records' own days.
  const places = lag < -1 ? Array.from({ length: records.count }, (_, i) => i) : records.later;
  const isAdded = (i: number) => records.enteredOn[i]! > endOf(records.days[i]!) + lag;
  const counts = {
    marked: 0,
    of: 0,
    ...baselineCounts(input, kpi, records, `added ${length} ${lag}`, places, isAdded),
  };
  const added: string[] = [];
  let firstEntry = Number.POSITIVE_INFINITY;
  const [from, to] = periodPlaces(input, records);
  for (let i = from; i < to; i += 1) {
    if (records.isKept[i] === 0) continue;
    counts.of += 1;
    if (records.enteredOn[i]! <= closed) continue;
    counts.marked += 1;
    added.push(records.id(i));
    firstEntry = Math.min(firstEntry, records.enteredOn[i]!);
  }
  if (counts.of === 0) return null;
  return { counts, added, firstEntry, test: shareTest(counts, policy.floor, policy.watchP) };
}

/** A claim that replaced an earlier one. */
function claimChanged(input: CheckInput, kpi: Kpi, close: ClaimClose, policy: Policy): Failure | null {
  const first = close.claims[0];
  const latest = close.claims.at(-1);
  if (!first || !latest || first === latest) return null;
  if (!isLarge(input, kpi, first.value, latest.value, policy)) return null;
  const change = Math.abs(latest.value - first.value);
  return {
    messageId: 'claimChanged',
    severity: 'review',
    effect: first.value > 0 ? change / first.value : null,
    expected: first.value,
    observed: latest.value,
    range: [first.value, first.value],
    data: {
      first: first.value,
      firstOn: first.reported_at.slice(0, 10),
      latest: latest.value,
      latestOn: latest.reported_at.slice(0, 10),
      versions: close.claims.length,
      values: close.claims.map((c) => c.value),
      ...payEffect(input, first.value, latest.value),
    },
  };
}

/** Daily numbers that changed after they were final. */
function finalChanged(input: CheckInput, kpi: Kpi, policy: Policy): Failure | null {
  const after = input.pay?.counted ?? null;
  if (after === null) return null;
  const change = netChange(input.history, input.period, kpi);
  const before = after - change.net;
  const size = Math.abs(change.net);
  if (change.days === 0 || !isLarge(input, kpi, before, after, policy)) return null;
  return {
    messageId: 'finalChanged',
    severity: 'review',
    effect: before > 0 ? size / before : null,
    expected: before,
    observed: after,
    range: [before, before],
    proof: isAfterSealing(input, dayNumber(change.seenOn)),
    data: {
      before,
      after,
      days: change.days,
      firstSeen: change.seenOn,
      ...payEffect(input, before, after),
    },
  };
}

/** A change is proof when the period had been sealed before the first of it. */
function isAfterSealing({ sealedOn }: CheckInput, firstSeen: number): boolean {
  return sealedOn !== null && firstSeen > dayNumber(sealedOn);
}

/** Whether a change is large enough to matter: fewer records are where the pay hangs on them. */
function isLarge(input: CheckInput, kpi: Kpi, before: number, after: number, policy: Policy): boolean {
  const { metBefore, metAfter } = payEffect(input, before, after);
  const least = !isRecordKpi(kpi)
    ? policy.minVisits
    : metBefore === metAfter
      ? policy.minRecords
      : Math.min(policy.minRecords, policy.minPayRecords);
  const change = Math.abs(after - before);
  return change >= least && change >= policy.minShare * before;
}

/** What the change does to pay: whether the target is met with one number and missed with the other. */
function payEffect({ pay }: CheckInput, before: number, after: number) {
  const target = pay!.planKpi.target;
  return { target, metBefore: before >= target, metAfter: after >= target };
}

const trafficMetrics: Partial<Record<Kpi, string>> = {
  visitors: 'unique_visitors',
  sessions: 'sessions',
  engaged_sessions: 'engaged_sessions',
};

/** Sum over days and series of the last new less the first old number. */
function netChange(
  history: UnitHistory,
  period: Period,
  kpi: Kpi,
): { net: number; days: number; seenOn: string } {
  const isAbout = (r: Restatement) =>
    r.dataset === 'counts'
      ? r.series === kpi || r.series.includes(`"metric","${kpi}"`)
      : r.metric === (trafficMetrics[kpi] ?? kpi);
  const own = history.restatements.filter((r) => isAbout(r) && r.date >= period.from && r.date < period.to);
  const changes = new Map<string, { first: Restatement; last: Restatement }>();
  for (const r of own) {
    const key = JSON.stringify([r.dataset, r.series, r.date]);
    const known = changes.get(key);
    changes.set(key, {
      first: known && known.first.seenOn <= r.seenOn ? known.first : r,
      last: known && known.last.seenOn > r.seenOn ? known.last : r,
    });
  }
  let net = 0;
  for (const { first, last } of changes.values()) net += (last.new ?? 0) - (first.old ?? 0);
  const seenOn = own.map((r) => r.seenOn).sort()[0] ?? '';
  return { net, days: new Set(own.map((r) => r.date)).size, seenOn };
}
