import { describe, expect, it } from 'vitest';
import { leadsWithoutTraffic } from '../../lib/checks/leads-without-traffic.ts';
import { negativeBinomialUpperTail } from '../../lib/statistics/negative-binomial.ts';
import { withLeadFactor } from '../fixtures/faults.ts';
import { august, flatHistory } from '../fixtures/flat.ts';
import { checkInput, quietHistory } from '../fixtures/generators.ts';
import { keepsItsPage } from './page.ts';
import { failures, raisedShare, reasonOf, run } from './run.ts';

/** 100 visits and 4 leads a day before August; `leads` in all on `visits` a day in August. */
function flat(leads: number, visits = 100, first = 0) {
  return checkInput(
    flatHistory({
      sources: [{ visitors: (i) => (i < first ? null : i < august.from ? 100 : visits) }],
      leads: (i) => (i < august.from ? 4 : Math.floor(leads / 31) + (i - august.from < leads % 31 ? 1 : 0)),
    }),
    august.id,
  );
}

describe('leads-without-traffic', () => {
  keepsItsPage(leadsWithoutTraffic);

  it('watches a month exactly at the least ratio', () => {
    const [found] = failures(run(leadsWithoutTraffic, flat(155)));
    expect(found).toMatchObject({ severity: 'watch', observed: 155, range: [0, 154] });
    expect(found?.effect).toBeCloseTo(1.25, 9);
  });

  it('passes a month just below the least ratio', () => {
    expect(run(leadsWithoutTraffic, flat(154)).status).toBe('pass');
  });

  it('is never above watch, however improbable', () => {
    expect(failures(run(leadsWithoutTraffic, flat(600)))[0]).toMatchObject({
      severity: 'watch',
      p: expect.any(Number),
    });
  });

  it('needs an excess of ten leads', () => {
    // 31 x 25 visits bring 31 leads; 40 are nine more, 41 ten more.
    const limits = { minLevel: 0, watchP: 0.2 };
    expect(run(leadsWithoutTraffic, flat(40, 25), limits).status).toBe('pass');
    expect(run(leadsWithoutTraffic, flat(41, 25), limits).status).toBe('fail');
  });

  it('passes leads that stay while visits fall', () => {
    expect(run(leadsWithoutTraffic, flat(123, 60)).status).toBe('pass');
    expect(run(leadsWithoutTraffic, flat(124, 60)).status).toBe('fail');
  });

  it('gives the numbers its p can be redone from', () => {
    const [found] = failures(run(leadsWithoutTraffic, flat(200)));
    const d = found!.data as Record<string, number>;
    expect(found!.p).toBeCloseTo(negativeBinomialUpperTail(d.observed!, d.expected!, d.dispersion!), 12);
  });

  it('is insufficient_data on 55 days with both metrics', () => {
    expect(reasonOf(run(leadsWithoutTraffic, flat(300, 100, august.from - 55)))).toBe('few-days');
    expect(run(leadsWithoutTraffic, flat(300, 100, august.from - 56)).status).toBe('fail');
  });

  it('is not_applicable without traffic or without leads', () => {
    const only = (given: Parameters<typeof flatHistory>[0]) =>
      reasonOf(run(leadsWithoutTraffic, checkInput(flatHistory(given), august.id)));
    expect(only({ leads: () => 3 })).toBe('no-traffic');
    expect(only({ sources: [{ visitors: () => 100 }] })).toBe('no-leads');
  });

  it('watches leads made without visits', () => {
    const history = withLeadFactor(quietHistory({ seed: 5, days: 240 }), 208, 239, 1.6);
    expect(failures(run(leadsWithoutTraffic, checkInput(history, august.id)))).toHaveLength(1);
  });

  it('leaves most quiet months alone', () => {
    const share = raisedShare(
      60,
      (seed) =>
        failures(run(leadsWithoutTraffic, checkInput(quietHistory({ seed, days: 240 }), august.id))).length >
        0,
    );
    expect(share).toBeLessThanOrEqual(0.02);
  });
});
