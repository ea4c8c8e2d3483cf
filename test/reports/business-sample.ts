import type { AgreementDocument, AgreementRecord } from '../../lib/model/agreement-record.ts';
import type { Business, OriginResult } from '../../lib/model/business.ts';
import type { Estimate } from '../../lib/model/estimate.ts';

/** A value and a range round it; money stays whole. */
const about = (value: number): Estimate => {
  const whole = (v: number) => (value > 2 ? Math.round(v) : v);
  return { value, low: whole(value * 0.8), high: whole(value * 1.3) };
};

/** September of the example's agreement, with anything replaced. */
export function anAgreementRecord(over: Partial<AgreementRecord> = {}): AgreementRecord {
  return {
    unit: 'all',
    month: '2026-09',
    isComplete: false,
    from: '2026-09-01',
    to: '2026-09-10',
    delivered: 30,
    accepted: 14,
    rejected: 12,
    returned: 1,
    pending: 3,
    acceptedShare: { value: 0.52, low: 0.34, high: 0.69 },
    floor: 0.6,
    acceptedPerMonth: null,
    aboveCapacity: 2,
    decidedInTime: 0.9,
    hoursToDecide: 21,
    contactedInTime: null,
    hoursToContact: 60,
    overdue: 1,
    contested: 2,
    reasons: [
      { reason: 'not_icp', count: 10, isAgreed: true },
      { reason: '', count: 2, isAgreed: false },
    ],
    undecided: [
      { sqlId: 'S-7001', deliveredOn: '2026-09-03', due: '2026-09-07', isOverdue: true, isContacted: true },
      { sqlId: 'S-7002', deliveredOn: '2026-09-08', due: '2026-09-10', isOverdue: false, isContacted: false },
    ],
    ...over,
  };
}

/** An agreement page of one unit, with anything replaced. */
export function anAgreement(over: Partial<AgreementDocument> = {}): AgreementDocument {
  return {
    schema: 'bonafide/agreement/1',
    organisation: 'Acme',
    asOf: '2026-09-09',
    timezone: 'Europe/Berlin',
    owners: { marketing: 'marketing director', sales: null },
    terms: {
      decideWithin: '2bd',
      contactWithin: null,
      attempts: null,
      floor: 0.6,
      capacityPerDay: 8,
      acceptedPerMonth: null,
      reasons: [{ code: 'not_icp', needsContact: false }],
      criteria: null,
      from: null,
    },
    records: [
      anAgreementRecord({ month: '2026-08', isComplete: true, from: '2026-08-01', to: '2026-09-01' }),
      anAgreementRecord(),
    ],
    ...over,
  };
}

const origin = (over: Partial<OriginResult>): OriginResult => ({
  origin: 'marketing',
  leads: 3700,
  accepted: 560,
  won: 60,
  revenue: 66_000_000,
  cost: 4_200_000,
  presaleCost: 1_000_000,
  perLead: about(1135),
  perAccepted: about(7500),
  perCustomer: about(70_000),
  perCustomerWithPresale: about(86_667),
  daysToWin: 58,
  ...over,
});

