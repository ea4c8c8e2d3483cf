import { describe, expect, it } from 'vitest';
import { coverage } from '../../lib/checks/coverage.ts';
import { august, flatHistory } from '../fixtures/flat.ts';
import { checkInput } from '../fixtures/generators.ts';
import { keepsItsPage } from './page.ts';
import { failures, reasonOf, run } from './run.ts';

/** August without some days of traffic. */
function missing(days: number, refused: readonly number[] = []) {
  const isMissing = (i: number) => i >= august.from && i < august.from + days;
  const history = flatHistory({
    sources: [{ visitors: (i) => (isMissing(i) ? null : 100) }],
    leads: () => 1,
  });
  return checkInput({ ...history, refusedDays: { traffic: refused } }, august.id);
}

describe('coverage', () => {
  keepsItsPage(coverage);

  it('passes a month of which every day holds rows, zeros among them', () => {
    const history = flatHistory({ sources: [{ visitors: (i) => (i === 220 ? 0 : 100) }] });
    expect(run(coverage, checkInput(history, august.id)).status).toBe('pass');
  });

  it('notes three missing days of 31 and watches four', () => {
    expect(failures(run(coverage, missing(3)))).toMatchObject([
      { severity: 'note', kpi: 'visitors', observed: 28 },
    ]);
    expect(failures(run(coverage, missing(4)))).toMatchObject([
      { severity: 'watch', expected: 31, observed: 27 },
    ]);
  });

  it('counts days with refused rows of the period only', () => {
    expect(failures(run(coverage, missing(0, [100, 230])))[0]?.data).toMatchObject({
      missing: 0,
      refused: 1,
    });
  });

  it('reports every dataset on its own', () => {
    const history = flatHistory({
      days: 230,
      sources: [{ visitors: () => 100 }],
      leads: () => 2,
      sqls: () => 1,
    });
    const found = failures(run(coverage, checkInput(history, august.id)));
    expect(found.map((f) => f.data.dataset)).toEqual(['traffic', 'leads', 'sqls']);
    expect(found[0]?.data.missing).toBe(9);
  });

  it('uses records over counts of the same days and says where they differ, from 3 and 2 %', () => {
    const input = (given: number) => {
      const history = flatHistory({ leads: () => 10 });
      const counts = history.leads!.daily.map((_, i) => (i === august.from ? 10 + given : 10));
      return checkInput({ ...history, counts: { leads: counts } }, august.id);
    };
    expect(run(coverage, input(6)).status).toBe('pass');
    expect(failures(run(coverage, input(7)))).toMatchObject([
      { messageId: 'countsDiffer', severity: 'watch', kpi: 'leads', expected: 310, observed: 317 },
    ]);
    expect(failures(run(coverage, input(-7)))[0]?.data).toEqual({ kpi: 'leads', records: 310, counts: 303 });
  });

  it('holds the latest control total against the source, but never one of visitors', () => {
    const total = (metric: string, value: number, extracted_at: string | null) => ({
      period: august.id,
      metric,
      value,
      source: null,
      extracted_at,
      query: null,
      unit: 'all',
    });
    const history = flatHistory({ sources: [{ visitors: () => 100 }], leads: () => 10 });
    const held = (...totals: ReturnType<typeof total>[]) =>
      run(coverage, checkInput({ ...history, totals }, august.id));
    expect(held(total('leads', 310, null), total('visitors', 1500, null)).status).toBe('pass');
    const found = failures(held(total('leads', 310, '2026-09-01'), total('leads', 330, '2026-09-02')));
    expect(found).toMatchObject([{ messageId: 'totalDiffers', expected: 330, observed: 310 }]);
  });

  it('is not_applicable without data', () => {
    expect(reasonOf(run(coverage, checkInput(flatHistory({}), august.id)))).toBe('no-data');
  });

  it('shows a source that was expected and brought nothing since the period ended, for the KPI counted from it', () => {
    const history = flatHistory({ sources: [{ visitors: () => 100 }] });
    const late = (dataset: 'leads' | 'claims', landedOn: string | null) =>
      run(
        coverage,
        checkInput(history, august.id, { late: [{ source: 'crm', dataset, every: 'P1D', landedOn }] }),
      );
    expect(failures(late('leads', '2026-08-30'))).toMatchObject([
      { messageId: 'lateSource', severity: 'watch', kpi: 'leads', data: { landedOn: '2026-08-30' } },
    ]);
    expect(failures(late('claims', null))[0]?.kpi).toBeUndefined();
  });
});
