import * as z from 'zod';
import { failureAlert } from '../reports/failure-alert.ts';
import { tell } from './outbox.ts';
import type { Ports } from './ports.ts';

/** What the state machine hands over when a step failed for good. */
export const failJob = z.object({
  kind: z.enum(['daily', 'weekly', 'monthly']),
  scheduledAt: z.string(),
  /** Fencing token, when the run had taken the lease. */
  token: z.number().optional(),
  error: z.object({ Error: z.string().optional(), Cause: z.string().optional() }).optional(),
});
export type FailJob = z.output<typeof failJob>;

/**
 * Records a run that could not go on, and tells operations. The lease is given up if this run holds it, so that
 * the next one can start.
 */
export async function fail(
  job: FailJob,
  ports: Pick<Ports, 'config' | 'runs' | 'publish' | 'emit' | 'now'>,
): Promise<{ runId: string }> {
  const run = await ports.runs.getRun(job.kind, job.scheduledAt);
  const runId = run?.runId ?? `${job.kind}-${job.scheduledAt.replace(/[^0-9TZ]/g, '')}`;
  const message =
    [job.error?.Error, reasonIn(job.error?.Cause)].filter(Boolean).join(': ').slice(0, 1000) ||
    'the run broke off';
  // A schedule that fires twice is two executions of one run: the one that waited in vain is not the run.
  if (run && job.error?.Error !== 'LeaseHeldError')
    await ports.runs.putRun({ ...run, status: 'failed', endedAt: ports.now().toISOString(), message });
  if (job.token !== undefined) await ports.runs.releaseLease(job.token);
  await tell(
    failureAlert({
      organisation: ports.config.organisation,
      id: runId,
      kind: job.kind,
      scheduledFor: run?.asOf ?? job.scheduledAt.slice(0, 10),
      step: job.error?.Error ?? 'a step',
      troubles: [message],
    }),
    ports,
  );
  return { runId };
}

/** What a function said, out of the JSON in which Lambda hands it on; any other cause as it is. */
function reasonIn(cause: string | undefined): string | undefined {
  try {
    const { errorMessage } = JSON.parse(cause ?? '') as { errorMessage?: unknown };
    return typeof errorMessage === 'string' ? errorMessage : cause;
  } catch {
    return cause;
  }
}
