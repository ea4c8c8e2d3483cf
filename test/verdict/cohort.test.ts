import { describe, expect, it } from 'vitest';
import type { Plan, PlanKpi } from '../../lib/model/config.ts';
import type { Row } from '../../lib/model/datasets.ts';
import type { UnitHistory } from '../../lib/model/history.ts';
import type { Kpi } from '../../lib/model/kpi.ts';
import { parsePeriod } from '../../lib/model/period.ts';
import { countedIds, countKpi, dailyOf, sqlKey } from '../../lib/verdict/cohort.ts';
import { flatHistory } from '../fixtures/flat.ts';
import { leadOf, sqlOf, withLeads, withSqls } from '../fixtures/generators.ts';

const august = parsePeriod('2026-08');
const plan = { kpis: [], countsOrigins: undefined } as unknown as Plan;
const onlyMarketing = { ...plan, countsOrigins: ['marketing', 'partner'] } as Plan;
const blank: UnitHistory = flatHistory({});

function count(
  history: UnitHistory,
  kpi: Kpi,
  of: { plan?: Plan; basis?: PlanKpi['basis']; period?: typeof august } = {},
) {
  const basis = of.basis ?? 'daily_unique_sum';
  return countKpi(history, { kpi, basis }, of.plan ?? plan, of.period ?? august);
}

function deal(id: string, over: Partial<Row<'deals'>>): Row<'deals'> {
  return {
    deal_id: id,
    created_at: '2026-08-10T09:00:00',
    stage: 'open',
    origin: 'marketing',
    won_at: null,
    amount: null,
    ...over,
  } as Row<'deals'>;
}

function withDeals(rows: readonly Row<'deals'>[], daily = blank.holidays.map(() => 0)): UnitHistory {
  return { ...blank, deals: { rows, startOf: null, daily, first: 0, last: blank.length - 1 } };
}

describe('leads', () => {
  const leads = withLeads(
    flatHistory({ leads: () => 0 }),
    ['07-31T23:59:59', '08-01T00:00:00', '08-31T23:59:59', '09-01T00:00:00'].map((t, i) =>
      leadOf(`L${i}`, `2026-${t}`),
    ),
  );

  it('counts a period from its first moment to the last before the next one', () => {
    const cohort = count(leads, 'leads');
    expect(cohort).toEqual({ counted: 2, ids: ['L1', 'L2'], sqls: [], basis: null });
    expect(countedIds(cohort)).toEqual(new Set(['L1', 'L2']));
  });

  it('counts the origins the plan pays on, and records of no origin', () => {
    const rows = [
      { ...leadOf('own', '2026-08-03T10:00:00'), origin: 'marketing' as const },
      { ...leadOf('partner', '2026-08-03T11:00:00'), origin: 'partner' as const },
      { ...leadOf('sales', '2026-08-03T12:00:00'), origin: 'sales' as const },
      { ...leadOf('unknown', '2026-08-03T13:00:00'), origin: null },
    ];
    const history = withLeads(flatHistory({ leads: () => 0 }), rows);
    expect(count(history, 'leads', { plan: onlyMarketing }).ids).toEqual(['own', 'partner', 'unknown']);
    // Another plan over the same history is not given the first one's count.
    expect(count(history, 'leads').counted).toBe(4);
    expect(count(history, 'leads', { plan: onlyMarketing }).counted).toBe(3);
  });

  it('tells a month without data from a month of none', () => {
    expect(count(flatHistory({ leads: () => 0 }), 'leads').counted).toBe(0);
    const missing = flatHistory({ leads: () => 1 });
    const daily = missing.leads!.daily.map((v, i) => (i >= 208 ? null : v));
    const cohort = count({ ...missing, leads: { ...missing.leads!, daily } }, 'leads');
    expect(cohort).toEqual({ counted: null, ids: null, sqls: [], basis: null });
    expect(countedIds(cohort).size).toBe(0);
  });

  it('counts each period and KPI for itself', () => {
    const july = parsePeriod('2026-07');
    expect(count(leads, 'leads', { period: july }).ids).toEqual(['L0']);
    expect(count(leads, 'leads').ids).toEqual(['L1', 'L2']);
    expect(count(leads, 'sqls_delivered').counted).toBeNull();
  });
});

