import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { startEmbedded } from '../../lib/local/embedded.ts';
import { StateLockedError } from '../../lib/local/state-lock.ts';
import { tableDefinitions } from '../../lib/store/keys.ts';
import { documentClient, s3Client, temporaryFolder } from './servers.ts';

async function options() {
  const folder = await temporaryFolder();
  return {
    state: join(folder, '.bonafide'),
    alerts: join(folder, 'out', 'alerts'),
    buckets: ['files', 'evidence'],
    writeOnce: ['evidence'],
    topics: [],
    tables: tableDefinitions,
  };
}

describe('the embedded world', () => {
  it('serves the three services, and evidence lies at s3/evidence as plain files', async () => {
    const settings = await options();
    const world = await startEmbedded(settings);
    const s3 = s3Client(world.s3);
    await s3.send(
      new PutObjectCommand({ Bucket: 'evidence', Key: 'objects/a.json', Body: '{}', IfNoneMatch: '*' }),
    );
    const dynamodb = documentClient(world.dynamodb);
    await dynamodb.send(new PutCommand({ TableName: 'runs', Item: { pk: 'a', sk: 'b' } }));
    s3.destroy();
    dynamodb.destroy();
    await world.close();
    expect(await readdir(join(settings.state, 's3', 'evidence', 'objects'))).toEqual(['a.json']);
  });

  it('ends a second run with a message, and lets the next one in after the first', async () => {
    const settings = await options();
    const world = await startEmbedded(settings);
    await expect(startEmbedded(settings)).rejects.toBeInstanceOf(StateLockedError);
    await world.close();
    await (await startEmbedded(settings)).close();
  });

  it('removes what a killed run left unfinished', async () => {
    const settings = await options();
    const meta = join(settings.state, 's3-meta');
    await mkdir(join(meta, '.unfinished-abc'), { recursive: true });
    const world = await startEmbedded(settings);
    expect(await readdir(meta)).not.toContain('.unfinished-abc');
    await world.close();
    expect((await readdir(meta)).sort()).toEqual(['evidence', 'files']);
  });

  it('gives the lock up when it cannot start', async () => {
    const settings = await options();
    await expect(startEmbedded({ ...settings, buckets: ['X'] })).rejects.toThrow(RangeError);
    await (await startEmbedded(settings)).close();
  });
});
