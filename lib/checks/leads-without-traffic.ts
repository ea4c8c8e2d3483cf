import * as z from 'zod';
import { defineCheck, fail, insufficientData, notApplicable, pass } from './check.ts';
import { passedP, watchP, windowDays } from './levels.ts';
import { rateExcess, rateRelation } from './rate-relation.ts';
import { leadSeries, visitSeries } from './unit-series.ts';

/** More leads than the visits of the same period have ever brought. */
export const leadsWithoutTraffic = defineCheck({
  id: 'leads-without-traffic',
  version: 1,
  family: 'volume',
  side: 'marketing',
  scope: 'unit',
  kpi: 'leads',
  question: 'Did volume move alone?',
  messages: {
    leadsPerVisitUp:
      '{observed} leads stand against {visits} visits that would have brought {expected}, and up to {limit} in 99 of 100 ordinary periods.',
  },
  innocent: [
    'leads of a trade show or a bought list, entered without a visit',
    'a better form, offer or landing page',
    'visits that tracking or consent no longer counts',
  ],
  clears: 'where the added leads came from, with the event or list they belong to',
  policy: z.strictObject({
    watchP,
    windowDays,
    lagDays: z.int().min(0).default(0).describe('days by which leads follow their visits'),
    minRatio: z
      .number()
      .min(1)
      .default(1.25)
      .describe('least leads per visit over those of the history, a ratio'),
    minExcess: z.number().min(0).default(10).describe('least leads above expected ones, in leads'),
    minLevel: z.number().min(0).default(1).describe('least leads per day over those of the history, a ratio'),
    minExpected: z.number().min(1).default(10).describe('least expected leads of the period'),
    minBaselineLeads: z.int().min(1).default(50).describe('least leads of the history'),
    minBaselineDays: z.int().min(2).default(56).describe('least days of the history with visits and leads'),
  }),
  evaluate(input, policy) {
    const visits = visitSeries(input.history);
    const leads = leadSeries(input.history);
    if (!visits || !leads) return notApplicable(visits ? 'no-leads' : 'no-traffic');
    const relation = rateRelation(input, leads, visits, { ...policy, blockDays: 1 });
    const {
      baselineEvents,
      baselineExposure,
      newEvents: observed,
      newExposure,
      baselineDays,
      days,
    } = relation;
    const sizes = { baselineDays, baselineLeads: baselineEvents, baselineVisits: baselineExposure };
    if (baselineDays < policy.minBaselineDays) return insufficientData('few-days', sizes);
    if (baselineEvents < policy.minBaselineLeads) return insufficientData('few-leads', sizes);
    if (newExposure === 0) return insufficientData('no-visits', sizes);

    const { p, expected, isLarge, range, data: tested } = rateExcess(relation, policy);
    if (expected < policy.minExpected) return insufficientData('few-expected-leads', { ...sizes, expected });
    // Leads that stay where they were while visits fall are a question about the visits.
    const level = observed / days / (baselineEvents / baselineDays);
    const data = { ...sizes, ...tested, visits: newExposure, level };
    if (p > policy.watchP || !isLarge || level < policy.minLevel)
      return pass(passedP(p, policy.watchP), data);
    return fail({
      messageId: 'leadsPerVisitUp',
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