describe('SQLs', () => {
  const cases = [
    sqlOf('before', '2026-07-31', '2026-08-05', true, '2026-09-20'),
    sqlOf('taken', '2026-08-01', '2026-09-10', true, '2026-09-20'),
    {
      ...sqlOf('lost', '2026-08-31', '2026-09-02', true, '2026-09-20'),
      disposition: 'disqualified' as const,
    },
    sqlOf('refused', '2026-08-12', '2026-08-20', false, '2026-09-20'),
    { ...sqlOf('other', '2026-08-12', '2026-08-20', true, '2026-09-20'), origin: 'sales' as const },
    sqlOf('after', '2026-09-01', '2026-09-02', true, '2026-09-20'),
  ];
  const history = withSqls(flatHistory({ sqls: () => 0, days: 260 }), cases);

  it('belong to the period of their delivery, whenever they were decided', () => {
    const { counted, ids, sqls, basis } = count(history, 'sqls_delivered');
    expect(counted).toBe(4);
    expect(ids).toEqual(sqls.map(sqlKey));
    expect(sqls.map((s) => s.lead_id).sort()).toEqual(['lost', 'other', 'refused', 'taken']);
    expect(basis).toBeNull();
  });

  it('stay accepted when they are disqualified later', () => {
    const { counted, ids, sqls } = count(history, 'sqls_accepted');
    expect(counted).toBe(3);
    expect([...ids!].sort()).toEqual(['S-lost/lost', 'S-other/other', 'S-taken/taken']);
    // The whole delivery stays known, for those that may still be accepted.
    expect(sqls).toHaveLength(4);
  });

  it('count only the origins the plan pays on', () => {
    expect(count(history, 'sqls_delivered', { plan: onlyMarketing }).counted).toBe(3);
    expect(count(history, 'sqls_accepted', { plan: onlyMarketing }).counted).toBe(2);
  });

  it('are not counted where a month has no data', () => {
    const daily = history.sqls!.daily.map(() => null);
    const missing = { ...history, sqls: { ...history.sqls!, daily } };
    expect(count(missing, 'sqls_delivered')).toEqual({ counted: null, ids: null, sqls: [], basis: null });
  });

  it('have an identity made of the SQL and its lead', () => {
    expect(sqlKey({ sql_id: 'S1', lead_id: 'L1' })).toBe('S1/L1');
  });
});

describe('deals', () => {
  const rows = [
    deal('created', {}),
    deal('won', {
      created_at: '2026-06-01T09:00:00',
      stage: 'won',
      won_at: '2026-08-31T23:00:00',
      amount: 500,
    }),
    deal('wonToo', { stage: 'won', won_at: '2026-08-01T00:00:00' }),
    deal('wonBefore', {
      created_at: '2026-06-01T09:00:00',
      stage: 'won',
      won_at: '2026-07-31T23:00:00',
      amount: 7,
    }),
    deal('wonAfter', {
      created_at: '2026-06-01T09:00:00',
      stage: 'won',
      won_at: '2026-09-01T00:00:00',
      amount: 7,
    }),
    deal('lost', {
      created_at: '2026-06-01T09:00:00',
      stage: 'lost',
      won_at: '2026-08-10T00:00:00',
      amount: 7,
    }),
    deal('sales', { stage: 'won', won_at: '2026-08-10T00:00:00', amount: 300, origin: 'sales' }),
  ];

  it('are opportunities of the month they were created in', () => {
    expect(count(withDeals(rows), 'opportunities')).toEqual({
      counted: 3,
      ids: ['created', 'wonToo', 'sales'],
      sqls: [],
      basis: null,
    });
  });

  it('are won, and bring revenue, in the month they were won', () => {
    expect(count(withDeals(rows), 'deals_won').ids).toEqual(['won', 'wonToo', 'sales']);
    expect(count(withDeals(rows), 'revenue')).toMatchObject({
      counted: 800,
      ids: ['won', 'wonToo', 'sales'],
    });
  });

  it('count only the origins the plan pays on', () => {
    expect(count(withDeals(rows), 'revenue', { plan: onlyMarketing }).counted).toBe(500);
  });

  it('fall back to the given numbers where a month has no deals data', () => {
    const missing = { ...withDeals(rows, blank.holidays.map(() => null) as never) };
    expect(count(missing, 'deals_won')).toEqual({ counted: null, ids: null, sqls: [], basis: null });
    const given = { ...missing, counts: { deals_won: blank.holidays.map(() => 1) } };
    expect(count(given, 'deals_won')).toMatchObject({ counted: 31, ids: null });
  });
});

