import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config, Source } from '../model/config.ts';

/** One file on its way in. */
export interface Batch {
  /** File name without folders. */
  readonly name: string;
  readonly path: string;
  read(): Promise<Uint8Array>;
}

const readable = /\.(csv|tsv|txt|jsonl|ndjson|parquet)(\.gz)?$/i;

/**
 * Matches the files of a folder to the configured sources: first by source id, then by dataset
 * (`crm.csv`, `crm-2026-08.jsonl.gz`; `traffic.csv`, `traffic-2026.parquet`).
 *
 * @param folder not searched below its first level.
 * @returns files by source in the order of the configuration, each file at most once, and the names of data files
 *   that match no source, or are of a kind that is not read.
 * @throws the file system's error when the folder cannot be read.
 * @example (await filesOf('data', config)).matched.get('web')?.map((f) => f.name) // => ['traffic.csv']
 */
export async function filesOf(
  folder: string,
  config: Config,
): Promise<{ matched: ReadonlyMap<string, readonly Batch[]>; unmatched: readonly string[] }> {
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    // Of what cannot be read, only what looks as if it should have been.
    .filter((name) => readable.test(name) || sourceOf(name, config.sources))
    .sort();
  const matched = new Map<string, Batch[]>(config.sources.map((s) => [s.id, []]));
  const unmatched: string[] = [];
  for (const name of names) {
    const source = sourceOf(name, config.sources);
    if (!source || !readable.test(name)) unmatched.push(name);
    else {
      const path = join(folder, name);
      matched.get(source.id)!.push({ name, path, read: () => readFile(path) });
    }
  }
  return { matched, unmatched };
}

function sourceOf(name: string, sources: readonly Source[]): Source | undefined {
  const isNamed = (stem: string) =>
    name === stem || (name.startsWith(stem) && /^[-_. ]|^\d/.test(name.slice(stem.length)));
  const longest = (list: Source[], key: (s: Source) => string) =>
    list.sort((a, b) => key(b).length - key(a).length)[0];
  return (
    longest(
      sources.filter((s) => isNamed(s.id)),
      (s) => s.id,
    ) ??
    longest(
      sources.filter((s) => isNamed(s.dataset)),
      (s) => s.dataset,
    )
  );
}
