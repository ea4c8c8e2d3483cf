import { parse } from 'yaml';
import { ledgerIn } from '../../lib/evidence/ledger.ts';
import { evidenceObjects, s3Evidence } from '../../lib/evidence/objects.ts';
import type { LoopbackHooks } from '../../lib/local/loopback.ts';
import { configSchema } from '../../lib/model/config.ts';
import { noHolidays } from '../../lib/model/holidays.ts';
import { type AlertSummary, alert } from '../../lib/pipeline/alert.ts';
import { crossCheck, type JudgementObject } from '../../lib/pipeline/cross-check.ts';
import { type FlagSummary, flag } from '../../lib/pipeline/flag.ts';
import { ingest } from '../../lib/pipeline/ingest.ts';
import { policiesOf } from '../../lib/pipeline/judging/policy.ts';
import { land } from '../../lib/pipeline/land.ts';
import { type PlanSummary, plan } from '../../lib/pipeline/plan.ts';
import type { IngestPorts, Ports } from '../../lib/pipeline/ports.ts';
import {
  type Delivery,
  getJson,
  type IngestOutcome,
  putJson,
  runKeys,
} from '../../lib/pipeline/run-objects.ts';
import type { Alert } from '../../lib/reports/alert.ts';
import { dynamoCounts } from '../../lib/store/counts-store.ts';
import { dynamoFlags } from '../../lib/store/flags-store.ts';
import { s3Objects } from '../../lib/store/objects.ts';
import { dynamoRuns } from '../../lib/store/runs-store.ts';
import { configText } from '../local/made-company.ts';
import { dynamoWorld, s3World } from '../local/servers.ts';

/** Ports on new embedded servers through the real SDK clients, with a clock that a test sets. */
export async function pipelineWorld(text = configText, hooks: LoopbackHooks = {}) {
  const { client: documents } = await dynamoWorld(hooks);
  const { client: s3 } = await s3World(hooks);
  const config = configSchema.parse(parse(text));
  const policies = policiesOf(config);
  if ('errors' in policies) throw new RangeError(policies.errors[0]!.message);
  const published: { topic: string; alert: Alert }[] = [];
  const emitted: Alert[] = [];
  const clock = { now: '2025-08-20T06:00:00.000Z' };
  const files = s3Objects(s3, 'files');
  const bucket = s3Evidence(s3, 'evidence');
  const ports: Ports & IngestPorts = {
    config,
    configText: text,
    policies: policies.policies,
    isHoliday: noHolidays,
    counts: dynamoCounts(documents, 'counts'),
    flags: dynamoFlags(documents, 'flags'),
    runs: dynamoRuns(documents, 'runs'),
    data: files,
    reports: files,
    evidence: evidenceObjects(bucket),
    ledger: ledgerIn(bucket),
    publish: async (topic, sent) => void published.push({ topic, alert: sent }),
    emit: async (sent) => void emitted.push(sent),
    now: () => new Date(clock.now),
    hashKey: async () => ({ key: 'a key of hashes for tests only', version: 'test' }),
  };

  /** Lands files of a source on the clock's date. */
  async function drop(source: string, named: Readonly<Record<string, string>>): Promise<(string | null)[]> {
    const keys = [];
    for (const [name, content] of Object.entries(named))
      keys.push(
        await land(
          config.sources.find((s) => s.id === source)!,
          { name, path: name, read: async () => Buffer.from(content) },
          clock.now.slice(0, 10),
          ports,
        ),
      );
    return keys;
  }

  /** Plans a run at the clock's time and takes in what is new. */
  async function takeIn(
    kind: 'daily' | 'weekly' = 'daily',
  ): Promise<PlanSummary & { outcomes: IngestOutcome[] }> {
    const planned = await plan({ kind, scheduledAt: clock.now }, ports);
    const outcomes = [];
    for (const delivery of (await getJson<Delivery[]>(files, planned.deliveriesKey))!)
      outcomes.push(await ingest({ runId: planned.runId, token: planned.token, delivery }, ports));
    return { ...planned, outcomes };
  }

  /** Flag and alert after judgements that a test made itself. */
  async function flagged(
    judged: Partial<JudgementObject>,
    asOf = '2025-08-20',
  ): Promise<{ flag: FlagSummary; alert: AlertSummary; planned: PlanSummary }> {
    const planned = await plan({ kind: 'daily', scheduledAt: clock.now }, ports);
    await judgementOf(planned.runId, judged);
    const job = { runId: planned.runId, token: planned.token, asOf };
    return { flag: await flag(job, ports), alert: await alert(job, ports), planned };
  }

  /** Writes the judgement of a unit, `all` unless it says another, with evidence, as cross-check does. */
  async function judgementOf(runId: string, judged: Partial<JudgementObject>): Promise<void> {
    const assessments = [];
    for (const a of judged.assessments ?? [])
      assessments.push({ ...a, evidence: await ports.evidence.putJson({ ...a, evidence: null }) });
    const whole = {
      unit: 'all',
      weighings: [],
      unattached: [],
      incidents: [],
      inputs: [],
      errors: [],
      ...judged,
      assessments,
    };
    await putJson(files, runKeys.judgement(runId, whole.unit), whole);
  }

  /** A whole run at the clock's time: what the state machine does. */
  async function wholeRun(asOf: string, kind: 'daily' | 'weekly' = 'daily') {
    const taken = await takeIn(kind);
    const job = { runId: taken.runId, token: taken.token, asOf };
    for (const { id } of config.units) await crossCheck({ ...job, unit: id }, ports);
    return { ...taken, flag: await flag(job, ports), alert: await alert(job, ports) };
  }

  return { ports, published, emitted, clock, bucket, drop, takeIn, flagged, judgementOf, wholeRun };
}
