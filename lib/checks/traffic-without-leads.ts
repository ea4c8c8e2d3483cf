import * as z from 'zod';
import { finalDays, sumOf, trainingDays } from '../model/training-days.ts';
import { fitBaseline } from '../statistics/baseline.ts';
import { conditionalRateTest } from '../statistics/conditional-rate-test.ts';
import {
  negativeBinomialLowerLimit,
  negativeBinomialLowerTail,
  negativeBinomialUpperLimit,
  negativeBinomialUpperTail,
} from '../statistics/negative-binomial.ts';
import { roundP } from '../statistics/p-value.ts';
import { type CheckInput, defineCheck, fail, insufficientData, notApplicable, pass } from './check.ts';
import { passedP, reviewP, share, watchP, windowDays } from './levels.ts';
import { expectedEvents, rateRelation } from './rate-relation.ts';
import { severityOf } from './share-test.ts';
import { leadSeries, visitSeries } from './unit-series.ts';

/** More visits that bring no more leads: leads held against the visits of the same period. */
export const trafficWithoutLeads = defineCheck({
  id: 'traffic-without-leads',
  version: 1,
  family: 'volume',
  side: 'marketing',
  scope: 'unit',
  kpi: 'visitors',
  question: 'Did volume move alone?',
  messages: {
    leadsPerVisitDown:
      'Visits stand at {trafficRatio:percent} of what own history explains, but {observed} leads came of them where {expected} were to be expected.',
  },
  innocent: [
    'a campaign for awareness, not for leads, or a new country',
    'a form that was out of order',
    'a bot filter switched off, or a change of tagging or consent',
  ],
  clears: 'the source of the added visits with what they did on the site, or the outage of the form',
  policy: z.strictObject({
    watchP,
    reviewP,
    windowDays,
    lagDays: z.int().min(0).default(0).describe('days by which leads follow their visits'),
    maxRatio: share.default(0.7).describe('largest leads per visit over those of the history, a ratio'),
    minTrafficRatio: z.number().min(1).default(1.1).describe('least visits over those expected, a ratio'),
    minExpected: z.number().min(1).default(10).describe('least expected leads of the period'),
    minBaselineLeads: z.int().min(1).default(50).describe('least leads of the history'),
    minBaselineDays: z.int().min(2).default(56).describe('least days of the history with visits and leads'),
  }),
  evaluate(input, policy) {
    const visits = visitSeries(input.history);
    const leads = leadSeries(input.history);
    if (!visits || !leads) return notApplicable(visits ? 'no-leads' : 'no-traffic');
    const relation = rateRelation(input, leads, visits, { ...policy, blockDays: 1 });
    const { baselineEvents, baselineExposure, newEvents: observed, newExposure } = relation;
    const sizes = {
      baselineDays: relation.baselineDays,
      baselineLeads: baselineEvents,
      baselineVisits: baselineExposure,
    };
    if (relation.baselineDays < policy.minBaselineDays) return insufficientData('few-days', sizes);
    if (baselineEvents < policy.minBaselineLeads) return insufficientData('few-leads', sizes);
    if (newExposure === 0) return insufficientData('no-visits', sizes);

    const { mu, phi, phiHistory, elasticity } = expectedEvents(
      relation,
      (e) => negativeBinomialLowerTail(observed, e.mu, e.phi) <= policy.watchP,
    );
    if (mu < policy.minExpected) return insufficientData('few-expected-leads', { ...sizes, expected: mu });
    const p = roundP(negativeBinomialLowerTail(observed, mu, phi));
    const tested = {
      ...sizes,
      observed,
      expected: mu,
      visits: newExposure,
      days: relation.days,
      dispersion: phi,
      dispersionBefore: phiHistory,
      elasticity,
      ratio: observed / mu,
    };
    const severity = severityOf(p, policy);
    if (!severity || observed > policy.maxRatio * mu) return pass(passedP(p, policy.watchP), tested);
    const { lower: conditionalP } = conditionalRateTest(
      baselineEvents,
      baselineExposure,
      observed,
      newExposure,
      phiHistory,
    );
    const data = { ...tested, ...trafficLevel(input, policy.windowDays), conditionalP };
    if (!(data.trafficRatio >= policy.minTrafficRatio)) return pass(null, data);
    return fail({
      messageId: 'leadsPerVisitDown',
      severity,
      p,
      effect: observed / mu,
      expected: mu,
      observed,
      range: [
        Math.min(negativeBinomialLowerLimit(policy.watchP, mu, phi), Math.floor(policy.maxRatio * mu) + 1),
        negativeBinomialUpperLimit(policy.watchP, mu, phi),
      ],
      data,
    });
  },
});

/** Visits of the period over those its history explains, and how likely so many are. */
function trafficLevel(
  input: CheckInput,
  windowDays: number,
): { trafficRatio: number; trafficP: number | null } {
  const visits = visitSeries(input.history)!;
  const days = finalDays(input, visits.kpi, visits.values);
  const training = trainingDays(input, visits.kpi, visits.values, days, windowDays);
  const observed = sumOf(visits.values, days);
  const baseline = fitBaseline(training);
  if (baseline.status === 'ok') {
    const { mu, phi } = baseline.sum;
    return { trafficRatio: observed / mu, trafficP: roundP(negativeBinomialUpperTail(observed, mu, phi)) };
  }
  const used = training.counts.filter((v, i): v is number => v !== null && training.include[i] === true);
  const mean = used.reduce((sum, v) => sum + v, 0) / used.length;
  return { trafficRatio: observed / (mean * days.length), trafficP: null };
}
