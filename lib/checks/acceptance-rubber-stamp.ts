import * as z from 'zod';
import { dayNumber } from '../model/day.ts';
import { isAccepted, type SqlCase } from '../model/history.ts';
import { defineCheck, fail, insufficientData, notApplicable, pass } from './check.ts';
import { passedP, reviewP, share, watchP } from './levels.ts';
import { recordDays, recordSeconds } from './record-days.ts';
import { severityOf, shareTest } from './share-test.ts';

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
    const hasTimes = rows.some((r) => (r.decided_at?.length ?? 0) > 10);
    const hasPeople = rows.some(
      (r) => r.decided_by !== null && (r.delivered_by !== null || r.qualified_by !== null),
    );
    if (!hasTimes && !hasPeople) return notApplicable('no-times-or-people');
    const handedOver = recordSeconds(rows, 'delivered_at');
    const takenAt = recordSeconds(rows, 'decided_at');
    const bulk = hasTimes ? inBulk(rows, takenAt, policy.bulk, policy.bulkSeconds) : new Set<number>();
    const days = recordDays(rows, 'delivered_at');
    const decided = recordDays(rows, 'decided_at');
    const origin = dayNumber(history.firstDay);
    const counts = { marked: 0, of: 0, markedBefore: 0, ofBefore: 0 };
    const kinds = { bySelf: 0, inSeconds: 0, inBulk: 0, reversed: 0 };
    const records: string[] = [];
    for (let i = 0; i < rows.length; i += 1) {
      const sql = rows[i]!;
      if (!isAccepted(sql)) continue;
      const day = days[i]! - origin;
      const isIn = day >= from && day < to;
      if (!isIn && !isBaselineDay('sqls_accepted', day)) continue;
      const signs = {
        bySelf:
          sql.decided_by !== null &&
          (sql.decided_by === sql.delivered_by || sql.decided_by === sql.qualified_by),
        inSeconds: takenAt[i]! >= handedOver[i]! && takenAt[i]! - handedOver[i]! <= policy.seconds,
        inBulk: bulk.has(i),
        reversed:
          sql.disposition === 'disqualified' && isIn && decided[i]! - origin >= to + policy.reversalDays,
      };
      const isMarked = Object.values(signs).some((is) => is);
      if (!isIn) {
        counts.ofBefore += 1;
        if (isMarked) counts.markedBefore += 1;
        continue;
      }
      counts.of += 1;
      if (!isMarked) continue;
      counts.marked += 1;
      records.push(`${sql.sql_id}/${sql.lead_id}`);
      for (const kind of Object.keys(kinds) as (keyof typeof kinds)[]) if (signs[kind]) kinds[kind] += 1;
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
    const severity = isMuch ? severityOf(test.p, policy) : null;
    if (!severity) return pass(passedP(test.p, policy.watchP), data);
    return fail({
      messageId: 'stamped',
      severity,
      p: test.p,
      effect: test.share,
      expected: test.expected,
      observed: counts.marked,
      range: [0, test.limit],
      data,
      records,
    });
  },
});

/** Places of accepted SQLs that one person decided together with many others. */
function inBulk(
  rows: readonly SqlCase[],
  takenAt: Float64Array,
  least: number,
  seconds: number,
): ReadonlySet<number> {
  const byPerson = new Map<string, number[]>();
  for (let i = 0; i < rows.length; i += 1) {
    const sql = rows[i]!;
    if (sql.decided_by === null || Number.isNaN(takenAt[i]) || !isAccepted(sql)) continue;
    const list = byPerson.get(sql.decided_by);
    if (list) list.push(i);
    else byPerson.set(sql.decided_by, [i]);
  }
  const found = new Set<number>();
  for (const list of byPerson.values()) {
    const times = new Float64Array(list.length);
    for (let i = 0; i < times.length; i += 1) times[i] = takenAt[list[i]!]!;
    times.sort();
    // Seldom does anybody decide so many at once: sorted times tell before the list has to be.
    if (!times.some((at, i) => i + 1 >= least && at - times[i + 1 - least]! <= seconds)) continue;
    list.sort((a, b) => takenAt[a]! - takenAt[b]!);
    let start = 0;
    for (let end = 0; end < list.length; end += 1) {
      while (takenAt[list[end]!]! - takenAt[list[start]!]! > seconds) start += 1;
      if (end - start + 1 >= least) for (let i = start; i <= end; i += 1) found.add(list[i]!);
    }
  }
  return found;
}
