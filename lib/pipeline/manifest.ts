/**
 * What a run rests on, in two documents. The manifest is free of times and file names: the same evidence has the same
 * digest, whenever and from whatever files it was taken. Those are in the run record beside it.
 */

import type { LedgerHead } from '../evidence/ledger.ts';
import { canonicalJson, type Digest, isDigest } from '../model/canonical-json.ts';

/** What a run saw of one dataset and month. */
export interface ManifestInput {
  readonly unit: string;
  readonly dataset: string;
  /** `YYYY-MM`. */
  readonly month: string;
  /** Of the canonical sorted rows (`digestOfRows`). */
  readonly digest: Digest;
}

/** A period left out of the baselines. */
export interface BaselineExclusion {
  readonly plan: string;
  readonly unit: string;
  readonly kpi: string;
  readonly period: string;
}

/** What a manifest is made from; in any order. */
export interface ManifestParts {
  readonly config: Digest;
  /** Versions of what judged: checks and methods by name. */
  readonly code: Readonly<Record<string, string>>;
  readonly inputs: readonly ManifestInput[];
  readonly exclusions: readonly BaselineExclusion[];
  /** Where each ledger chain ended when the run began. */
  readonly ledger: Readonly<Record<string, LedgerHead>>;
  /** Evidence objects the run wrote: one per judgement. */
  readonly objects: readonly Digest[];
}

/** The deterministic manifest of a run. */
export interface Manifest extends ManifestParts {
  readonly schema: 'bonafide/manifest/1';
}

/** A batch a run took in. */
export interface RunBatch {
  readonly source: string;
  readonly dataset: string;
  readonly digest: Digest;
  /** Name of the file, or of what was fetched. */
  readonly name: string;
  readonly landedOn: string;
}

/** When and from which files a run worked. */
export interface EvidenceRun {
  readonly schema: 'bonafide/run/1';
  readonly runId: string;
  readonly kind: string;
  readonly scheduledAt: string;
  readonly asOf: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly batches: readonly RunBatch[];
  readonly manifest: Digest;
  /** What must exist with it: the manifest. */
  readonly objects: readonly Digest[];
}

/**
 * Builds a manifest that does not depend on the order of its parts.
 * @throws {RangeError} an input, an exclusion or an object is listed twice, or a digest is not written as one.
 */
export function buildManifest(parts: ManifestParts): Manifest {
  const digests = [parts.config, ...parts.objects, ...parts.inputs.map((input) => input.digest)];
  const odd = digests.find((digest) => !isDigest(digest));
  if (odd !== undefined) throw new RangeError(`expected sha256: and 64 digits, got "${odd}"`);
  return {
    schema: 'bonafide/manifest/1',
    config: parts.config,
    code: parts.code,
    inputs: sorted(parts.inputs, ({ unit, dataset, month }) => [dataset, month, unit]),
    exclusions: sorted(parts.exclusions, ({ plan, unit, kpi, period }) => [plan, unit, kpi, period]),
    ledger: parts.ledger,
    objects: sorted(parts.objects, (digest) => [digest]),
  };
}

/** Builds the record of a run beside its manifest; batches are sorted. */
export function buildRunRecord(run: Omit<EvidenceRun, 'schema' | 'objects'>): EvidenceRun {
  return {
    ...run,
    schema: 'bonafide/run/1',
    batches: sorted(run.batches, ({ source, dataset, digest, name }) => [source, dataset, digest, name]),
    objects: [run.manifest],
  };
}

function sorted<T>(values: readonly T[], keyOf: (value: T) => string[]): T[] {
  const byKey = new Map(values.map((value) => [canonicalJson(keyOf(value)), value]));
  if (byKey.size < values.length) throw new RangeError('something is listed twice');
  return [...byKey.keys()].sort().map((key) => byKey.get(key)!);
}
