/** The lease that lets one run work at a time, the runs there were, and the batches they took in. */
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Day } from '../model/day.ts';
import { batchKey, lastDeliveryKey, leaseKey, runsPk } from './keys.ts';
import { type Condition, type Item, ifAbsent, inPartition, table } from './table.ts';

/** Which schedule started a run; each does the daily work. */
export const runKinds = ['daily', 'weekly', 'monthly'] as const;
export type RunKind = (typeof runKinds)[number];

/** What a run asks for. Instants are ISO strings in UTC. */
export interface LeaseRequest {
  /** Unique to one execution. */
  readonly holder: string;
  readonly kind: RunKind;
  readonly scheduledAt: string;
  readonly now: string;
  /** Longer than the longest run. */
  readonly ttlSeconds: number;
}

/** Who holds the lease. */
export interface Lease {
  readonly holder: string;
  readonly kind: RunKind;
  readonly scheduledAt: string;
  /** Fencing token: grows with every new holder, never repeats. */
  readonly token: number;
  readonly expiresAt: string;
}

/** The lease was lost: another run has begun since. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** One run of one schedule. */
export interface RunRecord {
  readonly kind: RunKind;
  /** ISO instant; with `kind` it identifies the run, however often the schedule fires. */
  readonly scheduledAt: string;
  readonly runId: string;
  /** Date the run judged as of. */
  readonly asOf: Day;
  readonly status: 'running' | 'succeeded' | 'unhealthy' | 'failed';
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** `sha256:` of the run record in the evidence; null until it is written. */
  readonly evidence: string | null;
  /** What went wrong, for people. */
  readonly message: string | null;
}

/** A batch that was taken in. */
export interface DeliveryRecord {
  readonly source: string;
  readonly dataset: string;
  /** SHA-256 of its bytes. */
  readonly batch: string;
  /** Where it landed. */
  readonly key: string;
  readonly landedOn: Day;
  readonly rows: number;
}

/** Where runs are kept. */
export interface RunsStore {
  /**
   * Takes the lease, or extends it for its holder, who keeps the token.
   * @returns the lease, or who holds it when it is neither free nor expired.
   */
  acquireLease(
    request: LeaseRequest,
  ): Promise<{ acquired: true; lease: Lease } | { acquired: false; heldBy: Lease }>;
  /** Gives the lease up; does nothing when it is another's by now. */
  releaseLease(token: number): Promise<void>;
  /**
   * Asks whether the lease is still this one; call it before a step that writes. Between the answer and the write
   * another run may begin: versions and put-if-absent guard what must not be overwritten.
   * @param orReleased passes a lease that was given up and taken by nobody since, for a last step that comes again.
   * @throws {LeaseLostError} it was released, or another run took it.
   */
  assertLease(token: number, orReleased?: 'or released'): Promise<void>;
  /** Writes a run over what was known of it. */
  putRun(run: RunRecord): Promise<void>;
  getRun(kind: RunKind, scheduledAt: string): Promise<RunRecord | null>;
  /** Every run of a kind, by scheduled time. */
  listRuns(kind: RunKind): Promise<RunRecord[]>;
  /** The run of the latest scheduled time, of one status if given. */
  latestRun(kind: RunKind, status?: RunRecord['status']): Promise<RunRecord | null>;
  /** The latest date as of which any run succeeded; null before the first. */
  lastSuccessfulDate(): Promise<Day | null>;
  /** Notes that a batch was taken in; again changes nothing. */
  recordDelivery(delivery: DeliveryRecord): Promise<void>;
  isIngested(source: string, dataset: string, batch: string): Promise<boolean>;
  /** The latest date a batch landed on; null before the first. */
  lastLandedDate(source: string, dataset: string): Promise<Day | null>;
}

