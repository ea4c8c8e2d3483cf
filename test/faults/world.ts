import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { parse } from 'yaml';
import { ledgerIn } from '../../lib/evidence/ledger.ts';
import { evidenceObjects, s3Evidence } from '../../lib/evidence/objects.ts';
import { startDynamoServer } from '../../lib/local/dynamodb-server.ts';
import type { Fault, LoopbackCall } from '../../lib/local/loopback.ts';
import { startS3Server } from '../../lib/local/s3-server.ts';
import { configSchema } from '../../lib/model/config.ts';
import { noHolidays } from '../../lib/model/holidays.ts';
import { alert, alertJob } from '../../lib/pipeline/alert.ts';
import { close } from '../../lib/pipeline/close.ts';
import { crossCheck, crossCheckJob } from '../../lib/pipeline/cross-check.ts';
import { fail, failJob } from '../../lib/pipeline/fail.ts';
import { afterJob, flag } from '../../lib/pipeline/flag.ts';
import { ingest, ingestJob } from '../../lib/pipeline/ingest.ts';
import { policiesOf } from '../../lib/pipeline/judging/policy.ts';
import { plan, planJob } from '../../lib/pipeline/plan.ts';
import type { IngestPorts, Ports } from '../../lib/pipeline/ports.ts';
import { report } from '../../lib/pipeline/report.ts';
import type { Alert } from '../../lib/reports/alert.ts';
import { dynamoCounts } from '../../lib/store/counts-store.ts';
import { dynamoFlags } from '../../lib/store/flags-store.ts';
import { tableDefinitions } from '../../lib/store/keys.ts';
import { s3Objects } from '../../lib/store/objects.ts';
import { dynamoRuns } from '../../lib/store/runs-store.ts';
import { configText } from '../local/made-company.ts';
import { TaskError } from '../rehearsal/state-machine.ts';

const parsed = configSchema.parse(parse(configText));
const read = policiesOf(parsed);
if ('errors' in read) throw new RangeError(read.errors[0]!.message);
const { policies } = read;

/** One alert as it was published. */
export interface Published {
  readonly topic: string;
  readonly alert: Alert;
}

