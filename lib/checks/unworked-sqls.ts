import * as z from 'zod';
import { dayNumber, dayOf } from '../model/day.ts';
import { addDuration, parseDuration } from '../model/duration.ts';
import {
  type CheckInput,
  defineCheck,
  type Failure,
  fail,
  insufficientData,
  notApplicable,
  pass,
} from './check.ts';
import { passedP, reviewP, share, watchP } from './levels.ts';
import { recordDays } from './record-days.ts';
import { severityOf, shareTest } from './share-test.ts';
import { fateOf, sqlColumns } from './sql-columns.ts';

/** SQLs that sales neither decided nor contacted within the time agreed. */
export const unworkedSqls = defineCheck({
  id: 'unworked-sqls',
  version: 1,
  family: 'quality',
  side: 'sales',
  scope: 'unit',
  kpi: 'sqls_accepted',
  question: 'Does sales agree?',
  messages: {
    undecided:
      '{unworked} of {sqls} SQLs are undecided past the {within} agreed; {ownShare:percent} is usual.',
    uncontacted:
      '{unworked} of {sqls} SQLs were not contacted within the {within} agreed; {ownShare:percent} is usual.',
  },
  innocent: [
    'more deliveries than sales has people for, with no capacity agreed',
    'holidays or illness in sales',
    'decisions and contacts that are taken but kept elsewhere',
  ],
  clears: 'the decisions and contacts with their dates, or the capacity that was agreed',
  policy: z.strictObject({
    minShare: share.default(0.2).describe('least share of the SQLs of the period'),
    minRecords: z.int().min(1).default(5).describe('least unworked SQLs'),
    watchP,
    reviewP,
    floor: share.default(0.1).describe("least own share of unworked SQLs the period's is held against"),
  }),
  evaluate(input, policy) {
    const { history, agreement } = input;
    if (!history.sqls) return notApplicable('no-sql-records');
    const { fates } = sqlColumns(history.sqls.rows);
    const uncontacted = contactedLate(input);
    const tests = [
      { messageId: 'undecided', within: agreement.decideWithin, marks: fates, bit: fateOf.overdue },
      ...(uncontacted
        ? [{ messageId: 'uncontacted', within: agreement.contactWithin!, marks: uncontacted, bit: 1 }]
        : []),
    ];
    const failures: Failure[] = [];
    let least = 1;
    for (const { messageId, within, marks, bit } of tests) {
      const { counts, records } = count(input, marks, bit);
      if (counts.of === 0) return insufficientData('no-sqls-in-period');
      const test = shareTest(counts, policy.floor, policy.watchP);
      least = Math.min(least, test.p);
      const isMuch = counts.marked >= policy.minRecords && test.share >= policy.minShare;
      const severity = isMuch ? severityOf(test.p, policy) : null;
      if (!severity) continue;
      failures.push({
        messageId,
        severity,
        p: test.p,
        effect: test.share,
        expected: test.expected,
        observed: counts.marked,
        range: [0, test.limit],
        data: {
          unworked: counts.marked,
          sqls: counts.of,
          within,
          ownShare: test.ownShare,
          unworkedBefore: counts.markedBefore,
          sqlsBefore: counts.ofBefore,
        },
        records,
      });
    }
    return failures.length > 0 ? fail(...failures) : pass(passedP(least, policy.watchP));
  },
});

/** Counts the SQLs of the period, and of the days that may train, with those that have a bit in their marks. */
function count({ history, from, to, isBaselineDay }: CheckInput, marks: Uint8Array, bit: number) {
  const { rows } = history.sqls!;
  const days = recordDays(rows, 'delivered_at');
  const origin = dayNumber(history.firstDay);
  const counts = { marked: 0, of: 0, markedBefore: 0, ofBefore: 0 };
  const records: string[] = [];
  for (let i = 0; i < rows.length; i += 1) {
    const day = days[i]! - origin;
    const isUnworked = (marks[i]! & bit) !== 0;
    if (day >= from && day < to) {
      counts.of += 1;
      if (!isUnworked) continue;
      counts.marked += 1;
      records.push(`${rows[i]!.sql_id}/${rows[i]!.lead_id}`);
    } else if (isBaselineDay('sqls_accepted', day)) {
      counts.ofBefore += 1;
      if (isUnworked) counts.markedBefore += 1;
    }
  }
  return { counts, records };
}

/** 1 for each SQL that went without contact past its due date; null where nothing is agreed or no contact is ever kept. */
function contactedLate({ history, agreement }: CheckInput): Uint8Array | null {
  const { rows } = history.sqls!;
  if (agreement.contactWithin === undefined || !rows.some((r) => r.first_contact_at !== null)) return null;
  const within = parseDuration(agreement.contactWithin);
  const origin = dayNumber(history.firstDay);
  const isHoliday = (day: string) => history.holidays[dayNumber(day) - origin] === true;
  const days = recordDays(rows, 'delivered_at');
  const perDay = new Map<number, number>();
  const dues = new Map<number, string>();
  const late = new Uint8Array(rows.length);
  rows.forEach((sql, i) => {
    const day = days[i]!;
    const place = (perDay.get(day) ?? 0) + 1;
    perDay.set(day, place);
    // What comes above the capacity agreed for a day is not sales' to answer for.
    if (agreement.capacityPerDay !== undefined && place > agreement.capacityPerDay) return;
    const due = dues.get(day) ?? addDuration(dayOf(day), within, isHoliday);
    dues.set(day, due);
    if ((sql.first_contact_at?.slice(0, 10) ?? history.asOf) > due) late[i] = 1;
  });
  return late;
}
