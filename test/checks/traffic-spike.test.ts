import { describe, expect, it } from 'vitest';
import { trafficSpike } from '../../lib/checks/traffic-spike.ts';
import type { Row } from '../../lib/model/datasets.ts';
import { negativeBinomialUpperTail } from '../../lib/statistics/negative-binomial.ts';
import { withoutTrafficDays, withVisits } from '../fixtures/faults.ts';
import { august, flatHistory } from '../fixtures/flat.ts';
import { checkInput, quietHistory } from '../fixtures/generators.ts';
import { keepsItsPage } from './page.ts';
import { failures, raisedShare, reasonOf, run } from './run.ts';

/** 100 visitors a day before August; `total` of them in August. */
function flat(total: number, first = 0) {
  const extra = total - 31 * Math.floor(total / 31);
  const visitors = (i: number) => {
    if (i < first) return null;
    return i < august.from ? 100 : Math.floor(total / 31) + (i - august.from < extra ? 1 : 0);
  };
  return checkInput(flatHistory({ sources: [{ visitors }] }), august.id);
}

function entry(values: Partial<Row<'calendar'>>): Row<'calendar'> {
  return {
    date_from: '2026-08-10',
    date_to: '2026-08-14',
    kind: 'campaign',
    channel: null,
    source: null,
    metric: null,
    declared_at: '2026-08-01',
    declared_by: null,
    unit: null,
    key_version: '1',
    ...values,
  };
}