/** The steps of a run on embedded servers, each with clients of its own, as functions are on AWS. */
export interface FaultWorld {
  readonly folder: string;
  readonly documents: DynamoDBDocumentClient;
  readonly published: Published[];
  /** Milliseconds since 1970 that everything believes it is. */
  clock: number;
  /** Error of a step's clock, milliseconds. */
  skew: (step: string) => number;
  /** Disturbs calls of the steps; `caller` names a step and its process, `ingest-3`. */
  fault: ((call: LoopbackCall, caller: string) => Fault | undefined) | undefined;
  /** Calls a step in its process. @throws {TaskError} as Lambda would tell. */
  invoke(step: string, payload: unknown): Promise<unknown>;
  /** Ends a caller's process: what it still does is refused, and what waits for it is told at once. */
  kill(caller: string): void;
  put(key: string, content: string | Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a world.
 * @param from another one's folder, which is copied.
 * @param patience milliseconds after which a call that is not answered is given up, where the world leaves it open.
 */
export type MakeWorld = (from?: string, patience?: number) => Promise<FaultWorld>;

const settings = { region: 'eu-central-1', maxAttempts: 3 };
// The SDK waits up to seconds between its tries; nothing here gets better by waiting.
const retryStrategy = {
  acquireInitialRetryToken: async () => token(0),
  refreshRetryTokenForRetry: async (
    { getRetryCount }: { getRetryCount(): number },
    { errorType }: { errorType: string },
  ) => {
    if (errorType === 'CLIENT_ERROR' || getRetryCount() >= 2) throw new Error('no more tries');
    return token(getRetryCount() + 1);
  },
  recordSuccess: () => undefined,
};
const token = (count: number) => ({ getRetryCount: () => count, getRetryDelay: () => 0 });

/** The steps in this process, on stores with clients of their own; without patience they wait forever. */
export const faultWorld: MakeWorld = async (from, patience) => {
  const folder = await mkdtemp(join(tmpdir(), 'bonafide-faults-'));
  if (from) await cp(from, folder, { recursive: true });
  const dead = new Set<string>();
  const killers = new Map<string, (error: TaskError) => void>();
  const hooks = {
    fault: (call: LoopbackCall): Fault | undefined =>
      dead.has(call.accessKeyId)
        ? { status: 400, code: 'ProcessEnded' }
        : call.accessKeyId === 'outside'
          ? undefined
          : world.fault?.(call, call.accessKeyId),
  };
  const dynamodb = await startDynamoServer({
    path: join(folder, 'dynamodb'),
    tables: tableDefinitions,
    ...hooks,
  });
  const s3 = await startS3Server({
    root: join(folder, 's3'),
    buckets: ['data', 'evidence', 'reports'],
    writeOnce: ['evidence'],
    ...hooks,
  });
  const clients: { destroy(): void }[] = [];
  const connect = (accessKeyId: string) => {
    const own = {
      ...settings,
      retryStrategy,
      ...(patience && { requestHandler: { requestTimeout: patience, throwOnRequestTimeout: true } }),
      credentials: { accessKeyId, secretAccessKey: 'none' },
    };
    const objects = new S3Client({ ...own, endpoint: s3.endpoint, forcePathStyle: true });
    const documents = DynamoDBDocumentClient.from(
      new DynamoDBClient({ ...own, endpoint: dynamodb.endpoint }),
      { marshallOptions: { removeUndefinedValues: true } },
    );
    clients.push(objects, documents);
    return { objects, documents };
  };
  const outside = connect('outside');
  const published: Published[] = [];
  const processes = new Map<string, { caller: string; ports: Ports & IngestPorts }>();
  let started = 0;

  function processOf(step: string) {
    const running = processes.get(step);
    if (running && !dead.has(running.caller)) return running;
    const caller = `${step}-${++started}`;
    const { objects, documents } = connect(caller);
    const bucket = s3Evidence(objects, 'evidence');
    const made = {
      caller,
      ports: {
        config: parsed,
        configText,
        policies,
        isHoliday: noHolidays,
        counts: dynamoCounts(documents, 'counts'),
        flags: dynamoFlags(documents, 'flags'),
        runs: dynamoRuns(documents, 'runs'),
        data: s3Objects(objects, 'data'),
        reports: s3Objects(objects, 'reports'),
        evidence: evidenceObjects(bucket),
        ledger: ledgerIn(bucket),
        publish: async (topic: string, sent: Alert) => {
          if (dead.has(caller)) throw new Error('the process has ended');
          published.push({ topic, alert: sent });
        },
        emit: async () => undefined,
        now: () => new Date(world.clock + world.skew(step)),
        hashKey: async () => ({ key: 'a key of hashes for tests only', version: 'test' }),
      },
    };
    processes.set(step, made);
    return made;
  }

  const handlers: Readonly<Record<string, (event: unknown, ports: Ports & IngestPorts) => Promise<unknown>>> =
    {
      plan: (event, ports) => plan(planJob.parse(event), ports),
      ingest: (event, ports) => ingest(ingestJob.parse(event), ports),
      'cross-check': (event, ports) => crossCheck(crossCheckJob.parse(event), ports),
      flag: (event, ports) => flag(afterJob.parse(event), ports),
      alert: (event, ports) => alert(alertJob.parse(event), ports),
      report: (event, ports) => report(afterJob.parse(event), ports),
      close: (event, ports) => close(afterJob.parse(event), ports),
      fail: (event, ports) => fail(failJob.parse(event), ports),
    };

  const world: FaultWorld = {
    folder,
    documents: outside.documents,
    published,
    clock: 0,
    skew: () => 0,
    fault: undefined,
    async invoke(step, payload) {
      const { caller, ports } = processOf(step);
      const killed = new Promise<never>((_, reject) => killers.set(caller, reject));
      killed.catch(() => undefined);
      try {
        // As it travels: by JSON.
        const event = JSON.parse(JSON.stringify(payload));
        const result = await Promise.race([handlers[step]!(event, ports), killed]);
        return JSON.parse(JSON.stringify(result ?? null));
      } catch (error) {
        if (error instanceof TaskError) throw error;
        const { name, message } = error as Error;
        throw new TaskError(name, JSON.stringify({ errorType: name, errorMessage: message }));
      }
    },
    kill(caller) {
      dead.add(caller);
      killers.get(caller)?.(new TaskError('Runtime.ExitError', 'the process was killed'));
    },
    async put(key, content) {
      await s3Objects(outside.objects, 'data').put(key, content, 'application/octet-stream');
    },
    async close() {
      for (const client of clients) client.destroy();
      await s3.close();
      await dynamodb.close();
    },
  };
  return world;
};

/** Removes a world's folder. */
export async function removeWorld({ folder }: FaultWorld): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
