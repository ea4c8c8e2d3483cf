import { describe, expect, it } from 'vitest';
import { anSqlFlag } from '../../reports/sample.ts';
import { aConfig, booking, businessOfRecords, deal, guest, lead, sql, win } from '../business-unit.ts';

const rejected = { disposition: 'rejected', reason: 'not_icp' } as const;
/** `count` rows made by index. */
const rows = <R>(count: number, make: (k: number) => R): R[] =>
  Array.from({ length: count }, (_, k) => make(k));

describe('what hand-overs cost sales', () => {
  const sqls = [
    ...rows(10, (k) => sql(`a${k}`, '2026-06-10', '2026-06-11', k < 2 ? rejected : {})),
    ...rows(20, (k) => sql(`b${k}`, '2026-07-10', '2026-07-12', k < 10 ? rejected : {})),
    sql('c', '2026-08-10', null),
  ];
  const { handOvers } = businessOfRecords({ sqls, deals: [win('d', '2026-06-20', 25)] }, aConfig(), [
    anSqlFlag({ period: '2026-07' }),
  ]);

  it('holds months under question against the others', () => {
    expect(handOvers!.raised).toMatchObject({ months: ['2026-07'], delivered: 20, notQualified: 10 });
    expect(handOvers!.raised!.share.value).toBe(0.5);
    expect(handOvers!.ordinary).toMatchObject({
      months: ['2026-06', '2026-08'],
      delivered: 11,
      notQualified: 2,
    });
  });

  it('counts hours from hand-over to rejection, and the quota of the same months', () => {
    expect(handOvers!.raised!.hoursToReject).toBe(53);
    expect(handOvers!.raised!.quota).toBe(1_000_000);
    expect(handOvers!.raised!.won).toBe(1_000_000);
  });

  it('leaves what is pending out of what did not qualify', () => {
    expect(handOvers!.months.at(-1)).toMatchObject({
      month: '2026-08',
      delivered: 1,
      notQualified: 0,
      pending: 1,
    });
  });
});

describe('cost by origin', () => {
  const leads = rows(10, (k) => lead(`l${k}`, '2026-05-05T10:00:00'));
  const sqls = rows(5, (k) => sql(`l${k}`, '2026-05-10', '2026-05-11'));
  const deals = [
    win('m', '2026-05-20', 20, { sql_id: 'S-l0' }),
    win('s', '2026-05-20', 10, { origin: 'sales' }),
  ];
  const spend = [booking('2026-05-31', 100_000), booking('2026-05-31', 40_000, { budget: 'presale' })];

  it('divides what was booked by what came of it, with the Poisson interval of the count', () => {
    const [marketing] = businessOfRecords({ leads, sqls, deals, spend }).origins;
    expect(marketing).toMatchObject({ origin: 'marketing', leads: 10, accepted: 5, won: 1, cost: 100_000 });
    expect(marketing!.perLead).toEqual({ value: 10_000, low: 5438, high: 20_853 });
    expect(marketing!.perAccepted!.value).toBe(20_000);
    expect(marketing!.perCustomer!.value).toBe(100_000);
  });

  it('shows presale that names no origin in the sum only, with it and without', () => {
    const { origins } = businessOfRecords({ leads, sqls, deals, spend });
    expect(origins[0]!.presaleCost).toBeNull();
    expect(origins.at(-1)).toMatchObject({ origin: 'all', cost: 100_000, presaleCost: 40_000, won: 2 });
    expect(origins.at(-1)!.perCustomerWithPresale!.value).toBe(70_000);
  });

  it('takes the days to win from the lead where one is linked, else from the deal', () => {
    const { origins } = businessOfRecords({ leads, sqls, deals, spend });
    expect(origins.map((o) => [o.origin, o.daysToWin])).toEqual([
      ['marketing', 35],
      ['sales', 10],
      ['all', 22.5],
    ]);
  });

  it('cannot be told without bookings, and says so', () => {
    const { origins, gaps } = businessOfRecords({ leads, sqls, deals });
    expect(gaps).toContain('no-spend');
    for (const o of origins) expect([o.cost, o.perLead, o.perCustomer]).toEqual([null, null, null]);
  });

  it('counts a deal touched where a marketing lead came before it', () => {
    const address = { contact_email: 'hash-l3' };
    const touched = win('t', '2026-06-01', 5, { origin: 'sales', ...address });
    const before = win('b', '2026-05-01', 5, { origin: 'sales', ...address });
    const { marketingShare } = businessOfRecords({ leads, sqls, deals: [...deals, touched, before] });
    expect(marketingShare).toMatchObject({ won: 4, sourced: 1, touched: 2 });
  });
});

