import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { entryKey, ledgerIn } from '../../lib/evidence/ledger.ts';
import { EvidenceError } from '../../lib/evidence/objects.ts';
import type { Fault } from '../../lib/local/loopback.ts';
import { evidenceWorld } from './bucket.ts';

const draft = (id: string, body: unknown = { id }) => ({
  id,
  at: '2026-09-03T07:00:00Z',
  kind: 'opened',
  body,
  objects: [],
});

describe('append', () => {
  it('links each entry to the one before it', async () => {
    const { bucket } = await evidenceWorld();
    const ledger = ledgerIn(bucket);
    expect(await ledger.head('flags')).toBeNull();
    const first = await ledger.append('flags', draft('a'));
    const second = await ledger.append('flags', draft('b'));
    expect(first).toMatchObject({ isNew: true, entry: { seq: 1, previous: null } });
    expect(second).toMatchObject({ isNew: true, entry: { seq: 2, previous: first.entry.digest } });
    expect(await ledger.head('flags')).toEqual({ seq: 2, digest: second.entry.digest });
    expect(await ledgerIn(bucket).read('flags')).toEqual([first.entry, second.entry]);
    expect(await ledger.chains()).toEqual(['flags']);
  });

  it('lets 20 racing writers in, one after the other, without a gap', async () => {
    const { bucket } = await evidenceWorld();
    const writers = Array.from({ length: 20 }, () => ledgerIn(bucket));
    await Promise.all(writers.map((ledger, w) => ledger.append('flags', draft(`writer-${w}`))));
    const entries = await ledgerIn(bucket).read('flags');
    expect(entries.map((entry) => entry.seq)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(new Set(entries.map((entry) => entry.id)).size).toBe(20);
  });

  it('does not append the same event again, also from another process and at another time', async () => {
    const { bucket } = await evidenceWorld();
    const first = await ledgerIn(bucket).append('flags', draft('a'));
    const ledger = ledgerIn(bucket);
    const again = await ledger.append('flags', { ...draft('a'), at: '2026-09-04T07:00:00Z' });
    expect(again).toEqual({ entry: first.entry, isNew: false });
    await expect(ledger.append('flags', draft('a', 'other'))).rejects.toThrow(RangeError);
    expect(await ledger.read('flags')).toHaveLength(1);
  });

  it('appends once when the answer is lost', async () => {
    const faults: (Fault | undefined)[] = [undefined, undefined, 'drop-response'];
    const { bucket } = await evidenceWorld({ fault: () => faults.shift() });
    const ledger = ledgerIn(bucket);
    const { entry } = await ledger.append('flags', draft('a'));
    expect(faults).toEqual([]);
    expect(await ledger.read('flags')).toEqual([entry]);
  });

  it('goes on after a failure', async () => {
    const faults: (Fault | undefined)[] = [{ status: 403, code: 'AccessDenied' }];
    const { bucket } = await evidenceWorld({ fault: () => faults.shift() });
    const ledger = ledgerIn(bucket);
    await expect(ledger.append('flags', draft('a'))).rejects.toThrow();
    expect((await ledger.append('flags', draft('a'))).isNew).toBe(true);
  });

  it.each(['', '../a', 'a/b', '.hidden'])('refuses the chain %j', async (chain) => {
    const { bucket } = await evidenceWorld();
    await expect(ledgerIn(bucket).append(chain, draft('a'))).rejects.toThrow(RangeError);
  });
});

describe('read', () => {
  it('refuses a chain with a changed entry, an exchanged one, or a gap', async () => {
    const { bucket, folder } = await evidenceWorld();
    const ledger = ledgerIn(bucket);
    for (const id of ['a', 'b', 'c']) await ledger.append('flags', draft(id));
    const path = join(folder, entryKey('flags', 2));
    const good = await readFile(path, 'utf8');
    const third = await readFile(join(folder, entryKey('flags', 3)), 'utf8');
    for (const bad of [good.replace('"b"', '"x"'), third, `${good} `]) {
      await writeFile(path, bad);
      await expect(ledgerIn(bucket).read('flags')).rejects.toBeInstanceOf(EvidenceError);
    }
    await rm(path);
    await expect(ledgerIn(bucket).read('flags')).rejects.toThrow('00000002.json is missing');
  });
});
