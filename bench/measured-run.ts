/**
 * One whole run of the bundled handlers over a made-up company on the embedded servers: what each step called, how long it
 * computed, how much memory it took and what it handed on. Each call is a process of its own, as a cold start is.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleFunction } from '../lib/infra/function-code.ts';
import { readConfig } from '../lib/model/config-file.ts';
import { addDays } from '../lib/model/day.ts';
import { deployedConfiguration } from '../lib/model/deployed-configuration.ts';
import { firstDay, type Scale, scaledCompany } from './scaled-company.ts';

/** Calls by service and action: how many, read or write units, bytes in and out. */
export type Calls = Readonly<
  Record<
    string,
    { readonly count: number; readonly units: number; readonly received: number; readonly sent: number }
  >
>;

/** Where the embedded servers listen. */
export type Endpoints = Readonly<Record<'dynamodb' | 's3' | 'sns' | 'events', string>>;

/** What a step took, over all its calls in a run. */
export interface StepCost {
  readonly invocations: number;
  /** Of the longest call. */
  readonly cpuSeconds: number;
  readonly peakMb: number;
  /** Of what it returned, at most. */
  readonly payloadBytes: number;
  /** Of all calls. */
  readonly calls: Calls;
}

export type RunCost = Readonly<Record<string, StepCost>>;

/** A company, the run that takes in and judges its whole history, and the run of the day after. */
export interface Measured {
  readonly scale: Scale;
  /** Of one day's exports, plain: of people (leads and SQLs), and of traffic. */
  readonly exported: { readonly people: number; readonly traffic: number };
  readonly assessments: number;
  /** The second run, in which nothing is new but a day. */
  readonly run: RunCost;
  /** What lies there after the first run, and what the second one added. */
  readonly stored: {
    readonly [bucket in 'records' | 'evidence' | 'reports' | 'runs']: readonly [number, number];
  };
  readonly tableBytes: number;
}

const root = fileURLToPath(new URL('..', import.meta.url));
/** Last day of the data, and the day of the measured run. */
const lastDay = '2026-09-30';
/** What Node may take of the 1,769 MB of the larger functions; with more it would only collect its garbage later. */
const heapMb = 1500;
const steps = ['plan', 'ingest', 'cross-check', 'flag', 'alert', 'report', 'close'];

/** Bundles the handlers as the stack does; returns the folder. */
export async function bundleHandlers(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bonafide-bundles-'));
  for (const step of steps) bundleFunction(step, join(folder, step));
  await writeFile(join(folder, 'call.mjs'), caller);
  return folder;
}

const caller = `
import { readFileSync, writeFileSync } from 'node:fs';
const [, , handlerFile, eventFile, resultFile] = process.argv;
const { handler } = await import(handlerFile);
const result = await handler(JSON.parse(readFileSync(eventFile, 'utf8')));
const { user, system } = process.cpuUsage();
writeFileSync(resultFile, JSON.stringify({ result, cpuSeconds: (user + system) / 1e6, peakMb: process.resourceUsage().maxRSS / 1024 }));
process.exit(0);
`;

/** Runs the company's whole history, then the day after, and measures the second run. */
export async function measuredRun(scale: Scale, bundles: string): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'bonafide-scale-'));
  const server = spawn(process.execPath, ['--import', 'tsx', join(root, 'bench/metered-world.ts'), folder], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    cwd: root,
  });
  try {
    const [endpoints] = (await once(server, 'message')) as [Endpoints];
    const metered = async (): Promise<Calls> => {
      server.send('calls');
      return ((await once(server, 'message')) as [Calls])[0];
    };
    const company = scaledCompany(scale);
    await mkdir(join(folder, 's3/config'), { recursive: true });
    const reading = readConfig(company.config, 'bonafide.yaml');
    if ('errors' in reading) throw new RangeError(reading.errors.map(({ message }) => message).join('\n'));
    const deployed = await deployedConfiguration(company.config, reading.config, 2026);
    await writeFile(join(folder, 's3/config/configuration.json'), JSON.stringify(deployed));
    const env = environment(endpoints);
    const call = async (step: string, event: object) => {
      await metered();
      const [eventFile, resultFile] = [join(folder, 'event.json'), join(folder, 'result.json')];
      await writeFile(eventFile, JSON.stringify(event));
      const child = spawn(
        process.execPath,
        [
          `--max-old-space-size=${heapMb}`,
          join(bundles, 'call.mjs'),
          join(bundles, step, 'index.mjs'),
          eventFile,
          resultFile,
        ],
        { env, stdio: ['ignore', 'ignore', 'inherit'] },
      );
      const [code] = await once(child, 'exit');
      if (code !== 0) throw new Error(`${step} ended with ${code}`);
      const { result, ...took } = JSON.parse(await readFile(resultFile, 'utf8'));
      return {
        result,
        took: { ...took, payloadBytes: JSON.stringify(result).length, calls: await metered() },
      };
    };
    const land = async (to: string) => {
      const exported = { people: 0, traffic: 0 };
      for (const [dataset, text] of Object.entries(company.files(firstDay, to))) {
        const source = { traffic: 'web', leads: 'crm', sqls: 'sales' }[dataset];
        const today = new Date().toISOString().slice(0, 10);
        const place = join(folder, 's3/data/landing', source!, dataset, `dt=${today}`);
        await mkdir(place, { recursive: true });
        await writeFile(join(place, `${dataset}-${to}.csv`), text);
        exported[dataset === 'traffic' ? 'traffic' : 'people'] += text.length;
      }
      return exported;
    };
    const sizes = async () => ({
      records: await sizeOf(join(folder, 's3/data/records')),
      evidence: await sizeOf(join(folder, 's3/evidence')),
      reports: await sizeOf(join(folder, 's3/reports')),
      runs: await sizeOf(join(folder, 's3/data/runs')),
    });
    await land(lastDay);
    const first = await wholeRun(addDays(lastDay, 1), call, folder, ['alert']);
    const before = await sizes();
    const tableBytes = Object.values(first.run)
      .flatMap(({ calls }) => Object.entries(calls))
      .filter(([name]) => /dynamodb:(Put|Batch)/.test(name))
      .reduce((sum, [, { received }]) => sum + received, 0);
    const exported = await land(addDays(lastDay, 1));
    const second = await wholeRun(addDays(lastDay, 2), call, folder, ['alert', 'report', 'close']);
    const after = await sizes();
    const added = (name: keyof typeof before) => [before[name], after[name] - before[name]] as const;
    return {
      scale,
      exported,
      assessments: second.assessments,
      run: second.run,
      stored: {
        records: added('records'),
        evidence: added('evidence'),
        reports: added('reports'),
        runs: added('runs'),
      },
      tableBytes,
    };
  } finally {
    server.disconnect();
    await once(server, 'exit');
    await rm(folder, { recursive: true, force: true });
  }
}

