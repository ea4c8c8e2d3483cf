import { describe, expect, it } from 'vitest';
import { addDays } from '../../lib/model/day.ts';
import type { SqlCase } from '../../lib/model/history.ts';
import { acceptanceOdds } from '../../lib/verdict/acceptance-odds.ts';
import { august, flatHistory } from '../fixtures/flat.ts';
import { checkInput, quietHistory, sqlOf, withSqls } from '../fixtures/generators.ts';

const firstDay = '2026-01-05';
const asOf = '2026-08-31';

/** SQLs delivered one a day from day 0; each decided after `age(k)` days, accepted if `accepts(k)`. */
function history(count: number, age: (k: number) => number, accepts: (k: number) => boolean) {
  const blank = { ...flatHistory({ sqls: () => 0 }), asOf };
  const rows = Array.from({ length: count }, (_, k) => {
    const delivered = addDays(firstDay, k);
    return sqlOf(`L${k}`, delivered, addDays(delivered, age(k)), accepts(k), asOf);
  });
  return withSqls(blank, rows);
}

/** An SQL pending for some days at the judging date. */
function pending(days: number): SqlCase {
  return sqlOf('new', addDays(asOf, -days), '2099-01-01', true, asOf);
}

describe('acceptance odds', () => {
  it('are the acceptance rate for an SQL delivered on the judging date', () => {
    const odds = acceptanceOdds(
      checkInput(
        history(
          100,
          () => 5,
          (k) => k % 4 !== 0,
        ),
        august.id,
      ),
    );
    expect(odds(pending(0))).toBeCloseTo(0.75, 9);
  });

  it('depend on the age: what is rejected late is what is still pending', () => {
    // Three of four are accepted on day 2, the rest rejected on day 8.
    const odds = acceptanceOdds(
      checkInput(
        history(
          100,
          (k) => (k % 4 === 0 ? 8 : 2),
          (k) => k % 4 !== 0,
        ),
        august.id,
      ),
    );
    expect(odds(pending(1))).toBeCloseTo(0.75, 9);
    expect(odds(pending(3))).toBeCloseTo(0, 9);
  });

  it('are null for an SQL pending longer than any before', () => {
    const odds = acceptanceOdds(
      checkInput(
        history(
          100,
          () => 5,
          () => true,
        ),
        august.id,
      ),
    );
    expect(odds(pending(6))).toBeNull();
  });

  it('are null on 49 decisions and known on 50', () => {
    const of = (count: number) =>
      acceptanceOdds(
        checkInput(
          history(
            count,
            () => 3,
            (k) => k % 2 === 0,
          ),
          august.id,
        ),
      )(pending(0));
    expect(of(49)).toBeNull();
    expect(of(50)).toBeCloseTo(0.5, 9);
  });

  it('are null when the history never decides 95 %', () => {
    const odds = acceptanceOdds(
      checkInput(
        history(
          100,
          (k) => (k % 10 === 0 ? 9999 : 3),
          () => true,
        ),
        august.id,
      ),
    );
    expect(odds(pending(0))).toBeNull();
  });

  it('learn from baseline days only, contested rejections left out', () => {
    const all = history(
      120,
      () => 5,
      (k) => k < 60,
    );
    const early = acceptanceOdds(checkInput(all, august.id, { isLeftOut: (_, i) => i >= 60 }));
    expect(early(pending(0))).toBeCloseTo(1, 9);
    const rows = all.sqls!.rows.map((sql) => ({ ...sql, isContested: sql.disposition === 'rejected' }));
    expect(acceptanceOdds(checkInput(withSqls(all, rows), august.id))(pending(0))).toBeCloseTo(1, 9);
  });

  it('lie near the true rate on a seeded company', () => {
    const quiet = quietHistory({ seed: 11, days: 240, acceptRate: 0.7 });
    expect(
      acceptanceOdds(checkInput(quiet, august.id))(sqlOf('new', quiet.asOf, '2099-01-01', true, quiet.asOf)),
    ).toBeCloseTo(0.7, 1);
  });

  it('are null without SQLs', () => {
    expect(acceptanceOdds(checkInput(flatHistory({ leads: () => 1 }), august.id))(pending(0))).toBeNull();
  });
});
