import { describe, expect, it } from 'vitest';
import { periodEndSurge } from '../../lib/checks/period-end-surge.ts';
import { august, flatHistory } from '../fixtures/flat.ts';
import { checkInput, quietHistory } from '../fixtures/generators.ts';
import { keepsItsPage } from './page.ts';
import { failures, raisedShare, reasonOf, run } from './run.ts';

/** Last business days of August 2026: Thursday 27, Friday 28, Monday 31 with the weekend between them. */
const last = august.to - 5;

/** Four SQLs a day, `end` of them on each of August's last five days; `accepts` says which the last days' were. */
function surge(given: {
  end: number;
  days?: number;
  habit?: number;
  accepts?: boolean;
  september?: (day: number) => number;
  first?: number;
}) {
  const { end, days = 270, habit = 4, accepts = true, september = () => 4, first = 0 } = given;
  const isEnd = (day: number) => monthEnds.some((to) => day < to && day >= to - 5);
  const history = flatHistory({
    days,
    sqls: (day) =>
      day < first
        ? 0
        : day >= august.to
          ? september(day - august.to)
          : day >= last
            ? end
            : isEnd(day)
              ? habit
              : 4,
    accepts: (day) => (day >= last && day < august.to ? accepts : true),
  });
  const input = checkInput(history, august.id);
  return { ...input, isBaselineDay: (_: unknown, i: number) => i >= first && i < input.from };
}

/** Index after the last day of each earlier month. */
const monthEnds = [27, 55, 86, 116, 147, 177, 208];

describe('period-end-surge', () => {
  keepsItsPage(periodEndSurge);

  it('only watches a surge that sales accepts', () => {
    const [found] = failures(run(periodEndSurge, surge({ end: 20 })));
    expect(found).toMatchObject({
      kpi: 'sqls_delivered',
      messageId: 'surge',
      severity: 'watch',
      observed: 100,
    });
    expect(found?.records).toHaveLength(100);
  });

  it('asks for a decision when that cohort is not accepted', () => {
    const [found] = failures(run(periodEndSurge, surge({ end: 20, accepts: false })));
    expect(found).toMatchObject({
      messageId: 'surgeThatFails',
      severity: 'review',
      data: { fateShare: 0, usualFate: 1 },
    });
  });

  it('asks for a decision when the next period dips', () => {
    const begins = (count: number) => (day: number) => (day < 5 ? count : 4);
    expect(failures(run(periodEndSurge, surge({ end: 20, september: begins(0) })))[0]).toMatchObject({
      messageId: 'surgeThatDips',
      severity: 'review',
    });
    expect(failures(run(periodEndSurge, surge({ end: 20, september: begins(3) })))[0]?.severity).toBe(
      'watch',
    );
  });

  it('takes no end of the deliveries for a dip', () => {
    expect(failures(run(periodEndSurge, surge({ end: 20, september: () => 0 })))[0]?.severity).toBe('watch');
  });

  it('judges the fate of leads only over the days that SQLs are known for', () => {
    const found = (sqlsUntil: number) =>
      failures(
        run(
          periodEndSurge,
          checkInput(
            flatHistory({
              days: 270,
              leads: (day) => (day >= last && day < august.to ? 20 : 4),
              sqls: (day) => (day < sqlsUntil ? 2 : 0),
              accepts: () => true,
            }),
            august.id,
          ),
        ),
      ).find((f) => f.kpi === 'leads');
    expect(found(august.to)).toMatchObject({ severity: 'watch', data: { fateShare: null } });
    expect(found(august.to + 1)).toMatchObject({
      severity: 'review',
      data: { fateShare: 0.1, usualFate: 0.5 },
    });
  });

  it('judges the fate from twenty days after the end, not before', () => {
    expect(
      failures(run(periodEndSurge, surge({ end: 20, accepts: false, days: august.to + 19 })))[0]?.severity,
    ).toBe('watch');
    expect(
      failures(run(periodEndSurge, surge({ end: 20, accepts: false, days: august.to + 20 })))[0]?.severity,
    ).toBe('review');
  });

  it('passes a count below one and a half times the usual, and its small p counts nowhere', () => {
    expect(run(periodEndSurge, surge({ end: 6 }), { minRatio: 1.5 }).status).toBe('pass');
    expect(run(periodEndSurge, surge({ end: 20 }), { minRatio: 5 })).toMatchObject({
      status: 'pass',
      p: null,
    });
  });

  it('asks the weekdays too, however many earlier months are known', () => {
    const [found] = failures(run(periodEndSurge, surge({ end: 20 })));
    const { habitP, weekdayP } = found!.data as { habitP: number; weekdayP: number };
    expect(found!.p).toBeCloseTo(Math.max(habitP, weekdayP), 12);
    expect(found!.data.habitPeriods).toBe(6);
  });

  it('takes full month ends of six earlier months for a habit', () => {
    expect(run(periodEndSurge, surge({ end: 20, habit: 20 })).status).toBe('pass');
  });

  it('stops at watch where only one earlier month could show a habit', () => {
    const found = failures(run(periodEndSurge, surge({ end: 20, accepts: false, first: 148 })));
    expect(found[0]?.severity).toBe('watch');
  });

  it('could not tell on few records, on missing days, or without a history', () => {
    expect(reasonOf(run(periodEndSurge, surge({ end: 20 }), { minTotal: 1000 }))).toBe('few-records');
    expect(reasonOf(run(periodEndSurge, surge({ end: 20 }), { minExpected: 1000 }))).toBe('few-expected');
    expect(reasonOf(run(periodEndSurge, surge({ end: 20, days: august.to - 1 })))).toBe(
      'days-missing-or-not-final',
    );
    expect(reasonOf(run(periodEndSurge, surge({ end: 20, first: 205 })))).toBe('short-history');
    expect(reasonOf(run(periodEndSurge, checkInput(flatHistory({}), august.id)))).toBe('no-records');
  });

  it('watches at most two quiet months in forty and asks for a decision on at most one', () => {
    const severities = (seed: number) =>
      failures(run(periodEndSurge, checkInput(quietHistory({ seed, days: 270 }), '2026-08'))).map(
        (f) => f.severity,
      );
    expect(raisedShare(40, (seed) => severities(seed).length > 0)).toBeLessThanOrEqual(0.05);
    expect(raisedShare(40, (seed) => severities(seed).includes('review'))).toBeLessThanOrEqual(0.025);
  });
});
