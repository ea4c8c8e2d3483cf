import { addDays } from '../../lib/model/day.ts';
import type { Finding } from '../../lib/model/finding.ts';
import type { Assessment, Verdict } from '../../lib/model/flag.ts';
import type { Incident } from '../../lib/model/incident.ts';
import { kpis } from '../../lib/model/kpi.ts';
import { parsePeriod } from '../../lib/model/period.ts';
import type { FunnelStage, FunnelTrend, FunnelWeek, Stage, WeeklyReport } from '../../lib/model/report.ts';
import { aBusiness } from './business-sample.ts';

/** A finding of an SQL shortfall, with anything replaced. */
export function aFinding(over: Partial<Finding> = {}): Finding {
  return {
    check: 'acceptance-shortfall',
    version: 1,
    family: 'quality',
    severity: 'review',
    side: 'marketing',
    proof: false,
    kpi: 'sqls_delivered',
    p: 1.2e-7,
    effect: 0.5,
    expected: 78,
    observed: 50,
    range: [68, 87],
    messageId: 'belowFloor',
    data: { best: 50, delivered: 100, floor: 0.6 },
    text: 'At most 50 of 100 SQLs can still be accepted; the agreed floor is 60 %.',
    records: [],
    sources: [],
    capped: false,
    ...over,
  };
}

/** A certified judgement of one third of a monthly instalment, with anything replaced. */
export function anAssessment(over: Partial<Assessment> = {}): Assessment {
  const period = over.period ?? '2026-08';
  const end = parsePeriod(period).to;
  return {
    plan: 'marketing-director',
    planTitle: 'Marketing director bonus',
    side: 'marketing',
    kpi: 'visitors',
    unit: 'all',
    period,
    state: 'ripe',
    verdict: 'clear',
    reasons: [],
    atRipe: 'clear',
    raisedOn: null,
    score: 96,
    assessed: 0.95,
    policy: `sha256:${'a1'.repeat(32)}`,
    target: 5000,
    claimed: 5120,
    claimedFrom: 'claims',
    counted: 5120,
    basis: null,
    verified: { low: 5120, point: 5120, high: 5120 },
    removals: [],
    money: { currency: 'USD', claimed: 55556, payable: 55556, held: 0, refused: 0, waiting: 0 },
    pivotal: null,
    findings: [],
    outcomes: [],
    contributors: [],
    ripeOn: addDays(end, 4),
    due: addDays(end, 13),
    payOn: addDays(end, 15),
    decision: null,
    evidence: `sha256:${'e7'.repeat(32)}`,
    ...over,
  };
}

/** Visitors that stayed away for three days, with anything replaced. */
export function anIncident(over: Partial<Incident> = {}): Incident {
  return {
    id: `visitors.drop.${over.from ?? '2026-08-03'}`,
    unit: 'all',
    metric: 'visitors',
    direction: 'drop',
    check: 'metric-drop',
    version: 1,
    level: 'day',
    from: '2026-08-03',
    to: '2026-08-06',
    state: 'closed',
    ending: 'ordinary',
    provisional: false,
    p: 2.1e-9,
    expected: 290,
    observed: 35,
    range: [240, 345],
    messageId: 'days',
    data: { observed: 35, expected: 290 },
    text: 'Visitors: 35 from 2026-08-03 to 2026-08-05; own history explains 290, ordinarily 240 to 345.',
    contributors: null,
    explainedBy: null,
    asOf: '2026-08-08',
    ...over,
  };
}

/** The SQL flag of SPEC 12: 100 claimed, 50 accepted, all of its share held. */
export function anSqlFlag(over: Partial<Assessment> = {}): Assessment {
  return anAssessment({
    kpi: 'sqls_delivered',
    verdict: 'suspect',
    atRipe: 'suspect',
    raisedOn: '2026-09-03',
    score: 41,
    target: 100,
    claimed: 100,
    counted: 100,
    verified: { low: 50, point: 50, high: 50 },
    removals: [
      {
        rule: 'not_accepted',
        count: 50,
        records: Array.from({ length: 50 }, (_, i) => `SQL-${2301 + i}`),
        memo: false,
      },
    ],
    money: { currency: 'USD', claimed: 55555, payable: 0, held: 55555, refused: 0, waiting: 0 },
    pivotal: true,
    findings: [
      aFinding(),
      aFinding({
        check: 'sqls-without-leads',
        family: 'volume',
        p: 3.1e-6,
        effect: 1.9,
        expected: 52,
        observed: 100,
        range: [38, 68],
        messageId: 'aboveHistory',
        text: '100 SQLs came from 310 leads; this unit made 52 of as many leads in ordinary months.',
      }),
    ],
    ...over,
  });
}

