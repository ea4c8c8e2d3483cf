/**
 * The whole key design of the three tables.
 *
 * Every table has a partition key `pk` and a sort key `sk`, both strings. Parts of a key are joined by `#` (and
 * dimensions by `|`, names and values by `=`), and escaped so that no value can look like two parts.
 *
 * | table  | item            | pk                                  | sk                                                  |
 * |--------|-----------------|-------------------------------------|-----------------------------------------------------|
 * | counts | counts          | SERIES#unit#source#dataset          | 2026-08#channel=paid\|country=DE, then #2, #3 …     |
 * | counts | known series    | SERIES                              | unit#source#dataset                                 |
 * | counts | restatement     | RESTATEMENTS#unit                   | date#source#dataset#dimensions#metric#old#new       |
 * | flags  | assessment      | ASSESSMENTS                         | plan#kpi#unit#period                                |
 * | flags  | history         | HISTORY#plan#kpi#unit#period        | ledger sequence, 8 digits                           |
 * | flags  | incident        | INCIDENTS#unit                      | id of the incident                                  |
 * | flags  | alert to send   | OUTBOX                              | id of the alert                                     |
 * | flags  | alert sent      | SENT                                | id of the alert                                     |
 * | runs   | lease           | LEASE                               | LEASE                                               |
 * | runs   | run             | RUNS#kind                           | scheduled time                                      |
 * | runs   | delivered batch | DELIVERIES#source#dataset           | BATCH#sha256                                        |
 * | runs   | newest delivery | DELIVERIES#source#dataset           | LAST                                                |
 *
 * One sparse index, `open-by-due` on flags: only assessments with an open flag carry its keys `openPk` and `due`.
 * An index is read with a lag on AWS, so it may show what is due, never decide anything.
 *
 * A month of counts sorts before `2026-08$` and from `2026-08#`, because `$` is the byte after `#`.
 */
import { createHash } from 'node:crypto';

/** What a table must look like; deployed and embedded tables are made from it. */
export interface TableDefinition {
  readonly partitionKey: 'pk';
  readonly sortKey: 'sk';
  readonly index: {
    readonly name: string;
    readonly partitionKey: string;
    readonly sortKey: string;
    /** Attributes copied into the index beside its keys. */
    readonly includes: readonly string[];
  } | null;
}

/** The index of open flags by due date. */
export const openByDue = {
  name: 'open-by-due',
  partitionKey: 'openPk',
  sortKey: 'due',
  includes: ['plan', 'kpi', 'unit', 'period', 'verdict', 'version'],
} as const;

/** The tables, by what they hold; their names are chosen where they are deployed. */
export const tableDefinitions = {
  counts: { partitionKey: 'pk', sortKey: 'sk', index: null },
  flags: { partitionKey: 'pk', sortKey: 'sk', index: openByDue },
  runs: { partitionKey: 'pk', sortKey: 'sk', index: null },
} as const satisfies Record<string, TableDefinition>;

export type TableId = keyof typeof tableDefinitions;

/** What identifies one assessment, and the flag on it. */
export interface FlagKey {
  readonly plan: string;
  readonly kpi: string;
  readonly unit: string;
  readonly period: string;
}

/** What identifies a series of counts: `source` is the source's id in the configuration. */
export interface SeriesKey {
  readonly unit: string;
  readonly source: string;
  readonly dataset: string;
}

/** Keys of one item. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

// DynamoDB takes 1,024 bytes; the rest is for a month, a chunk's number and other parts of the key.
const maxDimensionBytes = 600;

/**
 * Dimensions as one part of a key, in order of their names. Longer than 600 bytes it becomes a SHA-256 digest: the
 * item holds the dimensions themselves.
 * @example dimensionsKey({ country: 'DE', channel: 'paid' }) // => 'channel=paid|country=DE'
 */
export function dimensionsKey(dimensions: Readonly<Record<string, string>>): string {
  const joined = Object.keys(dimensions)
    .sort()
    .map((name) => `${escapePart(name)}=${escapePart(dimensions[name] ?? '')}`)
    .join('|');
  return Buffer.byteLength(joined) <= maxDimensionBytes
    ? joined
    : `~${createHash('sha256').update(joined).digest('hex')}`;
}

/** Partition of the counts of one series. */
export function seriesPk({ unit, source, dataset }: SeriesKey): string {
  return join('SERIES', unit, source, dataset);
}

/** Sort key of one chunk of the counts of a month, chunks numbered from 1. */
export function countsSk(month: string, dimensions: Readonly<Record<string, string>>, chunk: number): string {
  return `${month}#${dimensionsKey(dimensions)}${chunk === 1 ? '' : `#${chunk}`}`;
}

/** Bounds of the sort keys of the months `from` to `to`, both included. */
export function monthBounds(from: string, to: string): { low: string; high: string } {
  return { low: `${from}#`, high: `${to}$` };
}

export const knownSeriesPk = 'SERIES';

export function knownSeriesSk({ unit, source, dataset }: SeriesKey): string {
  return join(unit, source, dataset);
}

export function restatementsPk(unit: string): string {
  return join('RESTATEMENTS', unit);
}

export function restatementSk(
  series: Omit<SeriesKey, 'unit'>,
  date: string,
  dimensions: Readonly<Record<string, string>>,
  metric: string,
  change: { readonly old: number | null; readonly new: number | null },
): string {
  const head = join(date, series.source, series.dataset);
  return `${head}#${dimensionsKey(dimensions)}#${join(metric, String(change.old), String(change.new))}`;
}

export const assessmentsPk = 'ASSESSMENTS';
export const openFlagsPk = 'OPEN';

export function assessmentSk(key: FlagKey): string {
  return join(key.plan, key.kpi, key.unit, key.period);
}

export function historyPk(key: FlagKey): string {
  return join('HISTORY', key.plan, key.kpi, key.unit, key.period);
}

/** @throws {RangeError} `sequence` is no whole number from 1 to 99,999,999. */
export function sequenceSk(sequence: number): string {
  if (!Number.isInteger(sequence) || sequence < 1 || sequence > 99_999_999)
    throw new RangeError(`expected a sequence number from 1 to 99999999, got ${sequence}`);
  return String(sequence).padStart(8, '0');
}

export function incidentsPk(unit: string): string {
  return join('INCIDENTS', unit);
}

export const outboxPk = 'OUTBOX';

export const sentPk = 'SENT';

export function sentKey(alertId: string): ItemKey {
  return { pk: sentPk, sk: alertId };
}

export const leaseKey: ItemKey = { pk: 'LEASE', sk: 'LEASE' };

export function runsPk(kind: string): string {
  return join('RUNS', kind);
}

export function batchKey(source: string, dataset: string, sha256: string): ItemKey {
  return { pk: join('DELIVERIES', source, dataset), sk: join('BATCH', sha256) };
}

export function lastDeliveryKey(source: string, dataset: string): ItemKey {
  return { pk: join('DELIVERIES', source, dataset), sk: 'LAST' };
}

function join(...parts: string[]): string {
  return parts.map(escapePart).join('#');
}

function escapePart(value: string): string {
  return value.replace(/[%#|=]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
