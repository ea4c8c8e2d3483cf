import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { folderObjects } from '../../lib/evidence/objects.ts';
import { verifyEvidence } from '../../lib/evidence/verify.ts';
import type { FaultWorld } from './world.ts';

/** What must be the same whatever was disturbed, as lines that can be compared: a name and a content each. */
export type State = ReadonlyMap<string, string>;

/** Prefixes of the data bucket that outlast a run. */
const lasting = ['records/', 'extents/', 'taken-in/', 'quarantine/'];

/**
 * Everything a run leaves for good: counts, flags with history and what was sent, what was taken in, records, ledger,
 * reports, and the alerts that were published. Left out: times of day, and the repeats of alerts with the same id.
 */
export async function stateOf(world: FaultWorld): Promise<State> {
  const state = new Map<string, string>();
  for (const table of ['counts', 'flags', 'runs'])
    for (const item of await itemsOf(world, table)) {
      const { pk, sk, at: _at, startedAt: _s, endedAt: _e, evidence: _v, message: _m, ...rest } = item;
      if (pk === 'LEASE') state.set('runs LEASE', rest.holder === '' ? 'free' : 'held');
      else state.set(`${table} ${pk} ${sk}`, JSON.stringify(sorted(rest)));
    }
  for (const key of keysOf(join(world.folder, 's3/data')))
    if (lasting.some((prefix) => key.startsWith(prefix)))
      state.set(`data ${key}`, textOf(join(world.folder, 's3/data', key)));
  const evidence = join(world.folder, 's3/evidence');
  const entries = keysOf(evidence).filter((key) => key.startsWith('ledger/'));
  for (const key of entries)
    if (key.startsWith('ledger/closes/')) state.set(`evidence ${key}`, sealedBy(evidence, key));
    else if (!key.startsWith('ledger/runs/')) state.set(`evidence ${key}`, textOf(join(evidence, key)));
  // Each repeat of a run has a record of its own; the manifest is the same.
  const runs = entries.filter((key) => key.startsWith('ledger/runs/')).sort();
  const last = JSON.parse(textOf(join(evidence, runs.at(-1)!))) as { body: { record: string } };
  const record = JSON.parse(textOf(join(evidence, `objects/${last.body.record.slice(7)}.json`)));
  state.set('manifest', record.manifest);
  for (const key of keysOf(join(world.folder, 's3/reports')))
    if (key.endsWith('.csv')) state.set(`reports ${key}`, textOf(join(world.folder, 's3/reports', key)));
  // What is told of the disturbed run itself is not told of an undisturbed one.
  for (const { topic, alert } of world.published)
    if (!alert.id.startsWith('run@')) {
      const name = `alert ${topic} ${alert.id}`;
      const content = JSON.stringify(alert);
      const before = state.get(name);
      // A repeat must say the same.
      state.set(name, before === undefined || before === content ? content : 'said differently');
    }
  return state;
}

/**
 * What a state comes to where a run judged without a delivery that could not be taken in: the same judgements, but the
 * ledger has one more of them in between, and numbers that count judgements differ with it.
 */
export function settled(state: State): State {
  const kept = new Map<string, string>();
  for (const [name, content] of state) {
    if (/^(manifest$|evidence ledger\/flags\/|flags HISTORY|flags SENT)/.test(name)) continue;
    if (name.startsWith('flags ASSESSMENTS')) {
      const { ledgerSeq: _l, version: _v, ...rest } = JSON.parse(content) as Record<string, unknown>;
      kept.set(name, JSON.stringify(rest));
    } else if (name.startsWith('evidence ledger/closes/')) kept.set(name, 'there');
    // Number and digest of the judgement are part of an alert's id.
    else if (name.startsWith('alert ')) kept.set(name.replace(/@\d+\.([a-z_]+\.\d+).*/, '@$1'), 'told');
    else kept.set(name, content);
  }
  return kept;
}

/** Evidence that does not verify. */
export async function brokenLinks({ folder }: FaultWorld): Promise<string[]> {
  const { broken } = await verifyEvidence(folderObjects(join(folder, 's3/evidence')));
  return broken.map(({ message }) => `evidence: ${message}`);
}

/** The first few differences, for people. */
export function differences(expected: State, found: State): string[] {
  const names = new Set([...expected.keys(), ...found.keys()]);
  return [...names].flatMap((name) => {
    const [a, b] = [expected.get(name), found.get(name)];
    if (a === b) return [];
    // A judgement in between may have had something to tell.
    if (a === undefined && b === 'told') return [];
    return [a === undefined ? `more: ${name}` : b === undefined ? `lost: ${name}` : `other: ${name}`];
  });
}

/** What a close sealed; which run's record it and its statements print depends on how often the run was repeated. */
function sealedBy(evidence: string, key: string): string {
  const { objects } = JSON.parse(textOf(join(evidence, key))) as { objects: readonly string[] };
  const close = JSON.parse(textOf(join(evidence, `objects/${objects[0]!.slice(7)}.json`)));
  const files = close.files.map((file: { key: string }) => file.key);
  return JSON.stringify({ ...close, ledger: null, objects: null, files });
}

async function itemsOf({ documents }: FaultWorld, TableName: string): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await documents.send(
      new ScanCommand({ TableName, ExclusiveStartKey, ConsistentRead: true }),
    );
    items.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return items;
}

function keysOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function textOf(file: string): string {
  const bytes = readFileSync(file);
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString();
}

function sorted(item: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(item)
      .sort()
      .map((key) => [
        key,
        item[key] instanceof Uint8Array ? gunzipSync(item[key] as Uint8Array).toString() : item[key],
      ]),
  );
}
