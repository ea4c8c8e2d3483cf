import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EvidenceError, folderObjects, objectKey } from '../../lib/evidence/objects.ts';
import type { Fault, LoopbackCall } from '../../lib/local/loopback.ts';
import { digestOf } from '../../lib/model/canonical-json.ts';
import { evidenceWorld } from './bucket.ts';

describe('evidence objects', () => {
  it('are named by what they hold and come back byte by byte', async () => {
    const { objects, folder } = await evidenceWorld();
    const bytes = Buffer.from('{"a":1}');
    const digest = await objects.putObject(bytes);
    expect(digest).toBe(digestOf(bytes));
    expect(await readFile(join(folder, objectKey(digest)))).toEqual(bytes);
    expect(Buffer.from(await objects.getObject(digest))).toEqual(bytes);
  });

  it('keep a value as canonical JSON', async () => {
    const { objects } = await evidenceWorld();
    const digest = await objects.putJson({ b: 1, a: [null, 'é'] });
    expect(digest).toBe(digestOf('{"a":[null,"é"],"b":1}'));
    expect(await objects.getJson(digest)).toEqual({ a: [null, 'é'], b: 1 });
  });

  it('are put once, however often', async () => {
    const { objects, bucket } = await evidenceWorld();
    const digests = await Promise.all(Array.from({ length: 5 }, () => objects.putJson({ a: 1 })));
    expect(new Set(digests).size).toBe(1);
    expect(await bucket.list('objects/')).toEqual([objectKey(digests[0]!)]);
  });

  it('are there after a lost answer, a refusal of service and a put under way elsewhere', async () => {
    const faults: (Fault | undefined)[] = [
      { status: 503, code: 'SlowDown' },
      { status: 409, code: 'ConditionalRequestConflict' },
      'drop-response',
    ];
    const { objects } = await evidenceWorld({ fault: () => faults.shift() });
    const digest = await objects.putJson({ a: 1 });
    expect(faults).toEqual([]);
    expect(await objects.getJson(digest)).toEqual({ a: 1 });
  });

  it('are refused once they hold something else, or are gone', async () => {
    const { objects, folder } = await evidenceWorld();
    const digest = await objects.putJson({ a: 1 });
    await writeFile(join(folder, objectKey(digest)), '{"a":2}');
    await expect(objects.getObject(digest)).rejects.toBeInstanceOf(EvidenceError);
    await expect(objects.getObject(digestOf('none'))).rejects.toThrow('is missing');
    await expect(objects.getObject('../a')).rejects.toThrow(RangeError);
  });

  it('need no more than listing, getting and putting', async () => {
    const calls: LoopbackCall[] = [];
    const { objects, bucket } = await evidenceWorld({ onRequest: (call) => calls.push(call) });
    await objects.getObject(await objects.putJson({ a: 1 }));
    await bucket.list('');
    expect(calls.map((call) => call.action)).toEqual(['PutObject', 'GetObject', 'ListObjectsV2']);
  });
});

describe('a folder of evidence', () => {
  it('lists and reads what the bucket does', async () => {
    const { objects, bucket, folder } = await evidenceWorld();
    const digest = await objects.putJson({ a: 1 });
    await objects.putJson({ a: 2 });
    const source = folderObjects(folder);
    expect(await source.list('')).toEqual(await bucket.list(''));
    expect(await source.get(objectKey(digest))).toEqual(Buffer.from('{"a":1}'));
    expect(await source.get('objects/none.json')).toBeNull();
  });
});
