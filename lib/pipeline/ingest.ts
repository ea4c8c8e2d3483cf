import * as z from 'zod';
import type { Source } from '../model/config.ts';
import { readDailyCounts } from '../records/daily-delivery.ts';
import type { FileReport } from '../records/file-report.ts';
import { KeyedHash } from '../records/keyed-hash.ts';
import { Pseudonymiser } from '../records/pseudonymise.ts';
import { readRecords } from '../records/record-delivery.ts';
import { replaceCounts } from './counts-slices.ts';
import { dateIn } from './plan.ts';
import type { IngestPorts, Ports } from './ports.ts';
import { mergeMonths } from './record-months.ts';
import { countryOf, refusalMessage, rowContext } from './row-context.ts';
import {
  deliverySchema,
  type Extent,
  extentKey,
  getJson,
  type IngestOutcome,
  putJson,
  type RefusedFile,
  runKeys,
  type Stored,
  takenInKey,
} from './run-objects.ts';

/** One delivery to take in. */
export const ingestJob = z.object({ runId: z.string(), token: z.number(), delivery: deliverySchema });
export type IngestJob = z.output<typeof ingestJob>;

/**
 * Step 2: reads the new files of one source as one delivery, sets bad rows aside, and brings counts and records up
 * to date. Broken off and repeated it ends in the same state; the files are noted as taken in last of all.
 *
 * A file that is refused changes nothing and stays in landing; the others of the delivery are taken in.
 */
export async function ingest(job: IngestJob, ports: IngestPorts): Promise<IngestOutcome> {
  await ports.runs.assertLease(job.token);
  const { config, data, runs } = ports;
  const { delivery } = job;
  const source = config.sources.find((s) => s.id === delivery.source && s.dataset === delivery.dataset);
  if (!source)
    throw new RangeError(`the configuration has no source ${delivery.source} of ${delivery.dataset}`);
  const files = delivery.files.map(({ key, name }) => ({ name, open: () => opened(data, key) }));
  const options = {
    context: rowContext(config, source, dateIn(config.timezone, ports.now())),
    ...(source.columns && { columns: source.columns }),
  };
  const before = await getJson<Extent>(data, extentKey(source.id, source.dataset));

  const isDaily = source.dataset === 'traffic' || source.dataset === 'counts';
  const read = isDaily
    ? await readDailyCounts(source.dataset as 'traffic' | 'counts', files, options)
    : await readRecords(source.dataset as Exclude<Source['dataset'], 'traffic' | 'counts'>, files, {
        ...options,
        pseudonymise: await pseudonymiser(ports),
      });
  const refused: RefusedFile[] = read.refused
    ? [
        {
          name: delivery.files.map((f) => f.name).join(', '),
          message: refusalMessage(delivery.source, read.refused),
        },
      ]
    : read.files.flatMap((f) =>
        f.refused ? [{ name: f.name, message: refusalMessage(f.name, f.refused) }] : [],
      );
  await quarantine(job, read.quarantine.rows, ports);
  const taken = read.refused ? [] : read.files.filter((f) => f.refused === null);
  let stored: Stored = { changed: 0, restatements: 0, extent: null };
  if (taken.length > 0)
    stored =
      'units' in read
        ? await replaceCounts(source, read, before, delivery.arrivedOn, batchOf(taken), ports)
        : await mergeMonths(source, read, before, delivery.arrivedOn, batchOf(taken), ports);
  const good = taken.reduce((sum, f) => sum + f.lines.good, 0);
  const bad = read.quarantine.total;
  if (stored.extent)
    await putJson(data, extentKey(source.id, source.dataset), {
      ...stored.extent,
      landedOn: delivery.arrivedOn,
      rows: good,
      badShare: good + bad === 0 ? 0 : bad / (good + bad),
    } satisfies Extent);

  const outcome: IngestOutcome = {
    source: source.id,
    dataset: source.dataset,
    status: refused.length === 0 ? 'ingested' : taken.length === 0 ? 'refused' : 'partly_refused',
    files: taken.map((f) => ({ name: f.name, sha256: f.sha256, rows: f.lines.good, bad: f.lines.bad })),
    refused,
    quarantined: bad,
    badShareBefore: before?.badShare ?? null,
    changed: stored.changed,
    restatements: stored.restatements,
    notes: read.files.flatMap((f) => f.notes.map((n) => `${f.name}: line ${n.line}: ${n.text} (${n.count})`)),
  };
  await putJson(data, runKeys.outcome(job.runId, source.id, source.dataset), outcome);
  if (taken.length > 0)
    await putJson(data, takenInKey(source.id, source.dataset), {
      ...(await getJson<Record<string, string>>(data, takenInKey(source.id, source.dataset))),
      ...Object.fromEntries(taken.map((f) => [f.name, f.sha256])),
    });
  for (const [index, file] of read.files.entries()) {
    if (!taken.includes(file)) continue;
    const { key } = delivery.files[index]!;
    for (const batch of [file.sha256, key])
      await runs.recordDelivery({
        source: source.id,
        dataset: source.dataset,
        batch,
        key,
        landedOn: delivery.arrivedOn,
        rows: file.lines.good,
      });
  }
  return outcome;
}

async function pseudonymiser(ports: IngestPorts): Promise<Pseudonymiser> {
  const { key, version } = await ports.hashKey();
  return new Pseudonymiser({
    hash: new KeyedHash(Buffer.from(key)),
    version,
    country: countryOf(ports.config),
  });
}

/** One name for the files of a delivery, whatever their order. */
function batchOf(files: readonly FileReport[]): string {
  return files
    .map((f) => f.sha256)
    .sort()
    .join('+')
    .slice(0, 64);
}

async function* opened(data: Ports['data'], key: string): AsyncGenerator<Uint8Array> {
  yield* await data.stream(key);
}

/** Writes the rows that were set aside, with the reason, at a key that a repeat writes again. */
async function quarantine(job: IngestJob, rows: readonly unknown[], { data }: IngestPorts): Promise<void> {
  if (rows.length === 0) return;
  const { source, dataset, arrivedOn } = job.delivery;
  const lines = rows.map((row) => JSON.stringify(row)).join('\n');
  await data.put(
    `quarantine/${source}/${dataset}/dt=${arrivedOn}/${job.runId}.jsonl`,
    `${lines}\n`,
    'application/x-ndjson',
  );
}
