import * as z from 'zod';
import { dayNumber } from '../model/day.ts';
import { defineCheck, fail, insufficientData, notApplicable, pass } from './check.ts';
import { leadPlaces } from './lead-places.ts';
import { passedP, reviewP, watchP } from './levels.ts';
import { recordDays } from './record-days.ts';
import { severityOf, shareTest } from './share-test.ts';

const level = z.number().gt(0).lt(1);

/** SQLs made of leads that had gone cold long before they were handed over. */
export const agedSqls = defineCheck({
  id: 'aged-sqls',
  version: 1,
  family: 'mix',
  side: 'marketing',
  scope: 'unit',
  kpi: 'sqls_delivered',
  question: 'Did volume move alone?',
  messages: {
    aged: '{aged} of {known} SQLs come from leads older than {maxAgeDays} days at hand-over; {ownShare:percent} is usual.',
  },
  innocent: [
    'a programme that takes up old contacts again, announced or not',
    'a longer qualification since the criteria changed',
    'leads whose creation date is that of an older record they were merged with',
  ],
  clears: 'what brought the old leads back: the activity after which each was qualified',
  policy: z.strictObject({
    maxAgeDays: z
      .int()
      .min(1)
      .default(30)
      .describe('age of a lead at hand-over, in days, above which it is old'),
    minShare: level.default(0.1).describe('least share of old leads among the SQLs of the period'),
    minRecords: z.int().min(1).default(4).describe('least old leads, in SQLs'),
    watchP,
    reviewP,
    floor: level.default(0.02).describe("least own share of old leads the period's is held against"),
    minKnown: z.int().min(1).default(5).describe('SQLs with a known lead below which nothing can be told'),
    minHistory: z.int().min(1).default(40).describe('earlier SQLs with a known lead that an own share needs'),
    maxMissing: level
      .default(0.1)
      .describe('share of days without lead records in the period above which every SQL would look old'),
  }),
  evaluate({ history, from, to, isBaselineDay }, policy) {
    if (!history.sqls) return notApplicable('no-sql-records');
    if (!history.leads) return notApplicable('no-lead-records');
    const { rows } = history.sqls;
    const delivered = recordDays(rows, 'delivered_at');
    const leads = leadPlaces(rows, history.leads);
    const createdOn = recordDays(history.leads.rows, 'created_at');
    const origin = dayNumber(history.firstDay);
    const counts = { marked: 0, of: 0, markedBefore: 0, ofBefore: 0 };
    const records: string[] = [];
    for (let i = 0; i < rows.length; i += 1) {
      if (leads[i]! < 0) continue;
      const isOld = delivered[i]! - createdOn[leads[i]!]! > policy.maxAgeDays;
      const day = delivered[i]! - origin;
      if (day >= from && day < to) {
        counts.of += 1;
        if (!isOld) continue;
        counts.marked += 1;
        records.push(`${rows[i]!.sql_id}/${rows[i]!.lead_id}`);
      } else if (isBaselineDay('sqls_delivered', day)) {
        counts.ofBefore += 1;
        if (isOld) counts.markedBefore += 1;
      }
    }
    if (counts.of < policy.minKnown) return insufficientData('few-sqls', { known: counts.of });
    if (counts.ofBefore < policy.minHistory)
      return insufficientData('short-history', { known: counts.of, knownBefore: counts.ofBefore });
    const lastLead = Math.min(to, history.leads.last + 1);
    if (to - lastLead > policy.maxMissing * (to - from))
      return insufficientData('no-leads-in-period', { known: counts.of });
    // Before leads reach back that far, none could have been old: a history without old leads says nothing.
    if (from + origin - (dayNumber(history.firstDay) + history.leads.first) <= policy.maxAgeDays)
      return insufficientData('young-lead-history', { known: counts.of });
    const test = shareTest(counts, policy.floor, policy.watchP);
    const data = {
      aged: counts.marked,
      known: counts.of,
      maxAgeDays: policy.maxAgeDays,
      ownShare: test.ownShare,
      agedBefore: counts.markedBefore,
      knownBefore: counts.ofBefore,
    };
    const isMuch = counts.marked >= policy.minRecords && test.share >= policy.minShare;
    const severity = isMuch ? severityOf(test.p, policy) : null;
    if (!severity) return pass(passedP(test.p, policy.watchP), data);
    return fail({
      messageId: 'aged',
      severity,
      p: test.p,
      effect: test.share,
      expected: test.expected,
      observed: counts.marked,
      range: [0, Math.max(test.limit, Math.ceil(policy.minShare * counts.of) - 1)],
      data,
      records,
    });
  },
});
