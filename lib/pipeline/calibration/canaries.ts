import { configSchema } from '../../model/config.ts';
import type { Row } from '../../model/datasets.ts';
import { addDays, dayNumber } from '../../model/day.ts';
import { isRaised, type Verdict } from '../../model/flag.ts';
import { noHolidays } from '../../model/holidays.ts';
import type { Kpi } from '../../model/kpi.ts';
import type { CanaryNote } from '../../model/report.ts';
import type { UnitData } from '../../model/unit-data.ts';
import { judgeUnit } from '../judging/judge.ts';
import type { Policies } from '../judging/run-checks.ts';
import { quietProfile } from './canary-company.ts';
import { simulateUnit } from './simulate-unit.ts';

/** A known fault, and the KPI that must be raised for it. */
export interface Canary {
  readonly id: string;
  readonly what: string;
  readonly kpi: Kpi;
  /** The quiet company with the fault in its last month. */
  inject(data: UnitData): UnitData;
}

/** The judged month of every canary, and the date its data end. */
const month = { from: '2024-09-01', to: '2024-10-01' };
const asOf = '2024-10-21';
const seed = 20_240_901;

const isIn = (time: string) => time >= month.from && time < month.to;

/** The faults that every weekly run must still find. */
export const canaryFaults: readonly Canary[] = [
  {
    id: 'stuffed-sqls',
    what: '60 hand-overs more in the last days of the month, which sales rejects',
    kpi: 'sqls_delivered',
    inject(data) {
      const { leads, sqls } = data.records;
      const used = new Set(sqls.map((s) => s.lead_id));
      const free = leads.filter((l) => isIn(l.created_at) && !used.has(l.lead_id)).slice(0, 60);
      const model = sqls.find((s) => s.disposition === 'rejected')!;
      const added = free.map((lead, k): Row<'sqls'> => {
        const day = addDays('2024-09-26', k % 5);
        return {
          ...model,
          sql_id: `stuffed ${k}`,
          lead_id: lead.lead_id,
          delivered_at: `${day}T16:${String(k % 60).padStart(2, '0')}:00`,
          record_entered_at: `${day}T16:59:00`,
          decided_at: `${addDays(day, 3)}T11:00:00`,
        };
      });
      return { ...data, records: { ...data.records, sqls: [...sqls, ...added] } };
    },
  },
  {
    id: 'bought-visitors',
    what: '120 visitors a day from a new source, who do nothing on the site',
    kpi: 'visitors',
    inject(data) {
      const days = Object.fromEntries(
        daysOfMonth().map((day) => [day, { unique_visitors: 120, sessions: 122, engaged_sessions: 3 }]),
      );
      const dimensions = { source: 'visits.example', medium: 'referral', channel: 'referral' };
      const bought = { source: 'bought', series: [{ dimensions, days }], refused: {} };
      return { ...data, traffic: [...data.traffic, bought] };
    },
  },
  {
    id: 'duplicate-leads',
    what: '30 leads of the months before, entered again as new ones',
    kpi: 'leads',
    inject(data) {
      const { leads } = data.records;
      const old = leads.filter((l) => l.created_at < month.from && l.email !== null).slice(-300);
      const copies = old
        .filter((_, i) => i % 10 === 0)
        .map((lead, k): Row<'leads'> => {
          const time = `${addDays(month.from, k % 30)}T14:${String(k).padStart(2, '0')}:30`;
          return { ...lead, lead_id: `again ${k}`, created_at: time, record_entered_at: time };
        });
      return { ...data, records: { ...data.records, leads: [...leads, ...copies] } };
    },
  },
  {
    id: 'restated-count',
    what: 'a fifth more visitors on every day of the month, days after it was final',
    kpi: 'visitors',
    inject(data) {
      const series = data.traffic.flatMap((t) => t.series);
      const restatements = series.flatMap(({ dimensions, days }) =>
        daysOfMonth().flatMap((date) => {
          const held = days[date]?.unique_visitors ?? 0;
          return held === 0
            ? []
            : [
                {
                  dataset: 'traffic',
                  date,
                  series: `${dimensions.source} / ${dimensions.medium}`,
                  metric: 'unique_visitors',
                  old: Math.round(held / 1.2),
                  new: held,
                  seenOn: '2024-10-04',
                  batch: 'canary',
                },
              ];
        }),
      );
      return { ...data, restatements };
    },
  },
];

function daysOfMonth(): string[] {
  const days = dayNumber(month.to) - dayNumber(month.from);
  return Array.from({ length: days }, (_, i) => addDays(month.from, i));
}

/** Configuration of the made company; the limits of the checks are the deployed ones. */
const config = configSchema.parse({
  organisation: 'Canary',
  timezone: 'UTC',
  currency: 'USD',
  start: month.from,
  sources: [
    { id: 'web', dataset: 'traffic' },
    { id: 'crm', dataset: 'leads' },
    { id: 'sales', dataset: 'sqls' },
  ],
  // Ripe only after the day by which a month is taken to be closed where nobody claims.
  agreement: { decideWithin: '8bd', floor: 0.6 },
  plans: [
    {
      id: 'canary',
      title: 'Canary',
      side: 'marketing',
      payAfter: 'P30D',
      bonus: 300,
      kpis: [
        { kpi: 'visitors', target: 5000 },
        { kpi: 'leads', target: 300 },
        { kpi: 'sqls_delivered', target: 100 },
      ],
    },
  ],
});

/** The quiet company every canary is made of; the same in every run. */
export function quietCompany(): UnitData {
  return simulateUnit(quietProfile(asOf), seed);
}

/** Verdict on the last month of a made company, by the code and limits that judge real data. */
export function judgeCanary(data: UnitData, kpi: Kpi, policies: Policies): Verdict | null {
  const { assessments } = judgeUnit({
    config,
    policies,
    policyDigest: () => 'sha256:canary',
    data,
    asOf,
    dates: 'ripe',
    isHoliday: noHolidays,
    calibration: null,
    decisions: new Map(),
    sealed: new Map(),
  });
  return assessments.find((a) => a.plan === 'canary' && a.kpi === kpi)?.verdict ?? null;
}

/**
 * Pushes made months with known faults through the code and the limits that judge real data, apart from them.
 *
 * @param policies limits of the checks as deployed; loosened ones may let a fault through, which is then said.
 * @returns one note a fault: caught when its KPI stands at review or above.
 * @example canaries(policies).every((c) => c.isCaught) // => true
 */
export function canaries(policies: Policies): CanaryNote[] {
  const quiet = quietCompany();
  return canaryFaults.map(({ id, what, kpi, inject }) => {
    const verdict = judgeCanary(inject(quiet), kpi, policies);
    return { id, what, verdict, isCaught: isRaised(verdict) };
  });
}
