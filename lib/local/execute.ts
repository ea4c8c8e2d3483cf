import { getJson, type IngestOutcome, runKeys } from '../pipeline/run-objects.ts';
import type { Stage } from './stage.ts';

/** What a run on one machine came to. */
export interface Execution {
  readonly runId: string;
  readonly asOf: string;
  readonly ingested: readonly IngestOutcome[];
  readonly changed: number;
  readonly assessments: number;
  readonly sent: number;
  readonly troubles: readonly string[];
  /** `sha256:` of the manifest. */
  readonly manifest: string;
}

/** Tells how a long run gets on; nothing is printed for one that is quick. */
export type Progress = (step: string) => void;

/**
 * Runs the handlers in the order of the state machine: plan, ingest a delivery at a time, cross-check a unit at a
 * time, flag, alert, report. A step that throws ends in `fail`, as on AWS, and the error goes on.
 *
 * @param newest newest date in what was taken in, for a run without a judging date.
 */
export async function execute(
  stage: Stage,
  event: { readonly scheduledAt: string; readonly asOf: string | null; readonly landed: readonly string[] },
  newest: () => Promise<string | null>,
  progress: Progress,
): Promise<Execution> {
  const kind = 'weekly';
  const { scheduledAt } = event;
  let held: number | undefined;
  try {
    const { handler: plan } = await import('../../functions/plan.ts');
    const planned = await plan({
      kind,
      scheduledAt,
      // The state folder's lock lets one process in: a lease that a killed run left is this one's.
      execution: 'this-machine',
      landed: event.landed,
      ...(event.asOf && { asOf: event.asOf }),
    });
    const { runId, token } = planned;
    held = token;
    const { handler: ingest } = await import('../../functions/ingest.ts');
    const ingested: IngestOutcome[] = [];
    const { awsPorts } = await import('../../functions/runtime.ts');
    const { data } = await awsPorts(stage.env);
    for (const delivery of await list<{ source: string }>(data, planned.deliveriesKey)) {
      progress(`reading ${delivery.source}`);
      const { source, dataset } = await ingest({ runId, token, delivery });
      ingested.push((await getJson<IngestOutcome>(data, runKeys.outcome(runId, source, dataset)))!);
    }
    const asOf = event.asOf ?? (await newest()) ?? planned.asOf;
    const { handler: crossCheck } = await import('../../functions/cross-check.ts');
    for (const unit of await list<string>(data, planned.unitsKey)) {
      progress(`cross-checking unit ${unit} as of ${asOf}`);
      await crossCheck({ runId, token, asOf, unit });
    }
    progress('writing flags, alerts and the report');
    const { handler: flag } = await import('../../functions/flag.ts');
    const flagged = await flag({ runId, token, asOf });
    const { handler: alert } = await import('../../functions/alert.ts');
    const alerted = await alert({ runId, token, asOf });
    const { handler: report } = await import('../../functions/report.ts');
    await report({ runId, token, asOf });
    return {
      runId,
      asOf,
      ingested,
      changed: flagged.changed,
      assessments: flagged.assessments,
      sent: alerted.sent,
      troubles: alerted.troubles,
      manifest: alerted.manifest,
    };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const { handler: fail } = await import('../../functions/fail.ts');
    // What went wrong first is what the user must read, even when it cannot be recorded either.
    await fail({
      kind,
      scheduledAt,
      ...(held !== undefined && { token: held }),
      error: { Error: name, Cause: message },
    }).catch(() => undefined);
    throw error;
  }
}

async function list<T>(data: { get(key: string): Promise<Uint8Array | null> }, key: string): Promise<T[]> {
  const bytes = await data.get(key);
  return bytes === null ? [] : (JSON.parse(Buffer.from(bytes).toString('utf8')) as T[]);
}
