/**
 * `npm run bench:ingest`: takes in a made-up traffic file of 1 GB, with everything the product does to one, by a process
 * that does nothing else, bundled as a function is for Lambda, and holds it against what is promised of the reader.
 *
 * Beside it, on the same file and in turn: DuckDB's bare sums without any check of ours (fetched into `bench/duckdb` at
 * the first run), and csv-parse with a zod schema a row, on a twentieth of the file and scaled up. Then a file of 3 GB,
 * for the memory alone, deleted afterwards. Ends 1 when a promise is not kept.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fileBytes } from '../lib/local/file-bytes.ts';
import { dayOf } from '../lib/model/day.ts';
import { readDailyCounts } from '../lib/records/daily-delivery.ts';

const sampled = 20;
const rounds = 3;
/** What is promised: times DuckDB's seconds, times faster than csv-parse with zod, megabytes at any size. */
const promised = { timesDuckDb: 2, timesParsed: 8, peakMb: 200 };
const duckDbFolder = join(import.meta.dirname, 'duckdb');
const duckDbModule = join(duckDbFolder, 'node_modules/@duckdb/node-api/lib/index.js');

interface Measured {
  readonly rows: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

const readers: Readonly<Record<string, (path: string, module: string) => Promise<number>>> = {
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
  const file = { name: path, open: () => fileBytes(path) };
  const context = {
    unit: 'all',
    zone: () => 'UTC',
    currency: 'USD',
    today: '2100-01-01',
    earliest: '1970-01-01',
  };
  const { files, refused } = await readDailyCounts('traffic', [file], { context });
  if (refused || files[0]!.refused || files[0]!.lines.bad > 0)
    throw new Error('the file was not taken whole');
  return files[0]!.lines.good;
}

async function readDuckDb(path: string, module: string): Promise<number> {
  const { DuckDBInstance } = await import(pathToFileURL(module).href);
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
  const run = spawnSync(process.execPath, [bundle, 'child', reader, path, duckDbModule], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (run.status !== 0) throw new Error(`${reader} ended with ${run.status}`);
  return JSON.parse(run.stdout) as Measured;
}

async function child(reader: string, path: string, module: string): Promise<void> {
  const start = performance.now();
  const before = process.cpuUsage();
  const rows = await readers[reader]!(path, module);
  const { user, system } = process.cpuUsage(before);
  const measured: Measured = {
    rows,
    seconds: (performance.now() - start) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakMb: process.resourceUsage().maxRSS / 1024,
  };
  process.stdout.write(JSON.stringify(measured), () => process.exit(0));
}

function say(name: string, { rows, seconds, cpuSeconds, peakMb }: Measured, scale = 1): void {
  const figures = [seconds * scale, cpuSeconds * scale].map((s) => s.toFixed(1).padStart(8));
  console.log(
    `${name.padEnd(28)}${figures.join(' s')} s CPU ${peakMb.toFixed(0).padStart(6)} MB  ${rows * scale} rows`,
  );
}

/** Says whether a promise is kept, and ends 1 when it is not. */
function hold(promise: string, isKept: boolean, figure: string): void {
  console.log(`  ${isKept ? 'kept' : 'NOT KEPT'}: ${promise}: ${figure}`);
  if (!isKept) process.exitCode = 1;
}

/** Whether DuckDB is there to be timed against; fetched when it is not. */
function hasDuckDb(): boolean {
  if (existsSync(duckDbModule)) return true;
  console.log('Fetching DuckDB: npm ci --prefix bench/duckdb');
  const { status, stderr } = spawnSync('npm', ['ci', '--prefix', duckDbFolder, '--ignore-scripts'], {
    encoding: 'utf8',
  });
  if (status !== 0) console.log(`DuckDB could not be installed: ${stderr?.trim().split('\n').at(-1) ?? ''}`);
  return status === 0;
}

async function fileOf(gigabytes: number): Promise<string> {
  const path = join(tmpdir(), `bonafide-traffic-${gigabytes}gb.csv`);
  if (!existsSync(path)) await generate(path, gigabytes * 1e9);
  const { size } = statSync(path);
  console.log(`${(size / 1e9).toFixed(2)} GB, node ${process.version}, ${cpus().length} cores`);
  return path;
}

async function bundled(): Promise<string> {
  const outfile = join(tmpdir(), 'bonafide-bench-ingest.mjs');
  const { build } = await import('esbuild');
  await build({
    entryPoints: [import.meta.filename],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['esbuild'],
  });
  return outfile;
}

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!;

/** Holds our seconds against DuckDB's, in turn, so that both meet the same machine. @returns our seconds. */
function raceDuckDb(bundle: string, path: string): number {
  const withDuckDb = hasDuckDb();
  const ours: Measured[] = [];
  const duckDb: Measured[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (withDuckDb) {
      duckDb.push(measure(bundle, 'duckdb', path));
      say('DuckDB, bare sums', duckDb.at(-1)!);
    }
    ours.push(measure(bundle, 'bonafide', path));
    say('bonafide, every check', ours.at(-1)!);
  }
  const limit = promised.timesDuckDb;
  const promise = `the whole ingest within ${limit} times DuckDB's bare query`;
  const times = median(duckDb.map(({ seconds }, i) => ours[i]!.seconds / seconds));
  if (withDuckDb)
    hold(promise, times <= limit, `${times.toFixed(2)} times its seconds, median of ${rounds} pairs`);
  else hold(promise, false, 'not measured, there is no DuckDB');
  holdMemory(ours);
  return median(ours.map(({ seconds }) => seconds));
}

function holdMemory(runs: readonly Measured[]): void {
  const peak = Math.max(...runs.map(({ peakMb }) => peakMb));
  hold(`peak memory under ${promised.peakMb} MB`, peak < promised.peakMb, `${peak.toFixed(0)} MB`);
}

async function main(): Promise<void> {
  const bundle = await bundled();
  const path = await fileOf(1);
  const seconds = raceDuckDb(bundle, path);
  const parsed = measure(bundle, 'csv-parse and zod', path);
  say('csv-parse and zod, scaled', parsed, sampled);
  const faster = (parsed.seconds * sampled) / seconds;
  const least = promised.timesParsed;
  hold(
    `at least ${least} times faster than csv-parse with zod`,
    faster >= least,
    `${faster.toFixed(1)} times`,
  );

  const large = await fileOf(3);
  const run = measure(bundle, 'bonafide', large);
  rmSync(large);
  say('bonafide, every check', run);
  holdMemory([run]);
}

if (process.argv[2] === 'child') await child(process.argv[3]!, process.argv[4]!, process.argv[5]!);
else await main();
