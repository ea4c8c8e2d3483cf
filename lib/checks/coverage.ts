import * as z from 'zod';
import type { DailyValues, UnitHistory } from '../model/history.ts';
import type { Kpi } from '../model/kpi.ts';
import { defineCheck, type Failure, fail, notApplicable, pass } from './check.ts';

/** Days of a period without data, or with rows that were refused. */
export const coverage = defineCheck({
  id: 'coverage',
  version: 1,
  family: 'none',
  side: 'marketing',
  scope: 'unit',
  kpi: null,
  question: 'Is the data complete?',
  messages: {
    missingDays: '{missing} of {days} days of {dataset} are missing and {refused} hold refused rows.',
  },
  innocent: ['an outage of the site or of the export', 'a tracking gap', 'a file still on its way'],
  clears: 'the missing files, or a calendar entry that says why they do not exist',
  policy: z.strictObject({
    watchShare: z
      .number()
      .min(0)
      .max(1)
      .default(0.1)
      .describe('share of missing days from which it is more than a note'),
  }),
  evaluate(input, { watchShare }) {
    const judged = series(input.history);
    if (judged.length === 0) return notApplicable('no-data');
    const failures: Failure[] = [];
    const days = input.to - input.from;
    for (const { dataset, kpi, values, refusedDays } of judged) {
      let missing = 0;
      for (let i = input.from; i < input.to; i += 1) if ((values[i] ?? null) === null) missing += 1;
      // A day that is missing because its rows were refused is one day.
      const refused = refusedDays.filter(
        (i) => i >= input.from && i < input.to && (values[i] ?? null) !== null,
      ).length;
      if (missing + refused === 0) continue;
      failures.push({
        kpi,
        messageId: 'missingDays',
        severity: missing + refused > watchShare * days ? 'watch' : 'note',
        effect: (missing + refused) / days,
        expected: days,
        observed: days - missing,
        data: { missing, refused, days, dataset },
      });
    }
    return failures.length > 0 ? fail(...failures) : pass(null, { days });
  },
});

interface Judged {
  readonly dataset: string;
  readonly kpi: Kpi;
  readonly values: DailyValues;
  readonly refusedDays: readonly number[];
}

function series(history: UnitHistory): Judged[] {
  const list: Judged[] = [];
  const add = (dataset: string, kpi: Kpi, values: DailyValues | undefined) => {
    if (values) list.push({ dataset, kpi, values, refusedDays: history.refusedDays[dataset] ?? [] });
  };
  add('traffic', 'visitors', history.traffic?.visitors ?? history.counts.visitors);
  add('leads', 'leads', history.leads?.daily ?? history.counts.leads);
  add('sqls', 'sqls_delivered', history.sqls?.daily ?? history.counts.sqls_delivered);
  add('deals', 'opportunities', history.deals?.daily ?? history.counts.opportunities);
  return list;
}
