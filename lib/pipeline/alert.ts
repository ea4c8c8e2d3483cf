import * as z from 'zod';
import type { CanaryNote } from '../model/report.ts';
import { failureAlert } from '../reports/failure-alert.ts';
import { shareText } from '../reports/number-text.ts';
import type { JudgementObject } from './cross-check.ts';
import { remindersAt } from './decide-reminders.ts';
import { documentOf } from './find-assessment.ts';
import { afterJob } from './flag.ts';
import { putLateSources } from './late-sources.ts';
import { sendWaiting, tell } from './outbox.ts';
import type { Ports } from './ports.ts';
import { type Delivery, getJson, type IngestOutcome, runKeys } from './run-objects.ts';
import { writeRunRecord } from './run-record.ts';

/** Work of the step; where a close follows, a healthy run keeps the lease for it. */
export const alertJob = afterJob.extend({ closeDue: z.boolean().optional() });
export type AlertJob = z.output<typeof alertJob>;

export interface AlertSummary {
  readonly sent: number;
  readonly isHealthy: boolean;
  /** What was refused or failed, for people. */
  readonly troubles: readonly string[];
  /** `sha256:` of the manifest. */
  readonly manifest: string;
}

/** Troubles a step returns; all of them are in the alert and the run record. A state may carry 256 KB. */
const mostTroubles = 50;

/**
 * Step 5: reminds of decisions that are due; sends what waits in the outbox, at least once and always under the same id; reads the outcomes of
 * the run and tells its keepers what is incomplete, late or set aside in growing numbers; writes the manifest and the
 * run record; gives up the lease, unless a close follows: what is sealed is sealed for good, and no other run may change
 * it meanwhile.
 */
export async function alert(
  job: AlertJob,
  ports: Pick<
    Ports,
    | 'config'
    | 'configText'
    | 'isHoliday'
    | 'runs'
    | 'data'
    | 'flags'
    | 'evidence'
    | 'ledger'
    | 'publish'
    | 'emit'
    | 'now'
  >,
): Promise<AlertSummary> {
  // It gives the lease up at its end: called again because the answer was lost, it finds it given up by itself.
  await ports.runs.assertLease(job.token, 'or released');
  await putLateSources(ports);
  const assessments = (await ports.flags.listAssessments()).map(documentOf);
  for (const due of remindersAt(assessments, job.asOf, ports.config.organisation))
    await ports.flags.putAlert({ id: due.id, document: due });
  const sent = await sendWaiting(job.asOf, ports);
  const troubles = await troublesOf(job.runId, ports);
  const notices = [...troubles, ...(await growingQuarantines(job.runId, ports))];
  if (notices.length > 0)
    await tell(
      failureAlert({
        organisation: ports.config.organisation,
        id: job.runId,
        kind: job.runId.slice(0, job.runId.indexOf('-')) as 'daily' | 'weekly' | 'monthly',
        scheduledFor: job.asOf,
        step: null,
        troubles: notices,
      }),
      ports,
    );
  const manifest = await writeRunRecord(job, ports, troubles);
  const isHealthy = troubles.length === 0;
  if (!(isHealthy && job.closeDue)) await ports.runs.releaseLease(job.token);
  return { sent, isHealthy, troubles: troubles.slice(0, mostTroubles), manifest };
}

/** Rows set aside at which a share is worth a word, and by how much it must have grown. */
const quarantineGrowth = { leastRows: 10, leastShare: 0.01, factor: 2 };

/**
 * Deliveries of which far more rows were set aside than of the delivery before: not refused, and still worth a look
 * before they are.
 */
async function growingQuarantines(runId: string, { data }: Pick<Ports, 'data'>): Promise<string[]> {
  const { leastRows, leastShare, factor } = quarantineGrowth;
  const lines: string[] = [];
  for (const { source, dataset } of (await getJson<Delivery[]>(data, runKeys.deliveries(runId))) ?? []) {
    const outcome = await getJson<IngestOutcome>(data, runKeys.outcome(runId, source, dataset));
    const good = (outcome?.files ?? []).reduce((sum, file) => sum + file.rows, 0);
    const bad = outcome?.quarantined ?? 0;
    const share = bad / (good + bad);
    const before = outcome?.badShareBefore ?? 0;
    if (bad >= leastRows && share >= leastShare && share >= factor * before)
      lines.push(
        `${source} (${dataset}): ${bad} of ${good + bad} rows were set aside (${shareText(share)}), of the delivery before ${shareText(before)}; see quarantine/${source}/${dataset}/`,
      );
  }
  return lines;
}

/** What a run failed to take in or to judge: refused files, deliveries and units without an outcome, failed checks, canaries not caught. */
export async function troublesOf(runId: string, { data }: Pick<Ports, 'data'>): Promise<string[]> {
  const troubles: string[] = [];
  for (const { source, dataset } of (await getJson<Delivery[]>(data, runKeys.deliveries(runId))) ?? []) {
    const outcome = await getJson<IngestOutcome>(data, runKeys.outcome(runId, source, dataset));
    if (!outcome) troubles.push(`delivery of ${source} (${dataset}) was not finished`);
    for (const { message } of outcome?.refused ?? []) troubles.push(message);
  }
  for (const unit of (await getJson<string[]>(data, runKeys.units(runId))) ?? []) {
    const judgement = await getJson<JudgementObject>(data, runKeys.judgement(runId, unit));
    if (!judgement) troubles.push(`unit ${unit} was not judged`);
    for (const error of judgement?.errors ?? []) troubles.push(`check failed: ${error}`);
  }
  for (const { id, what, isCaught } of (await getJson<CanaryNote[]>(data, runKeys.canaries(runId))) ?? [])
    if (!isCaught) troubles.push(`canary ${id} was not caught: ${what}`);
  return troubles;
}
