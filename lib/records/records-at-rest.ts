import { gunzipSync, gzipSync } from 'node:zlib';
import { canonicalJson } from '../model/canonical-json.ts';
import { contractOf, type Row } from '../model/datasets.ts';
import type { Day } from '../model/day.ts';
import type { RecordDataset } from '../model/unit-data.ts';
import { recordDay, textOf } from './record-delivery.ts';

/** A record as it is kept: a line of a month's object `records/<dataset>/<source id>/<YYYY-MM>.jsonl.gz`. */
export type StoredRecord<D extends RecordDataset> = Row<D> & {
  /** Date of arrival of the batch it was first seen in. */
  readonly seen_at: Day;
  /** Date of arrival of the batch it had vanished from; null while it stands. */
  readonly removed_at: Day | null;
};

/** Month objects of one dataset and source: `YYYY-MM` -> gzipped JSON Lines. */
export type RecordMonths = ReadonlyMap<string, Uint8Array>;

/** How a delivery is merged. */
export interface RecordBatch {
  /** Date it arrived, UTC. */
  readonly arrivedOn: Day;
  /** `snapshot`: records inside `range` that are not in it are removed. */
  readonly mode: 'upsert' | 'snapshot';
  /** First and last date of the delivery, both included; null without rows. */
  readonly range: { readonly from: Day; readonly to: Day } | null;
}

/** A value once given that a later batch changed, or a record that vanished or came back (`removed_at`). */
export interface RecordRestatement {
  /** Values of the record's identity, in the contract's order. */
  readonly id: string;
  /** Date and unit of the record before the change; unit null where the dataset has none. */
  readonly date: Day;
  readonly unit: string | null;
  readonly field: string;
  readonly old: string | number | null;
  readonly new: string | number | null;
}

type Loose = Readonly<Record<string, string | number | null>>;

/**
 * Merges a delivery into what is kept of its source (SPEC 3.2): records are replaced by id; the entries
 * of an SQL's decision history stand beside each other. Months are given back only where they change,
 * so merging a batch again gives none.
 *
 * @param months all months kept of the source, so that a record that changes its month leaves no copy.
 * @param rows good rows of the delivery.
 * @returns `months`: new content by month, null for one that is empty now.
 * @example mergeRecords('leads', new Map(), rows, { arrivedOn: '2026-09-01', mode: 'upsert', range: null }).months
 */
export function mergeRecords<D extends RecordDataset>(
  dataset: D,
  months: RecordMonths,
  rows: readonly Row<D>[],
  batch: RecordBatch,
): { months: Map<string, Uint8Array | null>; restatements: RecordRestatement[] } {
  const { identity } = identityOf(dataset);
  const kept = new Map<string, StoredRecord<D>>();
  for (const bytes of months.values())
    for (const record of parseRecords(dataset, bytes)) kept.set(identity(record), record);
  const latest = latestByGroup(dataset, kept.values());
  const fresh = new Map<string, Row<D>>();
  // Rows of one identity come in the order of their values: the same one stands whatever the files' order.
  for (const row of rows) fresh.set(identity(row), row);

  const restatements: RecordRestatement[] = [];
  const note = (record: StoredRecord<D>, field: string, old: Loose[string], now: Loose[string]) =>
    restatements.push({
      id: identity(record),
      date: recordDay(dataset, record),
      unit: ((record as unknown as Loose).unit as string | null | undefined) ?? null,
      field,
      old,
      new: now,
    });
  const changed = restating(dataset);
  for (const [id, row] of fresh) {
    const old = kept.get(id);
    for (const { field, before, now } of changed(
      old ?? latest.get(groupOf(dataset, row)),
      row,
      old !== undefined,
    ))
      note(before, field, (before as unknown as Loose)[field]!, now);
    if (old && old.removed_at !== null) note(old, 'removed_at', old.removed_at, null);
    kept.set(id, { ...row, seen_at: old?.seen_at ?? batch.arrivedOn, removed_at: null });
  }
  const vanishes = vanishing(dataset, fresh, batch);
  for (const [id, record] of kept)
    if (record.removed_at === null && vanishes(id, record)) {
      note(record, 'removed_at', null, batch.arrivedOn);
      kept.set(id, { ...record, removed_at: batch.arrivedOn });
    }
  restatements.sort((a, b) => (a.id + a.field < b.id + b.field ? -1 : 1));
  return { months: changedMonths(dataset, months, kept), restatements };
}

/** The records of a month's object. @throws {Error} it is damaged. */
export function parseRecords<D extends RecordDataset>(_dataset: D, bytes: Uint8Array): StoredRecord<D>[] {
  return gunzipSync(bytes)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as StoredRecord<D>);
}