describe('visitors', () => {
  const history = flatHistory({ sources: [{ visitors: () => 10 }, { name: 'b / c', visitors: () => 5 }] });
  const total = (value: number, over: Partial<Row<'totals'>> = {}) =>
    ({ period: '2026-08', metric: 'visitors', value, extracted_at: null, ...over }) as Row<'totals'>;

  it('are the sum of daily uniques over sources, and say so', () => {
    expect(count(history, 'visitors')).toEqual({
      counted: 31 * 15,
      ids: null,
      sqls: [],
      basis: 'daily_unique_sum',
    });
  });

  it('are the monthly unique number where the plan asks for it and one is given', () => {
    const totals = [
      total(380, { extracted_at: '2026-09-01T00:00:00' }),
      total(390, { extracted_at: '2026-09-03T00:00:00' }),
      total(370),
      total(1, { period: '2026-07', extracted_at: '2026-09-09T00:00:00' }),
      total(2, { metric: 'sessions', extracted_at: '2026-09-09T00:00:00' }),
    ];
    const known = { ...history, totals };
    expect(count(known, 'visitors', { basis: 'monthly_unique' })).toEqual({
      counted: 390,
      ids: null,
      sqls: [],
      basis: 'monthly_unique',
    });
    expect(count(known, 'visitors')).toMatchObject({ counted: 465, basis: 'daily_unique_sum' });
    expect(count(known, 'sessions', { basis: 'monthly_unique' })).toMatchObject({
      counted: 465,
      basis: null,
    });
  });

  it('fall back to daily uniques where no monthly number is given', () => {
    expect(count(history, 'visitors', { basis: 'monthly_unique' })).toMatchObject({
      counted: 465,
      basis: 'daily_unique_sum',
    });
  });

  it('sum sessions and engaged sessions alike, leaving missing days out', () => {
    const gap = flatHistory({
      sources: [{ visitors: (i) => (i === 210 ? null : i === 207 ? 1000 : 10), engaged: () => 4 }],
    });
    expect(count(gap, 'sessions')).toMatchObject({ counted: 300, basis: null });
    expect(count(gap, 'engaged_sessions')).toMatchObject({ counted: 120, basis: null });
  });

  it('are unknown without any data, never 0', () => {
    expect(count(blank, 'visitors').counted).toBeNull();
    const before = flatHistory({ sources: [{ visitors: (i) => (i < 208 ? 10 : null) }] });
    expect(count(before, 'visitors').counted).toBeNull();
  });

  it('count the days a period shares with the history when it began before it', () => {
    const january = parsePeriod('2026-01');
    expect(count(history, 'visitors', { period: january }).counted).toBe(27 * 15);
  });
});

describe('dailyOf', () => {
  const counts = { leads: [7], sqls_delivered: [8], sqls_accepted: [9], visitors: [10] };

  it('takes traffic and records before numbers given by hand', () => {
    const full = {
      ...flatHistory({ sources: [{ visitors: () => 10, engaged: () => 4 }], leads: () => 2, sqls: () => 1 }),
      counts,
    };
    expect(dailyOf(full, 'visitors')![0]).toBe(10);
    expect(dailyOf(full, 'sessions')![0]).toBe(10);
    expect(dailyOf(full, 'engaged_sessions')![0]).toBe(4);
    expect(dailyOf(full, 'leads')![0]).toBe(2);
    expect(dailyOf(full, 'sqls_delivered')![0]).toBe(1);
    // Deliveries by day say nothing about acceptances by day.
    expect(dailyOf(full, 'sqls_accepted')![0]).toBe(9);
    expect(dailyOf(full, 'revenue')).toBeNull();
  });

  it('takes numbers given by hand where there is nothing else', () => {
    const given = { ...blank, counts };
    expect(dailyOf(given, 'visitors')![0]).toBe(10);
    expect(dailyOf(given, 'leads')![0]).toBe(7);
    expect(dailyOf(given, 'sqls_delivered')![0]).toBe(8);
    expect(count({ ...blank, counts: { leads: blank.holidays.map(() => 2) } }, 'leads')).toMatchObject({
      counted: 62,
      ids: null,
    });
  });
});
