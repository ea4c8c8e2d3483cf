import { describe, expect, it } from 'vitest';
import { stopAfterTarget } from '../../lib/checks/stop-after-target.ts';
import { august, flatHistory } from '../fixtures/flat.ts';
import { checkInput, quietHistory } from '../fixtures/generators.ts';
import { payFor } from '../fixtures/records.ts';
import { keepsItsPage } from './page.ts';
import { failures, raisedShare, reasonOf, run } from './run.ts';

/** Six leads a day until the target of 108 is met on 18 August, then `after` a day. */
function stop(after: (day: number) => number, target = 108) {
  const leads = (day: number) => (day < august.from + 18 ? 6 : after(day));
  return checkInput(flatHistory({ leads }), august.id, { pay: payFor('leads', target) });
}

describe('stop-after-target', () => {
  keepsItsPage(stopAfterTarget);

  it('notes a production that falls below 0.7 of the usual, without weight or p', () => {
    const [found] = failures(
      run(
        stopAfterTarget,
        stop((day) => (day % 2 === 0 ? 3 : 2)),
      ),
    );
    expect(found).toMatchObject({
      severity: 'note',
      observed: 33,
      data: { metOn: '2026-08-18', daysLeft: 13 },
    });
    expect(found?.expected).toBeCloseTo(78, 6);
    expect(found?.p ?? null).toBeNull();
    expect(found?.data.p).toBeLessThan(0.01);
  });

  it('passes 0.7 and a little more', () => {
    expect(
      run(
        stopAfterTarget,
        stop((day) => (day % 2 === 0 ? 5 : 4)),
      ),
    ).toMatchObject({ status: 'pass', p: null });
  });

  it('has nothing to judge where the target is not met, or met on the last days', () => {
    expect(
      reasonOf(
        run(
          stopAfterTarget,
          stop(() => 0, 109),
        ),
      ),
    ).toBe('target-not-met');
    expect(
      reasonOf(
        run(
          stopAfterTarget,
          stop(() => 6, 160),
        ),
      ),
    ).toBe('few-days-left');
    expect(reasonOf(run(stopAfterTarget, { ...stop(() => 6), pay: null }))).toBe('no-plan');
  });

  it('could not tell where less than ten were to be expected, or days are missing', () => {
    expect(
      reasonOf(
        run(
          stopAfterTarget,
          stop(() => 0),
          { minExpected: 79 },
        ),
      ),
    ).toBe('few-expected');
    const input = checkInput(flatHistory({ leads: () => 6, days: august.to - 1 }), august.id, {
      pay: payFor('leads', 60),
    });
    expect(reasonOf(run(stopAfterTarget, input))).toBe('days-missing-or-not-final');
  });

  it('seldom notes a quiet company', () => {
    const isRaised = (seed: number) =>
      run(
        stopAfterTarget,
        checkInput(quietHistory({ seed, days: 239 }), '2026-08', { pay: payFor('leads', 100) }),
      ).status === 'fail';
    expect(raisedShare(40, isRaised)).toBeLessThanOrEqual(0.05);
  });
});