describe('traffic-spike', () => {
  keepsItsPage(trafficSpike);

  it('watches a month exactly at the least ratio', () => {
    const [found] = failures(run(trafficSpike, flat(3875)));
    expect(found).toMatchObject({ severity: 'watch', observed: 3875, effect: 1.25, range: [0, 3874] });
    expect(found?.expected).toBeCloseTo(3100, 6);
  });

  it('passes a month just below the least ratio, and its small p counts nowhere', () => {
    expect(run(trafficSpike, flat(3874))).toMatchObject({ status: 'pass', p: null });
  });

  it('passes exactly at the upper limit and fails one visitor above it', () => {
    const limits = { minRatio: 1, minExcess: 0 };
    const passed = run(trafficSpike, flat(3100), limits);
    const limit = passed.status === 'pass' ? (passed.data.limit as number) : 0;
    expect(run(trafficSpike, flat(limit), limits).status).toBe('pass');
    expect(failures(run(trafficSpike, flat(limit + 1), limits))[0]?.p).toBeLessThanOrEqual(0.01);
  });

  it('needs an excess of ten visitors however small the site', () => {
    const visitors = (i: number) => (i < august.from ? 1 : i < august.from + 9 ? 2 : 1);
    const input = checkInput(flatHistory({ sources: [{ visitors }] }), august.id);
    expect(run(trafficSpike, input, { watchP: 0.2 }).status).toBe('pass');
  });

  it('gives the numbers its p can be redone from', () => {
    const [found] = failures(run(trafficSpike, flat(4000)));
    const { observed, expected, dispersion } = found!.data as Record<string, number>;
    expect(found!.p).toBeCloseTo(negativeBinomialUpperTail(observed!, expected!, dispersion!), 12);
  });

  it('is insufficient_data on 27 valid days', () => {
    expect(reasonOf(run(trafficSpike, flat(9000, august.from - 27)))).toBe('few-days');
    expect(run(trafficSpike, flat(9000, august.from - 28)).status).toBe('fail');
  });

  it('is insufficient_data when more than a fifth of the history is missing', () => {
    const history = withoutTrafficDays(
      quietHistory({ seed: 4, days: 240 }),
      (i) => i > 30 && i < 208 && i % 4 === 0,
    );
    expect(reasonOf(run(trafficSpike, checkInput(history, august.id)))).toBe('missing-days');
  });

  it('is not_applicable without traffic', () => {
    expect(reasonOf(run(trafficSpike, checkInput(flatHistory({ leads: () => 1 }), august.id)))).toBe(
      'no-traffic',
    );
  });

  it('judges final days only', () => {
    const visitors = (i: number) => (i < august.from + 20 ? 100 : 900);
    const history = flatHistory({ sources: [{ visitors }] });
    expect(run(trafficSpike, checkInput(history, august.id)).status).toBe('fail');
    expect(run(trafficSpike, checkInput(history, august.id, { provisionalFrom: 228 })).status).toBe('pass');
  });

  it('finds bought traffic of half the month', () => {
    const history = withVisits(quietHistory({ seed: 7, days: 240 }), {
      name: 'adnet / referral',
      from: 208,
      to: 239,
      perDay: 80,
      engaged: 0.02,
    });
    expect(failures(run(trafficSpike, checkInput(history, august.id)))[0]?.effect).toBeGreaterThan(1.4);
  });

  it('knows a season of the year from minSeasonDays of history on, and no sooner', () => {
    // February 2028 begins on day 757 and is the height of every year.
    const visitors = (i: number) => Math.round(100 * Math.exp(0.5 * Math.cos((i - 771) / 58.13)));
    const input = checkInput(flatHistory({ days: 786, sources: [{ visitors }] }), '2028-02');
    expect(run(trafficSpike, input).status).toBe('pass');
    expect(run(trafficSpike, input, { minSeasonDays: 757 }).status).toBe('pass');
    expect(run(trafficSpike, input, { minSeasonDays: 758 }).status).toBe('fail');
  });

  it('refuses to look back over fewer days than a season asks for', () => {
    const { success, error } = trafficSpike.policy.safeParse({ minSeasonDays: 800, seasonDays: 799 });
    expect(success).toBe(false);
    expect(error?.issues[0]).toMatchObject({
      path: ['seasonDays'],
      message: 'expected at least minSeasonDays',
    });
    expect(trafficSpike.policy.safeParse({ minSeasonDays: 800, seasonDays: 800 }).success).toBe(true);
    expect(trafficSpike.policy.safeParse({ seasonDays: 729 }).success).toBe(false);
  });

  it('leaves most quiet months alone', () => {
    const share = raisedShare(60, (seed) => {
      const input = checkInput(quietHistory({ seed, days: 240, leadRate: 0 }), august.id);
      return run(trafficSpike, input).status === 'fail';
    });
    expect(share).toBeLessThanOrEqual(0.02);
  });

  describe('with a calendar', () => {
    const surge = (i: number) => (i >= 217 && i <= 221 ? 500 : 100);
    const sources = [
      { name: 'google / organic', visitors: () => 100 },
      { name: 'google / cpc', channel: 'paid', visitors: surge },
    ];
    const judged = (...calendar: Row<'calendar'>[]) =>
      run(trafficSpike, checkInput({ ...flatHistory({ sources }), calendar }, august.id));

    it('fails without an entry', () => {
      expect(judged().status).toBe('fail');
    });

    it('takes the days of a declared campaign out', () => {
      const result = judged(entry({}));
      expect(result).toMatchObject({ status: 'pass', data: { days: 26, explainedDays: 5, observed: 5200 } });
    });

    it('takes only the channel of a declared campaign out', () => {
      const result = judged(entry({ channel: 'paid' }));
      expect(result).toMatchObject({ status: 'pass', data: { days: 31, observed: 5700 } });
    });

    it.each([
      ['declared after it began', { declared_at: '2026-08-11' }],
      ['undated', { declared_at: null }],
      ['about another channel', { channel: 'email' }],
      ['about another source', { source: 'newsletter' }],
      ['about another metric', { metric: 'leads' }],
      ['about other days', { date_from: '2026-07-01', date_to: '2026-07-31', declared_at: '2026-06-01' }],
    ])('is not explained by an entry %s', (_, values) => {
      expect(judged(entry(values)).status).toBe('fail');
    });

    it('explains on the day it was declared', () => {
      expect(judged(entry({ declared_at: '2026-08-10T09:00:00' })).status).toBe('pass');
    });

    it('is not_applicable when every day is explained', () => {
      expect(reasonOf(judged(entry({ date_from: '2026-08-01', date_to: '2026-08-31' })))).toBe(
        'every-day-explained',
      );
    });
  });
});
