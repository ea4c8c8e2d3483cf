import * as z from 'zod';
import { dayNumber } from '../model/day.ts';
import type { DailyValues, UnitHistory } from '../model/history.ts';
import { finalDays, sumOf, trainingDays } from '../model/training-days.ts';
import { totalVarianceFactor } from '../statistics/autocorrelation.ts';
import { fitBaseline } from '../statistics/baseline.ts';
import { partTails } from '../statistics/conditional-rate-test.ts';
import { roundP } from '../statistics/p-value.ts';
import { learnShare, type ShareHistory, shareTails } from '../statistics/share-history.ts';
import {
  type CheckInput,
  defineCheck,
  type Failure,
  fail,
  insufficientData,
  notApplicable,
  pass,
} from './check.ts';
import { leadFate, sqlFate } from './cohort-fate.ts';
import { earlierPeriods, firstBusinessDays, lastBusinessDays, sumBetween } from './last-days.ts';
import { passedP, share, watchP, windowDays } from './levels.ts';
import { recordDays } from './record-days.ts';

const policy = z.strictObject({
  watchP,
  windowDays,
  businessDays: z.int().min(1).default(3).describe('last business days of the period that are looked at'),
  minRatio: z
    .number()
    .min(1)
    .default(1.5)
    .describe('least count of the last days over the expected one, a ratio'),
  minExcess: z.number().min(0).default(5).describe('least count of the last days above the expected one'),
  minTotal: z.int().min(1).default(30).describe('least count of the period'),
  minExpected: z.number().positive().default(5).describe('least expected count of the last days'),
  leastRho: share.default(0.005).describe('least correlation assumed inside a period'),
  fateDays: z
    .int()
    .min(1)
    .default(20)
    .describe("days after the period's end before the fate of its last days is judged"),
  fateP: share.default(0.05).describe('largest p with which SQLs of the last days fare worse'),
  leadFateP: share.default(0.01).describe('largest p with which leads of the last days fare worse'),
  fateRatio: share
    .default(0.85)
    .describe('largest share of the last days that comes to something over the usual one'),
  dipP: share.default(0.01).describe("largest p with which the next period's first days are too low"),
  dipRatio: share.default(0.7).describe("largest count of the next period's first days over the usual one"),
});
type Policy = z.output<typeof policy>;

/** Last days of a period that carry too much, and what became of it. */
export const periodEndSurge = defineCheck<Policy>({
  id: 'period-end-surge',
  version: 1,
  family: 'timing',
  side: 'marketing',
  scope: 'unit',
  kpi: null,
  judges: ['leads', 'sqls_delivered'],
  needsWholePeriod: true,
  question: 'Does the timing follow the target?',
  messages: {
    surge:
      'The last {businessDays} business days hold {observed} of {total} {kpi}; {expected} would be usual.',
    surgeThatFails:
      'The last {businessDays} business days hold {observed} of {total} {kpi}, {expected} would be usual, and of these {fateShare:percent} came to something against {usualFate:percent} of the others.',
    surgeThatDips:
      'The last {businessDays} business days hold {observed} of {total} {kpi}, {expected} would be usual, and the next period began with {dip} where {dipExpected} would be usual.',
  },
  innocent: [
    "a push at the period's end by people with quotas: ordinary, as long as what it brings is as good as the rest",
    'an event or a campaign in the last days',
    'hand-overs collected and delivered together',
  ],
  clears: 'what was done in the last days, and what became of these records afterwards',
  policy,
  evaluate(input, limits) {
    const { history } = input;
    const failures: Failure[] = [];
    const reasons = new Set<string>();
    const told: { kpi: 'leads' | 'sqls_delivered'; values: DailyValues; surge: Surge }[] = [];
    for (const kpi of ['leads', 'sqls_delivered'] as const) {
      const values = kpi === 'leads' ? history.leads?.daily : history.sqls?.daily;
      if (!values) continue;
      const surge = surgeOf(input, kpi, values, limits);
      if (typeof surge === 'string') reasons.add(surge);
      else told.push({ kpi, values, surge });
    }
    for (const { kpi, values, surge } of told) {
      const { observed, expected, p } = surge;
      if (
        p > limits.watchP ||
        observed < limits.minRatio * expected ||
        observed - expected < limits.minExcess
      )
        continue;
      const isAfter = history.length >= input.to + limits.fateDays;
      const fate = isAfter
        ? kpi === 'leads'
          ? leadFate(input, surge.first, limits.fateDays)
          : sqlFate(input, surge.first)
        : null;
      const dip = isAfter ? dipOf(input, kpi, values, surge.first, limits) : null;
      const isBad =
        fate !== null &&
        fate.p <= (kpi === 'leads' ? limits.leadFateP : limits.fateP) &&
        fate.fateShare <= limits.fateRatio * fate.usualFate;
      const isDip = dip !== null && dip.dipP <= limits.dipP && dip.dip <= limits.dipRatio * dip.dipExpected;
      failures.push({
        kpi,
        messageId: isBad ? 'surgeThatFails' : isDip ? 'surgeThatDips' : 'surge',
        // Whether the last days are always full is a habit that one earlier period does not show.
        severity: (isBad || isDip) && surge.habitP !== null ? 'review' : 'watch',
        p,
        effect: observed / expected,
        expected,
        observed,
        range: [
          0,
          Math.max(Math.ceil(limits.minRatio * expected), Math.ceil(expected + limits.minExcess)) - 1,
        ],
        data: {
          ...surge,
          kpi,
          businessDays: limits.businessDays,
          fateShare: fate?.fateShare ?? null,
          usualFate: fate?.usualFate ?? null,
          fateP: fate?.p ?? null,
          dip: dip?.dip ?? null,
          dipExpected: dip?.dipExpected ?? null,
          dipP: dip?.dipP ?? null,
        },
        records: recordsFrom(history, kpi, surge.first, input.to),
      });
    }
    if (failures.length > 0) return fail(...failures);
    if (told.length > 0) return pass(passedP(Math.min(...told.map((t) => t.surge.p)), limits.watchP));
    return reasons.size === 0 ? notApplicable('no-records') : insufficientData([...reasons][0]!);
  },
});