describe('goal and quota', () => {
  it('says pace and gap of the year to date', () => {
    const { goal } = businessOfRecords({ deals: [win('d', '2026-02-01', 10, { amount: 6_000_000 })] });
    // 243 of 365 days are gone.
    expect(goal).toMatchObject({ target: 12_000_000, won: 6_000_000, withoutAmount: 0 });
    expect(goal!.pace).toBe(Math.round((6_000_000 * 365) / 243));
    expect(goal!.gap).toBe(Math.round((12_000_000 * 243) / 365) - 6_000_000);
  });

  it('needs quota / (average won amount x win rate) accepted SQLs', () => {
    const sqls = rows(20, (k) => sql(`l${k}`, '2025-12-01', '2025-12-02'));
    const deals = rows(2, (k) => win(`d${k}`, '2025-12-10', 30, { sql_id: `S-l${k}`, amount: 500_000 }));
    const { need } = businessOfRecords({ sqls, deals });
    // 10,000 a month / (5,000 a win x 2 of 20)
    expect(need).toMatchObject({ quota: 1_000_000, averageWon: 500_000, marketingShare: 1 });
    expect(need!.accepted.value).toBeCloseTo(20, 10);
    expect(need!.accepted.low).toBeLessThan(20);
    expect(need!.accepted.high).toBeGreaterThan(20);
  });

  it('is null without a goal, a deal or a link, and says which', () => {
    const none = businessOfRecords({ sqls: [sql('a', '2026-06-01', null)] }, aConfig({ goals: undefined }));
    expect([none.goal, none.need, none.winRate, none.marketingShare]).toEqual([null, null, null, null]);
    expect(none.gaps).toEqual(['no-spend', 'no-deals', 'no-goal']);
    const unlinked = businessOfRecords({
      sqls: [sql('a', '2026-06-01', null)],
      deals: [win('d', '2026-05-01', 9)],
    });
    expect(unlinked.gaps).toContain('no-deal-links');
  });

  it('gives hand-overs of both spans the same time to be won', () => {
    const sqls = [
      ...rows(20, (k) => sql(`n${k}`, '2026-07-01', '2026-07-02')),
      ...rows(20, (k) => sql(`t${k}`, '2026-02-01', '2026-02-02')),
    ];
    const deals = [
      ...rows(6, (k) => win(`d${k}`, '2026-02-05', 25, { sql_id: `S-t${k}` })),
      win('late', '2026-02-05', 100, { sql_id: 'S-t9' }),
      ...rows(2, (k) => win(`e${k}`, '2026-07-05', 24, { sql_id: `S-n${k}` })),
    ];
    const { winRate } = businessOfRecords({ sqls, deals });
    expect(winRate).toMatchObject({ withinDays: 29, isApart: false });
    expect([winRate!.now.won, winRate!.now.accepted]).toEqual([2, 20]);
    expect([winRate!.before.won, winRate!.before.accepted]).toEqual([6, 20]);
  });
});

describe('an event', () => {
  it('is held against what its guests brought, and who was with sales before', () => {
    const sqls = [sql('g0', '2026-02-01', '2026-02-02'), sql('g1', '2026-04-01', '2026-04-02')];
    const deals = [
      win('d0', '2026-03-20', 20, { sql_id: 'S-g0', amount: 300_000 }),
      win('d1', '2026-04-10', 100, { sql_id: 'S-g1', amount: 300_000 }),
      deal('d2', '2026-04-01'),
    ];
    const guests = [
      ...['g0', 'g1'].map((id) => guest('fair', '2026-03-10', { lead_id: id, sql_id: `S-${id}` })),
      guest('fair', '2026-03-10'),
    ];
    const spend = [booking('2026-03-31', 500_000, { event_id: 'fair' })];
    const { presale } = businessOfRecords({ sqls, deals, guests, spend });
    expect(presale).toEqual([
      {
        event: 'fair',
        on: '2026-03-10',
        guests: 3,
        identified: 2,
        withSales: 1,
        cost: 500_000,
        budgets: ['marketing'],
        won: 2,
        revenue: 600_000,
        breakEven: [
          { days: 90, isReached: false },
          { days: 180, isReached: true },
        ],
        breakEvenOn: '2026-07-19',
      },
    ]);
  });
});

describe('budgets', () => {
  it('take the bookings that name them, else those of the only one of their kind', () => {
    const budgets = [
      { id: 'ads', budget: 'marketing', amount: 1000, per: 'year' },
      { id: 'fairs', budget: 'marketing', amount: 500, per: 'quarter' },
      { id: 'trials', budget: 'presale', amount: 200, per: 'month', owner: 'head of sales' },
    ];
    const spend = [
      booking('2026-08-03', 7_000, { budget_line: 'ads' }),
      booking('2026-08-04', 5_000),
      booking('2026-08-05', 3_000, { budget: 'presale' }),
      booking('2026-07-05', 9_000, { budget: 'presale' }),
    ];
    const used = businessOfRecords(
      { spend, leads: [lead('l', '2026-08-01T09:00:00')] },
      aConfig({ budgets }),
    ).budgets;
    expect(used.map((b) => [b.id, b.period, b.booked, b.amount])).toEqual([
      ['ads', '2026', 7_000, 100_000],
      ['fairs', '2026-Q3', 0, 50_000],
      ['trials', '2026-08', 3_000, 20_000],
    ]);
    expect(used[2]).toMatchObject({ elapsed: 1, owner: 'head of sales' });
  });
});