/** August of the example plan: visitors noted, leads certified, SQLs waiting. */
export function anAugust(): Assessment[] {
  return [
    anAssessment({
      basis: 'daily_unique_sum',
      verdict: 'watch',
      findings: [
        aFinding({
          check: 'traffic-spike',
          family: 'volume',
          severity: 'watch',
          kpi: 'visitors',
          p: 0.004,
          effect: 0.21,
          expected: 4310,
          observed: 5120,
          range: [3870, 4790],
          messageId: 'aboveExpected',
          text: '5,120 visitors came where weekday, trend and holidays explain about 4,310.',
          sources: ['promo-network / referral', 'google / organic'],
        }),
      ],
    }),
    anAssessment({
      kpi: 'leads',
      target: 300,
      claimed: 312,
      counted: 310,
      verified: { low: 310, point: 310, high: 310 },
    }),
    anSqlFlag(),
  ];
}

/** Weeks that end in the week before `monday`, with August's SQLs doubled. */
export function someWeeks(count: number, monday = '2026-09-14'): FunnelWeek[] {
  return Array.from({ length: count }, (_, i) => {
    const start = addDays(monday, (i - count) * 7);
    const isAugust = start >= '2026-07-27' && start < '2026-08-31';
    const visitors = 940 + ((i * 37) % 120) + (isAugust ? 240 : 0);
    return {
      monday: start,
      visitors: i === 7 ? null : visitors,
      leads: 68 + ((i * 13) % 17),
      sqls: 13 + ((i * 5) % 6) + (isAugust ? 11 : 0),
      accepted: 11 + ((i * 3) % 4),
      won: 2 + ((i * 7) % 3),
    };
  });
}

/** Thirteen weeks in which visitors and hand-overs rose and nothing else did. */
export function aTrend(): FunnelTrend {
  const index = (value: number) =>
    Array.from({ length: 13 }, (_, i) => (i === 3 ? null : value + (i % 4) * 5));
  const stage = (stage: Stage, weekly: number, before: number): FunnelStage => ({
    stage,
    total: weekly * 13,
    weekly,
    weeklyBefore: before,
    index: index((100 * weekly) / before),
    conversion: null,
    conversionBefore: null,
  });
  return {
    mondays: Array.from({ length: 13 }, (_, i) => addDays('2026-06-08', 7 * i)),
    weeksBefore: 45,
    leavesOut: 7,
    stages: [
      stage('visitors', 1180, 705),
      { ...stage('leads', 72, 70), conversion: 0.061, conversionBefore: 0.099 },
      { ...stage('sqls', 23, 11.6), conversion: 0.32, conversionBefore: 0.166 },
      { ...stage('accepted', 11.6, 9.9), conversion: 0.5, conversionBefore: 0.85 },
      { ...stage('won', 1.4, 1.7), conversion: 0.12, conversionBefore: 0.17 },
    ],
    lostMost: 'accepted',
  };
}

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

