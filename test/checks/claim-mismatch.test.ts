import { describe, expect, it } from 'vitest';
import type { PayContext } from '../../lib/checks/check.ts';
import { claimMismatch } from '../../lib/checks/claim-mismatch.ts';
import { configSchema } from '../../lib/model/config.ts';
import type { Kpi } from '../../lib/model/kpi.ts';
import { august, flatHistory } from '../fixtures/flat.ts';
import { checkInput } from '../fixtures/generators.ts';
import { keepsItsPage } from './page.ts';
import { failures, reasonOf, run } from './run.ts';

function pay(kpi: Kpi, values: Partial<PayContext>): PayContext {
  const { plans } = configSchema.parse({
    organisation: 'Acme',
    timezone: 'Europe/Berlin',
    currency: 'USD',
    sources: [{ id: 'crm', dataset: 'leads' }],
    plans: [{ id: 'director', title: 'Bonus', side: 'marketing', bonus: 1000, kpis: [{ kpi, target: 100 }] }],
  });
  const plan = plans[0]!;
  const base = { claimedOn: '2026-09-03T10:00:00', countedThen: 100, counted: 100, earlier: [], drift: [] };
  return { plan, planKpi: plan.kpis[0]!, claimed: 100, ...base, ...values };
}

function judged(kpi: Kpi, values: Partial<PayContext>) {
  return run(claimMismatch, checkInput(flatHistory({}), august.id, { pay: pay(kpi, values) }));
}

describe('claim-mismatch', () => {
  keepsItsPage(claimMismatch);

  it('fails at three records and two per cent above what was held, as proof', () => {
    const [found] = failures(judged('sqls_delivered', { claimed: 103 }));
    expect(found).toMatchObject({
      messageId: 'aboveCounted',
      severity: 'watch',
      proof: true,
      observed: 103,
      expected: 100,
    });
    expect(failures(judged('leads', { claimed: 153, countedThen: 150 }))).toHaveLength(1);
  });

  it('passes two records, and three that are less than two per cent', () => {
    expect(judged('sqls_delivered', { claimed: 102 }).status).toBe('pass');
    expect(judged('leads', { claimed: 154, countedThen: 151 }).status).toBe('pass');
  });

  it('passes a claim below what was counted', () => {
    expect(judged('leads', { claimed: 60 }).status).toBe('pass');
  });

  it('holds records against what the source held then, not now', () => {
    expect(judged('leads', { claimed: 120, countedThen: 120, counted: 80 }).status).toBe('pass');
  });

  it('holds visits against what the source holds now, without proof', () => {
    const [found] = failures(judged('visitors', { claimed: 5100, countedThen: 5100, counted: 5000 }));
    expect(found).toMatchObject({ messageId: 'aboveCountedNow', proof: false });
    expect(judged('visitors', { claimed: 5099, counted: 5000 }).status).toBe('pass');
  });

  it('passes nine visits above a small site and fails ten', () => {
    expect(judged('visitors', { claimed: 109, counted: 100 }).status).toBe('pass');
    expect(judged('visitors', { claimed: 110, counted: 100 }).status).toBe('fail');
  });

  it('is not_applicable without a claim, a plan or a count', () => {
    expect(reasonOf(judged('leads', { claimed: null }))).toBe('no-claim');
    expect(reasonOf(run(claimMismatch, checkInput(flatHistory({}), august.id)))).toBe('no-claim');
    expect(reasonOf(judged('leads', { claimed: 5, countedThen: null }))).toBe('nothing-counted');
  });
});