/** Business numbers of a gamed summer; every text that others write is `name`. */
export function aBusiness(name = 'trade-fair'): Business {
  const group = (months: string[], notQualified: number, delivered: number) => ({
    months,
    delivered,
    notQualified,
    share: about(notQualified / delivered),
    hoursToReject: 20,
    quota: 40_000_000,
    won: 18_000_000,
  });
  return {
    span: { from: '2025-09-10', to: '2026-09-10' },
    handOvers: {
      months: ['2026-07', '2026-08', '2026-09'].map((month) => ({
        month,
        isComplete: month !== '2026-09',
        isRaised: month === '2026-08',
        delivered: 100,
        accepted: 50,
        notQualified: 50,
        pending: 0,
        hoursToReject: 20,
        quota: 10_000_000,
        won: 6_000_000,
      })),
      raised: group(['2026-05', '2026-06', '2026-07', '2026-08'], 200, 403),
      ordinary: group(['2026-01', '2026-02', '2026-03', '2026-04'], 31, 210),
    },
    winRate: {
      withinDays: 55,
      before: { from: '2025-04-19', to: '2026-04-18', accepted: 540, won: 36, rate: about(0.066) },
      now: { from: '2026-04-18', to: '2026-07-18', accepted: 150, won: 7, rate: about(0.047) },
      isApart: false,
    },
    goal: {
      year: '2026',
      target: 120_000_000,
      won: 60_000_000,
      withoutAmount: 1,
      yearElapsed: 0.69,
      pace: 86_956_522,
      gap: 22_800_000,
    },
    need: {
      quota: 10_000_000,
      averageWon: 1_100_000,
      winRate: about(0.13),
      accepted: about(70),
      marketingShare: 0.66,
      acceptedForShare: 46.2,
      deliveredForShare: 60.4,
      acceptedNow: 50.7,
    },
    agreement: [anAgreementRecord({ reasons: [{ reason: name, count: 3, isAgreed: true }] })],
    origins: [
      origin({}),
      origin({ origin: 'sales', leads: 0, cost: null, perLead: null }),
      origin({ origin: 'all' }),
    ],
    sources: [
      {
        source: name,
        firstSeen: '2026-05-01',
        visitors: 9_000,
        engagedShare: 0.03,
        spend: 320_000,
        leads: 12,
        accepted: 0,
        perLead: { value: 26_667, low: 15_265, high: 51_610 },
        perAccepted: null,
        isQuestioned: true,
      },
      {
        source: 'google / cpc',
        firstSeen: '2024-09-01',
        visitors: 6_000,
        engagedShare: 0.52,
        spend: 2_200_000,
        leads: 560,
        accepted: 80,
        perLead: about(3929),
        perAccepted: about(27_500),
        isQuestioned: false,
      },
    ],
    marketingShare: { won: 90, sourced: 60, touched: 66, revenue: 99_000_000, sourcedRevenue: 66_000_000 },
    worth: [
      {
        kpi: 'visitors',
        worth: 'fluff',
        predictions: [
          {
            kpi: 'visitors',
            outcome: 'revenue',
            rho: { value: -0.1, low: -0.3, high: 0.1 },
            fluff: { value: 100, low: 90, high: 100 },
            pairs: 94,
            lagDays: 60,
            label: 'weak predictor',
          },
        ],
      },
      { kpi: 'leads', worth: 'history too short', predictions: [] },
    ],
    jointKpis: [
      {
        kpi: 'sqls_accepted',
        origins: [],
        why: 'Counts what both sides agree is ready.',
        usual: 43,
        months: 12,
        needed: 47,
        inPlans: [],
        yaml: 'kpis:\n  - { kpi: sqls_accepted, target: 47 }',
      },
      {
        kpi: 'revenue',
        origins: ['marketing'],
        why: 'Counts what the company lives on.',
        usual: 5_500_000,
        months: 12,
        needed: 6_600_000,
        inPlans: [],
        yaml: 'countsOrigins: [marketing]\nkpis:\n  - { kpi: revenue, target: 66000 }',
      },
    ],
    presale: [
      {
        event: name,
        on: '2026-03-10',
        guests: 40,
        identified: 30,
        withSales: 20,
        cost: 1_000_000,
        budgets: ['marketing'],
        won: 3,
        revenue: 3_300_000,
        breakEven: [
          { days: 90, isReached: false },
          { days: 180, isReached: true },
        ],
        breakEvenOn: '2026-07-01',
      },
    ],
    budgets: [
      {
        id: 'ads',
        budget: 'marketing',
        owner: name,
        period: '2026',
        amount: 5_000_000,
        booked: 3_000_000,
        elapsed: 0.69,
      },
    ],
    planDefects: [
      {
        rule: 'cliff',
        plan: 'marketing-director',
        planTitle: name,
        side: 'marketing',
        kpi: null,
        text: 'All or nothing at the target.',
        evidence: 'Visitors, Leads, SQLs: one more unit decides up to USD 555.56 a month.',
        yaml: 'payout: { linear: { threshold: 0.7, cap: 1.2 } }',
      },
    ],
    gaps: ['no-spend'],
  };
}
