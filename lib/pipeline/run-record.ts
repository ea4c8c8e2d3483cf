import { digestOf } from '../model/canonical-json.ts';
import { isRaised } from '../model/flag.ts';
import type { JudgementObject } from './cross-check.ts';
import { calibrationsChain, flagsChain, policiesChain, runsChain } from './decisions.ts';
import type { AfterJob } from './flag.ts';
import { checkVersions } from './judging/judge.ts';
import { buildManifest, buildRunRecord, type RunBatch } from './manifest.ts';
import type { Ports } from './ports.ts';
import { type Delivery, getJson, type IngestOutcome, type RunIdentity, runKeys } from './run-objects.ts';

/**
 * Writes what a run rests on: the deterministic manifest, and beside it the record with batches, names and times,
 * listed in the ledger. Ends the run in the store.
 *
 * @returns digest of the manifest.
 */
export async function writeRunRecord(
  job: AfterJob,
  ports: Pick<Ports, 'configText' | 'runs' | 'data' | 'evidence' | 'ledger' | 'now'>,
  troubles: readonly string[],
): Promise<string> {
  const { data, evidence, ledger, runs } = ports;
  const identity = await getJson<RunIdentity>(data, runKeys.run(job.runId));
  const run = identity && (await runs.getRun(identity.kind, identity.scheduledAt));
  if (!run) throw new RangeError(`there is no run ${job.runId}`);
  const judgements: JudgementObject[] = [];
  for (const unit of (await getJson<string[]>(data, runKeys.units(job.runId))) ?? []) {
    const judgement = await getJson<JudgementObject>(data, runKeys.judgement(job.runId, unit));
    if (judgement) judgements.push(judgement);
  }
  const assessments = judgements.flatMap((j) => j.assessments);
  const head = await ledger.head(flagsChain);
  const calibrated = await ledger.head(calibrationsChain);
  const ruled = await ledger.head(policiesChain);
  const config = await evidence.putObject(Buffer.from(ports.configText));
  const manifest = await evidence.putJson(
    buildManifest({
      config,
      code: Object.fromEntries(Object.entries(checkVersions()).map(([id, version]) => [id, String(version)])),
      inputs: judgements.flatMap((j) => j.inputs.map((i) => ({ unit: j.unit, ...i }))),
      exclusions: assessments
        .filter((a) => isRaised(a.verdict) && a.decision?.kind !== 'cleared' && a.plan !== 'agreement')
        .map(({ plan, unit, kpi, period }) => ({ plan, unit, kpi, period })),
      ledger: {
        ...(head && { [flagsChain]: head }),
        ...(calibrated && { [calibrationsChain]: calibrated }),
        ...(ruled && { [policiesChain]: ruled }),
      },
      objects: [...new Set(assessments.flatMap((a) => (a.evidence ? [a.evidence] : [])))],
    }),
  );
  // The same file may have landed twice before it was taken in: it is one batch.
  const batches = new Map<string, RunBatch>();
  for (const { source, dataset, arrivedOn } of (await getJson<Delivery[]>(
    data,
    runKeys.deliveries(job.runId),
  )) ?? []) {
    const outcome = await getJson<IngestOutcome>(data, runKeys.outcome(job.runId, source, dataset));
    for (const file of outcome?.files ?? [])
      batches.set(`${source}|${dataset}|${file.sha256}|${file.name}`, {
        source,
        dataset,
        digest: `sha256:${file.sha256}`,
        name: file.name,
        landedOn: arrivedOn,
      });
  }
  const endedAt = ports.now().toISOString();
  const record = await evidence.putJson(
    buildRunRecord({
      runId: job.runId,
      kind: run.kind,
      scheduledAt: run.scheduledAt,
      asOf: job.asOf,
      startedAt: run.startedAt,
      endedAt,
      batches: [...batches.values()],
      manifest,
    }),
  );
  // The manifest and the record are listed under a name of their own, so a repeated step lists its own record.
  await ledger.append(runsChain, {
    id: `${job.runId}-${digestOf(record).slice(7, 19)}`,
    at: endedAt,
    kind: 'run',
    body: { runId: job.runId, record },
    objects: [record, manifest, config],
  });
  await runs.putRun({
    ...run,
    asOf: job.asOf,
    status: troubles.length === 0 ? 'succeeded' : 'unhealthy',
    endedAt,
    evidence: record,
    message: troubles.length === 0 ? null : troubles.slice(0, 5).join('\n'),
  });
  return manifest;
}
