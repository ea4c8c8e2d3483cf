import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { LedgerEntry } from '../../../lib/evidence/ledger.ts';
import { type Config, configSchema } from '../../../lib/model/config.ts';
import { noHolidays } from '../../../lib/model/holidays.ts';
import { dueJudgements } from '../../../lib/pipeline/judging/due-judgements.ts';
import { policiesOf } from '../../../lib/pipeline/judging/policy.ts';
import { policiesToRecord, policyBook } from '../../../lib/pipeline/judging/policy-book.ts';
import { configText } from '../../local/made-company.ts';

const config = configSchema.parse(parse(configText));
const policiesFor = (of: Config) => {
  const read = policiesOf(of);
  if ('errors' in read) throw new RangeError('the limits do not fit');
  return read.policies;
};
const withTarget = (target: number): Config => ({
  ...config,
  plans: [
    {
      ...config.plans[0]!,
      kpis: config.plans[0]!.kpis.map((k) => (k.kpi === 'leads' ? { ...k, target } : k)),
    },
  ],
});
const byQuarter: Config = {
  ...config,
  plans: [{ ...config.plans[0]!, period: 'quarter', bonus: { amount: 12000, per: 'year', paid: 'quarter' } }],
};

/** The chain after runs on these dates with these configurations. */
function recorded(...runs: [string, Config][]): LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  for (const [asOf, of] of runs) {
    const due = policiesToRecord(entries, of, policiesFor(of), asOf);
    if (due)
      entries.push({ ...due.draft, seq: entries.length + 1, previous: null, digest: `${entries.length}` });
  }
  return entries;
}
/** Target of leads by period. */
function targets(entries: readonly LedgerEntry[], of: Config, asOf: string, from = '2025-05-01') {
  const book = policyBook(entries, [], of, policiesFor(of), asOf);
  const due = dueJudgements(book, 'all', from, asOf, noHolidays, 'running').filter((j) => j.date === asOf);
  const leads = due.filter(({ planKpi }) => planKpi.kpi === 'leads');
  return Object.fromEntries(leads.map(({ period, planKpi }) => [period.id, planKpi.target]));
}

