import { describe, expect, it } from 'vitest';
import { presaleInMarketingBudget } from '../../lib/checks/presale-in-marketing-budget.ts';
import type { Row } from '../../lib/model/datasets.ts';
import { checkInput } from '../fixtures/generators.ts';
import { leadsOn, recordsOnly, sqlsOn } from '../fixtures/records.ts';
import { keepsItsPage } from './page.ts';
import { failures, reasonOf, run } from './run.ts';

const booking: Row<'spend'> = {
  date: '2026-08-12',
  amount: 1_200_000,
  budget: 'marketing',
  owner: null,
  budget_line: null,
  planned_at: null,
  channel: null,
  origin: null,
  event_id: 'dinner',
  unit: 'all',
  key_version: '1',
};

const guest = (k: number): Row<'event_guests'> => ({
  event_id: 'dinner',
  date: '2026-08-20',
  lead_id: `2026-07-01#${k}`,
  sql_id: null,
  company_key: null,
  key_version: '1',
});

/** Eight guests, `withSales` of whom had an accepted SQL decided on `decided`. */
function dinner(
  withSales: number,
  bookings: readonly Partial<Row<'spend'>>[] = [{}],
  decided = '2026-08-19',
) {
  const sqls = sqlsOn('2026-07-10', withSales, (k) => ({ lead_id: `2026-07-01#${k}`, decidedOn: decided }));
  const ads = { ...booking, date: '2026-07-05', amount: 600_000, event_id: null };
  const history = {
    ...recordsOnly({ leads: leadsOn('2026-07-01', 100), sqls }),
    spend: [ads, ...bookings.map((b) => ({ ...booking, ...b }))],
    eventGuests: Array.from({ length: 8 }, (_, k) => guest(k)),
  };
  return checkInput(history, '2026-08');
}

describe('presale-in-marketing-budget', () => {
  keepsItsPage(presaleInMarketingBudget);

  it('finds half of the guests with sales already, with the leads forgone', () => {
    const [found] = failures(run(presaleInMarketingBudget, dinner(4)));
    expect(found).toMatchObject({
      severity: 'watch',
      effect: 0.5,
      observed: 4,
      data: { identified: 8, cost: 1_200_000, costPerLead: 6000, leadsForgone: 200 },
    });
    expect(found?.kpi).toBeUndefined();
    expect(run(presaleInMarketingBudget, dinner(3)).status).toBe('pass');
  });

  it('needs three guests', () => {
    const few = (count: number) => {
      const input = dinner(count);
      return run(presaleInMarketingBudget, {
        ...input,
        history: { ...input.history, eventGuests: [0, 1, 2].slice(0, count).map(guest) },
      });
    };
    expect(few(2).status).toBe('pass');
    expect(few(3).status).toBe('fail');
  });

  it('leaves alone what was planned under its own line before the quarter', () => {
    expect(
      run(presaleInMarketingBudget, dinner(6, [{ budget_line: 'customers', planned_at: '2026-06-30' }]))
        .status,
    ).toBe('pass');
    expect(
      run(presaleInMarketingBudget, dinner(6, [{ budget_line: 'customers', planned_at: '2026-07-01' }]))
        .status,
    ).toBe('fail');
    expect(run(presaleInMarketingBudget, dinner(6, [{ planned_at: '2026-06-30' }])).status).toBe('fail');
  });

  it('counts only who was with sales before the event', () => {
    expect(run(presaleInMarketingBudget, dinner(8, [{}], '2026-08-20')).status).toBe('pass');
  });

  it('has nothing to judge without an event on the marketing budget, and could not tell without guests', () => {
    expect(reasonOf(run(presaleInMarketingBudget, dinner(6, [{ budget: 'presale' }])))).toBe(
      'no-events-charged-to-marketing',
    );
    expect(reasonOf(run(presaleInMarketingBudget, dinner(6, [{ event_id: 'other' }])))).toBe(
      'no-guests-identified',
    );
  });
});
