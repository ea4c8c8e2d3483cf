import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryKey, ledgerIn } from '../../lib/evidence/ledger.ts';
import {
  type EvidenceSource,
  evidenceObjects,
  folderObjects,
  objectKey,
} from '../../lib/evidence/objects.ts';
import { verifyEvidence } from '../../lib/evidence/verify.ts';
import { digestOf } from '../../lib/model/canonical-json.ts';
import { buildManifest, buildRunRecord } from '../../lib/pipeline/manifest.ts';
import { temporaryFolder } from '../local/servers.ts';
import { evidenceWorld } from './bucket.ts';

/** Two runs as the pipeline leaves them: judgement <- manifest <- run record <- ledger. */
async function twoRuns() {
  const world = await evidenceWorld();
  const { objects, bucket } = world;
  const ledger = ledgerIn(bucket);
  const keys: Record<string, string> = {};
  for (const run of ['run1', 'run2']) {
    const finding = await objects.putJson({ finding: run });
    const judgement = await objects.putJson({ judgement: run, objects: [finding] });
    const head = await ledger.head('runs');
    const manifest = await objects.putJson(
      buildManifest({
        config: digestOf('config'),
        code: {},
        inputs: [{ unit: 'all', dataset: 'leads', month: '2026-08', digest: digestOf('rows') }],
        exclusions: [],
        ledger: head ? { runs: head } : {},
        objects: [judgement],
      }),
    );
    const record = await objects.putJson(
      buildRunRecord({
        runId: run,
        kind: 'daily',
        scheduledAt: '',
        asOf: '',
        startedAt: '',
        endedAt: '',
        batches: [],
        manifest,
      }),
    );
    await ledger.append('runs', {
      id: record,
      at: '2026-09-01T07:00:00Z',
      kind: 'run',
      body: { run },
      objects: [record],
    });
    Object.assign(keys, {
      [`${run}.finding`]: objectKey(finding),
      [`${run}.judgement`]: objectKey(judgement),
      [`${run}.record`]: objectKey(record),
    });
  }
  return { ...world, ledger, keys };
}

describe('verifyEvidence', () => {
  it('finds nothing wrong with what two runs left, in the bucket and in a copy of it', async () => {
    const { bucket, folder } = await twoRuns();
    const sound = await verifyEvidence(bucket);
    expect(sound).toMatchObject({ entries: 2, objects: 8, broken: [], unlisted: [] });
    expect(sound.heads).toEqual({ runs: { seq: 2, digest: expect.stringMatching(/^sha256:/) } });
    const copy = await temporaryFolder();
    await cp(folder, copy, { recursive: true });
    expect(await verifyEvidence(folderObjects(copy))).toEqual(sound);
  });

  it('is content with a bucket that holds nothing yet', async () => {
    const { bucket } = await evidenceWorld();
    expect(await verifyEvidence(bucket)).toEqual({
      entries: 0,
      objects: 0,
      broken: [],
      unlisted: [],
      heads: {},
    });
  });

  it('names the object or entry in which any single byte was changed', async () => {
    const { folder } = await twoRuns();
    const source = folderObjects(folder);
    const keys = await source.list('');
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), async (which, at, flip) => {
        const changed = keys[which % keys.length]!;
        const bytes = Buffer.from((await source.get(changed))!);
        bytes[at % bytes.length]! ^= flip;
        const tampered: EvidenceSource = {
          list: source.list,
          get: async (key) => (key === changed ? bytes : source.get(key)),
        };
        const { broken } = await verifyEvidence(tampered);
        expect(broken[0]!.key).toBe(changed);
        expect(broken[0]!.message).toContain('changed');
      }),
      { seed: 20260822, numRuns: 150 },
    );
  });

  it.each(['run1.finding', 'run1.judgement', 'run2.record'])('names %s when it is gone', async (name) => {
    const { bucket, folder, keys } = await twoRuns();
    await rm(join(folder, keys[name]!));
    const { broken } = await verifyEvidence(bucket);
    expect(broken).toHaveLength(1);
    expect(broken[0]).toMatchObject({ key: keys[name], message: expect.stringContaining('is missing') });
  });

  it('names an entry that is gone, in the middle and, by the manifest that saw it, at the end', async () => {
    const { bucket, folder, ledger } = await twoRuns();
    const path = (seq: number) => join(folder, entryKey('runs', seq));
    const body = { id: 'c', at: '', kind: 'note', body: null, objects: [] };
    const { entry } = await ledger.append('runs', body);
    const kept = await readFile(path(2));
    await rm(path(2));
    expect((await verifyEvidence(bucket)).broken).toEqual([
      { key: entryKey('runs', 2), message: `${entryKey('runs', 2)} is missing` },
    ]);
    await writeFile(path(2), kept);

    const manifest = await evidenceManifest(bucket, { runs: { seq: 3, digest: entry.digest } });
    await ledgerIn(bucket).append('notes', { ...body, objects: [manifest] });
    expect((await verifyEvidence(bucket)).broken).toEqual([]);
    await rm(path(3));
    expect((await verifyEvidence(bucket)).broken[0]).toMatchObject({ key: entryKey('runs', 3) });
  });

  it('names the link at which a rewritten entry, sound in itself, no longer fits', async () => {
    const { bucket, folder } = await twoRuns();
    const forged = await evidenceWorld();
    const other = await ledgerIn(forged.bucket).append('runs', {
      id: 'forged',
      at: '',
      kind: 'run',
      body: {},
      objects: [],
    });
    await cp(join(forged.folder, entryKey('runs', 1)), join(folder, entryKey('runs', 1)));
    const { broken } = await verifyEvidence(bucket);
    expect(other.entry.seq).toBe(1);
    expect(broken[0]).toEqual({
      key: entryKey('runs', 2),
      message: `${entryKey('runs', 2)} does not continue the entry before it`,
    });
  });

  it('reports what no entry leads to, and files that are no evidence, without calling them broken', async () => {
    const { bucket, objects, folder } = await twoRuns();
    const left = await objects.putJson({ left: 'by a run that broke off' });
    await writeFile(join(folder, 'notes.txt'), 'x');
    const { broken, unlisted } = await verifyEvidence(bucket);
    expect(broken).toEqual([]);
    expect(unlisted).toEqual(['notes.txt', objectKey(left)]);
  });

  it('does not accept a file below objects/ that is not named by its digest', async () => {
    const { bucket, folder } = await twoRuns();
    await writeFile(join(folder, 'objects', 'extra.json'), '{}');
    expect((await verifyEvidence(bucket)).broken[0]).toMatchObject({ key: 'objects/extra.json' });
  });
});

async function evidenceManifest(
  bucket: Awaited<ReturnType<typeof evidenceWorld>>['bucket'],
  ledger: Parameters<typeof buildManifest>[0]['ledger'],
) {
  return evidenceObjects(bucket).putJson(
    buildManifest({ config: digestOf('c'), code: {}, inputs: [], exclusions: [], ledger, objects: [] }),
  );
}
