import { describe, expect, it } from 'vitest';
import { digitPattern } from '../../lib/checks/digit-pattern.ts';
import { august, flatHistory } from '../fixtures/flat.ts';
import { checkInput } from '../fixtures/generators.ts';
import { seededRandom } from '../fixtures/random.ts';
import { keepsItsPage } from './page.ts';
import { failures, raisedShare, reasonOf, run } from './run.ts';

/** A company that gives daily numbers of leads without records. */
function typed(of: (day: number) => number | null) {
  const history = flatHistory({});
  const leads = Array.from({ length: august.to }, (_, i) => of(i));
  return checkInput({ ...history, counts: { leads } }, august.id);
}

const even = (seed: number) => {
  const random = seededRandom(seed);
  const values = Array.from({ length: august.to }, () => 50 + Math.floor(random() * 100));
  return (day: number) => values[day]!;
};

describe('digit-pattern', () => {
  keepsItsPage(digitPattern);

  it('watches numbers rounded to 0 and 5, and never more', () => {
    const [found] = failures(
      run(
        digitPattern,
        typed((day) => 5 * Math.round(even(1)(day) / 5)),
      ),
    );
    expect(found).toMatchObject({ kpi: 'leads', messageId: 'rounded', severity: 'watch', effect: 1 });
  });

  it('watches numbers that end in one digit too often', () => {
    const [found] = failures(
      run(
        digitPattern,
        typed((day) => (day % 3 === 0 ? 10 * Math.floor(even(2)(day) / 10) + 7 : even(2)(day))),
      ),
    );
    expect(found).toMatchObject({ messageId: 'uneven', data: { digit: 7 } });
  });

  it('passes even digits', () => {
    expect(
      raisedShare(40, (seed) => run(digitPattern, typed(even(seed))).status === 'fail'),
    ).toBeLessThanOrEqual(0.05);
  });

  it('could not tell on 49 numbers, or on small or equal ones', () => {
    const first = (count: number) =>
      typed((day) => (day >= august.to - count ? 5 * Math.round(even(1)(day) / 5) : null));
    expect(reasonOf(run(digitPattern, first(49)))).toBe('few-or-small-numbers');
    expect(run(digitPattern, first(50)).status).toBe('fail');
    expect(
      reasonOf(
        run(
          digitPattern,
          typed((day) => (day % 10) + 10),
        ),
      ),
    ).toBe('few-or-small-numbers');
    expect(
      reasonOf(
        run(
          digitPattern,
          typed(() => 100),
        ),
      ),
    ).toBe('few-or-small-numbers');
  });

  it('has nothing to judge where records or traffic hold the numbers', () => {
    const history = flatHistory({ leads: () => 3 });
    expect(
      reasonOf(
        run(
          digitPattern,
          checkInput({ ...history, counts: { leads: [...history.leads!.daily] } }, august.id),
        ),
      ),
    ).toBe('no-typed-numbers');
  });
});
