import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { GetCommand, PutCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { startDynamoServer } from '../../lib/local/dynamodb-server.ts';
import type { Fault, LoopbackCall } from '../../lib/local/loopback.ts';
import { tableDefinitions } from '../../lib/store/keys.ts';
import { documentClient, dynamoWorld, temporaryFolder } from './servers.ts';

describe('the embedded DynamoDB', () => {
  it('keeps tables and items when it is started again', async () => {
    const path = join(await temporaryFolder(), 'db');
    for (const round of [1, 2]) {
      const server = await startDynamoServer({ path, tables: tableDefinitions });
      const client = documentClient(server.endpoint);
      const Key = { pk: 'a', sk: 'b' };
      if (round === 1) await client.send(new PutCommand({ TableName: 'runs', Item: { ...Key, value: 7 } }));
      const { Item } = await client.send(new GetCommand({ TableName: 'runs', Key }));
      expect(Item).toEqual({ ...Key, value: 7 });
      client.destroy();
      await server.close();
    }
  });

  it('shows an item in the index only while it has the keys of the index', async () => {
    const { client } = await dynamoWorld();
    const item = { pk: 'p', sk: '1', verdict: 'review', document: 'long' };
    const open = { ...item, openPk: 'OPEN', due: '2026-09-14' };
    const query = () =>
      client.send(
        new QueryCommand({
          TableName: 'flags',
          IndexName: 'open-by-due',
          KeyConditionExpression: 'openPk = :open',
          ExpressionAttributeValues: { ':open': 'OPEN' },
        }),
      );
    await client.send(new PutCommand({ TableName: 'flags', Item: open }));
    const { document: _, ...shown } = open;
    expect((await query()).Items).toEqual([shown]);
    await client.send(new PutCommand({ TableName: 'flags', Item: item }));
    expect((await query()).Items).toEqual([]);
  });

  it('tells table, index and caller of each call, and nothing of its own start', async () => {
    const calls: LoopbackCall[] = [];
    const { client } = await dynamoWorld({ onRequest: (call) => calls.push(call) });
    await client.send(new PutCommand({ TableName: 'runs', Item: { pk: 'a', sk: 'b' } }));
    expect(calls).toEqual([
      {
        service: 'dynamodb',
        action: 'PutItem',
        resources: ['runs'],
        accessKeyId: 'caller',
        context: { 'dynamodb:LeadingKeys': 'a' },
      },
    ]);
  });

  it('carries a write out and loses the answer', async () => {
    const faults: (Fault | undefined)[] = ['drop-response'];
    const { client } = await dynamoWorld({ fault: () => faults.shift() });
    const put = new PutCommand({
      TableName: 'runs',
      Item: { pk: 'a', sk: 'b' },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    // The SDK tries again and meets its own write.
    await expect(client.send(put)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  });

  it('is throttled when asked; the client tries again', async () => {
    const faults: (Fault | undefined)[] = [{ status: 400, code: 'ProvisionedThroughputExceededException' }];
    const { client } = await dynamoWorld({ fault: () => faults.shift() });
    const Item = { pk: 'a', sk: 'b' };
    const answer = await client.send(new PutCommand({ TableName: 'runs', Item }));
    expect(answer.$metadata.attempts).toBe(2);
  });

  it('refuses transactions, which the store must not need', async () => {
    const { client } = await dynamoWorld();
    const write = new TransactWriteCommand({
      TransactItems: [{ Put: { TableName: 'runs', Item: { pk: 'a', sk: 'b' } } }],
    });
    await expect(client.send(write)).rejects.toMatchObject({ name: 'UnknownOperationException' });
  });

  it('survives a client that breaks off in the middle of a request', async () => {
    const { client, endpoint } = await dynamoWorld();
    const aborted = new AbortController();
    const body = new ReadableStream({
      start: (controller) => {
        controller.enqueue(Buffer.from('{"Table'));
        setTimeout(() => aborted.abort(), 30);
      },
    });
    const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=a/b' };
    const init = { method: 'POST', headers, body, duplex: 'half', signal: aborted.signal };
    await expect(fetch(endpoint, init as RequestInit)).rejects.toThrow();
    await client.send(new PutCommand({ TableName: 'runs', Item: { pk: 'a', sk: 'b' } }));
  });

  it('finds every acknowledged write after kill -9', async () => {
    const path = join(await temporaryFolder(), 'db');
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', join(import.meta.dirname, 'write-until-killed.ts'), path],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const acknowledged: string[] = [];
    for await (const text of child.stdout.setEncoding('utf8')) {
      acknowledged.push(...String(text).split('\n').filter(Boolean));
      if (acknowledged.length > 150) child.kill('SIGKILL');
    }
    const server = await startDynamoServer({ path, tables: tableDefinitions });
    const client = documentClient(server.endpoint);
    const { Items } = await client.send(
      new QueryCommand({
        TableName: 'runs',
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': 'a' },
      }),
    );
    client.destroy();
    await server.close();
    const found = new Set(Items!.map(({ sk }) => sk as string));
    // The last line may be cut short by the kill.
    expect(acknowledged.slice(0, -1).filter((sk) => !found.has(sk))).toEqual([]);
  });
});
