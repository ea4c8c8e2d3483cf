/** The embedded world of one state folder: DynamoDB, S3, SNS and EventBridge on loopback, under the folder's lock. */
import { join } from 'node:path';
import type { TableDefinition } from '../store/keys.ts';
import { startDynamoServer } from './dynamodb-server.ts';
import { startEventsServer } from './events-server.ts';
import type { LoopbackHooks, LoopbackServer } from './loopback.ts';
import { removeUnfinished } from './s3-folder.ts';
import { startS3Server } from './s3-server.ts';
import { startSnsServer } from './sns-server.ts';
import { takeStateLock } from './state-lock.ts';

/** How to start {@link startEmbedded}. */
export interface EmbeddedOptions extends LoopbackHooks {
  /** The state folder, `.bonafide`: tables in `dynamodb/`, buckets in `s3/`. */
  readonly state: string;
  /** Folder that published alerts are written to, and events into `events/` below it. */
  readonly alerts: string;
  readonly buckets: readonly string[];
  /** Buckets that take only new objects and delete none: the evidence. */
  readonly writeOnce: readonly string[];
  /** ARNs of topics. */
  readonly topics: readonly string[];
  /** Tables by name. */
  readonly tables: Readonly<Record<string, TableDefinition>>;
}

/** Endpoints for SDK clients; S3 clients need `forcePathStyle: true`. */
export interface EmbeddedWorld {
  readonly dynamodb: string;
  readonly s3: string;
  readonly sns: string;
  readonly events: string;
  /** Stops the servers and gives up the lock. */
  close(): Promise<void>;
}

/**
 * Takes the lock and starts the servers, all or none.
 * @throws {StateLockedError} another process works on the folder.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedWorld> {
  const lock = await takeStateLock(options.state);
  const started: LoopbackServer[] = [];
  const close = async () => {
    for (const server of started.splice(0)) await server.close();
    await lock.release();
  };
  const start = async (server: Promise<LoopbackServer>) => {
    started.push(await server);
    return started.at(-1)!.endpoint;
  };
  const { state, alerts, buckets, writeOnce, topics, tables, onRequest, onAnswer, fault } = options;
  const hooks = { onRequest, onAnswer, fault };
  try {
    await removeUnfinished(join(state, 's3'));
    return {
      dynamodb: await start(startDynamoServer({ path: join(state, 'dynamodb'), tables, ...hooks })),
      s3: await start(startS3Server({ root: join(state, 's3'), buckets, writeOnce, ...hooks })),
      sns: await start(startSnsServer({ folder: alerts, topics, ...hooks })),
      events: await start(startEventsServer({ folder: join(alerts, 'events'), ...hooks })),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
