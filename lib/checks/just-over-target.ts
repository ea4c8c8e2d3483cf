import * as z from 'zod';
import { dayNumber } from '../model/day.ts';
import type { DailyValues } from '../model/history.ts';
import { parsePeriod } from '../model/period.ts';
import { fitBaseline } from '../statistics/baseline.ts';
import { negativeBinomialUpperTail } from '../statistics/negative-binomial.ts';
import { roundP } from '../statistics/p-value.ts';
import { poissonBinomialUpperTail } from '../statistics/poisson-binomial.ts';
import { type CheckInput, defineCheck, fail, insufficientData, notApplicable, pass } from './check.ts';
import { kpiDays } from './kpi-days.ts';
import { reviewP, share, watchP } from './levels.ts';
import { severityOf } from './share-test.ts';

/** Results that gather just above the target, period after period. */
export const justOverTarget = defineCheck({
  id: 'just-over-target',
  version: 1,
  family: 'timing',
  side: 'marketing',
  scope: 'kpi',
  kpi: null,
  needsWholePeriod: true,
  question: 'Does the timing follow the target?',
  messages: {
    gathered:
      '{hits} of the last {periods} results lie between the target of {target} and {band:percent} above it; {expected} would be usual.',
  },
  innocent: [
    'a target set each time from what was about to be reached',
    'a budget that is steered to the target and then moved elsewhere',
    'a steady business whose usual result happens to be the target',
  ],
  clears: 'how the results came about day by day, above all in the last days before the target was met',
  policy: z.strictObject({
    band: share.default(0.03).describe('width of the band above the target, as a share of it'),
    periods: z.int().min(2).default(7).describe('latest periods looked at, the judged one included'),
    minPeriods: z.int().min(2).default(5).describe('periods below which nothing can be told'),
    minHits: z.int().min(2).default(4).describe('least results inside the band, the judged one among them'),
    watchP,
    reviewP,
  }),
  evaluate(input, policy) {
    const { pay } = input;
    if (!pay || pay.counted === null) return notApplicable('nothing-counted');
    const { kpi, target } = pay.planKpi;
    const values = kpiDays(input.history, kpi);
    if (!values) return notApplicable('no-daily-numbers');
    const results = [...pay.earlier, { period: input.period.id, counted: pay.counted }].slice(
      -policy.periods,
    );
    const least = Math.ceil(target);
    const above = Math.ceil(target * (1 + policy.band));
    const isHit = (counted: number) => counted >= least && counted < above;
    const hits = results.filter((r) => isHit(r.counted)).length;
    const data = {
      hits,
      periods: results.length,
      target,
      band: policy.band,
      from: least,
      below: above,
      counted: results.map((r) => r.counted),
    };
    if (results.length < policy.minPeriods) return insufficientData('few-periods', data);
    if (above <= least) return insufficientData('band-below-one-count', data);
    if (!isHit(pay.counted) || hits < policy.minHits) return pass(null, data);

    const chances: number[] = [];
    const means: number[] = [];
    for (const { period } of results) {
      const expected = expectedTotal(input, values, period);
      if (!expected) return insufficientData('short-history', data);
      const { mu, phi } = expected;
      chances.push(
        Math.max(0, negativeBinomialUpperTail(least, mu, phi) - negativeBinomialUpperTail(above, mu, phi)),
      );
      means.push(mu);
    }
    const p = roundP(Math.min(1, poissonBinomialUpperTail(hits, chances)));
    const expected = chances.reduce((sum, c) => sum + c, 0);
    const severity = severityOf(p, policy);
    if (!severity) return pass(p, { ...data, chances, means });
    return fail({
      messageId: 'gathered',
      severity,
      p,
      effect: hits / results.length,
      expected,
      observed: hits,
      range: [0, policy.minHits - 1],
      data: { ...data, expected, chances, means },
    });
  },
});

/**
 * What the other days known say about the total of one period. The period's own days stay out of it, and so
 * do all days after the judged period.
 */
function expectedTotal(
  input: CheckInput,
  values: DailyValues,
  period: string,
): { mu: number; phi: number } | null {
  const { history, to } = input;
  const origin = dayNumber(history.firstDay);
  const own = parsePeriod(period);
  const from = Math.max(0, dayNumber(own.from) - origin);
  const end = dayNumber(own.to) - origin;
  const first = values.findIndex((v) => v !== null);
  if (first < 0) return null;
  const isOwn = (i: number) => i >= from && i < end;
  const counts = values.slice(first, to).map((v, i) => (isOwn(first + i) ? null : v));
  const predictDays: number[] = [];
  for (let i = Math.max(first, from); i < end; i += 1) predictDays.push(i - first);
  if (predictDays.length === 0) return null;
  const baseline = fitBaseline({
    counts,
    firstWeekday: ((history.firstWeekday - 1 + first) % 7) + 1,
    predictDays,
    holidays: history.holidays.slice(first),
    include: counts.map((_, i) => !isOwn(first + i)),
  });
  return baseline.status === 'ok' ? baseline.sum : null;
}
