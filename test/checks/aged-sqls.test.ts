import { describe, expect, it } from 'vitest';
import { agedSqls } from '../../lib/checks/aged-sqls.ts';
import { checkInput, quietHistory } from '../fixtures/generators.ts';
import { leadsOn, recordsOnly, sqlsOn } from '../fixtures/records.ts';
import { keepsItsPage } from './page.ts';
import { failures, reasonOf, run } from './run.ts';

/** 80 SQLs handed over on 20 August, so many of leads created on `created`, the others of 18 August. */
function august(aged: number, created = '2026-07-20', total = 80, historic = 60) {
  const leads = [...leadsOn('2026-02-02', 1), ...leadsOn(created, total), ...leadsOn('2026-08-18', total)];
  const before = sqlsOn('2026-02-05', historic, () => ({ lead_id: '2026-02-02#0' }));
  const sqls = sqlsOn('2026-08-20', total, (k) => ({ lead_id: `${k < aged ? created : '2026-08-18'}#${k}` }));
  return checkInput(recordsOnly({ leads, sqls: [...before, ...sqls] }), '2026-08');
}

describe('aged-sqls', () => {
  keepsItsPage(agedSqls);

  it('finds a tenth of SQLs made of leads older than thirty days, and passes less', () => {
    expect(failures(run(agedSqls, august(8)))[0]).toMatchObject({
      severity: 'review',
      observed: 8,
      effect: 0.1,
    });
    expect(run(agedSqls, august(7))).toMatchObject({ status: 'pass', p: null });
  });

  it('calls a lead of exactly thirty days not old', () => {
    expect(run(agedSqls, august(40, '2026-07-21')).status).toBe('pass');
    expect(run(agedSqls, august(40, '2026-07-20')).status).toBe('fail');
  });

  it('needs four old leads', () => {
    expect(run(agedSqls, august(3, '2026-07-20', 10)).status).toBe('pass');
    expect(run(agedSqls, august(4, '2026-07-20', 10)).status).toBe('fail');
  });

  it('could not tell while leads do not reach back far enough, or with four known leads', () => {
    const input = august(8);
    const young = {
      ...input,
      history: { ...input.history, leads: { ...input.history.leads!, first: input.from - 30 } },
    };
    expect(reasonOf(run(agedSqls, young))).toBe('young-lead-history');
    expect(reasonOf(run(agedSqls, august(4, '2026-07-20', 4)))).toBe('few-sqls');
    expect(reasonOf(run(agedSqls, august(8, '2026-07-20', 80, 39)))).toBe('short-history');
    expect(run(agedSqls, august(8, '2026-07-20', 80, 40)).status).toBe('fail');
    const late = {
      ...input,
      history: { ...input.history, leads: { ...input.history.leads!, last: input.to - 5 } },
    };
    expect(reasonOf(run(agedSqls, late))).toBe('no-leads-in-period');
    expect(
      reasonOf(run(agedSqls, checkInput(recordsOnly({ leads: leadsOn('2026-08-10', 5) }), '2026-08'))),
    ).toBe('no-sql-records');
  });

  it('passes quiet companies', () => {
    for (let seed = 1; seed <= 5; seed += 1)
      expect(run(agedSqls, checkInput(quietHistory({ seed, days: 239 }), '2026-08')).status).toBe('pass');
  });
});
