import * as z from 'zod';
import { defineCheck, fail, insufficientData, notApplicable, pass } from './check.ts';
import { passedP, watchP, windowDays } from './levels.ts';
import { rateExcess, rateRelation } from './rate-relation.ts';
import { leadSeries, sqlSeries } from './unit-series.ts';

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
    windowDays,
    lagDays: z.int().min(0).default(0).describe('days by which SQLs follow their leads'),
    blockDays: z.int().min(1).default(7).describe('days of the history summed before the rate is fitted'),
    minRatio: z
      .number()
      .min(1)
      .default(1.25)
      .describe('least SQLs per lead over those of the history, a ratio'),
    minExcess: z.number().min(0).default(10).describe('least SQLs above expected ones, in SQLs'),
    minExpected: z.number().min(1).default(10).describe('least expected SQLs of the period'),
    minBaselineSqls: z.int().min(1).default(50).describe('least SQLs of the history'),
    minBaselineDays: z.int().min(2).default(56).describe('least days of the history with leads and SQLs'),
  }),
  evaluate(input, policy) {
    const leads = leadSeries(input.history);
    const sqls = sqlSeries(input.history);
    if (!leads || !sqls) return notApplicable(leads ? 'no-sqls' : 'no-leads');
    const relation = rateRelation(input, sqls, leads, policy);
    const { baselineEvents, baselineExposure, baselineDays, newEvents: observed, newExposure } = relation;
    const sizes = { baselineDays, baselineSqls: baselineEvents, baselineLeads: baselineExposure };
    if (baselineDays < policy.minBaselineDays) return insufficientData('few-days', sizes);
    if (baselineEvents < policy.minBaselineSqls) return insufficientData('few-sqls', sizes);
    if (newExposure === 0) return insufficientData('no-leads-in-period', sizes);

    const { p, expected, isLarge, range, data: tested } = rateExcess(relation, policy);
    if (expected < policy.minExpected) return insufficientData('few-expected-sqls', { ...sizes, expected });
    const data = { ...sizes, ...tested, leads: newExposure };
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
