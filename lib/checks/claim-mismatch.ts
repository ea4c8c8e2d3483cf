import * as z from 'zod';
import { isRecordKpi } from '../model/kpi.ts';
import { defineCheck, fail, notApplicable, pass } from './check.ts';

const share = z.number().min(0).max(1);

/** A claim above what the source held when the claim was made. */
export const claimMismatch = defineCheck({
  id: 'claim-mismatch',
  version: 1,
  family: 'records',
  side: 'marketing',
  scope: 'kpi',
  kpi: null,
  needsWholePeriod: true,
  question: 'Is the data complete?',
  messages: {
    aboveCounted: '{claimed} were claimed on {claimedOn}; the source held {counted} then.',
    aboveCountedNow: '{claimed} were claimed on {claimedOn}; the source holds {counted} for the period.',
  },
  innocent: [
    'the claim was taken from another system or another report',
    'records were removed or merged after the claim was written down',
    'the claim counts by another date or another definition',
  ],
  clears: 'the query and date the claimed value was taken with, or a corrected claim',
  policy: z.strictObject({
    minShare: share.default(0.02).describe('least excess of the claim, as a share of what was counted'),
    minRecords: z.int().min(1).default(3).describe('least excess in records'),
    minVisits: z.int().min(1).default(10).describe('least excess of KPIs counted in visits'),
  }),
  evaluate({ pay }, { minShare, minRecords, minVisits }) {
    if (!pay || pay.claimed === null || pay.claimedOn === null) return notApplicable('no-claim');
    const isRecord = isRecordKpi(pay.planKpi.kpi);
    // Visits carry no entry time, so what was held at the claim's date cannot be told apart from now.
    const counted = isRecord ? pay.countedThen : pay.counted;
    if (counted === null) return notApplicable('nothing-counted');
    const excess = pay.claimed - counted;
    const least = isRecord ? minRecords : minVisits;
    const data = { claimed: pay.claimed, claimedOn: pay.claimedOn.slice(0, 10), counted };
    if (excess < least || excess < minShare * counted) return pass(null, data);
    return fail({
      messageId: isRecord ? 'aboveCounted' : 'aboveCountedNow',
      severity: 'watch',
      proof: isRecord,
      effect: counted > 0 ? excess / counted : null,
      expected: counted,
      observed: pay.claimed,
      range: [0, counted],
      data,
    });
  },
});
