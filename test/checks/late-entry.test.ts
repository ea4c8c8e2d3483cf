import { describe, expect, it } from 'vitest';
import { lateEntry } from '../../lib/checks/late-entry.ts';
import { checkInput, quietHistory } from '../fixtures/generators.ts';
import { claimOf, leadsOn, payFor, recordsOnly, sqlsOn } from '../fixtures/records.ts';
import { keepsItsPage } from './page.ts';
import { failures, reasonOf, run } from './run.ts';

const pay = payFor('leads', 100);

/** 100 leads of 10 August, some entered so many days later. */
function august(late: number, enteredAt: string, total = 100, lateBefore = 0) {
  const before = leadsOn('2026-06-10', 500, (k) =>
    k < lateBefore ? { record_entered_at: '2026-06-30' } : {},
  );
  const now = leadsOn('2026-08-10', total, (k) => (k < late ? { record_entered_at: enteredAt } : {}));
  return checkInput(recordsOnly({ leads: [...before, ...now], days: 280 }), '2026-08', { pay });
}

describe('late-entry', () => {
  keepsItsPage(lateEntry);

  it('finds five late leads in a hundred and passes four', () => {
    expect(failures(run(lateEntry, august(5, '2026-08-18')))[0]).toMatchObject({
      severity: 'watch',
      observed: 5,
      effect: 0.05,
    });
    expect(failures(run(lateEntry, august(8, '2026-08-18')))[0]?.severity).toBe('review');
    expect(run(lateEntry, august(4, '2026-08-18'), { floor: 0.001 })).toMatchObject({
      status: 'pass',
      p: null,
    });
    expect(run(lateEntry, august(7, '2026-08-18', 150)).status).toBe('pass');
  });

  it('calls nothing late that was entered on the seventh day', () => {
    expect(run(lateEntry, august(50, '2026-08-17T23:59:00')).status).toBe('pass');
    expect(run(lateEntry, august(50, '2026-08-18T00:00:00')).status).toBe('fail');
  });

  it('counts those entered after the period had ended', () => {
    expect(failures(run(lateEntry, august(8, '2026-09-02')))[0]?.data.across).toBe(8);
  });

  it('leaves what was entered after the claim to restated', () => {
    const input = august(20, '2026-09-04');
    const claimed = { ...input, history: { ...input.history, claims: [claimOf('leads', 80, '2026-09-03')] } };
    expect(run(lateEntry, input).status).toBe('fail');
    expect(run(lateEntry, claimed).status).toBe('pass');
  });

  it('holds a unit against its own habit', () => {
    expect(run(lateEntry, august(8, '2026-08-18', 100, 40)).status).toBe('pass');
  });

  it('judges SQLs by their hand-over', () => {
    const sqls = sqlsOn('2026-08-03', 50, (k) => (k < 9 ? { record_entered_at: '2026-08-28' } : {}));
    const input = checkInput(recordsOnly({ sqls, days: 280 }), '2026-08', {
      pay: payFor('sqls_delivered', 50),
    });
    expect(failures(run(lateEntry, input))[0]?.records?.[0]).toBe('S-2026-08-03#0/2026-08-03#0');
  });

  it('could not tell without records, and has nothing to judge without entry times or for visits', () => {
    expect(
      reasonOf(
        run(lateEntry, checkInput(recordsOnly({ leads: leadsOn('2026-06-10', 5) }), '2026-08', { pay })),
      ),
    ).toBe('no-records-in-period');
    const untimed = leadsOn('2026-08-10', 5, () => ({ record_entered_at: null }));
    expect(reasonOf(run(lateEntry, checkInput(recordsOnly({ leads: untimed }), '2026-08', { pay })))).toBe(
      'no-entry-times',
    );
    expect(reasonOf(run(lateEntry, { ...august(0, ''), pay: payFor('visitors', 100) }))).toBe('no-records');
  });

  it('passes quiet companies', () => {
    for (let seed = 1; seed <= 5; seed += 1)
      expect(run(lateEntry, checkInput(quietHistory({ seed, days: 239 }), '2026-08', { pay })).status).toBe(
        'pass',
      );
  });
});
