import { describe, expect, it } from 'vitest';
import { sourceMixShift } from '../../lib/checks/source-mix-shift.ts';
import { withVisits } from '../fixtures/faults.ts';
import { august, type FlatSource, flatHistory } from '../fixtures/flat.ts';
import { checkInput, quietHistory } from '../fixtures/generators.ts';
import { keepsItsPage } from './page.ts';
import { failures, raisedShare, reasonOf, run } from './run.ts';

const isAugust = (i: number) => i >= august.from && i < august.to;

/** A source with one level before August and one in it. */
function source(name: string, before: number, now: number, first = 0): FlatSource {
  return { name, visitors: (i) => (i < first ? null : isAugust(i) ? now : before) };
}

function judged(...sources: FlatSource[]) {
  return checkInput(flatHistory({ sources }), august.id);
}

describe('source-mix-shift', () => {
  keepsItsPage(sourceMixShift);

  it('watches the mix of the page and names the swollen source', () => {
    const result = run(
      sourceMixShift,
      judged(
        source('organic / o', 400, 405),
        source('paid / p', 300, 310),
        source('ref / r', 150, 160),
        source('mail / m', 100, 102),
        source('social / s', 50, 323),
      ),
    );
    const [found] = failures(result);
    expect(found).toMatchObject({ severity: 'watch', sources: ['social / s'], messageId: 'namedSources' });
    expect(found?.effect).toBeCloseTo(0.0603, 4);
    expect(found?.data.namedShare).toBeCloseTo(0.91, 2);
  });

  it('passes the mix of the page that hardly moves', () => {
    const result = run(
      sourceMixShift,
      judged(
        source('organic / o', 400, 405),
        source('paid / p', 300, 310),
        source('ref / r', 150, 160),
        source('mail / m', 100, 102),
        source('social / s', 50, 80),
      ),
    );
    expect(result).toMatchObject({ status: 'pass', p: null });
  });

  it('fails exactly at the least divergence and passes just below it', () => {
    const input = judged(source('organic / o', 80, 80), source('social / s', 20, 80));
    const [found] = failures(run(sourceMixShift, input));
    const divergence = found!.effect!;
    expect(run(sourceMixShift, input, { minDivergence: divergence }).status).toBe('fail');
    expect(run(sourceMixShift, input, { minDivergence: divergence + 1e-9 }).status).toBe('pass');
  });

  it('names a new source', () => {
    const [found] = failures(
      run(sourceMixShift, judged(source('organic / o', 100, 100), source('adnet / referral', 0, 60))),
    );
    expect(found).toMatchObject({ severity: 'watch', sources: ['adnet / referral'] });
    expect(found?.data.isNew).toEqual(['new']);
  });

  it('names no source where the visitors did not rise', () => {
    const [found] = failures(
      run(sourceMixShift, judged(source('organic / o', 100, 20), source('paid / p', 60, 60))),
    );
    expect(found).toMatchObject({ messageId: 'mixChanged', sources: [] });
  });

  it('does not name a known source that rose by less than half', () => {
    const [found] = failures(
      run(sourceMixShift, judged(source('organic / o', 100, 149), source('adnet / referral', 0, 60)), {
        totalPower: 0.9,
      }),
    );
    expect(found?.sources).toEqual(['adnet / referral']);
  });

  it('asks for more than the history moves by itself', () => {
    const waves = (i: number) => (Math.floor((august.from - 1 - i) / 30) % 2 === 0 ? 20 : 90);
    const restless: FlatSource = { name: 'social / s', visitors: (i) => (isAugust(i) ? 95 : waves(i)) };
    const result = run(sourceMixShift, judged(source('organic / o', 100, 100), restless));
    expect(result.status).toBe('pass');
  });

  it('is insufficient_data on 55 days of history', () => {
    const since = (days: number) =>
      reasonOf(
        run(
          sourceMixShift,
          judged(
            source('organic / o', 100, 100, august.from - days),
            source('adnet / referral', 0, 60, august.from - days),
          ),
        ),
      );
    expect(since(30)).toBe('few-days');
    expect(since(55)).toBe('few-days');
    expect(since(56)).toBe('fail');
  });

  it('is insufficient_data on 499 visitors', () => {
    const small = (now: number) =>
      judged(source('organic / o', 100, 1), {
        ...source('adnet / referral', 0, 15),
        visitors: (i) => (isAugust(i) ? (i === august.from ? now : 15) : 0),
      });
    expect(reasonOf(run(sourceMixShift, small(18)))).toBe('few-visitors');
    expect(run(sourceMixShift, small(19)).status).toBe('fail');
  });

  it('is insufficient_data on one source and not_applicable on none', () => {
    expect(reasonOf(run(sourceMixShift, judged(source('organic / o', 100, 300))))).toBe('one-source');
    expect(reasonOf(run(sourceMixShift, checkInput(flatHistory({ leads: () => 1 }), august.id)))).toBe(
      'no-traffic-by-source',
    );
  });

  it('counts as volume, so that it and traffic-spike are one kind of evidence', () => {
    expect(sourceMixShift.family).toBe('mix');
  });

  it('raises no quiet month and finds a new source', () => {
    const share = raisedShare(
      40,
      (seed) =>
        failures(run(sourceMixShift, checkInput(quietHistory({ seed, days: 240, leadRate: 0 }), august.id)))
          .length > 0,
    );
    expect(share).toBe(0);
    const history = withVisits(quietHistory({ seed: 9, days: 240 }), {
      name: 'daily / referral',
      from: 208,
      to: 239,
      perDay: 60,
      engaged: 0.4,
    });
    expect(failures(run(sourceMixShift, checkInput(history, august.id)))[0]?.sources).toEqual([
      'daily / referral',
    ]);
  });
});