describe('the policy in force', () => {
  it('is the first one recorded for everything before it too', () => {
    expect(targets([], config, '2025-08-20')).toEqual({
      '2025-05': 70,
      '2025-06': 70,
      '2025-07': 70,
      '2025-08': 70,
    });
  });

  it('is the one recorded before the period began: a later one is in force from the next period on', () => {
    const entries = recorded(['2025-06-10', config], ['2025-07-15', withTarget(40)]);
    expect(targets(entries, withTarget(40), '2025-08-20')).toEqual({
      '2025-05': 70,
      '2025-06': 70,
      '2025-07': 70,
      '2025-08': 40,
    });
  });

  it('does not change for a period on whose first day another was recorded', () => {
    const on = (day: string) =>
      targets(recorded(['2025-06-10', config], [day, withTarget(40)]), withTarget(40), '2025-08-20')[
        '2025-08'
      ];
    expect([on('2025-07-31'), on('2025-08-01')]).toEqual([40, 70]);
  });

  it('is the same in the run that records it and in every run after it', () => {
    const before = recorded(['2025-06-10', config]);
    const during = targets(before, withTarget(40), '2025-07-15');
    const after = recorded(['2025-06-10', config], ['2025-07-15', withTarget(40)]);
    expect(targets(after, withTarget(40), '2025-07-15')).toEqual(during);
    expect(policiesToRecord(after, withTarget(40), policiesFor(config), '2025-09-30')).toBeNull();
  });

  it('is never recorded before what stands recorded already, whatever date a run is for', () => {
    const entries = recorded(['2025-08-20', config], ['2025-05-31', withTarget(40)]);
    expect(entries.map((e) => e.at)).toEqual(['2025-08-20T00:00:00Z', '2025-08-20T00:00:00Z']);
    expect(targets(entries, withTarget(40), '2025-08-31')['2025-08']).toBe(70);
  });

  it('returns to what it was when a change is taken back, and both are told', () => {
    const entries = recorded(['2025-06-10', config], ['2025-07-03', withTarget(40)], ['2025-07-05', config]);
    const book = policyBook(entries, [], config, policiesFor(config), '2025-08-20');
    const due = dueJudgements(book, 'all', '2025-07-01', '2025-08-20', noHolidays, 'all');
    expect(due.every(({ planKpi }) => planKpi.kpi !== 'leads' || planKpi.target === 70)).toBe(true);
    const july = due.find(({ period }) => period.id === '2025-07')!;
    expect(
      july.drift.map(({ on, changes }) => [on, changes.map((c) => `${c.key} ${c.old} ${c.new}`)]),
    ).toEqual([
      ['2025-07-03', ['plan.kpis.leads.target 70 40']],
      ['2025-07-05', ['plan.kpis.leads.target 40 70']],
    ]);
  });

  it('pays every day once where a month becomes a quarter: the quarter begins where both begin', () => {
    const entries = recorded(['2025-05-10', config], ['2025-08-12', byQuarter]);
    expect(Object.keys(targets(entries, byQuarter, '2025-11-20', '2025-07-01'))).toEqual([
      '2025-07',
      '2025-08',
      '2025-09',
      '2025-Q4',
    ]);
    const back = recorded(['2025-05-10', byQuarter], ['2025-08-12', config]);
    expect(Object.keys(targets(back, config, '2025-11-20', '2025-07-01'))).toEqual([
      '2025-Q3',
      '2025-10',
      '2025-11',
    ]);
  });

  it('carries the limits and the settling it was recorded with', () => {
    const strict: Config = { ...config, checks: { coverage: { watchShare: 0.02 } } };
    const entries = recorded(['2025-06-10', strict], ['2025-08-12', config]);
    const [first, second] = policyBook(entries, [], config, policiesFor(config), '2025-08-20').get(
      'director',
    )!;
    expect(first!.policies.get('coverage')).toMatchObject({ watchShare: 0.02 });
    expect(second!.policies.get('coverage')).toMatchObject({ watchShare: 0.1 });
  });

  it('judges by the checks as they are now: a limit they no longer know is left out', () => {
    const entries = recorded(['2025-06-10', config], ['2025-08-12', withTarget(40)]);
    const body = entries[0]!.body as { checks: Record<string, object> };
    body.checks.coverage = { ...body.checks.coverage, goneSince: 3, watchShare: 0.3 };
    const [first] = policyBook(entries, [], withTarget(40), policiesFor(config), '2025-08-20').get(
      'director',
    )!;
    expect(first!.policies.get('coverage')).toMatchObject({ watchShare: 0.3, differShare: 0.02 });
    expect(first!.policies.get('coverage')).not.toHaveProperty('goneSince');
  });

  it('asks nothing of the agreement before it begins', () => {
    const later: Config = { ...config, agreement: { ...config.agreement, from: '2025-07-01' } };
    const book = policyBook([], [], later, policiesFor(later), '2025-08-20');
    const due = dueJudgements(book, 'all', '2025-06-01', '2025-08-20', noHolidays, 'all');
    const floorIn = (id: string) => due.find(({ period }) => period.id === id)!.policy.config.agreement.floor;
    expect([floorIn('2025-06'), floorIn('2025-07')]).toEqual([undefined, 0.6]);
  });

  it('keeps the calibration that was made for it, for as long as it was in force', () => {
    const entries = recorded(['2025-06-10', config], ['2025-08-12', withTarget(40)]);
    const policy = entries[0]!.objects[0]!;
    const body = {
      date: '2025-06-11',
      factor: 0.5,
      upperBound: 0.05,
      budget: 0.1,
      policies: { director: policy },
    };
    const made = [{ kind: 'calibration', body } as unknown as LedgerEntry];
    const factors = (asOf: string) =>
      policyBook(entries, made, withTarget(40), policiesFor(config), asOf)
        .get('director')!
        .map((v) => v.calibration);
    expect(factors('2025-08-20')).toEqual([0.5, null]);
    expect(factors('2027-08-20')).toEqual([0.5, null]);
  });
});
