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

  it('is not_applicable without data', () => {
    expect(reasonOf(run(coverage, checkInput(flatHistory({}), august.id)))).toBe('no-data');
  });
});