/** Runs in a DynamoDB table made from the definition `runs`. */
export function dynamoRuns(client: DynamoDBDocumentClient, tableName: string): RunsStore {
  const items = table(client, tableName);
  const readLease = async () => (await items.get(leaseKey)) as (Item & Lease) | null;

  async function listRuns(kind: RunKind): Promise<RunRecord[]> {
    return (await items.query(inPartition(runsPk(kind)))).map(runOf);
  }

  async function latestRun(kind: RunKind, status?: RunRecord['status']): Promise<RunRecord | null> {
    const runs = await listRuns(kind);
    return runs.findLast((run) => status === undefined || run.status === status) ?? null;
  }

  return {
    async acquireLease({ holder, kind, scheduledAt, now, ttlSeconds }) {
      const expiresAt = new Date(Date.parse(now) + ttlSeconds * 1000).toISOString();
      for (;;) {
        const current = await readLease();
        const isOwn = current?.holder === holder;
        if (current && !isOwn && current.holder !== '' && Date.parse(current.expiresAt) > Date.parse(now))
          return { acquired: false, heldBy: leaseOf(current) };
        const token = (current?.token ?? 0) + (isOwn ? 0 : 1);
        const lease: Lease = { holder, kind, scheduledAt, token, expiresAt };
        const isTaken = await items.put(
          { ...leaseKey, ...lease },
          current ? unchanged(current.token, current.holder) : ifAbsent,
        );
        if (isTaken) return { acquired: true, lease };
        // Lost a race, or won it and lost the answer: the next look tells which.
      }
    },

    async releaseLease(token) {
      const current = await readLease();
      if (!current || current.token !== token || current.holder === '') return;
      // The item stays: its token must never be given out again.
      await items.put({ ...current, holder: '' }, unchanged(token, current.holder));
    },

    async assertLease(token, orReleased) {
      const current = await readLease();
      if (current?.token !== token || (current.holder === '' && !orReleased))
        throw new LeaseLostError(
          `the lease ${token} is lost; the current one is ${current?.token ?? 'none'}${current?.holder ? ` of ${current.holder}` : ''}`,
        );
    },

    async putRun(run) {
      await items.put({ pk: runsPk(run.kind), sk: run.scheduledAt, ...run });
    },

    async getRun(kind, scheduledAt) {
      const item = await items.get({ pk: runsPk(kind), sk: scheduledAt });
      return item && runOf(item);
    },

    listRuns,

    latestRun,

    async lastSuccessfulDate() {
      const runs = await Promise.all(runKinds.map((kind) => latestRun(kind, 'succeeded')));
      const dates = runs.flatMap((run) => (run ? [run.asOf] : [])).sort();
      return dates.at(-1) ?? null;
    },

    async recordDelivery(delivery) {
      const { source, dataset, batch, landedOn } = delivery;
      // The date first: a batch is known only when all about it is.
      await items.put(
        { ...lastDeliveryKey(source, dataset), landedOn },
        {
          ConditionExpression: 'attribute_not_exists(pk) OR landedOn < :day',
          ExpressionAttributeValues: { ':day': landedOn },
        },
      );
      await items.put({ ...batchKey(source, dataset, batch), ...delivery }, ifAbsent);
    },

    isIngested: async (source, dataset, batch) =>
      (await items.get(batchKey(source, dataset, batch))) !== null,

    async lastLandedDate(source, dataset) {
      const item = await items.get(lastDeliveryKey(source, dataset));
      return item ? String(item.landedOn) : null;
    },
  };
}

function unchanged(token: number, holder: string): Condition {
  return {
    ConditionExpression: '#token = :token AND holder = :holder',
    ExpressionAttributeNames: { '#token': 'token' },
    ExpressionAttributeValues: { ':token': token, ':holder': holder },
  };
}

function leaseOf({ holder, kind, scheduledAt, token, expiresAt }: Lease): Lease {
  return { holder, kind, scheduledAt, token, expiresAt };
}

function runOf({ pk: _pk, sk: _sk, ...run }: Item): RunRecord {
  return run as unknown as RunRecord;
}
