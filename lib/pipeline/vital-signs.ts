import type { Source } from '../model/config.ts';
import { addDuration, type IsHoliday, parseDuration } from '../model/duration.ts';
import type { CanaryNote } from '../model/report.ts';
import type { VitalMetric } from '../model/vital-metric.ts';
import type { RunRecord } from '../store/runs-store.ts';
import type { AfterJob } from './flag.ts';
import { dateIn } from './plan.ts';
import type { Ports } from './ports.ts';
import { type Delivery, getJson, type IngestOutcome, runKeys } from './run-objects.ts';

/** What operations watch, measured at the end of a run; null where this run says nothing about it. */
export type VitalSigns = Readonly<Record<VitalMetric, number | null>>;

type VitalPorts = Pick<Ports, 'config' | 'runs' | 'data' | 'isHoliday' | 'now'>;

/**
 * Measures how the pipeline does: hours since a run of each kind last went through, sources whose data are late, the
 * share of rows set aside, and canaries that got through. Call it when the run's record is written.
 *
 * A run that ended unhealthy went through: what was refused is told by an alert of its own. A kind that never ran is as
 * old as the first run of any kind, so that a new pipeline is not overdue on its first day.
 */
export async function vitalSigns(job: Pick<AfterJob, 'runId'>, ports: VitalPorts): Promise<VitalSigns> {
  const now = ports.now();
  const daily = await ports.runs.listRuns('daily');
  const weekly = await ports.runs.listRuns('weekly');
  const monthly = await ports.runs.listRuns('monthly');
  const first = [...daily, ...weekly, ...monthly].map((run) => run.startedAt).sort()[0];
  const hoursSince = (runs: readonly RunRecord[]) => {
    const last = runs.findLast(({ status }) => status === 'succeeded' || status === 'unhealthy');
    const since = last?.endedAt ?? first;
    return since === undefined ? null : (now.getTime() - Date.parse(since)) / 3_600_000;
  };
  const canaries = await getJson<CanaryNote[]>(ports.data, runKeys.canaries(job.runId));
  return {
    HoursSinceDailyRun: hoursSince(daily),
    HoursSinceWeeklyRun: hoursSince(weekly),
    HoursSinceMonthlyRun: hoursSince(monthly),
    LateSources: (await lateSources(ports)).length,
    QuarantinedPercent: await quarantinedPercent(job.runId, ports),
    MissedCanaries: canaries?.filter(({ isCaught }) => !isCaught).length ?? null,
  };
}

/** Sources with an `expect:` that have nothing newer taken in than they should have, and when their newest data landed. */
export async function lateSources({
  config,
  runs,
  isHoliday,
  now,
}: Pick<VitalPorts, 'config' | 'runs' | 'isHoliday' | 'now'>): Promise<
  { readonly source: Source; readonly last: string | null }[]
> {
  const late = [];
  for (const source of config.sources) {
    const last = await runs.lastLandedDate(source.id, source.dataset);
    if (isLate(source, last, now(), config.timezone, isHoliday)) late.push({ source, last });
  }
  return late;
}

/**
 * Whether the data of a source should have come by now: `every` after the date of the last ones, at the time `by`. A
 * source that never delivered is late; one without `expect` never is.
 *
 * @param last date on which the newest data landed.
 * @example isLate({ expect: { every: 'P1D', by: '04:00' } }, '2026-09-01', new Date('2026-09-02T05:00:00Z'), 'UTC', noHolidays) // => true
 */
export function isLate(
  { expect }: Pick<Source, 'expect'>,
  last: string | null,
  now: Date,
  timezone: string,
  isHoliday: IsHoliday,
): boolean {
  if (!expect) return false;
  if (last === null) return true;
  const due = addDuration(last, parseDuration(expect.every), isHoliday);
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, hour: '2-digit', minute: '2-digit' });
  return `${dateIn(timezone, now)} ${time.format(now)}` > `${due} ${expect.by}`;
}

/** Rows set aside in percent of the rows read; null when the run read none. */
async function quarantinedPercent(runId: string, { data }: VitalPorts): Promise<number | null> {
  let good = 0;
  let bad = 0;
  for (const { source, dataset } of (await getJson<Delivery[]>(data, runKeys.deliveries(runId))) ?? []) {
    const outcome = await getJson<IngestOutcome>(data, runKeys.outcome(runId, source, dataset));
    good += outcome?.files.reduce((sum, { rows }) => sum + rows, 0) ?? 0;
    bad += outcome?.quarantined ?? 0;
  }
  return good + bad === 0 ? null : (100 * bad) / (good + bad);
}
