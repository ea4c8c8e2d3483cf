import { describe, expect, it } from 'vitest';
import type { Check, PayContext, Result } from '../../lib/checks/check.ts';
import { checks } from '../../lib/checks/index.ts';
import type { DailyValues, UnitHistory } from '../../lib/model/history.ts';
import { kpis } from '../../lib/model/kpi.ts';
import { renderMessage } from '../../lib/reports/message.ts';
import { august, flatHistory } from '../fixtures/flat.ts';
import { checkInput, quietHistory, withLeads, withSqls, withTraffic } from '../fixtures/generators.ts';
import { claimOf, leadsOn, payFor, sqlsOn } from '../fixtures/records.ts';
import { run } from './run.ts';

const quiet = quietHistory({ seed: 3, days: august.to, daysAfter: 25 });

/** The quiet company with each day's numbers put through `change`; records keep only the days it leaves. */
function daily(change: (value: number | null, day: number) => number | null): UnitHistory {
  const of = (values: DailyValues): DailyValues => values.map((v, i) => change(v, i));
  const traffic = withTraffic(
    quiet,
    quiet.traffic!.sources.map((s) => ({
      ...s,
      visitors: of(s.visitors),
      sessions: of(s.sessions),
      engagedSessions: of(s.engagedSessions!),
    })),
  );
  return {
    ...traffic,
    leads: { ...quiet.leads!, daily: of(quiet.leads!.daily) },
    sqls: { ...quiet.sqls!, daily: of(quiet.sqls!.daily) },
  };
}

/** The quiet company from a day on: nothing of any dataset before it. */
function beginningOn(first: number): UnitHistory {
  const day = (i: number) => new Date(Date.UTC(2026, 0, 5 + i)).toISOString().slice(0, 10);
  const from = day(first);
  const late = daily((v, i) => (i < first ? null : v));
  const leads = quiet.leads!.rows.filter((l) => l.created_at >= from);
  const sqls = quiet.sqls!.rows.filter((s) => s.delivered_at >= from);
  const begun = withSqls(withLeads(late, leads), sqls);
  return {
    ...begun,
    traffic: { ...begun.traffic!, first },
    leads: { ...begun.leads!, first, daily: begun.leads!.daily.map((v, i) => (i < first ? null : v)) },
    sqls: { ...begun.sqls!, first, daily: begun.sqls!.daily.map((v, i) => (i < first ? null : v)) },
  };
}

const oneSource = (visitors: (day: number) => number | null) => [{ visitors, engaged: () => 0 }];
const typed = (value: (day: number) => number | null): UnitHistory => ({
  ...flatHistory({}),
  counts: Object.fromEntries(kpis.map((kpi) => [kpi, Array.from({ length: august.to }, (_, i) => value(i))])),
});

const nothing: Readonly<Record<string, UnitHistory>> = {
  'nothing at all': flatHistory({}),
  'a single day, which is not in the period': flatHistory({
    days: 1,
    sources: oneSource(() => 5),
    leads: () => 1,
  }),
  'days that are all missing': typed(() => null),
  'sources of which no day is known': flatHistory({ sources: oneSource(() => null) }),
};

const awkward: Readonly<Record<string, UnitHistory>> = {
  'zeros only': flatHistory({ sources: oneSource(() => 0), leads: () => 0, sqls: () => 0 }),
  'typed zeros only': typed(() => 0),
  'the same number every day': flatHistory({
    sources: oneSource(() => 40),
    leads: () => 4,
    sqls: () => 2,
    accepts: () => true,
  }),
  'thousands of millions a day': typed((i) => 3_000_000_000 + (i % 7) * 1_000_003),
  'a first day in the middle of the period': beginningOn(august.from + 14),
  'a first day at the end of the period': beginningOn(august.to - 1),
  'a period without a day, after a whole history': daily((v, i) => (i < august.from ? v : null)),
  'every second day missing': daily((v, i) => (i % 2 === 0 ? v : null)),
  'a history of zeros, then thousands': flatHistory({
    sources: oneSource((i) => (i < august.from ? 0 : 5000)),
    leads: (i) => (i < august.from ? 0 : 50),
    sqls: (i) => (i < august.from ? 0 : 20),
    accepts: () => false,
  }),
  'thousands, then nothing': flatHistory({
    sources: oneSource((i) => (i < august.from ? 5000 : 0)),
    leads: (i) => (i < august.from ? 30 : 0),
    sqls: (i) => (i < august.from ? 10 : 0),
    accepts: () => true,
  }),
  'every record at one moment': withSqls(
    withLeads(quiet, [
      ...quiet.leads!.rows,
      ...leadsOn('2026-08-10', 400, () => ({ created_at: '2026-08-10T08:00:00' })),
    ]),
    [...quiet.sqls!.rows, ...sqlsOn('2026-08-10', 400, () => ({ decided_at: '2026-08-10T10:00:00' }))],
  ),
  'records without a single detail': withSqls(
    withLeads(
      quiet,
      quiet.leads!.rows.map((l) => ({
        ...l,
        record_entered_at: null,
        source: null,
        medium: null,
        form: null,
        email: null,
        email_domain: null,
        email_local_keys: null,
        email_sign: null,
        company_key: null,
        phone: null,
        phone_last9: null,
        phone_sign: null,
        total_visits: null,
      })),
    ),
    quiet.sqls!.rows.map((s) => ({
      ...s,
      record_entered_at: null,
      qualified_at: null,
      qualified_by: null,
      delivered_by: null,
      reason: null,
      decided_at: null,
      decided_by: null,
      first_contact_at: null,
      attempts: null,
      criteria_version: null,
    })),
  ),
  'every SQL pending': withSqls(
    quiet,
    quiet.sqls!.rows.map((s) => ({
      ...s,
      disposition: 'pending',
      decided_at: null,
      decidedOn: null,
      decided_by: null,
    })),
  ),
};

