import { describe, expect, it } from 'vitest';
import { acceptanceShortfall } from '../../lib/checks/acceptance-shortfall.ts';
import { betaBinomialLowerTail } from '../../lib/statistics/beta-binomial.ts';
import { binomialLowerTail } from '../../lib/statistics/binomial.ts';
import { negativeBinomialUpperTail } from '../../lib/statistics/negative-binomial.ts';
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

/** 10 leads, 2 SQLs a day and 80 % of them accepted before August; then 62 SQLs are expected of its 310 leads. */
function stuffed(delivered: number, accepted: number, options = {}, pending = 0) {
  const history = flatHistory({
    leads: () => 10,
    sqls: (i) => (i < august.from ? 2 : i === august.from ? delivered : 0),
    accepts: (i, k) => {
      if (i < august.from) return (2 * i + k) % 5 < 4;
      if (k < accepted) return true;
      return k < delivered - pending ? false : null;
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

  describe('together with SQLs per lead', () => {
    it('reviews what neither shows by itself, with the larger p of both', () => {
      const [found] = failures(run(acceptanceShortfall, stuffed(78, 53)));
      expect(found).toMatchObject({ severity: 'review', messageId: 'moreAndFewer', observed: 53 });
      const d = found!.data as Record<string, number>;
      for (const p of [d.acceptanceP!, d.rateP!]) {
        expect(p).toBeGreaterThan(0.01);
        expect(p).toBeLessThanOrEqual(0.05);
      }
      expect(found!.p).toBe(Math.max(d.acceptanceP!, d.rateP!));
      expect(d).toMatchObject({ leads: 310, delivered: 78 });
      expect(d.deliveredExpected).toBeCloseTo(62, 6);
      expect(d.rateP).toBeCloseTo(negativeBinomialUpperTail(78, d.deliveredExpected!, d.dispersion!), 12);
    });

    it('needs both p at the level asked for', () => {
      const { acceptanceP, rateP } = failures(run(acceptanceShortfall, stuffed(78, 53)))[0]!.data as Record<
        string,
        number
      >;
      const larger = Math.max(acceptanceP!, rateP!);
      expect(run(acceptanceShortfall, stuffed(78, 53), { jointP: larger }).status).toBe('fail');
      const below = run(acceptanceShortfall, stuffed(78, 53), { jointP: larger - 1e-9 });
      expect(below).toMatchObject({ status: 'pass', p: acceptanceP });
      expect(run(acceptanceShortfall, stuffed(78, 53), { jointP: 0.011 }).status).toBe('pass');
    });

    it('needs a quarter more SQLs per lead and ten SQLs more than the leads explain', () => {
      const status = (delivered: number, accepted: number, limits = {}) =>
        run(acceptanceShortfall, stuffed(delivered, accepted), { jointP: 0.2, ...limits }).status;
      expect(status(78, 53)).toBe('fail');
      expect(status(77, 52)).toBe('pass');
      expect(status(77, 52, { jointRatio: 1.24 })).toBe('fail');
      expect(status(78, 53, { jointExcess: 15.9 })).toBe('fail');
      expect(status(78, 53, { jointExcess: 16.1 })).toBe('pass');
    });

    it('keeps the gates of the shortfall, and takes pending SQLs as accepted', () => {
      const status = (input: ReturnType<typeof stuffed>, limits = {}) =>
        run(acceptanceShortfall, input, limits).status;
      expect(status(stuffed(78, 54), { jointP: 0.2 })).toBe('pass');
      expect(status(stuffed(78, 53, {}, 1), { jointP: 0.2 })).toBe('pass');
      expect(status(stuffed(78, 53), { minShort: 9.5 })).toBe('pass');
      expect(status(stuffed(78, 53), { minShort: 9.3 })).toBe('fail');
    });

    it('raises a shortfall at watch to a review with the p it has, and leaves one at review as it is', () => {
      const [watched] = failures(run(acceptanceShortfall, stuffed(78, 50)));
      expect(watched).toMatchObject({ severity: 'review', messageId: 'moreAndFewer' });
      expect(watched!.p).toBe(watched!.data.acceptanceP);
      expect(watched!.p).toBeLessThanOrEqual(0.01);
      expect(failures(run(acceptanceShortfall, stuffed(78, 50), { jointP: 0 }))[0]).toMatchObject({
        severity: 'watch',
        messageId: 'belowHistory',
        p: watched!.p,
      });
      expect(failures(run(acceptanceShortfall, stuffed(78, 30)))[0]).toMatchObject({
        severity: 'review',
        messageId: 'belowHistory',
      });
    });

    it('says nothing where SQLs per lead cannot be told', () => {
      const status = (limits = {}, options = {}) =>
        run(acceptanceShortfall, stuffed(78, 52, options), limits).status;
      expect(status({ minRateSqls: 364 })).toBe('fail');
      expect(status({ minRateSqls: 365 })).toBe('pass');
      const lastDays = (days: number) => ({ isLeftOut: (_: unknown, i: number) => i < august.from - days });
      expect(status({ jointP: 0.2 }, lastDays(56))).toBe('fail');
      expect(status({ jointP: 0.2 }, lastDays(55))).toBe('pass');
      const { history } = stuffed(78, 52);
      expect(run(acceptanceShortfall, checkInput({ ...history, leads: null }, august.id)).status).toBe(
        'pass',
      );
    });
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
