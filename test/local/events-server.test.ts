import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EventBridgeClient, ListRulesCommand, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type KeptEvent, startEventsServer } from '../../lib/local/events-server.ts';
import type { Fault } from '../../lib/local/loopback.ts';
import { temporaryFolder } from './servers.ts';

/** An SDK client on a new server. */
async function world(fault?: () => Fault | undefined) {
  const folder = join(await temporaryFolder(), 'events');
  const server = await startEventsServer({ folder, fault });
  const client = new EventBridgeClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'caller', secretAccessKey: 'secret' },
    endpoint: server.endpoint,
  });
  onTestFinished(async () => {
    client.destroy();
    await server.close();
  });
  const put = (...details: readonly unknown[]) =>
    client.send(
      new PutEventsCommand({
        Entries: details.map((detail) => ({
          Source: 'bonafide',
          DetailType: 'Bonafide Alert',
          Detail: typeof detail === 'string' ? detail : JSON.stringify(detail),
        })),
      }),
    );
  return { client, folder, put };
}

describe('the embedded EventBridge', () => {
  it('writes each event to a file named by the id of its detail; a repeat replaces it', async () => {
    const { put, folder } = await world();
    const { FailedEntryCount, Entries } = await put({ id: 'a@1', n: 1 }, { id: 'b@1' });
    expect([FailedEntryCount, Entries?.length]).toEqual([0, 2]);
    await put({ id: 'a@1', n: 2 });
    expect((await readdir(folder)).sort()).toEqual(['a@1.json', 'b@1.json']);
    const kept = JSON.parse(await readFile(join(folder, 'a@1.json'), 'utf8')) as KeptEvent;
    expect(kept).toEqual({ source: 'bonafide', detailType: 'Bonafide Alert', detail: { id: 'a@1', n: 2 } });
  });

  it('refuses one entry and takes the other, as the service does', async () => {
    const { put, folder } = await world();
    const { FailedEntryCount, Entries } = await put(
      'no JSON',
      { id: 'a@1' },
      { id: 'b@1', text: 'x'.repeat(262_144) },
    );
    expect(FailedEntryCount).toBe(2);
    expect(Entries?.map((e) => e.ErrorCode)).toEqual(['MalformedDetail', undefined, 'InvalidArgument']);
    expect(await readdir(folder)).toEqual(['a@1.json']);
  });

  it('refuses an id that leaves the folder', async () => {
    const { put } = await world();
    await expect(put({ id: '../a' })).rejects.toThrow('must name a file');
  });

  it('refuses what it does not do by name', async () => {
    const { client } = await world();
    await expect(client.send(new ListRulesCommand({}))).rejects.toThrow('does not do ListRules');
  });

  it('answers with the fault a test asks for', async () => {
    const { put } = await world(() => ({ status: 400, code: 'InternalException' }));
    await expect(put({ id: 'a@1' })).rejects.toThrow('injected fault');
  });
});
