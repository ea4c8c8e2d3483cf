import * as z from 'zod';
import { addDays } from '../model/day.ts';
import { finalDays, sumOf, trainingDays } from '../model/training-days.ts';
import { fitBaseline } from '../statistics/baseline.ts';
import { negativeBinomialLowerLimit, negativeBinomialLowerTail } from '../statistics/negative-binomial.ts';
import { roundP } from '../statistics/p-value.ts';
import { defineCheck, fail, insufficientData, notApplicable, pass } from './check.ts';
import { kpiDays } from './kpi-days.ts';
import { share, watchP, windowDays } from './levels.ts';

/** Production that stops once the target is met: waste by the plan's design, no inflation. */
export const stopAfterTarget = defineCheck({
  id: 'stop-after-target',
  version: 1,
  family: 'timing',
  side: 'marketing',
  scope: 'kpi',
  kpi: null,
  needsWholePeriod: true,
  question: 'Does the timing follow the target?',
  messages: {
    stopped:
      'The target of {target} was met on {metOn}; the rest of the period brought {observed} where {expected} would be usual.',
  },
  innocent: [
    'a budget that was used up, or moved to the next period on purpose',
    'an outage or a holiday after the target was met',
    'a plan that pays nothing above its target: a matter of the plan, not of people',
  ],
  clears: 'what was spent and done in the days after the target was met',
  policy: z.strictObject({
    watchP,
    windowDays,
    maxRatio: share.default(0.7).describe('largest count after the target over the expected one, a ratio'),
    minExpected: z
      .number()
      .positive()
      .default(10)
      .describe('least expected count of the days after the target'),
    minDaysLeft: z.int().min(1).default(5).describe('least business days left after the target was met'),
  }),
  evaluate(input, policy) {
    const { history, pay } = input;
    if (!pay) return notApplicable('no-plan');
    const { kpi, target } = pay.planKpi;
    const values = kpiDays(history, kpi);
    if (!values) return notApplicable('no-daily-numbers');
    const days = finalDays(input, kpi, values);
    if (days.length < input.to - input.from) return insufficientData('days-missing-or-not-final');
    let reached = 0;
    const met = days.find((i) => {
      reached += values[i]!;
      return reached >= target;
    });
    if (met === undefined) return notApplicable('target-not-met');
    // From 24 December on no weekday is usual, so those days cannot tell a stop from a holiday.
    const after = days.filter((i) => i > met && addDays(history.firstDay, i).slice(5) < '12-24');
    const business = after.filter(
      (i) => (history.firstWeekday - 1 + i) % 7 < 5 && history.holidays[i] !== true,
    );
    if (business.length < policy.minDaysLeft) return notApplicable('few-days-left');
    const baseline = fitBaseline(trainingDays(input, kpi, values, after, policy.windowDays));
    if (baseline.status !== 'ok') return insufficientData(baseline.reason);
    const { mu, phi } = baseline.sum;
    if (mu < policy.minExpected) return insufficientData('few-expected', { expected: mu });
    const observed = sumOf(values, after);
    const p = roundP(negativeBinomialLowerTail(observed, mu, phi));
    // Waste by design is no evidence of inflation, so its p must not add to any other finding's.
    const data = {
      p,
      target,
      metOn: addDays(history.firstDay, met),
      daysLeft: after.length,
      observed,
      expected: mu,
      dispersion: phi,
    };
    if (p > policy.watchP || observed > policy.maxRatio * mu) return pass(null, data);
    return fail({
      messageId: 'stopped',
      severity: 'note',
      effect: observed / mu,
      expected: mu,
      observed,
      range: [
        Math.min(negativeBinomialLowerLimit(policy.watchP, mu, phi), Math.floor(policy.maxRatio * mu) + 1),
        Math.max(observed, Math.ceil(2 * mu)),
      ],
      data,
    });
  },
});
