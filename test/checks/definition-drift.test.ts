import { describe, expect, it } from 'vitest';
import { definitionDrift } from '../../lib/checks/definition-drift.ts';
import type { Row } from '../../lib/model/datasets.ts';
import type { PolicyChange } from '../../lib/model/policy-change.ts';
import * as made from '../fixtures/generators.ts';
import { payFor, recordsOnly, sqlsOn } from '../fixtures/records.ts';
import { keepsItsPage } from './page.ts';
import { failures, run } from './run.ts';

const checkInput: typeof made.checkInput = (history, period, options) =>
  made.checkInput(history, period, { pay: payFor('leads', 100), ...options });

const august = (other: number) =>
  recordsOnly({ sqls: sqlsOn('2026-08-10', 40, (k) => ({ criteria_version: k < other ? '4' : '3' })) });

const change = (dateFrom: string, metric: string | null): Row<'calendar'> => ({
  date_from: dateFrom,
  date_to: dateFrom,
  kind: 'definition_change',
  channel: null,
  source: null,
  metric,
  declared_at: null,
  declared_by: null,
  unit: null,
  key_version: '1',
});

describe('definition-drift', () => {
  keepsItsPage(definitionDrift);

  it('shows three SQLs of another version of the criteria, and passes two', () => {
    const [found] = failures(run(definitionDrift, checkInput(august(3), '2026-08')));
    expect(found).toMatchObject({
      messageId: 'criteriaChanged',
      kpi: 'sqls_delivered',
      data: { names: ['3', '4'], other: 3 },
    });
    expect(found?.records).toHaveLength(3);
    expect(run(definitionDrift, checkInput(august(2), '2026-08')).status).toBe('pass');
  });

  it('shows SQLs that name another version than the one agreed', () => {
    const agreed = (version: string) => ({ agreement: { criteria: { version, text: '' } } });
    expect(failures(run(definitionDrift, checkInput(august(0), '2026-08', agreed('4'))))[0]?.messageId).toBe(
      'criteriaNotAgreed',
    );
    expect(run(definitionDrift, checkInput(august(0), '2026-08', agreed('3'))).status).toBe('pass');
  });

  it('shows a declared change inside the period, and passes one on its first day', () => {
    const on = (day: string, metric: string | null = 'leads') =>
      run(definitionDrift, checkInput({ ...august(0), calendar: [change(day, metric)] }, '2026-08'));
    expect(failures(on('2026-08-14'))[0]).toMatchObject({ messageId: 'declaredChange', kpi: 'leads' });
    expect(failures(on('2026-08-14', null))[0]?.kpi).toBeUndefined();
    expect(on('2026-08-01').status).toBe('pass');
    expect(on('2026-09-01').status).toBe('pass');
  });

  it('shows an agreement that begins inside the period', () => {
    const from = (day: string) =>
      run(definitionDrift, checkInput(august(0), '2026-08', { agreement: { from: day } }));
    expect(failures(from('2026-08-02'))[0]?.messageId).toBe('agreementStarts');
    expect(from('2026-08-01').status).toBe('pass');
  });

  it('names each key that was changed inside the period, with both values, for the KPI it is about', () => {
    const target = {
      key: 'plan.kpis.leads.target',
      old: '100',
      new: '80',
      kpi: 'leads',
      isCode: false,
    } as const;
    const floor = { key: 'agreement.floor', old: 'none', new: '0.5', kpi: null, isCode: false } as const;
    const under = (kpi: 'leads' | 'visitors', changes: readonly PolicyChange[]) =>
      run(
        definitionDrift,
        checkInput(august(0), '2026-08', {
          pay: payFor(kpi, 100, { drift: [{ on: '2026-08-12', changes }] }),
        }),
      );
    const [both] = failures(under('leads', [target, floor]));
    expect(both).toMatchObject({
      messageId: 'policyChanged',
      severity: 'watch',
      data: {
        on: '2026-08-12',
        changes: ['plan.kpis.leads.target 100 -> 80', 'agreement.floor none -> 0.5'],
      },
    });
    expect(failures(under('visitors', [target, floor]))[0]?.data.changes).toEqual([
      'agreement.floor none -> 0.5',
    ]);
    expect(under('visitors', [target]).status).toBe('pass');
  });

  it('only notes a check of another version: no terms were changed', () => {
    const version = { key: 'versions.coverage', old: '1', new: '2', kpi: null, isCode: true } as const;
    const pay = payFor('leads', 100, { drift: [{ on: '2026-08-12', changes: [version] }] });
    const [found] = failures(run(definitionDrift, checkInput(august(0), '2026-08', { pay })));
    expect(found).toMatchObject({ messageId: 'codeChanged', severity: 'note' });
  });

  it('passes quiet companies, and one without SQLs', () => {
    expect(
      run(definitionDrift, checkInput(made.quietHistory({ seed: 1, days: 239 }), '2026-08')).status,
    ).toBe('pass');
    expect(run(definitionDrift, checkInput(recordsOnly({}), '2026-08')).status).toBe('pass');
  });
});