interface Surge {
  readonly [name: string]: number | string | null;
  /** Index of the first of the last days. */
  readonly first: number;
  readonly observed: number;
  readonly total: number;
  readonly expected: number;
  readonly p: number;
}

/** What the last days hold against the weekdays' and the unit's own share of them; a reason when too little is known. */
function surgeOf(
  input: CheckInput,
  kpi: 'leads' | 'sqls_delivered',
  values: DailyValues,
  limits: Policy,
): Surge | string {
  const days = finalDays(input, kpi, values);
  if (days.length < input.to - input.from) return 'days-missing-or-not-final';
  const first = lastBusinessDays(input.history, input.from, input.to, limits.businessDays);
  const total = sumOf(values, days);
  const observed = sumOf(
    values,
    days.filter((i) => i >= first),
  );
  if (total < limits.minTotal) return 'few-records';

  const past = earlierPeriods(input, kpi);
  const parts = past.map(({ from, to }) =>
    sumBetween(values, lastBusinessDays(input.history, from, to, limits.businessDays), to),
  );
  const wholes = past.map(({ from, to }) => sumBetween(values, from, to));
  const used = wholes.flatMap((n, i) => (n > 0 ? [i] : []));
  const habit =
    used.length >= 2
      ? learnShare(
          used.map((i) => parts[i]!),
          used.map((i) => wholes[i]!),
          limits.leastRho,
        )
      : null;
  const habitP = habit && shareTails(habit, observed, total).upper;
  // A handful of periods says little about how far their ends differ, so the weekdays must call it unlikely too.
  const weekdays = weekdayShare(input, kpi, values, days, first, limits);
  if (habit === null && weekdays === null) return 'short-history';
  const weekdayP = weekdays && partTails(observed, total, weekdays.share, weekdays.phi).upper;
  const usual = Math.max(habit?.share ?? 0, weekdays?.share ?? 0);
  if (usual * total < limits.minExpected) return 'few-expected';
  return {
    first,
    observed,
    total,
    expected: usual * total,
    p: roundP(Math.max(habitP ?? 0, weekdayP ?? 0)),
    habitShare: habit?.share ?? null,
    habitPeriods: used.length,
    habitP,
    weekdayShare: weekdays?.share ?? null,
    dispersion: weekdays?.phi ?? null,
    weekdayP,
  };
}

function weekdayShare(
  input: CheckInput,
  kpi: 'leads' | 'sqls_delivered',
  values: DailyValues,
  days: readonly number[],
  first: number,
  limits: Policy,
) {
  const training = trainingDays(input, kpi, values, days, limits.windowDays);
  const baseline = fitBaseline(training);
  if (baseline.status !== 'ok') return null;
  const last = baseline.days.filter((d) => d.day + training.first >= first).reduce((s, d) => s + d.mu, 0);
  const whole = baseline.days.reduce((s, d) => s + d.mu, 0);
  if (!(last > 0 && last < whole)) return null;
  // Days in a row move together, and the last ones all lie in one row.
  const phi = baseline.phi * totalVarianceFactor(baseline.sum.acf, input.to - first);
  return { share: last / whole, phi };
}

/** The first business days after the period against those after earlier periods, each beside the period without its last days. */
function dipOf(
  input: CheckInput,
  kpi: 'leads' | 'sqls_delivered',
  values: DailyValues,
  first: number,
  limits: Policy,
) {
  const { history } = input;
  const end = firstBusinessDays(history, input.to, limits.businessDays);
  if (end > history.length) return null;
  // Without a record after them, the deliveries may have ended before these days: missing is not zero.
  if (!values.slice(end).some((count) => count !== null && count > 0)) return null;
  const starts: number[] = [];
  const trials: number[] = [];
  for (const { from, to } of earlierPeriods(input, kpi)) {
    const start = sumBetween(values, to, firstBusinessDays(history, to, limits.businessDays));
    const body = sumBetween(values, from, lastBusinessDays(history, from, to, limits.businessDays));
    if (start + body === 0) continue;
    starts.push(start);
    trials.push(start + body);
  }
  if (starts.length < 2) return null;
  const usual: ShareHistory = learnShare(starts, trials, limits.leastRho);
  const dip = sumBetween(values, input.to, end);
  const body = sumBetween(values, input.from, first);
  return {
    dip,
    dipExpected: (body * usual.share) / (1 - usual.share),
    dipP: roundP(Math.min(1, shareTails(usual, dip, dip + body).lower)),
  };
}

function recordsFrom(
  history: UnitHistory,
  kpi: 'leads' | 'sqls_delivered',
  first: number,
  to: number,
): string[] {
  const origin = dayNumber(history.firstDay);
  const isIn = (day: number) => day - origin >= first && day - origin < to;
  if (kpi === 'leads') {
    const days = recordDays(history.leads!.rows, 'created_at');
    return history.leads!.rows.flatMap((lead, i) => (isIn(days[i]!) ? [lead.lead_id] : []));
  }
  const days = recordDays(history.sqls!.rows, 'delivered_at');
  return history.sqls!.rows.flatMap((sql, i) => (isIn(days[i]!) ? [`${sql.sql_id}/${sql.lead_id}`] : []));
}
