import { describe, expect, it } from 'vitest';
import { restated } from '../../lib/checks/restated.ts';
import type { Restatement } from '../../lib/model/history.ts';
import { august, flatHistory } from '../fixtures/flat.ts';
import { checkInput } from '../fixtures/generators.ts';
import { claimOf, leadsOn, payFor, recordsOnly } from '../fixtures/records.ts';
import { keepsItsPage } from './page.ts';
import { failures, reasonOf, run } from './run.ts';

/** 100 leads of August claimed on 3 September, and `added` entered on 1 October. */
function added(count: number, enteredAt = '2026-10-01T09:00:00') {
  const leads = [
    ...leadsOn('2026-06-10', 200),
    ...leadsOn('2026-08-10', 100),
    ...leadsOn('2026-08-20', count, () => ({ record_entered_at: enteredAt })),
  ];
  const history = {
    ...recordsOnly({ leads, days: 280 }),
    claims: [claimOf('leads', 100, '2026-09-03T17:00:00')],
  };
  return checkInput(history, '2026-08', { pay: payFor('leads', 104, { counted: 100 + count }) });
}

function claims(...values: number[]) {
  const history = {
    ...recordsOnly({ leads: leadsOn('2026-08-10', 100), days: 280 }),
    claims: values.map((v, i) => claimOf('leads', v, `2026-09-${String(3 + i).padStart(2, '0')}`, i + 1)),
  };
  return checkInput(history, '2026-08', { pay: payFor('leads', 100, { counted: 100 }) });
}

describe('restated', () => {
  keepsItsPage(restated);

  it('asks for a decision on five leads in a hundred added after the claim', () => {
    const [found] = failures(run(restated, added(5)));
    expect(found).toMatchObject({ messageId: 'addedAfterClose', severity: 'watch', observed: 5 });
    expect(found?.data).toMatchObject({ metBefore: false, metAfter: true, closedOn: '2026-09-03' });
    expect(found?.records).toHaveLength(5);
    expect(failures(run(restated, added(8)))[0]?.severity).toBe('review');
  });

  it('passes four, and their small p counts nowhere', () => {
    expect(run(restated, added(4), { floor: 0.001 })).toMatchObject({ status: 'pass', p: null });
  });

  it('is proof only of what was entered after the period had been sealed', () => {
    const sealed = (sealedOn: string | null) => failures(run(restated, { ...added(8), sealedOn }))[0]?.proof;
    expect(sealed('2026-09-30')).toBe(true);
    expect(sealed('2026-10-01')).toBe(false);
    expect(sealed(null)).toBe(false);
  });

  it('leaves what was entered by the day of the claim to late-entry', () => {
    expect(run(restated, added(20, '2026-09-03T23:00:00')).status).toBe('pass');
  });

  it('asks for a decision on a claim lowered, or raised, by five records and 5 %', () => {
    expect(failures(run(restated, claims(100, 95)))[0]).toMatchObject({
      messageId: 'claimChanged',
      severity: 'review',
      expected: 100,
      observed: 95,
    });
    expect(failures(run(restated, claims(100, 95)))[0]?.data).toMatchObject({
      metBefore: true,
      metAfter: false,
    });
    expect(run(restated, claims(100, 105)).status).toBe('fail');
    expect(run(restated, claims(100, 96)).status).toBe('pass');
    expect(run(restated, claims(200, 191)).status).toBe('pass');
    expect(run(restated, claims(60, 56)).status).toBe('pass');
  });

  it('asks for a decision on three records of 5 % where the target is met with one claim only', () => {
    const judged = (target: number, ...values: number[]) => {
      const { history } = claims(...values);
      return run(
        restated,
        checkInput(history, '2026-08', { pay: payFor('leads', target, { counted: values.at(-1)! }) }),
      ).status;
    };
    expect(judged(40, 41, 37)).toBe('fail');
    expect(judged(40, 40, 37)).toBe('fail');
    expect(judged(40, 37, 40)).toBe('fail');
    expect(judged(42, 41, 37)).toBe('pass');
    expect(judged(37, 41, 37)).toBe('pass');
    expect(judged(40, 40, 38)).toBe('pass');
    expect(judged(64, 64, 61)).toBe('pass');
  });

  it('sums what final days became, first old against last new', () => {
    const change = (date: string, old: number | null, fresh: number | null, seenOn: string): Restatement => ({
      dataset: 'traffic',
      date,
      series: 'google / organic',
      metric: 'unique_visitors',
      old,
      new: fresh,
      seenOn,
      batch: 'b',
    });
    const judged = (restatements: Restatement[], counted: number) =>
      run(
        restated,
        checkInput(
          { ...flatHistory({ sources: [{ visitors: () => 10 }], days: 280 }), restatements },
          august.id,
          {
            pay: payFor('visitors', 300, { counted }),
          },
        ),
      );
    const twice = [
      change('2026-08-04', 20, 5, '2026-09-10'),
      change('2026-08-04', 5, 4, '2026-09-12'),
      change('2026-08-05', null, 1, '2026-09-12'),
    ];
    expect(failures(judged(twice, 285))[0]).toMatchObject({
      messageId: 'finalChanged',
      expected: 300,
      observed: 285,
      effect: 0.05,
    });
    expect(judged(twice, 286).status).toBe('pass');
    expect(judged([change('2026-07-31', 100, 5, '2026-09-10')], 285).status).toBe('pass');
    expect(judged([{ ...twice[0]!, metric: 'sessions' }], 285).status).toBe('pass');
  });

  it('waits for the claim, and takes ten days after the end where none came', () => {
    const bare = checkInput(recordsOnly({ leads: leadsOn('2026-08-10', 10), days: 249 }), '2026-08', {
      pay: payFor('leads', 10, { counted: 10 }),
    });
    expect(reasonOf(run(restated, bare))).toBe('not-closed-yet');
    const later = { ...bare, history: { ...bare.history, asOf: '2026-09-11' } };
    expect(run(restated, later).status).toBe('pass');
    expect(reasonOf(run(restated, { ...bare, pay: null }))).toBe('no-plan');
  });
});
