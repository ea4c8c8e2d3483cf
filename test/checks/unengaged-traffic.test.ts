import { describe, expect, it } from 'vitest';
import { unengagedTraffic } from '../../lib/checks/unengaged-traffic.ts';
import { betaBinomialLowerTail } from '../../lib/statistics/beta-binomial.ts';
import { withVisits } from '../fixtures/faults.ts';
import { august, type FlatSource, flatHistory } from '../fixtures/flat.ts';
import { checkInput, quietHistory } from '../fixtures/generators.ts';
import { keepsItsPage } from './page.ts';
import { failures, raisedShare, reasonOf, run } from './run.ts';

/** The site: 100 visits a day, half of them engaged; the last days of its baseline may be cut. */
const site: FlatSource = { visitors: () => 100, engaged: () => 50 };
const isAugust = (i: number) => i >= august.from && i < august.to;

/** A source first seen in August. */
function added(visitors: number, engaged: number, name = 'adnet / referral'): FlatSource {
  return { name, visitors: (i) => (isAugust(i) ? visitors : 0), engaged: (i) => (isAugust(i) ? engaged : 0) };
}

function judged(...sources: FlatSource[]) {
  return checkInput(flatHistory({ sources }), august.id);
}

describe('unengaged-traffic', () => {
  keepsItsPage(unengagedTraffic);

  it('reviews a new source engaged exactly at a third of the rate of the site', () => {
    const [found] = failures(run(unengagedTraffic, judged(site, added(30, 5))));
    expect(found).toMatchObject({ severity: 'review', sources: ['adnet / referral'], observed: 155 });
    expect(found?.effect).toBeCloseTo(1 / 3, 9);
    expect(found?.data).toMatchObject({ firstSeen: ['2026-08-01'], ageDays: [31], leads: [0] });
  });

  it('passes a new source engaged just above a third of the rate of the site', () => {
    const engaged = (i: number) => (i === august.from ? 6 : isAugust(i) ? 5 : 0);
    expect(run(unengagedTraffic, judged(site, { ...added(30, 5), engaged })).status).toBe('pass');
  });

  it('needs five per cent of the visitors', () => {
    // 155 of 3,255 visitors are 4.8 %, 186 of 3,286 are 5.7 %.
    expect(run(unengagedTraffic, judged(site, added(5, 0)))).toMatchObject({ status: 'pass' });
    expect(failures(run(unengagedTraffic, judged(site, added(6, 0))))).toHaveLength(1);
  });

  it('adds up small sources that do nothing, and names each of them', () => {
    const [found] = failures(run(unengagedTraffic, judged(site, added(4, 0, 'a / x'), added(4, 0, 'b / x'))));
    expect(found?.sources).toEqual(['a / x', 'b / x']);
  });

  it('holds a known source against its own rate, on the added visits only', () => {
    // 20 visits a day at 20 % before; 60 a day now. Engaged 6 a day: the added 40 hold 2, a twentieth.
    const swollen = (engaged: number): FlatSource => ({
      name: 'display / cpm',
      visitors: (i) => (isAugust(i) ? 60 : 20),
      engaged: (i) => (isAugust(i) ? engaged : 4),
    });
    const [found] = failures(run(unengagedTraffic, judged(site, swollen(6))));
    expect(found?.sources).toEqual(['display / cpm']);
    expect(found?.data.excessVisitors).toBe(1240);
    expect(found?.effect).toBeCloseTo(2 / 8, 6);
    expect(run(unengagedTraffic, judged(site, swollen(9))).status).toBe('pass');
  });

  it('is insufficient_data on 199 sessions of a known source, if nothing else can be judged', () => {
    const sparse = (total: number): FlatSource => ({
      name: 'forum / referral',
      visitors: (i) => (isAugust(i) ? 30 : i >= 26 && i < 26 + total ? 1 : 0),
      engaged: () => 0,
    });
    const site = { visitors: (i: number) => (isAugust(i) ? 0 : 100), engaged: () => 50 };
    expect(reasonOf(run(unengagedTraffic, judged(site, sparse(150))))).toBe('no-source-with-history');
    expect(reasonOf(run(unengagedTraffic, judged(site, sparse(150)), { minSessions: 150 }))).not.toBe(
      'no-source-with-history',
    );
  });

  it('is insufficient_data without 200 sessions of the site', () => {
    const small: FlatSource = { visitors: (i) => (i < august.from - 28 ? null : 7), engaged: () => 3 };
    expect(reasonOf(run(unengagedTraffic, judged(small)))).toBe('few-baseline-sessions');
    const enough: FlatSource = { visitors: (i) => (i < august.from - 28 ? null : 8), engaged: () => 4 };
    expect(run(unengagedTraffic, judged(enough)).status).toBe('pass');
  });

  it('needs no 28 days of history', () => {
    const young: FlatSource = { visitors: (i) => (i < august.from - 21 ? null : 100), engaged: () => 50 };
    const fresh: FlatSource = {
      ...added(30, 1),
      visitors: (i) => (i < august.from - 21 ? null : isAugust(i) ? 30 : 0),
    };
    expect(failures(run(unengagedTraffic, judged(young, fresh)))).toHaveLength(1);
  });

  it('takes a source seen 14 days before the period as new, and one seen 15 days before as known', () => {
    const since = (days: number) => {
      const visitors = (i: number) => (i >= august.from - days ? 30 : 0);
      return run(unengagedTraffic, judged(site, { name: 'adnet / referral', visitors, engaged: () => 0 }));
    };
    expect(failures(since(14))[0]?.data.expectedVisitors).toEqual([0]);
    expect(since(15).status).toBe('pass');
  });

  it('is not_applicable without sources or without engaged sessions', () => {
    expect(reasonOf(run(unengagedTraffic, checkInput(flatHistory({ leads: () => 1 }), august.id)))).toBe(
      'no-traffic-by-source',
    );
    const history = judged(site).history;
    const blind = { ...history, traffic: { ...history.traffic!, engagedSessions: null } };
    expect(reasonOf(run(unengagedTraffic, checkInput(blind, august.id)))).toBe('no-engaged-sessions');
  });

  it('gives the numbers its p can be redone from', () => {
    const [found] = failures(run(unengagedTraffic, judged(site, added(30, 2))));
    const d = found!.data as Record<string, number[]> & { tested: number };
    const [rate, weight] = [d.baselineRates![0]!, d.weights![0]!];
    const p = betaBinomialLowerTail(
      d.engagedSessions![0]!,
      d.sessions![0]!,
      rate * weight,
      (1 - rate) * weight,
    );
    expect(found!.p! / (d.tested * p)).toBeCloseTo(1, 9);
  });

  it('finds bought visits and passes a press mention that engages half as much as usual', () => {
    const quiet = quietHistory({ seed: 8, days: 240 });
    const more = { name: 'daily / referral', from: 208, to: 239, perDay: 40 };
    const bought = run(
      unengagedTraffic,
      checkInput(withVisits(quiet, { ...more, engaged: 0.03 }), august.id),
    );
    expect(failures(bought)[0]).toMatchObject({ severity: 'review', sources: ['daily / referral'] });
    expect(
      run(unengagedTraffic, checkInput(withVisits(quiet, { ...more, engaged: 0.3 }), august.id)).status,
    ).toBe('pass');
  });

  it('raises no quiet month', () => {
    const share = raisedShare(
      60,
      (seed) =>
        failures(run(unengagedTraffic, checkInput(quietHistory({ seed, days: 240, leadRate: 0 }), august.id)))
          .length > 0,
    );
    expect(share).toBe(0);
  });
});
