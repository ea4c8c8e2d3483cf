/**
 * DynamoDB on loopback: dynalite in this process, kept in a folder.
 *
 * Two processes on one folder would break it (the second dies at its first request): take the state's lock first.
 * Different from AWS: no transactions, no TTL, no lag of the index.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import type { TableDefinition } from '../store/keys.ts';
import {
  accessKeyIdOf,
  announce,
  answering,
  type LoopbackCall,
  type LoopbackHooks,
  type LoopbackServer,
  listenOnLoopback,
  type Refusal,
} from './loopback.ts';

/** How to start {@link startDynamoServer}. */
export interface DynamoServerOptions extends LoopbackHooks {
  /** Folder of the database. */
  readonly path: string;
  /** Tables that must exist, by name; the missing ones are created. */
  readonly tables: Readonly<Record<string, TableDefinition>>;
}

/**
 * Starts the server, creates missing tables and waits until they answer.
 * @throws {Error} a table was left half made by a killed process; the message says what to delete.
 */
export async function startDynamoServer(options: DynamoServerOptions): Promise<LoopbackServer> {
  const database = dynalite({ path: options.path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const [answer] = database.listeners('request') as [(request: unknown, response: ServerResponse) => void];
  let isReady = false;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const accessKeyId = accessKeyIdOf(request);
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const body = Buffer.concat(parts);
    const action = String(request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
    const isHandedBack = await announce(
      { service: 'dynamodb', action, accessKeyId, ...asked(body) },
      response,
      isReady ? options : {},
    );
    if (isHandedBack) return handBack(body, response);
    // Handed on whole: dynalite would end the process when a client breaks off half way.
    const { method, url, headers } = request;
    answer(Object.assign(Readable.from(body.length > 0 ? [body] : []), { method, url, headers }), response);
  }

  database.removeAllListeners('request').on('request', answering(handle, refuse));
  const server = await listenOnLoopback(database);
  try {
    await createTables(server.endpoint, options);
  } catch (error) {
    await server.close();
    throw error;
  }
  isReady = true;
  return server;
}

async function createTables(endpoint: string, { tables, path }: DynamoServerOptions): Promise<void> {
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'embedded', secretAccessKey: 'embedded' },
  });
  try {
    for (const [name, definition] of Object.entries(tables)) {
      if ((await statusOf(client, name)) !== null) continue;
      const { partitionKey, sortKey, index } = definition;
      const keys = [partitionKey, sortKey, ...(index ? [index.partitionKey, index.sortKey] : [])];
      await client.send(
        new CreateTableCommand({
          TableName: name,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [...new Set(keys)].map((key) => ({
            AttributeName: key,
            AttributeType: 'S',
          })),
          KeySchema: keySchema(partitionKey, sortKey),
          ...(index && {
            GlobalSecondaryIndexes: [
              {
                IndexName: index.name,
                KeySchema: keySchema(index.partitionKey, index.sortKey),
                Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: [...index.includes] },
              },
            ],
          }),
        }),
      );
    }
    for (const name of Object.keys(tables)) await untilActive(client, name, path);
  } finally {
    client.destroy();
  }
}

async function statusOf(client: DynamoDBClient, name: string): Promise<string | null> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
    return Table?.TableStatus ?? null;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return null;
    throw error;
  }
}

/** A new table answers a moment after it was made. */
async function untilActive(client: DynamoDBClient, name: string, path: string): Promise<void> {
  for (let tries = 0; (await statusOf(client, name)) !== 'ACTIVE'; tries++) {
    // A process killed in that moment leaves a table that never will.
    if (tries === 500) throw new Error(`table ${name} was never finished; delete ${path} and start again`);
    await pause(10);
  }
}

function keySchema(partitionKey: string, sortKey: string) {
  return [
    { AttributeName: partitionKey, KeyType: 'HASH' as const },
    { AttributeName: sortKey, KeyType: 'RANGE' as const },
  ];
}

type Written = Readonly<Record<string, { readonly S?: string }>>;

/** Tables and indexes a call names, and the partitions it writes to, a line each; nothing when it cannot be read. */
function asked(body: Buffer): Pick<LoopbackCall, 'resources' | 'context'> {
  try {
    const { TableName, IndexName, Item, RequestItems } = JSON.parse(body.toString()) as {
      TableName?: string;
      IndexName?: string;
      Item?: Written;
      RequestItems?: Record<string, { PutRequest?: { Item: Written }; DeleteRequest?: { Key: Written } }[]>;
    };
    const requests = Object.values(RequestItems ?? {}).flat();
    const written = [Item, ...requests.map((r) => r.PutRequest?.Item ?? r.DeleteRequest?.Key)];
    const partitions = [...new Set(written.flatMap((item) => item?.pk?.S ?? []))];
    const context = { 'dynamodb:LeadingKeys': partitions.join('\n') };
    const resources = RequestItems
      ? Object.keys(RequestItems)
      : [TableName && IndexName ? `${TableName}/index/${IndexName}` : (TableName ?? [])].flat();
    return { resources, ...(partitions.length > 0 && { context }) };
  } catch {
    // dynalite answers what is no JSON.
    return { resources: [] };
  }
}

/** Answers a batch as a busy table does: with all of its items. */
function handBack(body: Buffer, response: ServerResponse): void {
  const { RequestItems } = JSON.parse(body.toString()) as { RequestItems: unknown };
  response
    .writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
    .end(JSON.stringify({ UnprocessedItems: RequestItems }));
}

function refuse(refusal: Refusal, _request: IncomingMessage, response: ServerResponse): void {
  const namespace = 'com.amazonaws.dynamodb.v20120810';
  const body = JSON.stringify({ __type: `${namespace}#${refusal.code}`, message: refusal.message });
  response
    .writeHead(refusal.status, {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': Buffer.byteLength(body),
    })
    .end(body);
}
