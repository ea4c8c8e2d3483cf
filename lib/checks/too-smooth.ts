import * as z from 'zod';
import type { DailyValues } from '../model/history.ts';
import { finalDays } from '../model/training-days.ts';
import { dispersionTest } from '../statistics/dispersion-test.ts';
import { roundP } from '../statistics/p-value.ts';
import { defineCheck, type Failure, fail, insufficientData, notApplicable, pass } from './check.ts';
import { passedP, share } from './levels.ts';

/** Daily counts that vary less than counts of independent people can. */
export const tooSmooth = defineCheck({
  id: 'too-smooth',
  version: 1,
  family: 'digits',
  side: 'marketing',
  scope: 'unit',
  kpi: null,
  judges: ['visitors', 'leads'],
  question: 'Did volume move alone?',
  messages: {
    belowChance:
      '{days} days of {kpi} vary {index:percent} as much as chance alone makes counts vary around {profile}.',
  },
  innocent: [
    'a daily budget or a cap that ends each day at the same number',
    'a source that samples, rounds or spreads a total over its days',
    'numbers filled in from a monthly total during an outage',
  ],
  clears: 'the log or export of single visits or leads behind the daily numbers',
  policy: z.strictObject({
    reviewP: share.default(1e-6).describe('p at or below which it needs a decision'),
    maxIndex: share.default(0.5).describe('largest variance over that of independent counts'),
    trimShare: share
      .default(0.1)
      .describe('share of the days, those furthest from their level, that are left out'),
    minDays: z.int().min(8).default(14).describe('final days below which nothing can be told'),
    minMean: z.number().positive().default(5).describe('least level of a day, in counts, for it to be used'),
  }),
  evaluate(input, policy) {
    const { history } = input;
    const series = [
      { kpi: 'visitors', values: history.traffic?.visitors ?? history.counts.visitors },
      { kpi: 'leads', values: history.leads?.daily ?? history.counts.leads },
    ] as const;
    const failures: Failure[] = [];
    let least: number | null = null;
    let known = 0;
    for (const { kpi, values } of series) {
      if (!values) continue;
      known += 1;
      const tests = spreads(input.history.firstWeekday, values, finalDays(input, kpi, values), policy);
      if (tests.length === 0) continue;
      const best = tests.reduce((a, b) => (b.p < a.p ? b : a));
      // Two levels are tried, so the smaller p counts twice.
      const p = roundP(Math.min(1, tests.length * best.p));
      least = least === null ? p : Math.min(least, p);
      if (p > policy.reviewP || best.index > policy.maxIndex) continue;
      failures.push({
        kpi,
        messageId: 'belowChance',
        severity: 'review',
        p,
        effect: best.index,
        expected: 1,
        observed: best.index,
        data: {
          kpi,
          profile: best.profile,
          days: best.days,
          trimmed: best.trimmed,
          index: best.index,
          chiSquare: best.chiSquare,
          degrees: best.degrees,
          values: best.values,
        },
      });
    }
    if (failures.length > 0) return fail(...failures);
    if (known === 0) return notApplicable('no-daily-numbers');
    return least === null ? insufficientData('few-days-or-counts') : pass(passedP(least, policy.reviewP));
  },
});

interface Limits {
  readonly trimShare: number;
  readonly minDays: number;
  readonly minMean: number;
}

/** How much the days of a period spread around one level of its own, in units of what chance does. */
interface Spread {
  readonly profile: 'one level' | 'its weekdays';
  readonly days: number;
  readonly trimmed: number;
  readonly chiSquare: number;
  readonly degrees: number;
  readonly index: number;
  readonly p: number;
  readonly values: readonly number[];
}

/** The spread around the period's median, and around the medians of its weekdays. */
function spreads(
  firstWeekday: number,
  values: DailyValues,
  days: readonly number[],
  limits: Limits,
): Spread[] {
  const weekdayOf = (day: number) => (firstWeekday - 1 + day) % 7;
  const all = median(days.map((i) => values[i]!));
  const byWeekday = Array.from({ length: 7 }, (_, w) => {
    const own = days.filter((i) => weekdayOf(i) === w);
    return own.length > 0 ? median(own.map((i) => values[i]!)) : 0;
  });
  const spread = (profile: Spread['profile'], levelOf: (day: number) => number): Spread[] => {
    const used = days.filter((i) => levelOf(i) >= limits.minMean);
    const residual = (i: number) => (values[i]! - levelOf(i)) ** 2 / levelOf(i);
    if (used.length < limits.minDays) return [];
    const byResidual = [...used].sort((i, j) => residual(i) - residual(j) || i - j);
    const kept = byResidual.slice(0, Math.ceil((1 - limits.trimShare) * used.length));
    const levels = new Set(used.map((i) => (profile === 'one level' ? 0 : weekdayOf(i)))).size;
    const degrees = kept.length - levels;
    if (degrees < 1) return [];
    const { chiSquare, index, under } = dispersionTest(
      kept.map((i) => values[i]!),
      kept.map(levelOf),
      degrees,
    );
    return [
      {
        profile,
        days: used.length,
        trimmed: used.length - kept.length,
        chiSquare,
        degrees,
        index,
        p: under,
        values: used.map((i) => values[i]!),
      },
    ];
  };
  return [...spread('one level', () => all), ...spread('its weekdays', (i) => byWeekday[weekdayOf(i)]!)];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
