import { describe, expect, it } from 'vitest';
import { acceptanceRubberStamp } from '../../lib/checks/acceptance-rubber-stamp.ts';
import type { SqlCase } from '../../lib/model/history.ts';
import { checkInput, quietHistory } from '../fixtures/generators.ts';
import { recordsOnly, sqlsOn } from '../fixtures/records.ts';
import { keepsItsPage } from './page.ts';
import { failures, reasonOf, run } from './run.ts';

/** SQLs that one person decides hours after they came, an hour apart. */
const unhurried = (k: number): Partial<SqlCase> => ({
  decided_at: `2026-08-${String(11 + Math.floor(k / 20)).padStart(2, '0')}T${String(k % 20).padStart(2, '0')}:00:00`,
});

function august(count: number, change: (k: number) => Partial<SqlCase>, total = 80) {
  const before = sqlsOn('2026-06-10', 100, (k) => ({
    decided_at: `2026-06-${11 + (k % 15)}T${String(k % 20).padStart(2, '0')}:0${k % 7}:00`,
  }));
  const now = sqlsOn('2026-08-10', total, (k) => ({ ...unhurried(k), ...(k < count ? change(k) : {}) }));
  return checkInput(recordsOnly({ sqls: [...before, ...now], days: 300 }), '2026-08');
}

describe('acceptance-rubber-stamp', () => {
  keepsItsPage(acceptanceRubberStamp);

  it('passes SQLs accepted one by one, however many', () => {
    expect(
      run(
        acceptanceRubberStamp,
        august(0, () => ({})),
      ).status,
    ).toBe('pass');
  });

  it('finds a bulk of ten within a minute, and passes nine', () => {
    const bulk = (k: number) => ({ decided_at: `2026-08-20T10:00:${String((k % 10) * 6).padStart(2, '0')}` });
    expect(failures(run(acceptanceRubberStamp, august(20, bulk)))[0]).toMatchObject({
      severity: 'review',
      observed: 20,
      data: { inBulk: 20 },
    });
    expect(run(acceptanceRubberStamp, august(9, bulk, 20)).status).toBe('pass');
  });

  it('finds SQLs accepted within a minute of their hand-over, and passes later ones', () => {
    const decidedAt = (time: string) => (k: number) => ({
      decided_at: `2026-08-10T${time}`,
      decided_by: `person-${k}`,
    });
    expect(failures(run(acceptanceRubberStamp, august(20, decidedAt('10:01:00'))))[0]?.data.inSeconds).toBe(
      20,
    );
    expect(run(acceptanceRubberStamp, august(20, decidedAt('10:01:01'))).status).toBe('pass');
  });

  it('finds SQLs accepted by who handed them over', () => {
    expect(
      failures(
        run(
          acceptanceRubberStamp,
          august(16, () => ({ decided_by: 'person-m' })),
        ),
      )[0],
    ).toMatchObject({ severity: 'review', data: { bySelf: 16 } });
    expect(
      run(
        acceptanceRubberStamp,
        august(15, () => ({ decided_by: 'person-m' })),
      ),
    ).toMatchObject({ status: 'pass', p: null });
  });

  it('finds SQLs taken back thirty days after the end', () => {
    const back = (day: string) => () => ({
      disposition: 'disqualified' as const,
      decided_at: `${day}T09:00:00`,
      decided_by: null,
    });
    expect(failures(run(acceptanceRubberStamp, august(20, back('2026-10-01'))))[0]?.data.reversed).toBe(20);
    expect(run(acceptanceRubberStamp, august(20, back('2026-09-30'))).status).toBe('pass');
  });

  it('could not tell without accepted SQLs, and has nothing to judge without times and people', () => {
    expect(
      reasonOf(
        run(
          acceptanceRubberStamp,
          august(0, () => ({}), 0),
        ),
      ),
    ).toBe('none-accepted');
    const bare = sqlsOn('2026-08-10', 9, () => ({ decided_at: '2026-08-11', decided_by: null }));
    expect(reasonOf(run(acceptanceRubberStamp, checkInput(recordsOnly({ sqls: bare }), '2026-08')))).toBe(
      'no-times-or-people',
    );
    expect(reasonOf(run(acceptanceRubberStamp, checkInput(recordsOnly({}), '2026-08')))).toBe(
      'no-sql-records',
    );
  });

  it('holds a team that decides in one meeting against its own habit', () => {
    const input = checkInput(quietHistory({ seed: 1, days: 239 }), '2026-08');
    const before = run(acceptanceRubberStamp, input, { bulk: 3 });
    expect(before.status).toBe('pass');
  });
});
