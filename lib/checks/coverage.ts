import * as z from 'zod';
import type { DailyValues, UnitHistory } from '../model/history.ts';
import type { Kpi } from '../model/kpi.ts';
import { type CheckInput, defineCheck, type Failure, fail, notApplicable, pass } from './check.ts';

/** Days of a period without data or with refused rows, and numbers that two sources tell differently. */
export const coverage = defineCheck({
  id: 'coverage',
  version: 2,
  family: 'none',
  side: 'marketing',
  scope: 'unit',
  kpi: null,
  needsWholePeriod: true,
  question: 'Is the data complete?',
  messages: {
    missingDays: '{missing} of {days} days of {dataset} are missing and {refused} hold refused rows.',
    countsDiffer:
      'The records hold {records} {kpi} on the days that counts were given for; the counts say {counts}. The records are used.',
    lateSource:
      '{source} ({dataset}) is expected every {every} and delivered nothing since the period ended; its newest data landed on {landedOn}.',
    totalDiffers: 'The control total of {kpi} is {total}; the source holds {held}.',
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
    differShare: z
      .number()
      .min(0)
      .max(1)
      .default(0.02)
      .describe('least difference of two sources, as a share of the larger number'),
    differRecords: z.int().min(1).default(3).describe('least difference of two sources, in units of the KPI'),
  }),
  evaluate(input, policy) {
    const judged = series(input.history);
    if (judged.length === 0 && input.late.length === 0) return notApplicable('no-data');
    const failures: Failure[] = input.late.map(({ source, dataset, every, landedOn }) => {
      const kpi = countedFrom[dataset];
      return {
        messageId: 'lateSource',
        severity: 'watch',
        ...(kpi && { kpi }),
        data: { source, dataset, every, landedOn },
      };
    });
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
        severity: missing + refused > policy.watchShare * days ? 'watch' : 'note',
        effect: (missing + refused) / days,
        expected: days,
        observed: days - missing,
        data: { missing, refused, days, dataset },
      });
    }
    failures.push(...differences(input, judged, policy));
    return failures.length > 0 ? fail(...failures) : pass(null, { days });
  },
});

/** KPI that a finding about a dataset goes by. */
const countedFrom: Readonly<Partial<Record<string, Kpi>>> = {
  traffic: 'visitors',
  leads: 'leads',
  sqls: 'sqls_delivered',
  deals: 'opportunities',
};

interface DifferencePolicy {
  readonly differShare: number;
  readonly differRecords: number;
}

/** Numbers given twice: counts beside records of the same days, and control totals of the period. */
function differences(input: CheckInput, judged: readonly Judged[], policy: DifferencePolicy): Failure[] {
  const { history, period } = input;
  const isApart = (a: number, b: number) =>
    Math.abs(a - b) >= policy.differRecords && Math.abs(a - b) >= policy.differShare * Math.max(a, b);
  const failures: Failure[] = [];
  for (const { kpi, values, isRecords } of judged) {
    const given = isRecords ? history.counts[kpi] : undefined;
    let records = 0;
    let counts = 0;
    for (let i = input.from; i < input.to; i += 1) {
      const held = values[i] ?? null;
      const other = given?.[i] ?? null;
      if (held === null || other === null) continue;
      records += held;
      counts += other;
    }
    if (isApart(records, counts))
      failures.push({
        kpi,
        messageId: 'countsDiffer',
        severity: 'watch',
        effect: Math.abs(records - counts) / Math.max(records, counts),
        expected: records,
        observed: counts,
        data: { kpi, records, counts },
      });
    // Monthly uniques are less than the sum of daily ones by nature; they are a basis, not a control.
    const total = kpi === 'visitors' ? null : controlTotal(history, period.id, kpi);
    const held = sumOf(values, input);
    if (total !== null && held !== null && isApart(total, held))
      failures.push({
        kpi,
        messageId: 'totalDiffers',
        severity: 'watch',
        effect: Math.abs(total - held) / Math.max(total, held),
        expected: total,
        observed: held,
        data: { kpi, total, held },
      });
  }
  return failures;
}

function controlTotal(history: UnitHistory, period: string, kpi: Kpi): number | null {
  const rows = history.totals.filter((t) => t.period === period && t.metric === kpi);
  return (
    rows.reduce<(typeof rows)[number] | null>(
      (latest, row) => (latest && (latest.extracted_at ?? '') >= (row.extracted_at ?? '') ? latest : row),
      null,
    )?.value ?? null
  );
}

function sumOf(values: DailyValues, { from, to }: CheckInput): number | null {
  let sum: number | null = null;
  for (let i = from; i < to; i += 1) if ((values[i] ?? null) !== null) sum = (sum ?? 0) + values[i]!;
  return sum;
}

interface Judged {
  readonly dataset: string;
  readonly kpi: Kpi;
  readonly values: DailyValues;
  /** Counted from records, not given as numbers. */
  readonly isRecords: boolean;
  readonly refusedDays: readonly number[];
}

function series({ traffic, leads, sqls, deals, counts, refusedDays }: UnitHistory): Judged[] {
  const list: Judged[] = [];
  const add = (dataset: string, kpi: Kpi, records: DailyValues | undefined) => {
    const values = records ?? counts[kpi];
    if (values)
      list.push({
        dataset,
        kpi,
        values,
        isRecords: records !== undefined,
        refusedDays: refusedDays[records ? dataset : 'counts'] ?? [],
      });
  };
  add('traffic', 'visitors', traffic?.visitors);
  add('leads', 'leads', leads?.daily);
  add('sqls', 'sqls_delivered', sqls?.daily);
  add('deals', 'opportunities', deals?.daily);
  return list;
}
