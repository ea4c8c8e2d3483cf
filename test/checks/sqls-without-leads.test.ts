import { describe, expect, it } from 'vitest';
import { sqlsWithoutLeads } from '../../lib/checks/sqls-without-leads.ts';
import { negativeBinomialUpperTail } from '../../lib/statistics/negative-binomial.ts';
import { withStuffedSqls } from '../fixtures/faults.ts';
import { august, flatHistory } from '../fixtures/flat.ts';
import { checkInput, quietHistory } from '../fixtures/generators.ts';
import { keepsItsPage } from './page.ts';
import { failures, raisedShare, reasonOf, run } from './run.ts';

/** 10 leads and 4 SQLs a day before August; `sqls` in all in August. */
function flat(sqls: number, leads: (i: number) => number = () => 10) {
  return checkInput(
    flatHistory({
      leads,
      sqls: (i) => (i < august.from ? 4 : Math.floor(sqls / 31) + (i - august.from < sqls % 31 ? 1 : 0)),
    }),
    august.id,
  );
}

describe('sqls-without-leads', () => {
  keepsItsPage(sqlsWithoutLeads);

  it('watches a month exactly at the least ratio', () => {
    const [found] = failures(run(sqlsWithoutLeads, flat(155)));
    expect(found).toMatchObject({ severity: 'watch', observed: 155, range: [0, 154] });
    expect(found?.expected).toBeCloseTo(124, 6);
  });

  it('passes a month just below the least ratio', () => {
    expect(run(sqlsWithoutLeads, flat(154)).status).toBe('pass');
  });

  it('passes more SQLs made of more leads', () => {
    expect(
      run(
        sqlsWithoutLeads,
        flat(248, (i) => (i < august.from ? 10 : 20)),
      ).status,
    ).toBe('pass');
  });

  it('is never above watch, however improbable', () => {
    expect(failures(run(sqlsWithoutLeads, flat(900)))[0]?.severity).toBe('watch');
  });

  it('loses no SQL of days without leads', () => {
    // All leads come on Mondays, SQLs every day; only the days after the last Monday stay without a rate.
    const input = flat(124, (i) => (i % 7 === 0 ? 70 : 0));
    const result = run(sqlsWithoutLeads, input, { blockDays: 1 });
    expect(result).toMatchObject({ status: 'pass', data: { baselineSqls: 178 * 4 } });
  });

  it('gives the numbers its p can be redone from', () => {
    const [found] = failures(run(sqlsWithoutLeads, flat(200)));
    const d = found!.data as Record<string, number>;
    expect(found!.p).toBeCloseTo(negativeBinomialUpperTail(d.observed!, d.expected!, d.dispersion!), 12);
  });

  it('is insufficient_data on seven whole weeks of history', () => {
    const input = (days: number) =>
      checkInput(flat(300).history, august.id, { isLeftOut: (_, i) => i < august.from - days });
    expect(reasonOf(run(sqlsWithoutLeads, input(55)))).toBe('few-days');
    expect(run(sqlsWithoutLeads, input(56)).status).toBe('fail');
  });

  it('is insufficient_data on 49 SQLs of history', () => {
    const sqls = (total: number) =>
      checkInput(
        flatHistory({
          leads: () => 10,
          sqls: (i) =>
            i >= august.from - 182 && i < august.from - 182 + total ? 1 : i < august.from ? 0 : 4,
        }),
        august.id,
      );
    expect(reasonOf(run(sqlsWithoutLeads, sqls(49), { minExpected: 1 }))).toBe('few-sqls');
    expect(run(sqlsWithoutLeads, sqls(50), { minExpected: 1 }).status).toBe('fail');
  });

  it('is not_applicable without leads or without SQLs', () => {
    const only = (given: Parameters<typeof flatHistory>[0]) =>
      reasonOf(run(sqlsWithoutLeads, checkInput(flatHistory(given), august.id)));
    expect(only({ sqls: () => 3 })).toBe('no-leads');
    expect(only({ leads: () => 3 })).toBe('no-sqls');
  });

  it('watches stuffed hand-overs', () => {
    const history = withStuffedSqls(quietHistory({ seed: 2, days: 240, daysAfter: 20 }), {
      day: 236,
      count: 50,
      accepted: 5,
    });
    expect(failures(run(sqlsWithoutLeads, checkInput(history, august.id)))).toHaveLength(1);
  });

  it('leaves most quiet months alone', () => {
    const share = raisedShare(
      60,
      (seed) =>
        failures(run(sqlsWithoutLeads, checkInput(quietHistory({ seed, days: 240 }), august.id))).length > 0,
    );
    expect(share).toBeLessThanOrEqual(0.02);
  });
});
