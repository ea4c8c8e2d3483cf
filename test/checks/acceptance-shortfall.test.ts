import { describe, expect, it } from 'vitest';
import { acceptanceShortfall } from '../../lib/checks/acceptance-shortfall.ts';
import { betaBinomialLowerTail } from '../../lib/statistics/beta-binomial.ts';
import { binomialLowerTail } from '../../lib/statistics/binomial.ts';
import { withStuffedSqls } from '../fixtures/faults.ts';
import { august, flatHistory } from '../fixtures/flat.ts';
import { checkInput, quietHistory, withSqls } from '../fixtures/generators.ts';
import { keepsItsPage } from './page.ts';
import { failures, raisedShare, reasonOf, run } from './run.ts';

const floor = { agreement: { floor: 0.6 } };

/** A history of ten SQLs every tenth day, eight of them accepted, and a cohort in August of given fates. */
function flat(cohort: { accepted: number; refused?: number; pending?: number }, options = {}, first = 0) {
  const { accepted, refused = 0, pending = 0 } = cohort;
  const history = flatHistory({
    sqls: (i) =>
      i === august.from
        ? accepted + refused + pending
        : i < august.from && i >= first && i % 10 === 5
          ? 10
          : 0,
    accepts: (i, k) => {
      if (i !== august.from) return k < 8;
      if (k < accepted) return true;
      return k < accepted + refused ? false : null;
    },
  });
  return checkInput(history, august.id, options);
}

/** A cohort that only the floor is held against. */
const floorOnly = (accepted: number, refused: number) => flat({ accepted, refused }, floor, august.from);

