import * as z from 'zod';
import type { DailyValues } from '../model/history.ts';
import { type Kpi, kpis } from '../model/kpi.ts';
import { lastDigitTest } from '../statistics/last-digit.ts';
import { roundP } from '../statistics/p-value.ts';
import {
  type CheckInput,
  defineCheck,
  type Failure,
  fail,
  insufficientData,
  notApplicable,
  pass,
} from './check.ts';
import { kpiDays } from './kpi-days.ts';
import { passedP, share, watchP, windowDays } from './levels.ts';

/** Last digits of typed daily numbers that fall unevenly: says how numbers were made, not that they are wrong. */
export const digitPattern = defineCheck({
  id: 'digit-pattern',
  version: 1,
  family: 'digits',
  side: 'marketing',
  scope: 'unit',
  kpi: null,
  judges: kpis,
  question: 'Did volume move alone?',
  messages: {
    uneven: 'Of {numbers} daily numbers of {kpi}, {most} end in {digit}; {expected} would be usual.',
    rounded: 'Of {numbers} daily numbers of {kpi}, {rounded} end in 0 or 5; {expected} would be usual.',
  },
  innocent: [
    'numbers that are rounded by habit, or read off a chart',
    'a system that counts in batches',
    'a total spread over its days',
  ],
  clears: 'the system the numbers were read from, with an export of single records',
  policy: z.strictObject({
    watchP,
    windowDays,
    minNumbers: z.int().min(10).default(50).describe('daily numbers below which nothing can be told'),
    minMean: z
      .number()
      .positive()
      .default(25)
      .describe('least mean of the numbers: last digits of small counts are uneven by themselves'),
    minDeviation: z.number().min(0).default(5).describe('least standard deviation of the numbers'),
    minDigitShare: share.default(0.2).describe('least share of the most frequent digit (a tenth is usual)'),
    minRoundedShare: share.default(0.3).describe('least share of 0 and 5 (a fifth is usual)'),
  }),
  evaluate(input, policy) {
    const failures: Failure[] = [];
    let least: number | null = null;
    let typed = 0;
    for (const kpi of kpis) {
      const values = typedNumbers(input, kpi);
      if (!values) continue;
      typed += 1;
      const numbers: number[] = [];
      for (let i = Math.max(0, input.to - policy.windowDays); i < input.to; i += 1) {
        const value = values[i] ?? null;
        if (value !== null && Number.isSafeInteger(value) && value >= 0) numbers.push(value);
      }
      const mean = numbers.reduce((sum, v) => sum + v, 0) / numbers.length;
      const spread = Math.sqrt(
        numbers.reduce((sum, v) => sum + (v - mean) ** 2, 0) / Math.max(1, numbers.length - 1),
      );
      if (numbers.length < policy.minNumbers || mean < policy.minMean || spread < policy.minDeviation)
        continue;
      const counts = new Array<number>(10).fill(0);
      for (const value of numbers) counts[value % 10]! += 1;
      const test = lastDigitTest(counts);
      const isRounded =
        test.pRounded <= policy.watchP && counts[0]! + counts[5]! >= policy.minRoundedShare * numbers.length;
      const p = roundP(Math.min(1, 2 * Math.min(test.p, test.pRounded)));
      least = least === null ? p : Math.min(least, p);
      const rounded = counts[0]! + counts[5]!;
      const most = Math.max(...counts);
      const size = isRounded ? rounded : most;
      const gate = isRounded ? policy.minRoundedShare : policy.minDigitShare;
      if (p > policy.watchP || size < gate * numbers.length) continue;
      const expected = numbers.length * (isRounded ? 0.2 : 0.1);
      failures.push({
        kpi,
        messageId: isRounded ? 'rounded' : 'uneven',
        severity: 'watch',
        p,
        effect: size / numbers.length,
        expected,
        observed: size,
        range: [0, Math.ceil(gate * numbers.length) - 1],
        data: {
          kpi,
          numbers: numbers.length,
          most,
          digit: counts.indexOf(most),
          rounded,
          expected,
          counts,
          chiSquare: test.chiSquare,
        },
      });
    }
    if (failures.length > 0) return fail(...failures);
    if (typed === 0) return notApplicable('no-typed-numbers');
    return least === null ? insufficientData('few-or-small-numbers') : pass(passedP(least, policy.watchP));
  },
});

/** Daily numbers of a KPI that somebody reported, not a machine counted; null where records or traffic hold it. */
function typedNumbers({ history }: CheckInput, kpi: Kpi): DailyValues | null {
  const own = history.counts[kpi];
  return own && kpiDays(history, kpi) === own ? own : null;
}