/** A record as evidence: free of when it arrived, so that the same records always have the same digest. */
export function canonicalRow(record: StoredRecord<RecordDataset>): object {
  const { seen_at: _, removed_at, ...row } = record;
  return removed_at === null ? row : { ...row, removed_at };
}

function identityOf(dataset: RecordDataset): { identity: (row: object) => string } {
  const { identity, key } = contractOf(dataset);
  const columns = identity ?? key;
  if (columns !== 'row') return { identity: (row) => textOf(row, columns) };
  return { identity: (row) => canonicalJson({ ...row, seen_at: undefined, removed_at: undefined }) };
}

function groupOf(dataset: RecordDataset, row: object): string | null {
  const { group } = contractOf(dataset);
  return group ? textOf(row, group) : null;
}

/** The last entry of every decision history; empty for datasets without one. */
function latestByGroup<D extends RecordDataset>(
  dataset: D,
  records: Iterable<StoredRecord<D>>,
): Map<string | null, StoredRecord<D>> {
  const latest = new Map<string | null, StoredRecord<D>>();
  if (!contractOf(dataset).group) return latest;
  for (const record of records) {
    const group = groupOf(dataset, record);
    const known = latest.get(group);
    if (!known || decisionOrder(record) >= decisionOrder(known)) latest.set(group, record);
  }
  return latest;
}

function decisionOrder(record: object): string {
  const { decided_at } = record as { decided_at?: string | null };
  return `${decided_at ?? ''} ${canonicalJson({ ...record, seen_at: undefined, removed_at: undefined })}`;
}

/** Finds the values that a row changes; of another entry of the same history only the date restates. */
function restating(dataset: RecordDataset) {
  const { columns, date } = contractOf(dataset);
  const fields = Object.keys(columns).filter((name) => columns[name]!.restates);
  return <R extends object>(before: R | undefined, row: object, isSame: boolean) => {
    if (!before) return [];
    return fields.flatMap((field) => {
      if (!isSame && field !== date) return [];
      const old = (before as Loose)[field]!;
      const now = (row as Loose)[field]!;
      return old !== null && old !== now ? [{ field, before, now }] : [];
    });
  };
}

/** Which kept records a batch removes. */
function vanishing<D extends RecordDataset>(
  dataset: D,
  fresh: ReadonlyMap<string, Row<D>>,
  batch: RecordBatch,
) {
  const { range } = batch;
  const isSnapshot = batch.mode === 'snapshot' && range !== null;
  const dates = new Set<Day>();
  if (contractOf(dataset).replacesDates) for (const row of fresh.values()) dates.add(recordDay(dataset, row));
  // A history is removed as a whole or not at all: an export of the present state holds its last entry only.
  const groups = new Set([...fresh.values()].map((row) => groupOf(dataset, row)));
  const hasGroups = contractOf(dataset).group !== undefined;
  return (id: string, record: StoredRecord<D>): boolean => {
    if (fresh.has(id) || (hasGroups && groups.has(groupOf(dataset, record)))) return false;
    const day = recordDay(dataset, record);
    return dates.has(day) || (isSnapshot && range !== null && day >= range.from && day <= range.to);
  };
}

function changedMonths<D extends RecordDataset>(
  dataset: D,
  before: RecordMonths,
  kept: ReadonlyMap<string, StoredRecord<D>>,
): Map<string, Uint8Array | null> {
  const latest = latestByGroup(dataset, kept.values());
  const lines = new Map<string, { id: string; line: string }[]>();
  for (const [id, record] of kept) {
    // All entries of a history lie in the month of its last one.
    const month = recordDay(dataset, latest.get(groupOf(dataset, record)) ?? record).slice(0, 7);
    const entry = { id, line: canonicalJson(record) };
    const list = lines.get(month);
    if (list) list.push(entry);
    else lines.set(month, [entry]);
  }
  const changed = new Map<string, Uint8Array | null>();
  for (const month of [...new Set([...before.keys(), ...lines.keys()])].sort()) {
    const held = lines.get(month);
    const text = held
      ?.sort((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ line }) => `${line}\n`)
      .join('');
    const old = before.get(month);
    if (text === undefined) changed.set(month, null);
    else if (!old || gunzipSync(old).toString('utf8') !== text) changed.set(month, packed(text));
  }
  return changed;
}

/** Gzip with the same bytes everywhere: node writes no time, but the operating system. */
function packed(text: string): Uint8Array {
  const bytes = gzipSync(text);
  bytes[9] = 255;
  return bytes;
}
