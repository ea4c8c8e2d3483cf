import * as z from 'zod';
import type { DailyValues, UnitHistory } from '../model/history.ts';
import { finalDays, sumOf, trainingDays } from '../model/training-days.ts';
import { fitBaseline } from '../statistics/baseline.ts';
import { defaultBaselinePolicy } from '../statistics/baseline-input.ts';
import { negativeBinomialUpperLimit, negativeBinomialUpperTail } from '../statistics/negative-binomial.ts';
import { roundP } from '../statistics/p-value.ts';
import { defineCheck, fail, insufficientData, notApplicable, pass } from './check.ts';
import { explainedDays } from './explained-days.ts';
import { passedP, watchP, windowDays } from './levels.ts';

/** Visitors of a period above what weekday, trend and holidays explain. */
export const trafficSpike = defineCheck({
  id: 'traffic-spike',
  version: 2,
  family: 'volume',
  side: 'marketing',
  scope: 'unit',
  kpi: 'visitors',
  question: 'Did volume move alone?',
  messages: {
    aboveHistory:
      '{observed} visitors came on {days} days; own history explains {expected}, and up to {limit} in 99 of 100 ordinary periods.',
  },
  innocent: [
    'a campaign, a press mention or an event that the calendar does not hold',
    'a season that less than two years of history cannot show',
    'a change of tagging or of the consent banner',
  ],
  clears:
    'a calendar entry declared before the days it explains, or what leads and engagement say about the same visits',
  policy: z
    .strictObject({
      watchP,
      windowDays,
      minSeasonDays: z
        .int()
        .min(366)
        .default(730)
        .describe('days of history from which a season of the year is fitted'),
      seasonDays: z
        .int()
        .min(366)
        .default(1096)
        .describe('days a baseline looks back over from then on, at least as many'),
      minRatio: z
        .number()
        .min(1)
        .default(1.25)
        .describe('least observed visitors over expected ones, a ratio'),
      minExcess: z
        .number()
        .min(0)
        .default(10)
        .describe('least observed visitors above expected ones, in visitors'),
    })
    .refine((limits) => limits.seasonDays >= limits.minSeasonDays, {
      path: ['seasonDays'],
      message: 'expected at least minSeasonDays',
    }),
  evaluate(input, { watchP, windowDays, minSeasonDays, seasonDays, minRatio, minExcess }) {
    const { history } = input;
    const lookBackDays = input.from >= minSeasonDays ? seasonDays : windowDays;
    const values = history.traffic?.visitors ?? history.counts.visitors;
    if (!values) return notApplicable('no-traffic');
    const final = finalDays(input, 'visitors', values);
    if (final.length === 0) return insufficientData('no-final-days');

    let observed = 0;
    let mean = 0;
    let deviation = 0;
    let tier = 'A';
    let trained = 0;
    let days = 0;
    for (const group of explainedDays(history, final, [
      'visitors',
      'unique_visitors',
      'sessions',
      'traffic',
    ])) {
      if (group.sources === 'all') continue;
      const series = group.sources.length === 0 ? values : without(history, values, group.sources);
      const baseline = fitBaseline(trainingDays(input, 'visitors', series, group.days, lookBackDays), {
        ...defaultBaselinePolicy,
        minAnnualDays: minSeasonDays,
      });
      if (baseline.status === 'insufficient_data') {
        const { reason, validDays, missingShare, total } = baseline;
        return insufficientData(reason, { validDays, missingShare, total });
      }
      observed += sumOf(series, group.days);
      mean += baseline.sum.mu;
      // Groups share the same weeks of history, so their errors may all point one way: deviations add up.
      deviation += Math.sqrt(baseline.sum.mu * baseline.sum.phi);
      days += group.days.length;
      trained = baseline.validDays;
      if (baseline.tier === 'B') tier = 'B';
    }
    if (days === 0) return notApplicable('every-day-explained');

    const phi = Math.max(1, deviation ** 2 / mean);
    const p = roundP(negativeBinomialUpperTail(observed, mean, phi));
    const limit = negativeBinomialUpperLimit(watchP, mean, phi);
    const data = {
      observed,
      expected: mean,
      dispersion: phi,
      limit,
      days,
      explainedDays: final.length - days,
      trained,
      tier,
    };
    if (p > watchP || observed < minRatio * mean || observed - mean < minExcess)
      return pass(passedP(p, watchP), data);
    return fail({
      messageId: 'aboveHistory',
      severity: 'watch',
      p,
      effect: observed / mean,
      expected: mean,
      observed,
      range: [0, Math.max(limit, Math.ceil(minRatio * mean) - 1, Math.ceil(mean + minExcess) - 1)],
      data,
    });
  },
});

function without(history: UnitHistory, values: DailyValues, names: readonly string[]): DailyValues {
  const out = history.traffic!.sources.filter((s) => names.includes(s.name));
  return values.map(
    (v, i) =>
      v &&
      v -
        sumOf(
          out.map((s) => s.visitors[i] ?? null),
          [...out.keys()],
        ),
  );
}