describe('acceptance-shortfall', () => {
  keepsItsPage(acceptanceShortfall);

  it('reviews 50 of 100 accepted against a history of 80 %', () => {
    const [found] = failures(run(acceptanceShortfall, flat({ accepted: 50, refused: 50 }, floor)));
    expect(found).toMatchObject({ severity: 'review', messageId: 'belowHistory', observed: 50 });
    expect(found?.expected).toBeCloseTo(80, 9);
    expect(found?.effect).toBeCloseTo(0.625, 9);
  });

  it('fails at 85 % of the expected share and passes one SQL above it', () => {
    const [found] = failures(run(acceptanceShortfall, flat({ accepted: 136, refused: 64 }), { watchP: 0.1 }));
    expect(found?.effect).toBeCloseTo(0.85, 9);
    expect(found?.range).toEqual([137, 200]);
    expect(run(acceptanceShortfall, flat({ accepted: 137, refused: 63 }), { watchP: 0.1 }).status).toBe(
      'pass',
    );
  });

  it('needs five SQLs short', () => {
    // 25 at 80 % are 20 expected: 15 accepted are five short, 16 four.
    expect(run(acceptanceShortfall, flat({ accepted: 15, refused: 10 }), { watchP: 0.2 }).status).toBe(
      'fail',
    );
    expect(run(acceptanceShortfall, flat({ accepted: 16, refused: 9 }), { watchP: 0.2 }).status).toBe('pass');
  });

  it('takes pending SQLs as accepted', () => {
    expect(run(acceptanceShortfall, flat({ accepted: 40, refused: 40, pending: 20 })).status).toBe('fail');
    expect(run(acceptanceShortfall, flat({ accepted: 40, refused: 30, pending: 30 })).status).toBe('pass');
  });

  it('counts a returned SQL as not accepted and a disqualified one as accepted', () => {
    const input = flat({ accepted: 50, refused: 50 });
    const rows = input.history.sqls!.rows.map((sql) => {
      if (!sql.delivered_at.startsWith('2026-08')) return sql;
      return {
        ...sql,
        disposition: sql.disposition === 'accepted' ? ('disqualified' as const) : ('returned' as const),
      };
    });
    const changed = checkInput(withSqls(input.history, rows), august.id);
    expect(failures(run(acceptanceShortfall, changed))[0]?.data).toMatchObject({ accepted: 50, refused: 50 });
  });

  it('leaves contested rejections out of both counts', () => {
    const input = flat({ accepted: 50, refused: 50 });
    let left = 40;
    const rows = input.history.sqls!.rows.map((sql) => {
      const isContested =
        sql.delivered_at.startsWith('2026-08') && sql.disposition === 'rejected' && left-- > 0;
      return { ...sql, isContested };
    });
    const result = run(acceptanceShortfall, checkInput(withSqls(input.history, rows), august.id));
    expect(result).toMatchObject({ status: 'pass', data: { judged: 60, contested: 40, refused: 10 } });
  });

  it('doubles the smaller p where both tests ran, and takes the only one otherwise', () => {
    const [both] = failures(run(acceptanceShortfall, flat({ accepted: 50, refused: 50 }, floor)));
    const d = both!.data as Record<string, number>;
    expect(d.floorP).toBeCloseTo(binomialLowerTail(50, 100, 0.6), 12);
    const p = betaBinomialLowerTail(50, 100, d.historyShare! * d.weight!, (1 - d.historyShare!) * d.weight!);
    expect(both!.p).toBeCloseTo(2 * p, 12);
    const [one] = failures(run(acceptanceShortfall, floorOnly(40, 60)));
    expect(one).toMatchObject({ messageId: 'belowFloor' });
    expect(one!.p).toBeCloseTo(binomialLowerTail(40, 100, 0.6), 12);
  });

  it('bounds the share both ways', () => {
    const [found] = failures(run(acceptanceShortfall, flat({ accepted: 40, refused: 40, pending: 20 })));
    expect(found?.data).toMatchObject({ worstShare: 0.4, bestShare: 0.6 });
  });

  it('assumes some correlation inside a month, however even the history', () => {
    const [found] = failures(run(acceptanceShortfall, flat({ accepted: 50, refused: 50 })));
    expect(found?.data.rho).toBe(0.005);
  });

  it('is insufficient_data on 19 decided SQLs', () => {
    expect(reasonOf(run(acceptanceShortfall, flat({ accepted: 4, refused: 15 }, floor)))).toBe(
      'few-decisions',
    );
    expect(run(acceptanceShortfall, flat({ accepted: 4, refused: 16 }, floor)).status).toBe('fail');
  });

  it('is insufficient_data without a floor on one month or on 39 decided SQLs of history', () => {
    const cohort = { accepted: 50, refused: 50 };
    expect(reasonOf(run(acceptanceShortfall, flat(cohort, {}, 177)))).toBe('no-floor-and-short-history');
    expect(reasonOf(run(acceptanceShortfall, flat(cohort, {}, 140)))).not.toBe('no-floor-and-short-history');
    expect(reasonOf(run(acceptanceShortfall, flat(cohort, {}, 140), { minBaselineSqls: 71 }))).toBe(
      'no-floor-and-short-history',
    );
    expect(run(acceptanceShortfall, flat(cohort, {}, 140), { minBaselineSqls: 70 }).status).toBe('fail');
  });

  it('does not pass a cohort of which more than half is pending', () => {
    expect(reasonOf(run(acceptanceShortfall, flat({ accepted: 20, refused: 5, pending: 26 })))).toBe(
      'still-pending',
    );
    expect(run(acceptanceShortfall, flat({ accepted: 20, refused: 5, pending: 25 })).status).toBe('pass');
  });

  it('leaves periods under review out of the history', () => {
    const input = flat({ accepted: 50, refused: 50 }, { isLeftOut: (_: unknown, i: number) => i >= 100 });
    expect(failures(run(acceptanceShortfall, input))[0]?.data.historySqls).toBe(100);
  });

  it('is not_applicable without SQLs', () => {
    expect(reasonOf(run(acceptanceShortfall, checkInput(flatHistory({ leads: () => 1 }), august.id)))).toBe(
      'no-sqls',
    );
  });

  it('reviews stuffed hand-overs', () => {
    const quiet = quietHistory({ seed: 6, days: 240, daysAfter: 20 });
    const history = withStuffedSqls(quiet, { day: 235, count: 50, accepted: 3 });
    expect(failures(run(acceptanceShortfall, checkInput(history, august.id, floor)))[0]?.severity).toBe(
      'review',
    );
  });

  it('raises no quiet month', () => {
    const share = raisedShare(
      60,
      (seed) =>
        failures(
          run(
            acceptanceShortfall,
            checkInput(quietHistory({ seed, days: 240, daysAfter: 20 }), august.id, floor),
          ),
        ).length > 0,
    );
    expect(share).toBe(0);
  });
});
