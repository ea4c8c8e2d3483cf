import type { CanaryNote } from '../model/report.ts';
import { type Alert, failureAlert } from '../reports/alert.ts';
import type { JudgementObject } from './cross-check.ts';
import type { AfterJob } from './flag.ts';
import type { Ports } from './ports.ts';
import { type Delivery, getJson, type IngestOutcome, runKeys } from './run-objects.ts';
import { writeRunRecord } from './run-record.ts';

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
 * Step 5: sends what waits in the outbox, at least once and always under the same id; reads the outcomes of
 * the run and tells operations when it is incomplete; writes the manifest and the run record; gives up the lease.
 */
export async function alert(
  job: AfterJob,
  ports: Pick<
    Ports,
    'config' | 'configText' | 'runs' | 'data' | 'flags' | 'evidence' | 'ledger' | 'publish' | 'now'
  >,
): Promise<AlertSummary> {
  await ports.runs.assertLease(job.token);
  let sent = 0;
  for (const { id, document } of await ports.flags.pendingAlerts()) {
    const waiting = document as Alert;
    for (const topic of waiting.topics) await ports.publish(topic, waiting);
    await ports.flags.markSent(id);
    sent += 1;
  }
  const troubles = await troublesOf(job.runId, ports);
  if (troubles.length > 0)
    await ports.publish('failures', incompleteAlert(job, ports.config.organisation, troubles));
  const manifest = await writeRunRecord(job, ports, troubles);
  await ports.runs.releaseLease(job.token);
  return { sent, isHealthy: troubles.length === 0, troubles: troubles.slice(0, mostTroubles), manifest };
}

function incompleteAlert(job: AfterJob, organisation: string, troubles: readonly string[]): Alert {
  return failureAlert({
    organisation,
    id: job.runId,
    kind: job.runId.slice(0, job.runId.indexOf('-')) as 'daily' | 'weekly' | 'monthly',
    scheduledFor: job.asOf,
    step: null,
    message: troubles.join('\n'),
    refusedFiles: [],
    missing: [],
  });
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
