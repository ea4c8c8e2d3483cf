import * as z from 'zod';
import { dayNumber } from '../model/day.ts';
import { defineCheck, insufficientData, notApplicable } from './check.ts';
import { reviewP, watchP } from './levels.ts';
import { recordDays } from './record-days.ts';
import { shareResult, shareTest } from './share-test.ts';
import { fateOf, sqlColumns } from './sql-columns.ts';

const level = z.number().gt(0).lt(1);

/** SQLs that sales rejects with no reason, one nobody agreed on, or one that needs a contact that never was. */
export const rejectionWithoutCause = defineCheck({
  id: 'rejection-without-cause',
  version: 1,
  family: 'quality',
  side: 'sales',
  scope: 'unit',
  kpi: 'sqls_accepted',
  question: 'Does sales agree?',
  messages: {
    contested:
      '{contested} of {decided} decided SQLs were rejected without an agreed reason or contact; {ownShare:percent} is usual.',
  },
  innocent: [
    'a new reason in the sales system that the agreement does not list yet',
    'reasons kept in a field that is not part of the export',
    'a new colleague in sales who does not know the agreed reasons',
  ],
  clears: 'the reason of each rejection, and where the agreement asks for a contact, its date',
  policy: z.strictObject({
    minContested: z.int().min(1).default(3).describe('least contested rejections, in SQLs'),
    minDecided: z.int().min(1).default(5).describe('decided SQLs below which nothing can be told'),
    watchP,
    reviewP,
    floor: level
      .default(0.05)
      .describe("least own share of contested rejections the period's is held against"),
  }),
  evaluate({ history, from, to, isBaselineDay }, policy) {
    if (!history.sqls) return notApplicable('no-sql-records');
    const { rows } = history.sqls;
    const days = recordDays(rows, 'delivered_at');
    const { fates } = sqlColumns(rows);
    const origin = dayNumber(history.firstDay);
    const counts = { marked: 0, of: 0, markedBefore: 0, ofBefore: 0 };
    const records: string[] = [];
    let unstated = 0;
    let rejected = 0;
    for (let i = 0; i < rows.length; i += 1) {
      const fate = fates[i]!;
      if (!(fate & fateOf.decided)) continue;
      const day = days[i]! - origin;
      if (day >= from && day < to) {
        const sql = rows[i]!;
        counts.of += 1;
        if (sql.disposition === 'rejected') rejected += 1;
        if (!sql.isContested) continue;
        counts.marked += 1;
        if (sql.reason === null) unstated += 1;
        records.push(`${sql.sql_id}/${sql.lead_id}`);
      } else if (isBaselineDay('sqls_accepted', day)) {
        counts.ofBefore += 1;
        if (fate & fateOf.contested) counts.markedBefore += 1;
      }
    }
    if (counts.of < policy.minDecided) return insufficientData('few-decisions', { decided: counts.of });
    const test = shareTest(counts, policy.floor, policy.watchP);
    const data = {
      contested: counts.marked,
      decided: counts.of,
      rejected,
      unstated,
      ownShare: test.ownShare,
      contestedBefore: counts.markedBefore,
      decidedBefore: counts.ofBefore,
    };
    const isMuch = counts.marked >= policy.minContested;
    return shareResult(test, counts, isMuch, policy, { messageId: 'contested', data, records });
  },
});