/** Contexts of a plan KPI: nothing known, zero, ordinary, far too large. */
const pays = kpis.flatMap((kpi): PayContext[] => [
  payFor(kpi, 100),
  payFor(kpi, 0, { claimed: 0, claimedOn: '2026-09-02', counted: 0, countedThen: 0 }),
  payFor(kpi, 100, {
    claimed: 1e12,
    claimedOn: '2026-09-02T09:00:00',
    counted: 101,
    countedThen: 90,
    earlier: ['2026-03', '2026-04', '2026-05', '2026-06', '2026-07'].map((period) => ({
      period,
      counted: 101,
    })),
  }),
]);

function inputsOf(check: Check, history: UnitHistory) {
  const agreement = { floor: 0.6, contactWithin: '2bd', capacityPerDay: 1 };
  const claims = kpis.map((kpi) => claimOf(kpi, 0, '2026-09-02T09:00:00'));
  if (check.scope === 'unit') return [checkInput(history, august.id, { agreement })];
  return pays.flatMap((pay) => [
    checkInput(history, august.id, { agreement, pay }),
    checkInput({ ...history, claims }, august.id, { agreement, pay, sealedOn: '2026-09-05' }),
  ]);
}

/** What must hold of every result, whatever it was made of. */
function expectSound(check: Check, result: Result): void {
  const isProbability = (p: number | null | undefined) => p === null || p === undefined || (p >= 0 && p <= 1);
  const isNumber = (n: number | null | undefined) => n === null || n === undefined || Number.isFinite(n);
  if (result.status === 'pass') expect(isProbability(result.p), `p of a pass: ${result.p}`).toBe(true);
  if (result.status !== 'fail') return;
  expect(result.failures.length).toBeGreaterThan(0);
  for (const f of result.failures) {
    const { p, effect, expected, observed, range } = f;
    expect(isProbability(p), `p ${p}`).toBe(true);
    for (const n of [effect, expected, observed]) expect(isNumber(n), `${f.messageId}: ${n}`).toBe(true);
    if (range) {
      expect(range.every(Number.isFinite), `${f.messageId}: range ${range}`).toBe(true);
      expect(range[0], `${f.messageId}: range ${range}`).toBeLessThanOrEqual(range[1]);
    }
    for (const [name, value] of Object.entries(f.data))
      for (const one of Array.isArray(value) ? value : [value])
        if (typeof one === 'number')
          expect(Number.isFinite(one), `${f.messageId}: ${name} ${one}`).toBe(true);
    expect(renderMessage(check.messages[f.messageId]!, f.data)).not.toMatch(/NaN|undefined|Infinity/);
    expect(new Set(f.records ?? []).size).toBe((f.records ?? []).length);
  }
}

describe.each(checks.map((check) => [check.id, check] as const))('%s', (id, check) => {
  it.each(Object.keys(nothing))(
    'says of %s that it cannot tell, or that nothing is there to judge',
    (name) => {
      for (const input of inputsOf(check, nothing[name]!)) {
        const { pay } = input;
        const result = run(check, input);
        expectSound(check, result);
        // Numbers of the claim alone can differ, and days alone can be missing.
        const isOfTheClaim = ['claim-mismatch', 'restated', 'definition-drift'].includes(id) && pay !== null;
        if (!isOfTheClaim && id !== 'coverage')
          expect(['insufficient_data', 'not_applicable'], id).toContain(result.status);
      }
    },
  );

  it.each(Object.keys(awkward))('gives sound numbers or a reason for %s', (name) => {
    for (const input of inputsOf(check, awkward[name]!)) expectSound(check, run(check, input));
  });
});
