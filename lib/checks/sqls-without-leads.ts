import * as z from 'zod';
import { defineCheck, fail, pass } from './check.ts';
import { passedP, watchP } from './levels.ts';
import { sqlsPerLead, sqlsPerLeadLimits } from './sqls-per-lead.ts';

/** More delivered SQLs than the leads of the same period have ever made. */
export const sqlsWithoutLeads = defineCheck({
  id: 'sqls-without-leads',
  version: 1,
  family: 'volume',
  side: 'marketing',
  scope: 'unit',
  kpi: 'sqls_delivered',
  question: 'Did volume move alone?',
  messages: {
    aboveHistory:
      '{observed} SQLs were delivered from {leads} leads; own history makes {expected} of so many, and up to {limit} in 99 of 100 ordinary periods.',
  },
  innocent: [
    'a backlog of earlier leads that was worked off',
    'better leads, for example after a campaign for another audience',
    'a changed definition of SQL',
  ],
  clears: 'the dates of the leads behind the added SQLs and what sales made of them',
  policy: z.strictObject({
    watchP,
    minRatio: z
      .number()
      .min(1)
      .default(1.25)
      .describe('least SQLs per lead over those of the history, a ratio'),
    minExcess: z.number().min(0).default(10).describe('least SQLs above expected ones, in SQLs'),
    minBaselineSqls: z.int().min(1).default(50).describe('least SQLs of the history'),
    ...sqlsPerLeadLimits,
  }),
  evaluate(input, policy) {
    const rate = sqlsPerLead(input, policy);
    if ('status' in rate) return rate;
    const { p, expected, observed, isLarge, range, data } = rate;
    if (p > policy.watchP || !isLarge) return pass(passedP(p, policy.watchP), data);
    return fail({
      messageId: 'aboveHistory',
      severity: 'watch',
      p,
      effect: observed / expected,
      expected,
      observed,
      range,
      data,
    });
  },
});
