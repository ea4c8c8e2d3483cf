import { describe, expect, it } from 'vitest';
import { trafficWithoutLeads } from '../../lib/checks/traffic-without-leads.ts';
import { partTails } from '../../lib/statistics/conditional-rate-test.ts';
import { negativeBinomialLowerTail } from '../../lib/statistics/negative-binomial.ts';
import { withLeadFactor, withoutTrafficDays, withVisits } from '../fixtures/faults.ts';
import { august, flatHistory } from '../fixtures/flat.ts';
import { checkInput, quietHistory } from '../fixtures/generators.ts';
import { keepsItsPage } from './page.ts';
import { failures, raisedShare, reasonOf, run } from './run.ts';

/** 100 visits and 4 leads a day before August; `visits` a day and `leads` in all in August. */
function flat(visits: number, leads: number, first = 0) {
  const isAugust = (i: number) => i >= august.from;
  return checkInput(
    flatHistory({
      sources: [{ visitors: (i) => (i < first ? null : isAugust(i) ? visits : 100) }],
      leads: (i) => (isAugust(i) ? Math.floor(leads / 31) + (i - august.from < leads % 31 ? 1 : 0) : 4),
    }),
    august.id,
  );
}

describe('traffic-without-leads', () => {
  keepsItsPage(trafficWithoutLeads);

  it('reviews a month exactly at the largest ratio', () => {
    // 31 x 125 visits bring 155 leads at 4 per 100; 108 of them are 0.697.
    const [found] = failures(run(trafficWithoutLeads, flat(125, 108)));
    expect(found).toMatchObject({ severity: 'review', observed: 108 });
    expect(found?.expected).toBeCloseTo(155, 6);
    expect(found?.range?.[0]).toBe(109);
    // 200 visits a day bring 248 leads; 173.6 is 0.70.
    expect(failures(run(trafficWithoutLeads, flat(200, 173)))).toHaveLength(1);
    expect(run(trafficWithoutLeads, flat(200, 174)).status).toBe('pass');
    // 250 visits a day bring 310 leads; 217 is exactly 0.70.
    expect(failures(run(trafficWithoutLeads, flat(250, 217)))[0]?.effect).toBeCloseTo(0.7, 9);
  });

  it('passes a month just above the largest ratio', () => {
    expect(run(trafficWithoutLeads, flat(250, 218))).toMatchObject({ status: 'pass', p: null });
  });

  it('passes when leads fall but traffic is not up', () => {
    expect(run(trafficWithoutLeads, flat(109, 40)).status).toBe('pass');
    expect(run(trafficWithoutLeads, flat(110, 40)).status).toBe('fail');
  });

  it('watches what is improbable but not very', () => {
    const [found] = failures(run(trafficWithoutLeads, flat(125, 108), { reviewP: 1e-9 }));
    expect(found?.severity).toBe('watch');
  });

  it('gives the numbers both forms of its test can be redone from', () => {
    const [found] = failures(run(trafficWithoutLeads, flat(150, 90)));
    const d = found!.data as Record<string, number>;
    expect(found!.p).toBeCloseTo(negativeBinomialLowerTail(d.observed!, d.expected!, d.dispersion!), 12);
    const share = d.visits! / (d.visits! + d.baselineVisits!);
    const all = d.observed! + d.baselineLeads!;
    expect(d.conditionalP).toBeCloseTo(partTails(d.observed!, all, share, d.dispersionBefore!).lower, 12);
  });

  it('is insufficient_data on 55 days with both metrics', () => {
    expect(reasonOf(run(trafficWithoutLeads, flat(150, 60, august.from - 55)))).toBe('few-days');
    expect(run(trafficWithoutLeads, flat(150, 60, august.from - 56)).status).toBe('fail');
  });

  it('is insufficient_data on 49 leads of history and on fewer than ten expected', () => {
    const few = (leads: (i: number) => number) =>
      checkInput(flatHistory({ sources: [{ visitors: () => 100 }], leads }), august.id);
    expect(
      reasonOf(
        run(
          trafficWithoutLeads,
          few((i) => (i < 49 + 26 && i >= 26 ? 1 : 0)),
        ),
      ),
    ).toBe('few-leads');
    expect(
      reasonOf(
        run(
          trafficWithoutLeads,
          few((i) => (i % 3 === 0 ? 1 : 0)),
          { minExpected: 11 },
        ),
      ),
    ).toBe('few-expected-leads');
  });

  it('is not_applicable without traffic or without leads', () => {
    const only = (given: Parameters<typeof flatHistory>[0]) =>
      reasonOf(run(trafficWithoutLeads, checkInput(flatHistory(given), august.id)));
    expect(only({ leads: () => 3 })).toBe('no-traffic');
    expect(only({ sources: [{ visitors: () => 100 }] })).toBe('no-leads');
  });

  it('uses only the days both metrics have', () => {
    const history = withoutTrafficDays(flat(150, 31 * 6).history, (i) => i >= 208 && i < 218);
    const result = run(trafficWithoutLeads, checkInput(history, august.id));
    expect(result).toMatchObject({ status: 'pass', data: { days: 21, observed: 21 * 6 } });
  });

  it('leaves out baseline days under review and leads of provisional days', () => {
    const input = checkInput(flat(150, 90).history, august.id, {
      isLeftOut: (_, i) => i >= 100,
      provisionalFrom: 230,
    });
    const result = run(trafficWithoutLeads, input);
    expect(failures(result)[0]?.data).toMatchObject({ baselineDays: 74, days: 22 });
  });

  it('reviews bought visits beside lost leads, whatever the calendar says', () => {
    const bought = withVisits(quietHistory({ seed: 3, days: 240 }), {
      name: 'adnet / referral',
      from: 208,
      to: 239,
      perDay: 80,
      engaged: 0.02,
    });
    const history = withLeadFactor(bought, 208, 239, 0.7);
    const calendar = [
      {
        date_from: '2026-08-01',
        date_to: '2026-08-31',
        kind: 'campaign' as const,
        channel: null,
        source: null,
        metric: null,
        declared_at: '2026-07-01',
        declared_by: null,
        unit: null,
        key_version: '1',
      },
    ];
    const [found] = failures(run(trafficWithoutLeads, checkInput({ ...history, calendar }, august.id)));
    expect(found?.severity).toBe('review');
  });

  it('passes a month in which leads grow with traffic', () => {
    const bought = withVisits(quietHistory({ seed: 3, days: 240 }), {
      name: 'partner / referral',
      from: 208,
      to: 239,
      perDay: 80,
      engaged: 0.5,
    });
    const history = withLeadFactor(bought, 208, 239, 1.5);
    expect(run(trafficWithoutLeads, checkInput(history, august.id)).status).toBe('pass');
  });

  it('raises no quiet month', () => {
    const share = raisedShare(
      60,
      (seed) =>
        failures(run(trafficWithoutLeads, checkInput(quietHistory({ seed, days: 240 }), august.id))).length >
        0,
    );
    expect(share).toBe(0);
  });
});
