import * as z from 'zod';
import type { Objects } from '../store/objects.ts';

/** What a run leaves in the data bucket, so that large things travel by reference. */

const text = z.string();

/** New files of one source found by one run: they are read as one delivery. */
export const deliverySchema = z.strictObject({
  source: text,
  dataset: text,
  /** Date of arrival, UTC. */
  arrivedOn: text,
  files: z.array(z.strictObject({ key: text, name: text })),
});
export type Delivery = z.output<typeof deliverySchema>;

/** A file that could not be taken in, with a message that names file, line and what was expected. */
export interface RefusedFile {
  readonly name: string;
  readonly message: string;
}

/** What became of one delivery. */
export interface IngestOutcome {
  readonly source: string;
  readonly dataset: string;
  readonly status: 'ingested' | 'refused' | 'partly_refused';
  readonly files: readonly {
    readonly name: string;
    readonly sha256: string;
    readonly rows: number;
    readonly bad: number;
  }[];
  readonly refused: readonly RefusedFile[];
  readonly quarantined: number;
  /** Share of rows set aside of the delivery before, 0 to 1; null for the first. */
  readonly badShareBefore: number | null;
  /** Days (traffic, counts) or months (records) whose content changed. */
  readonly changed: number;
  readonly restatements: number;
  /** Notes such as local times skipped by daylight saving. */
  readonly notes: readonly string[];
}

/** First and last date a source ever delivered, and when. */
export interface Extent {
  readonly first: string;
  readonly last: string;
  /** Newest date anything in it happened on, decisions included. */
  readonly newest: string;
  /** Dates with rows that were refused, and how many. */
  readonly refused: Readonly<Record<string, number>>;
  readonly landedOn: string;
  readonly rows: number;
  /** Share of the rows of the newest delivery that was set aside, 0 to 1. */
  readonly badShare: number;
}

/** What identifies a run, however often its schedule fires. */
export interface RunIdentity {
  readonly kind: 'daily' | 'weekly' | 'monthly';
  readonly scheduledAt: string;
}

/** Keys of a run's objects. */
export const runKeys = {
  run: (runId: string) => `runs/${runId}/run.json`,
  deliveries: (runId: string) => `runs/${runId}/deliveries.json`,
  units: (runId: string) => `runs/${runId}/units.json`,
  outcome: (runId: string, source: string, dataset: string) =>
    `runs/${runId}/ingest/${source}.${dataset}.json`,
  judgement: (runId: string, unit: string) => `runs/${runId}/judgements/${unit}.json`,
  canaries: (runId: string) => `runs/${runId}/canaries.json`,
  summary: (runId: string) => `runs/${runId}/summary.json`,
} as const;

/** Key of what is known of a source's reach. */
export function extentKey(source: string, dataset: string): string {
  return `extents/${source}.${dataset}.json`;
}

/** Key of what each file name of a source last held when it was taken in: `{ name: sha256 }`. */
export function takenInKey(source: string, dataset: string): string {
  return `taken-in/${source}.${dataset}.json`;
}

/** Writes a JSON object. */
export async function putJson(objects: Objects, key: string, value: unknown): Promise<void> {
  await objects.put(key, JSON.stringify(value), 'application/json');
}

/** Reads a JSON object; null when there is none. */
export async function getJson<T>(objects: Objects, key: string): Promise<T | null> {
  const bytes = await objects.get(key);
  return bytes === null ? null : (JSON.parse(Buffer.from(bytes).toString('utf8')) as T);
}

/** Digest of one dataset and month of a unit, for the manifest. */
export interface InputDigest {
  readonly dataset: string;
  readonly month: string;
  readonly digest: string;
}

/** What a delivery changed at rest. */
export interface Stored {
  readonly changed: number;
  readonly restatements: number;
  readonly extent: Omit<Extent, 'landedOn' | 'rows' | 'badShare'> | null;
}