type Call = (
  step: string,
  event: object,
) => Promise<{
  // biome-ignore lint/suspicious/noExplicitAny: what a step returns is its own
  result: any;
  took: Omit<StepCost, 'invocations'>;
}>;

/** The steps as the state machine makes them, with those that follow the flags. */
async function wholeRun(date: string, call: Call, folder: string, after: readonly string[]) {
  const run: Record<string, StepCost> = {};
  const step = async (name: string, event: object) => {
    const { result, took } = await call(name, event);
    const known = run[name];
    run[name] = {
      invocations: (known?.invocations ?? 0) + 1,
      cpuSeconds: Math.max(took.cpuSeconds, known?.cpuSeconds ?? 0),
      peakMb: Math.max(took.peakMb, known?.peakMb ?? 0),
      payloadBytes: Math.max(took.payloadBytes, known?.payloadBytes ?? 0),
      calls: known ? summed(known.calls, took.calls) : took.calls,
    };
    return result;
  };
  const planned = await step('plan', { kind: 'weekly', scheduledAt: `${date}T05:00:00Z`, execution: date });
  const { runId, token, asOf } = planned;
  const list = async (key: string) => JSON.parse(await readFile(join(folder, 's3/data', key), 'utf8'));
  for (const delivery of await list(planned.deliveriesKey)) await step('ingest', { runId, token, delivery });
  for (const unit of await list(planned.unitsKey)) await step('cross-check', { runId, token, asOf, unit });
  const { assessments } = await step('flag', { runId, token, asOf });
  for (const name of after) await step(name, { runId, token, asOf });
  return { run, assessments: assessments as number };
}

function summed(a: Calls, b: Calls): Calls {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  const none = { count: 0, units: 0, received: 0, sent: 0 };
  return Object.fromEntries(
    [...names].map((name) => {
      const [x, y] = [a[name] ?? none, b[name] ?? none];
      return [
        name,
        {
          count: x.count + y.count,
          units: x.units + y.units,
          received: x.received + y.received,
          sent: x.sent + y.sent,
        },
      ];
    }),
  );
}

function environment(endpoints: Endpoints): Record<string, string> {
  const topic = (name: string) => `arn:aws:sns:us-east-1:000000000000:${name}`;
  return {
    CONFIG_BUCKET: 'config',
    CONFIG_KEY: 'configuration.json',
    TABLE_COUNTS: 'counts',
    TABLE_FLAGS: 'flags',
    TABLE_RUNS: 'runs',
    BUCKET_DATA: 'data',
    BUCKET_EVIDENCE: 'evidence',
    BUCKET_REPORTS: 'reports',
    HASH_KEY: 'a key of hashes for measurements only',
    TOPIC_FINANCE: topic('finance'),
    TOPIC_OPERATIONS: topic('operations'),
    TOPIC_LEADERSHIP: topic('leadership'),
    TOPIC_FAILURES: topic('failures'),
    TOPIC_OWNER: topic('owner'),
    PIPELINE_NAME: 'measured',
    NODE_NO_WARNINGS: '1',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'measured',
    AWS_SECRET_ACCESS_KEY: 'measured',
    AWS_ENDPOINT_URL_S3: endpoints.s3,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_SNS: endpoints.sns,
    AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.events,
  };
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  return bytes;
}
