import { describe, expect, it } from 'vitest';
import { unworkedSqls } from '../../lib/checks/unworked-sqls.ts';
import type { SqlCase } from '../../lib/model/history.ts';
import { checkInput, quietHistory } from '../fixtures/generators.ts';
import { recordsOnly, sqlsOn } from '../fixtures/records.ts';
import { keepsItsPage } from './page.ts';
import { failures, reasonOf, run } from './run.ts';

const overdue: Partial<SqlCase> = {
  disposition: 'pending',
  decidedOn: null,
  decided_at: null,
  isOverdue: true,
};

function august(count: number, change: Partial<SqlCase> = overdue, total = 60) {
  const sqls = [
    ...sqlsOn('2026-06-10', 300),
    ...sqlsOn('2026-08-10', total, (k) => (k < count ? change : {})),
  ];
  return recordsOnly({ sqls });
}

describe('unworked-sqls', () => {
  keepsItsPage(unworkedSqls);

  it('finds a third overdue and passes less than a fifth', () => {
    expect(failures(run(unworkedSqls, checkInput(august(20), '2026-08')))[0]).toMatchObject({
      messageId: 'undecided',
      severity: 'review',
      observed: 20,
      data: { within: '5bd' },
    });
    expect(run(unworkedSqls, checkInput(august(12), '2026-08'), { floor: 0.01 }).status).toBe('fail');
    expect(run(unworkedSqls, checkInput(august(11), '2026-08'), { floor: 0.01 })).toMatchObject({
      status: 'pass',
      p: null,
    });
    expect(run(unworkedSqls, checkInput(august(4, overdue, 5), '2026-08')).status).toBe('pass');
    expect(unworkedSqls.side).toBe('sales');
  });

  it('looks at contacts only where a time for them is agreed', () => {
    const none = august(30, { first_contact_at: null });
    expect(run(unworkedSqls, checkInput(none, '2026-08')).status).toBe('pass');
    const agreed = { agreement: { contactWithin: '2bd' } };
    expect(failures(run(unworkedSqls, checkInput(none, '2026-08', agreed)))[0]).toMatchObject({
      messageId: 'uncontacted',
      observed: 30,
    });
  });

  it('counts a contact on the last day agreed as in time, weekends and holidays left out', () => {
    const on = (day: string) =>
      run(
        unworkedSqls,
        checkInput(august(30, { first_contact_at: `${day}T18:00:00` }), '2026-08', {
          agreement: { contactWithin: '4bd' },
        }),
      );
    expect(on('2026-08-14').status).toBe('pass');
    expect(on('2026-08-15').status).toBe('fail');
    const history = august(30, { first_contact_at: '2026-08-17' });
    const holidays = history.holidays.map((_, i) => i === 220); // 13 August
    expect(
      run(
        unworkedSqls,
        checkInput({ ...history, holidays }, '2026-08', { agreement: { contactWithin: '4bd' } }),
      ).status,
    ).toBe('pass');
  });

  it('does not ask for contacts above the capacity agreed', () => {
    const late = checkInput(august(60, { first_contact_at: null }), '2026-08', {
      agreement: { contactWithin: '2bd', capacityPerDay: 4 },
    });
    expect(run(unworkedSqls, late).status).toBe('pass');
  });

  it('could not tell without SQLs', () => {
    expect(reasonOf(run(unworkedSqls, checkInput(august(0, {}, 0), '2026-08')))).toBe('no-sqls-in-period');
    expect(reasonOf(run(unworkedSqls, checkInput(recordsOnly({}), '2026-08')))).toBe('no-sql-records');
  });

  it('passes quiet companies', () => {
    for (let seed = 1; seed <= 5; seed += 1)
      expect(
        run(unworkedSqls, checkInput(quietHistory({ seed, days: 239, daysAfter: 30 }), '2026-08')).status,
      ).toBe('pass');
  });
});
