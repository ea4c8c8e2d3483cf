import { describe, expect, it } from 'vitest';
import { funnelOrder } from '../../lib/checks/funnel-order.ts';
import type { SqlCase } from '../../lib/model/history.ts';
import { checkInput, quietHistory } from '../fixtures/generators.ts';
import { leadsOn, recordsOnly, sqlsOn } from '../fixtures/records.ts';
import { keepsItsPage } from './page.ts';
import { failures, reasonOf, run } from './run.ts';

/** Five SQLs handed over on 10 August with their leads of 5 August, the first one changed. */
function august(change: Partial<SqlCase>, days?: number) {
  const leads = [
    ...leadsOn('2026-02-02', 1),
    ...leadsOn('2026-08-05', 5),
    ...leadsOn('2026-08-12', 1),
    ...leadsOn('2026-08-11', 1),
  ];
  const sqls = sqlsOn('2026-08-10', 5, (k) => ({ lead_id: `2026-08-05#${k}`, ...(k === 0 ? change : {}) }));
  return checkInput(recordsOnly({ leads, sqls, ...(days && { days }) }), '2026-08');
}

describe('funnel-order', () => {
  keepsItsPage(funnelOrder);

  it('passes SQLs in order', () => {
    expect(run(funnelOrder, august({}))).toMatchObject({ status: 'pass', data: { sqls: 5, wrong: 0 } });
  });

  it('proves an SQL handed over two days before its lead, and passes one day', () => {
    const [found] = failures(run(funnelOrder, august({ lead_id: '2026-08-12#0' })));
    expect(found).toMatchObject({ proof: true, severity: 'watch', observed: 1, data: { beforeLead: 1 } });
    expect(found?.records).toEqual(['S-2026-08-10#0/2026-08-12#0']);
    expect(run(funnelOrder, august({ lead_id: '2026-08-11#0' })).status).toBe('pass');
  });

  it('proves an SQL qualified after its hand-over, or decided before it', () => {
    expect(
      failures(run(funnelOrder, august({ qualified_at: '2026-08-12T00:00:00' })))[0]?.data.beforeQualified,
    ).toBe(1);
    expect(run(funnelOrder, august({ qualified_at: '2026-08-11T23:00:00' })).status).toBe('pass');
    expect(failures(run(funnelOrder, august({ decided_at: '2026-08-08' })))[0]?.data.decidedBefore).toBe(1);
    expect(run(funnelOrder, august({ decided_at: '2026-08-09' })).status).toBe('pass');
    expect(run(funnelOrder, august({ decided_at: '2026-08-01', disposition: 'pending' })).status).toBe(
      'pass',
    );
  });

  it('proves an SQL without a lead only when leads reach back 90 days and had 30 days to come in', () => {
    const missing = { lead_id: 'nobody' };
    expect(run(funnelOrder, august(missing, 246)).status).toBe('pass'); // 7 September
    expect(failures(run(funnelOrder, august(missing, 249)))[0]?.data.withoutLead).toBe(1);
    const input = august(missing, 280);
    const young = {
      ...input,
      history: { ...input.history, leads: { ...input.history.leads!, first: 217 - 89 } },
    };
    expect(run(funnelOrder, young).status).toBe('pass');
  });

  it('counts an SQL with two faults once', () => {
    const [found] = failures(run(funnelOrder, august({ lead_id: '2026-08-12#0', decided_at: '2026-08-01' })));
    expect(found).toMatchObject({ observed: 1, data: { wrong: 1, beforeLead: 1, decidedBefore: 1 } });
  });

  it('could not tell without SQLs in the period', () => {
    expect(
      reasonOf(run(funnelOrder, checkInput(recordsOnly({ sqls: sqlsOn('2026-06-10', 3) }), '2026-08'))),
    ).toBe('no-sqls-in-period');
    expect(reasonOf(run(funnelOrder, checkInput(recordsOnly({}), '2026-08')))).toBe('no-sql-records');
  });

  it('could not tell where no date of its own and no lead are there to compare', () => {
    const bare = { qualified_at: null, decided_at: null, lead_id: 'nobody' } as const;
    const sqls = sqlsOn('2026-08-10', 5, () => bare);
    // Leads that begin in the middle of the period: the older ones are not known, so none can be missed.
    const leads = leadsOn('2026-08-20', 3);
    const begun = recordsOnly({ leads, sqls, days: 280 });
    const young = { ...begun, leads: { ...begun.leads!, first: 227 } };
    const result = run(funnelOrder, checkInput(young, '2026-08'));
    expect(result.status).toBe('insufficient_data');
    expect(reasonOf(result)).toBe('no-dates-to-compare');
    const alone = run(funnelOrder, checkInput(recordsOnly({ sqls, days: 280 }), '2026-08'));
    expect(alone.status).toBe('not_applicable');
  });

  it('passes quiet companies', () => {
    for (let seed = 1; seed <= 5; seed += 1)
      expect(
        run(funnelOrder, checkInput(quietHistory({ seed, days: 239, daysAfter: 40 }), '2026-08')).status,
      ).toBe('pass');
  });
});
