import * as z from 'zod';
import type { Source } from '../model/config.ts';
import { addDays, type Day } from '../model/day.ts';
import type { Ports } from './ports.ts';
import { type Delivery, putJson, type RunIdentity, runKeys } from './run-objects.ts';

/** What starts a run. */
export const planJob = z.object({
  kind: z.enum(['daily', 'weekly', 'monthly']),
  scheduledAt: z.iso.datetime({ offset: true }),
  /** Judging date; without it the scheduled date in the organisation's zone. */
  asOf: z.iso.date().optional(),
  /** Name of the execution, unique; a schedule that fires twice is two executions of one run. */
  execution: z.string().optional(),
  /** Keys of what was landed for this run; without it everything in landing that was not taken in. */
  landed: z.array(z.string()).optional(),
});
export type PlanJob = z.output<typeof planJob>;

/** Where the rest of the run finds its work. */
export interface PlanSummary {
  readonly runId: string;
  readonly token: number;
  readonly asOf: Day;
  readonly deliveriesKey: string;
  readonly unitsKey: string;
  readonly deliveries: number;
  readonly reportDue: boolean;
  readonly closeDue: boolean;
}

/** Another run works at the moment; try again later. */
export class LeaseHeldError extends Error {
  override readonly name = 'LeaseHeldError';
}

/**
 * Longest a run may take before another may take its place, seconds: longer than the machine lets a run go on, by what
 * a function may still write when its run was stopped, and by what clocks differ.
 */
export const leaseSeconds = 3 * 3600;

/**
 * Step 0: takes the lease, finds new batches, and writes what is to be done as lists by reference.
 *
 * A schedule fires at least once: the run's id comes from kind and scheduled time, so a repeat is the same run.
 * @throws {LeaseHeldError} another run holds the lease.
 */
export async function plan(
  job: PlanJob,
  ports: Pick<Ports, 'config' | 'runs' | 'data' | 'now'>,
): Promise<PlanSummary> {
  const { config, runs, data } = ports;
  const now = ports.now();
  const runId = `${job.kind}-${job.scheduledAt.replace(/[^0-9TZ]/g, '')}`;
  const taken = await runs.acquireLease({
    holder: job.execution ?? runId,
    kind: job.kind,
    scheduledAt: job.scheduledAt,
    now: now.toISOString(),
    ttlSeconds: leaseSeconds,
  });
  if (!taken.acquired)
    throw new LeaseHeldError(
      `run ${taken.heldBy.holder} is at work until ${taken.heldBy.expiresAt} at the latest`,
    );
  const asOf = job.asOf ?? dateIn(config.timezone, new Date(job.scheduledAt));
  await runs.putRun({
    kind: job.kind,
    scheduledAt: job.scheduledAt,
    runId,
    asOf,
    status: 'running',
    startedAt: now.toISOString(),
    endedAt: null,
    evidence: null,
    message: null,
  });
  const today = now.toISOString().slice(0, 10);
  const deliveries: Delivery[] = [];
  for (const source of config.sources) {
    const landed = job.landed?.filter((key) => key.startsWith(landingPrefix(source)));
    const files = (landed ?? (await newKeys(source, today, ports))).map((key) => ({
      key,
      name: fileName(key),
    }));
    if (files.length > 0)
      deliveries.push({ source: source.id, dataset: source.dataset, arrivedOn: today, files });
  }
  await putJson(data, runKeys.run(runId), {
    kind: job.kind,
    scheduledAt: job.scheduledAt,
  } satisfies RunIdentity);
  await putJson(data, runKeys.deliveries(runId), deliveries);
  await putJson(
    data,
    runKeys.units(runId),
    config.units.map((u) => u.id),
  );
  // A monthly run that was incomplete or failed sealed nothing: the next run that is whole does.
  const lastMonthly = await runs.latestRun('monthly');
  const isCloseLeft = lastMonthly !== null && lastMonthly.status !== 'succeeded';
  return {
    runId,
    token: taken.lease.token,
    asOf,
    deliveriesKey: runKeys.deliveries(runId),
    unitsKey: runKeys.units(runId),
    deliveries: deliveries.length,
    // A daily run writes the agreement page; the step itself knows when the weekly report is due.
    reportDue: job.kind !== 'monthly',
    closeDue: job.kind === 'monthly' || isCloseLeft,
  };
}

/** Where files of a source land. */
export function landingPrefix(source: Pick<Source, 'id' | 'dataset'>): string {
  return `landing/${source.id}/${source.dataset}/`;
}

/** Landed files not taken in yet, in order of their keys. Only days since the last landing are listed: the rest grows for 400 days. */
async function newKeys(
  source: Source,
  today: Day,
  { runs, data }: Pick<Ports, 'runs' | 'data'>,
): Promise<string[]> {
  const last = await runs.lastLandedDate(source.id, source.dataset);
  const prefixes: string[] = [];
  if (last === null) prefixes.push(landingPrefix(source));
  // One day before the last: a batch of that day may have landed after it was listed.
  else
    for (let day = addDays(last, -1); day <= today; day = addDays(day, 1))
      prefixes.push(`${landingPrefix(source)}dt=${day}/`);
  const keys: string[] = [];
  for (const prefix of prefixes)
    for (const key of await data.list(prefix))
      if (!(await runs.isIngested(source.id, source.dataset, key))) keys.push(key);
  return keys;
}

/** Name a file came with: its key without folders and without the digest that landing puts before it. */
function fileName(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1).replace(/^[0-9a-f]{12}-/, '');
}

/** The calendar date of an instant in a time zone. */
export function dateIn(timeZone: string, instant: Date): Day {
  // Told without the tables of the time zones, which take 25 ms to load.
  if (timeZone === 'UTC') return instant.toISOString().slice(0, 10);
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return parts.format(instant);
}
