import { describe, expect, it } from 'vitest';
import { rejectionWithoutCause } from '../../lib/checks/rejection-without-cause.ts';
import type { SqlCase } from '../../lib/model/history.ts';
import { checkInput, quietHistory } from '../fixtures/generators.ts';
import { recordsOnly, sqlsOn } from '../fixtures/records.ts';
import { keepsItsPage } from './page.ts';
import { failures, reasonOf, run } from './run.ts';

const contested: Partial<SqlCase> = { disposition: 'rejected', isContested: true, reason: null };

function augustSqls(contestedCount: number, decided = 60, contestedBefore = 1) {
  const before = sqlsOn('2026-06-10', 300, (k) => (k < contestedBefore ? contested : {}));
  const now = sqlsOn('2026-08-10', decided, (k) => (k < contestedCount ? contested : {}));
  return checkInput(recordsOnly({ sqls: [...before, ...now] }), '2026-08');
}

describe('rejection-without-cause', () => {
  keepsItsPage(rejectionWithoutCause);

  it('asks for a decision at ten contested of sixty, watches nine and passes six', () => {
    expect(failures(run(rejectionWithoutCause, augustSqls(10)))[0]).toMatchObject({
      severity: 'review',
      observed: 10,
    });
    const [nine] = failures(run(rejectionWithoutCause, augustSqls(9)));
    expect(nine?.severity).toBe('watch');
    expect(nine?.p).toBeCloseTo(0.00285, 5);
    expect(run(rejectionWithoutCause, augustSqls(6)).status).toBe('pass');
  });

  it('names the rejected SQLs by SQL and lead', () => {
    expect(failures(run(rejectionWithoutCause, augustSqls(9)))[0]?.records?.[0]).toBe(
      'S-2026-08-10#0/2026-08-10#0',
    );
  });

  it('needs three contested ones however improbable they are', () => {
    expect(run(rejectionWithoutCause, augustSqls(2, 5), { floor: 0.001 }).status).toBe('pass');
    expect(run(rejectionWithoutCause, augustSqls(3, 5), { floor: 0.001 }).status).toBe('fail');
  });

  it('holds a unit against its own history', () => {
    expect(run(rejectionWithoutCause, augustSqls(9, 60, 45)).status).toBe('pass');
  });

  it('is about sales, whatever the order of the rows', () => {
    const input = augustSqls(10);
    const rows = input.history.sqls!.rows.toReversed();
    const turned = { ...input, history: { ...input.history, sqls: { ...input.history.sqls!, rows } } };
    expect(failures(run(rejectionWithoutCause, turned))[0]?.p).toBe(
      failures(run(rejectionWithoutCause, input))[0]?.p,
    );
    expect(rejectionWithoutCause.side).toBe('sales');
  });

  it('could not tell with four decisions', () => {
    expect(reasonOf(run(rejectionWithoutCause, augustSqls(4, 4)))).toBe('few-decisions');
    expect(reasonOf(run(rejectionWithoutCause, checkInput(recordsOnly({}), '2026-08')))).toBe(
      'no-sql-records',
    );
  });

  it('passes quiet companies', () => {
    for (let seed = 1; seed <= 5; seed += 1)
      expect(
        run(rejectionWithoutCause, checkInput(quietHistory({ seed, days: 239 }), '2026-08')).status,
      ).toBe('pass');
  });
});
