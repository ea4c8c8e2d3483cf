import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { onTestFinished } from 'vitest';
import { startDynamoServer } from '../../lib/local/dynamodb-server.ts';
import type { LoopbackHooks } from '../../lib/local/loopback.ts';
import { startS3Server } from '../../lib/local/s3-server.ts';
import { startSnsServer } from '../../lib/local/sns-server.ts';
import { type TableDefinition, tableDefinitions } from '../../lib/store/keys.ts';

const settings = {
  region: 'eu-central-1',
  credentials: { accessKeyId: 'caller', secretAccessKey: 'secret' },
};

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bonafide-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An SDK client on a new S3 server with the buckets `files` and, write-once, `evidence`. */
export async function s3World(hooks: LoopbackHooks = {}) {
  const state = await temporaryFolder();
  const root = join(state, 's3');
  const server = await startS3Server({
    root,
    buckets: ['files', 'evidence'],
    writeOnce: ['evidence'],
    ...hooks,
  });
  const client = s3Client(server.endpoint);
  onTestFinished(async () => {
    client.destroy();
    await server.close();
  });
  return { client, root, state, endpoint: server.endpoint };
}

export function s3Client(endpoint: string): S3Client {
  return new S3Client({ ...settings, endpoint, forcePathStyle: true });
}

/** An SDK client on a new SNS server with one topic. */
export async function snsWorld(hooks: LoopbackHooks = {}) {
  const folder = join(await temporaryFolder(), 'alerts');
  const topic = 'arn:aws:sns:eu-central-1:000000000000:finance';
  const server = await startSnsServer({ folder, topics: [topic], ...hooks });
  const client = new SNSClient({ ...settings, endpoint: server.endpoint });
  onTestFinished(async () => {
    client.destroy();
    await server.close();
  });
  return { client, folder, topic };
}

export function documentClient(endpoint: string): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient({ ...settings, endpoint }));
}

/** A document client on a new DynamoDB server with the tables of the store, named as they are there. */
export async function dynamoWorld(hooks: LoopbackHooks = {}) {
  const path = join(await temporaryFolder(), 'dynamodb');
  const tables: Readonly<Record<string, TableDefinition>> = tableDefinitions;
  const server = await startDynamoServer({ path, tables, ...hooks });
  const client = documentClient(server.endpoint);
  onTestFinished(async () => {
    client.destroy();
    await server.close();
  });
  return { client, path, endpoint: server.endpoint };
}
