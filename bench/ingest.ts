/**
 * `npm run bench:ingest [GB]`: takes in a made-up traffic file of that size (1 by default), with everything the
 * product does to one, and prints seconds, CPU seconds and peak memory of a process that does nothing else, bundled as a
 * function is for Lambda.
 *
 * Beside it, on the same file: DuckDB's bare sums without any check of ours (BONAFIDE_DUCKDB names its module file), and
 * csv-parse with a zod schema a row, on a twentieth of the file and scaled up.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { dayOf } from '../lib/model/day.ts';
import { readDailyCounts } from '../lib/records/daily-delivery.ts';

const sampled = 20;

interface Measured {
  readonly rows: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

const readers: Readonly<Record<string, (path: string) => Promise<number>>> = {
  bonafide: readOurs,
  duckdb: readDuckDb,
  'csv-parse and zod': readParsed,
};

/** Writes the file: days of 300 series in 150 countries, numbers from a linear congruential generator. */
async function generate(path: string, bytes: number): Promise<void> {
  const out = createWriteStream(path);
  const keys: [prefix: string, country: string][] = [];
  for (let source = 0; source < 50; source += 1)
    for (const medium of ['organic', 'cpc', 'referral', 'email', 'social', 'display'])
      for (let country = 0; country < 150; country += 1)
        keys.push([
          `source-${source},${medium},${medium}`,
          String.fromCharCode(65 + Math.floor(country / 26), 65 + (country % 26)),
        ]);
  let state = 20_261_122;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) % below;
  };
  out.write('date,source,medium,channel,unique_visitors,sessions,engaged_sessions,spend,country\n');
  let written = 0;
  for (let day = 0; written < bytes; day += 1) {
    const date = dayOf(day);
    const lines = keys.map(([prefix, country]) => {
      const visitors = random(900);
      const sessions = visitors + random(90);
      return `${date},${prefix},${visitors},${sessions},${sessions >> 1},${random(5000) / 100},${country}\n`;
    });
    const text = lines.join('');
    written += text.length;
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

async function readOurs(path: string): Promise<number> {
  const file = { name: path, open: () => createReadStream(path) };
  const context = { unit: 'all', zone: () => 'UTC', currency: 'USD', today: '2100-01-01' };
  const { files, refused } = await readDailyCounts('traffic', [file], { context });
  if (refused || files[0]!.refused || files[0]!.lines.bad > 0)
    throw new Error('the file was not taken whole');
  return files[0]!.lines.good;
}

async function readDuckDb(path: string): Promise<number> {
  const { DuckDBInstance } = await import(pathToFileURL(process.env.BONAFIDE_DUCKDB!).href);
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const columns = `{'date': 'DATE', 'source': 'VARCHAR', 'medium': 'VARCHAR', 'channel': 'VARCHAR', 'unique_visitors': 'BIGINT',
    'sessions': 'BIGINT', 'engaged_sessions': 'BIGINT', 'spend': 'DECIMAL(18,2)', 'country': 'VARCHAR'}`;
  const result = await connection.runAndReadAll(
    `SELECT date, source, medium, channel, sum(unique_visitors), sum(sessions), sum(engaged_sessions), sum(spend), count(*)
     FROM read_csv('${path}', header = true, columns = ${columns}) GROUP BY ALL`,
  );
  return result.getRows().reduce((sum: number, row: unknown[]) => sum + Number(row[8]), 0);
}

async function readParsed(path: string): Promise<number> {
  const { parse } = await import('csv-parse');
  const z = await import('zod');
  const count = z.string().regex(/^\d+$/).transform(Number);
  const schema = z.object({
    date: z.iso.date(),
    source: z.string().min(1),
    medium: z.string().min(1),
    channel: z.string().min(1),
    unique_visitors: count,
    sessions: count,
    engaged_sessions: count,
    spend: z.string().regex(/^\d+(\.\d\d?)?$/),
    country: z.string(),
  });
  const sums = new Map<string, number>();
  let rows = 0;
  const part = Math.floor(statSync(path).size / sampled);
  const records = createReadStream(path, { end: part }).pipe(
    parse({ columns: true, relax_column_count: true, skip_records_with_error: true }),
  );
  for await (const record of records) {
    const read = schema.safeParse(record);
    if (!read.success) continue;
    const { date, source, medium, channel, unique_visitors } = read.data;
    const key = `${date}|${source}|${medium}|${channel}`;
    sums.set(key, (sums.get(key) ?? 0) + unique_visitors);
    rows += 1;
  }
  return rows;
}

/** Runs one reader in a process of its own. */
function measure(bundle: string, reader: string, path: string): Measured {
  const run = spawnSync(process.execPath, [bundle, 'child', reader, path], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (run.status !== 0) throw new Error(`${reader} ended with ${run.status}`);
  return JSON.parse(run.stdout) as Measured;
}

async function child(reader: string, path: string): Promise<void> {
  const start = performance.now();
  const before = process.cpuUsage();
  const rows = await readers[reader]!(path);
  const { user, system } = process.cpuUsage(before);
  const measured: Measured = {
    rows,
    seconds: (performance.now() - start) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakMb: process.resourceUsage().maxRSS / 1024,
  };
  process.stdout.write(JSON.stringify(measured), () => process.exit(0));
}

function line(name: string, { rows, seconds, cpuSeconds, peakMb }: Measured, scale = 1): string {
  const figures = [seconds * scale, cpuSeconds * scale].map((s) => s.toFixed(1).padStart(8));
  return `${name.padEnd(28)}${figures.join(' s')} s CPU ${peakMb.toFixed(0).padStart(6)} MB  ${rows * scale} rows`;
}

async function main(gigabytes: number): Promise<void> {
  const path = join(tmpdir(), `bonafide-traffic-${gigabytes}gb.csv`);
  if (!existsSync(path)) await generate(path, gigabytes * 1e9);
  console.log(
    `${(statSync(path).size / 1e9).toFixed(2)} GB, node ${process.version}, ${cpus().length} cores`,
  );
  const bundle = join(tmpdir(), 'bonafide-bench-ingest.mjs');
  const { build } = await import('esbuild');
  const entryPoints = [import.meta.filename];
  await build({
    entryPoints,
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['esbuild'],
  });
  const ours = measure(bundle, 'bonafide', path);
  console.log(line('bonafide, every check', ours));
  if (process.env.BONAFIDE_DUCKDB) {
    const duck = measure(bundle, 'duckdb', path);
    console.log(line('DuckDB, bare sums', duck));
    console.log(
      `  ${(ours.seconds / duck.seconds).toFixed(2)} times its seconds, ${(ours.cpuSeconds / duck.cpuSeconds).toFixed(2)} times its CPU seconds`,
    );
  } else console.log('DuckDB: not installed (set BONAFIDE_DUCKDB to its module file)');
  const parsed = measure(bundle, 'csv-parse and zod', path);
  console.log(line('csv-parse and zod, scaled', parsed, sampled));
  console.log(`  ${((parsed.seconds * sampled) / ours.seconds).toFixed(1)} times our seconds`);
}

if (process.argv[2] === 'child') await child(process.argv[3]!, process.argv[4]!);
else await main(Number(process.argv[2] ?? 1));
