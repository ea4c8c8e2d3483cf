import { describe, expect, it } from 'vitest';
import { tooSmooth } from '../../lib/checks/too-smooth.ts';
import { august, flatHistory } from '../fixtures/flat.ts';
import { checkInput, quietHistory } from '../fixtures/generators.ts';
import { keepsItsPage } from './page.ts';
import { failures, raisedShare, reasonOf, run } from './run.ts';

const smooth = (i: number) => [11, 12, 12, 13, 12][i % 5]!;
const leads = (of: (day: number) => number) => checkInput(flatHistory({ leads: of }), august.id);

describe('too-smooth', () => {
  keepsItsPage(tooSmooth);

  it('asks for a decision on a month of leads between 11 and 13', () => {
    const [found] = failures(run(tooSmooth, leads(smooth)));
    expect(found).toMatchObject({ kpi: 'leads', severity: 'review' });
    expect(found?.effect).toBeLessThan(0.05);
    expect(found?.p).toBeLessThan(1e-12);
  });

  it('finds even numbers that follow a week', () => {
    const week = [210, 215, 208, 190, 150, 105, 135];
    const visitors = (i: number) => week[i % 7]! + [0, 2, -2, 1][i % 4]!;
    const [found] = failures(run(tooSmooth, checkInput(flatHistory({ sources: [{ visitors }] }), august.id)));
    expect(found).toMatchObject({ kpi: 'visitors', severity: 'review', data: { profile: 'its weekdays' } });
  });

  it('is not misled by three true days among invented ones', () => {
    expect(
      failures(
        run(
          tooSmooth,
          leads((i) => (i % 11 === 0 ? 24 : smooth(i))),
        ),
      ),
    ).toHaveLength(1);
  });

  it('passes an index above the largest one, whatever p', () => {
    expect(run(tooSmooth, leads(smooth), { maxIndex: 0.001 })).toMatchObject({ status: 'pass', p: null });
  });

  it('could not tell below a level of five a day, or below 14 final days', () => {
    expect(
      reasonOf(
        run(
          tooSmooth,
          leads(() => 4),
        ),
      ),
    ).toBe('few-days-or-counts');
    expect(
      run(
        tooSmooth,
        leads(() => 5),
      ).status,
    ).toBe('fail');
    const history = flatHistory({ leads: smooth });
    const until = (days: number) => checkInput(history, august.id, { provisionalFrom: august.from + days });
    expect(reasonOf(run(tooSmooth, until(13)))).toBe('few-days-or-counts');
    expect(run(tooSmooth, until(14), { trimShare: 0 }).status).toBe('fail');
    expect(reasonOf(run(tooSmooth, checkInput(flatHistory({}), august.id)))).toBe('no-daily-numbers');
  });

  it('raises no quiet company, not even one that counts at chance alone', () => {
    const isRaised = (dispersion: number) => (seed: number) =>
      run(tooSmooth, checkInput(quietHistory({ seed, days: 239, dispersion }), '2026-08')).status === 'fail';
    expect(raisedShare(60, isRaised(1))).toBe(0);
    expect(raisedShare(20, isRaised(2))).toBe(0);
  });
});
