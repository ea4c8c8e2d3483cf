import { type Config, configSchema } from '../../lib/model/config.ts';
import type { Row } from '../../lib/model/datasets.ts';
import { addDays, type Day, dayNumber, weekday } from '../../lib/model/day.ts';
import type { Restatement } from '../../lib/model/history.ts';
import { noHolidays } from '../../lib/model/holidays.ts';
import type { SeriesDays, UnitData } from '../../lib/model/unit-data.ts';
import { judgeUnit } from '../../lib/pipeline/judging/judge.ts';
import type { JudgingDates } from '../../lib/pipeline/judging/judging-dates.ts';
import { policiesOf, policyDigests } from '../../lib/pipeline/judging/policy.ts';
import type { UnitJudgement } from '../../lib/pipeline/judging/unit-judgement.ts';
import { emptyUnit } from '../../lib/pipeline/unit-rows.ts';
import { leadOf, sqlOf } from '../fixtures/generators.ts';
import { overdispersed, poisson, seededRandom } from '../fixtures/random.ts';

type Lead = Row<'leads'>;
type Sql = Row<'sqls'>;

/** A unit whose lists a law may rearrange. */
export interface SmallUnit {
  readonly series: readonly SeriesDays[];
  readonly leads: readonly Lead[];
  readonly sqls: readonly Sql[];
  readonly others?: OtherRecords;
  readonly restatements?: readonly Restatement[];
}

/** Records beside leads and SQLs. */
export type OtherRecords = Partial<Omit<UnitData['records'], 'leads' | 'sqls'>>;

export const firstDay = '2026-01-01';
/** Last day with data; the judging date of every law unless it says otherwise. */
export const lastDay = '2026-07-31';
export const judgedMonth = '2026-06';

const sources = [
  { source: 'google', medium: 'organic', channel: 'organic', visitors: 50 },
  { source: 'newsletter', medium: 'email', channel: 'email', visitors: 20 },
  { source: 'google', medium: 'cpc', channel: 'paid', visitors: 30 },
] as const;
const week = [1, 1.02, 1.01, 1, 0.95, 0.6, 0.55];

export interface SmallOptions {
  /** Leads and SQLs beside the usual ones in June, and the share of June's SQLs that is accepted. */
  readonly stuffed?: number;
  readonly acceptedInJune?: number;
  /** Visits in June of a source never seen before. */
  readonly bought?: number;
  readonly days?: number;
}

/** Seven months drawn from a seed: quiet, but for what the options do to June. */
export function smallUnit(seed: number, options: SmallOptions = {}): SmallUnit {
  const random = seededRandom(seed);
  const days = options.days ?? dayNumber(lastDay) - dayNumber(firstDay) + 1;
  const all = [
    ...sources,
    ...(options.bought ? [{ source: 'ads', medium: 'display', channel: 'display', visitors: 0 }] : []),
  ];
  const visits: number[] = [];
  const series = all.map(({ visitors, ...dimensions }) => {
    const held: Record<Day, Record<string, number>> = {};
    for (let i = 0; i < days; i += 1) {
      const day = addDays(firstDay, i);
      const isJune = day.startsWith(judgedMonth);
      const mean = visitors === 0 ? (isJune ? options.bought! : 0) : visitors;
      const unique = overdispersed(random, mean * week[weekday(dayNumber(day)) - 1]!, 1.5);
      const sessions = unique + poisson(random, unique * 0.15);
      const engaged = Math.min(sessions, poisson(random, sessions * (visitors === 0 ? 0.05 : 0.6)));
      held[day] = { unique_visitors: unique, sessions, engaged_sessions: engaged };
      if (visitors > 0) visits[i] = (visits[i] ?? 0) + unique;
    }
    return { dimensions, days: held };
  });
  const leads: Lead[] = [];
  const sqls: Sql[] = [];
  for (let i = 0; i < days; i += 1) {
    const day = addDays(firstDay, i);
    const count = poisson(random, visits[i]! * 0.05) + (day === '2026-06-18' ? (options.stuffed ?? 0) : 0);
    for (let k = 0; k < count; k += 1) {
      const { source, medium } = sources[k % 3]!;
      const id = `L${i}-${k}`;
      leads.push(leadOf(id, timeOf(random, day), `${source} / ${medium}`, random));
      if (k % 3 !== 0 && day !== '2026-06-18') continue;
      const share = day.startsWith(judgedMonth) ? (options.acceptedInJune ?? 0.8) : 0.8;
      sqls.push(sqlRow(id, day, random() < share, `person-${Math.floor(random() * 4)}`, random));
    }
  }
  return { series, leads, sqls };
}

function sqlRow(id: string, day: Day, isAccepted: boolean, person: string, random: () => number): Sql {
  const decided = addDays(day, 1 + Math.floor(random() * 5));
  const { decidedOn, isContested, isOverdue, ...row } = sqlOf(id, day, decided, isAccepted, '2099-01-01');
  return {
    ...row,
    decided_by: person,
    delivered_by: `handed-${person}`,
    decided_at: timeOf(random, decided),
  };
}

function timeOf(random: () => number, day: Day): string {
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  return `${day}T${two(8 + random() * 10)}:${two(random() * 60)}:${two(random() * 60)}`;
}

/**
 * The plan every law judges by; June is its last month but one.
 * @param claimedSqls SQLs to be claimed and paid on, where values are claimed and contact is agreed; null where what
 *   was counted is claimed.
 */
export function smallConfig(bonus = 900, claimedSqls: number | null = null): Config {
  const isStrict = claimedSqls !== null;
  return configSchema.parse({
    organisation: 'Acme',
    timezone: 'UTC',
    currency: 'USD',
    start: '2026-05-01',
    sources: [
      { id: 'web', dataset: 'traffic', settling: 'P2D' },
      { id: 'crm', dataset: 'leads' },
      { id: 'sales', dataset: 'sqls' },
      ...(isStrict ? [{ id: 'claims', dataset: 'claims' }] : []),
    ],
    agreement: {
      decideWithin: 'P14D',
      floor: 0.6,
      reasons: ['no_intent', { code: 'no_timing', needsContact: true }],
      ...(isStrict ? { contactWithin: 'P7D' } : {}),
    },
    plans: [
      {
        id: 'director',
        title: 'Director',
        side: 'marketing',
        bonus,
        kpis: [
          { kpi: 'visitors', target: 2500 },
          { kpi: 'leads', target: 120 },
          { kpi: 'sqls_delivered', target: claimedSqls ?? 40 },
        ],
      },
    ],
  });
}

/** Everything held about the unit, as the pipeline takes it. */
export function dataOf({ series, leads, sqls, others, restatements = [] }: SmallUnit): UnitData {
  const blank = emptyUnit('all');
  return {
    ...blank,
    traffic: [{ source: 'web', series, refused: {} }],
    records: { ...blank.records, ...others, leads, sqls },
    restatements,
  };
}

/** Judges a unit by the small plan. */
export function judge(
  data: UnitData,
  config = smallConfig(),
  asOf: Day = lastDay,
  dates: JudgingDates = 'all',
): UnitJudgement {
  const read = policiesOf(config);
  if (!('policies' in read)) throw new Error('the limits are not valid');
  return judgeUnit({
    config,
    policies: read.policies,
    policyDigest: policyDigests(config, read.policies),
    data,
    asOf,
    dates,
    isHoliday: noHolidays,
    calibration: null,
    decisions: new Map(),
    sealed: new Map(),
  });
}