/** A weekly report of the example plan, with anything replaced. */
export function aReport(over: Partial<WeeklyReport> = {}): WeeklyReport {
  return {
    organisation: 'Acme',
    asOf: '2026-09-09',
    week: '2026-W37',
    currency: 'USD',
    timezone: 'Europe/Berlin',
    assessments: anAugust(),
    openPeriods: [
      {
        plan: 'marketing-director',
        planTitle: 'Marketing director bonus',
        kpi: 'leads',
        unit: 'all',
        period: '2026-09',
        target: 300,
        counted: 84,
        finalDays: 8,
        days: 30,
        pace: 315,
      },
    ],
    funnel: [
      {
        unit: 'all',
        weeks: someWeeks(26, '2026-09-07'),
        flagged: [
          { kpi: 'visitors', from: '2026-08-01', to: '2026-09-01' },
          { kpi: 'sqls_delivered', from: '2026-08-01', to: '2026-09-01' },
        ],
      },
    ],
    trend: aTrend(),
    flags: {
      open: [
        { fromDays: 0, toDays: 7, count: 1, held: 55555 },
        { fromDays: 8, toDays: 35, count: 0, held: 0 },
        { fromDays: 36, toDays: 90, count: 2, held: 111_110 },
        { fromDays: 91, toDays: null, count: 0, held: 0 },
      ],
      week: { raised: 1, cleared: 0, confirmed: 0 },
      all: { raised: 3, cleared: 0, confirmed: 0 },
    },
    restatements: {
      latest: [
        {
          unit: 'all',
          dataset: 'traffic',
          date: '2026-08-14',
          series: 'google / organic',
          metric: 'unique_visitors',
          old: 41,
          new: 47,
          seenOn: '2026-09-01',
        },
      ],
      count: 3,
    },
    coverage: [
      {
        unit: 'all',
        source: 'web',
        dataset: 'traffic',
        from: '2025-01-01',
        to: '2026-09-08',
        days: 616,
        missing: 2,
        quarantinedRows: 3,
        refusedFiles: [
          { name: 'traffic-2026-08-14.csv', message: 'line 41: expected a date YYYY-MM-DD, got "14.08."' },
        ],
        lastArrival: '2026-09-09',
        settledUntil: '2026-09-04',
      },
      {
        unit: 'all',
        source: 'crm',
        dataset: 'leads',
        from: '2025-01-01',
        to: '2026-09-08',
        days: 616,
        missing: 0,
        quarantinedRows: 0,
        refusedFiles: [],
        lastArrival: '2026-09-09',
        settledUntil: '2026-09-08',
      },
    ],
    calibration: {
      date: '2026-08-01',
      factor: 1,
      rate: 0.02,
      upperBound: 0.09,
      confidence: 0.9,
      planYears: 200,
      problem: null,
    },
    canaries: [],
    calendar: [
      {
        unit: null,
        from: '2026-08-03',
        to: '2026-08-28',
        kind: 'campaign',
        note: 'summer offer',
        scope: 'referral',
        declaredOn: '2026-09-02',
        explains: [],
        reason: 'It was declared after it began.',
      },
    ],
    incidents: [],
    checks: [
      {
        id: 'acceptance-shortfall',
        version: 1,
        question: 'Does sales agree?',
        innocent: [
          'a new sales team still learning the criteria',
          'a changed definition of SQL not yet announced',
        ],
        clears: 'a review of a sample of the rejected SQLs by both sides',
      },
      {
        id: 'traffic-spike',
        version: 1,
        question: 'Did volume move alone?',
        innocent: ['a campaign', 'press coverage', 'a change of tracking'],
        clears: 'a calendar entry declared before, or spend that explains the visits',
      },
    ],
    business: aBusiness(),
    inputs: [{ unit: 'all', dataset: 'leads', rows: 7515, digest: digest('9') }],
    controlTotals: [
      { unit: 'all', period: '2026-08', metric: 'leads', source: 'crm', total: 312, counted: 310 },
    ],
    run: {
      id: '2026-09-09-weekly',
      policies: [digest('a')],
      versions: { bonafide: '0.1.0' },
      parameters: { 'traffic-spike': 'minRatio 1.2' },
      digests: { configuration: digest('c'), manifest: digest('d'), 'ledger head': digest('f') },
    },
    ...over,
  };
}

/** A report of `plans` plans with three metrics each over `months` months to August 2026, one in ten flagged. */
export function aLargeReport(plans: number, months: number): WeeklyReport {
  const periods = Array.from({ length: months }, (_, i) => {
    const month = 2026 * 12 + 7 - (months - 1 - i);
    return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
  });
  const verdictAt = (n: number): Verdict =>
    n % 10 === 3 ? 'suspect' : n % 10 === 7 ? 'watch' : n % 17 === 5 ? 'unable_to_certify' : 'clear';
  let n = 0;
  const assessments = periods.flatMap((period) =>
    Array.from({ length: plans }, (_, p) => p).flatMap((p) =>
      kpis.slice(0, 3).map((kpi) => {
        n += 1;
        const verdict = verdictAt(n * 7 + p);
        const own = {
          plan: `plan-${p}`,
          planTitle: `Bonus plan of region ${p}`,
          unit: `region-${p}`,
          kpi,
          period,
        };
        if (verdict === 'suspect') return anSqlFlag(own);
        if (verdict === 'unable_to_certify')
          return anAssessment({ ...own, verdict, reasons: ['no primary check had enough data'] });
        return anAssessment({
          ...own,
          verdict,
          findings: verdict === 'watch' ? [aFinding({ severity: 'watch' })] : [],
        });
      }),
    ),
  );
  const sample = aReport();
  return aReport({
    assessments,
    openPeriods: assessments
      .slice(0, plans * 3)
      .map((a) => ({ ...sample.openPeriods[0]!, plan: a.plan, kpi: a.kpi, unit: a.unit })),
    funnel: Array.from({ length: plans }, (_, p) => ({ ...sample.funnel[0]!, unit: `region-${p}` })),
    coverage: Array.from({ length: plans * 4 }, (_, i) => ({
      ...sample.coverage[i % 2]!,
      unit: `region-${i % plans}`,
    })),
  });
}
