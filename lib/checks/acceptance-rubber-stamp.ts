import * as z from 'zod';
import { dayNumber } from '../model/day.ts';
import type { SqlCase } from '../model/history.ts';
import { keptFor } from '../model/kept.ts';
import { defineCheck, insufficientData, notApplicable } from './check.ts';
import { reviewP, share, watchP } from './levels.ts';
import { recordDays, secondsAt } from './record-days.ts';
import { shareResult, shareTest } from './share-test.ts';
import { fateOf, type SqlColumns, sqlColumns } from './sql-columns.ts';

/** SQLs that are accepted without being looked at: in bulk, in seconds, by who handed them over, or taken back later. */
export const acceptanceRubberStamp = defineCheck({
  id: 'acceptance-rubber-stamp',
  version: 1,
  family: 'quality',
  side: 'sales',
  scope: 'unit',
  kpi: 'sqls_accepted',
  question: 'Does sales agree?',
  messages: {
    stamped:
      '{stamped} of {accepted} accepted SQLs look accepted unseen: {bySelf} by who handed them over, {inSeconds} within {seconds} seconds, {inBulk} in bulk, {reversed} taken back after pay; {ownShare:percent} is usual.',
  },
  innocent: [
    'a weekly meeting whose decisions are entered all at once',
    'an automatic acceptance that both sides agreed to',
    'a small team in which one person qualifies and decides',
  ],
  clears: 'who looked at these SQLs and when: calls, notes or the minutes of the meeting',
  policy: z.strictObject({
    seconds: z
      .int()
      .min(1)
      .default(60)
      .describe('seconds between hand-over and acceptance within which nobody can have looked'),
    bulk: z
      .int()
      .min(2)
      .default(10)
      .describe('SQLs one person accepts within `bulkSeconds` from which it is in bulk'),
    bulkSeconds: z.int().min(1).default(60).describe('seconds in which acceptances count as one bulk'),
    reversalDays: z
      .int()
      .min(0)
      .default(30)
      .describe("days after the period's end from which a disqualification takes a paid SQL back"),
    minShare: share.default(0.2).describe('least share of the accepted SQLs of the period'),
    minRecords: z.int().min(1).default(5).describe('least SQLs accepted unseen'),
    watchP,
    reviewP,
    floor: share
      .default(0.05)
      .describe("least own share of SQLs accepted unseen the period's is held against"),
  }),
  evaluate({ history, from, to, isBaselineDay }, policy) {
    if (!history.sqls) return notApplicable('no-sql-records');
    const { rows } = history.sqls;
    const signs = signsOf(rows, policy);
    if (!signs) return notApplicable('no-times-or-people');
    const days = recordDays(rows, 'delivered_at');
    const decided = recordDays(rows, 'decided_at');
    const origin = dayNumber(history.firstDay);
    const counts = { marked: 0, of: 0, markedBefore: 0, ofBefore: 0 };
    const kinds = { bySelf: 0, inSeconds: 0, inBulk: 0, reversed: 0 };
    const records: string[] = [];
    for (let i = 0; i < rows.length; i += 1) {
      if ((signs[i]! & signOf.accepted) === 0) continue;
      const day = days[i]! - origin;
      const isIn = day >= from && day < to;
      if (!isIn && !isBaselineDay('sqls_accepted', day)) continue;
      if (!isIn) {
        counts.ofBefore += 1;
        if (signs[i]! > signOf.accepted) counts.markedBefore += 1;
        continue;
      }
      counts.of += 1;
      const sql = rows[i]!;
      const isReversed =
        sql.disposition === 'disqualified' && decided[i]! - origin >= to + policy.reversalDays;
      if (signs[i] === signOf.accepted && !isReversed) continue;
      counts.marked += 1;
      records.push(`${sql.sql_id}/${sql.lead_id}`);
      for (const kind of ['bySelf', 'inSeconds', 'inBulk'] as const)
        if (signs[i]! & signOf[kind]) kinds[kind] += 1;
      if (isReversed) kinds.reversed += 1;
    }
    if (counts.of === 0) return insufficientData('none-accepted');
    const test = shareTest(counts, policy.floor, policy.watchP);
    const data = {
      stamped: counts.marked,
      accepted: counts.of,
      seconds: policy.seconds,
      ownShare: test.ownShare,
      stampedBefore: counts.markedBefore,
      acceptedBefore: counts.ofBefore,
      ...kinds,
    };
    const isMuch = counts.marked >= policy.minRecords && test.share >= policy.minShare;
    return shareResult(test, counts, isMuch, policy, { messageId: 'stamped', data, records });
  },
});

/** Whether an SQL was accepted, and the signs that nobody looked, one bit each. */
const signOf = { accepted: 1, bySelf: 2, inSeconds: 4, inBulk: 8 } as const;

const kept = keptFor<Uint8Array | null>();

interface Limits {
  readonly seconds: number;
  readonly bulk: number;
  readonly bulkSeconds: number;
}

/** Signs of each SQL, read once for all periods judged at a date; null where neither times nor people are kept. */
function signsOf(rows: readonly SqlCase[], limits: Limits): Uint8Array | null {
  const key = [limits.seconds, limits.bulk, limits.bulkSeconds].join();
  return kept([rows], key, () => readSigns(rows, limits));
}

function readSigns(rows: readonly SqlCase[], limits: Limits): Uint8Array | null {
  const columns = sqlColumns(rows);
  const { fates, decidedAt } = columns;
  const hasTimes = decidedAt.some((at) => !Number.isNaN(at));
  if (!hasTimes && !fates.some((fate) => fate & fateOf.hasPeople)) return null;
  const days = recordDays(rows, 'delivered_at');
  const signs = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i += 1) {
    if (!(fates[i]! & fateOf.accepted)) continue;
    const between = decidedAt[i]! - days[i]! * 86_400;
    // Most decisions are of a later day, and need no look at the clock of the hand-over.
    const isNear = between >= 0 && between <= limits.seconds + 86_400;
    const after = isNear ? decidedAt[i]! - secondsAt(rows[i]!.delivered_at, days[i]!) : -1;
    signs[i] =
      signOf.accepted |
      (fates[i]! & fateOf.decidedBySelf ? signOf.bySelf : 0) |
      (after >= 0 && after <= limits.seconds ? signOf.inSeconds : 0);
  }
  if (hasTimes) for (const i of inBulk(columns, limits)) signs[i]! |= signOf.inBulk;
  return signs;
}

/** Places of accepted SQLs that one person decided together with many others. */
function inBulk(
  { fates, decidedAt, deciders }: SqlColumns,
  { bulk: least, bulkSeconds: seconds }: Limits,
): ReadonlySet<number> {
  const byPerson = new Map<number, number[]>();
  for (let i = 0; i < fates.length; i += 1) {
    if (deciders[i]! < 0 || Number.isNaN(decidedAt[i]) || !(fates[i]! & fateOf.accepted)) continue;
    const list = byPerson.get(deciders[i]!);
    if (list) list.push(i);
    else byPerson.set(deciders[i]!, [i]);
  }
  const found = new Set<number>();
  for (const list of byPerson.values()) {
    const times = new Float64Array(list.length);
    for (let i = 0; i < times.length; i += 1) times[i] = decidedAt[list[i]!]!;
    times.sort();
    // Seldom does anybody decide so many at once: sorted times tell before the list has to be.
    if (!times.some((at, i) => i + 1 >= least && at - times[i + 1 - least]! <= seconds)) continue;
    list.sort((a, b) => decidedAt[a]! - decidedAt[b]!);
    let start = 0;
    for (let end = 0; end < list.length; end += 1) {
      while (decidedAt[list[end]!]! - decidedAt[list[start]!]! > seconds) start += 1;
      if (end - start + 1 >= least) for (let i = start; i <= end; i += 1) found.add(list[i]!);
    }
  }
  return found;
}
