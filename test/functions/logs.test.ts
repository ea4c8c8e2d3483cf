import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { type LocalWorld, startWorld } from '../../lib/local/world.ts';
import { configSchema } from '../../lib/model/config.ts';
import { vitalMetrics } from '../../lib/model/vital-metric.ts';
import { configText, csvOf, madeCompany } from '../local/made-company.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const person = 'jane.roe@people.example';
const company = madeCompany();
const leads = company.leads.map((lead, i) => ({ ...lead, email: i % 2 ? person : `roe${i}@people.example` }));

/** Files in which addresses stand where they belong, where they do not, and where a header should be. */
const landed = {
  'landing/web/traffic/dt=2025-08-20/traffic.csv': csvOf(company.traffic),
  'landing/crm/leads/dt=2025-08-20/leads.csv': csvOf([
    ...leads,
    { ...leads[0]!, lead_id: 'L-1', created_at: person },
  ]),
  [`landing/crm/leads/dt=2025-08-20/of ${person}.csv`]: `${person},2025-07-01\n${person},2025-07-02\n`,
  'landing/sales/sqls/dt=2025-08-20/sqls.csv': csvOf(company.sqls.map((s) => ({ ...s, decided_by: person }))),
};

describe('the log of the handlers', () => {
  let state: string;
  let world: LocalWorld;
  let lines: string[];

  beforeAll(async () => {
    state = await mkdtemp(join(tmpdir(), 'bonafide-'));
    const config = configSchema.parse(parse(configText));
    world = await startWorld(state, join(state, 'alerts'), { text: configText, config, holidays: null });
    for (const [name, value] of Object.entries({ ...world.environment, PIPELINE_NAME: 'test' }))
      vi.stubEnv(name, value);
    vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'DEBUG');
    const written: string[] = [];
    const write = (text: unknown) => written.push(String(text)) > 0;
    const spies = [
      vi.spyOn(process.stdout, 'write').mockImplementation(write as typeof process.stdout.write),
      vi.spyOn(process.stderr, 'write').mockImplementation(write as typeof process.stderr.write),
    ];
    try {
      await runEveryHandler();
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    lines = written
      .join('')
      .split('\n')
      .filter((line) => line.startsWith('{'));
  });
  afterAll(async () => {
    await world.close();
    vi.unstubAllEnvs();
    await rm(state, { recursive: true, force: true });
  });

  it('has a line of each, as JSON with its service', () => {
    const messages = lines.map((line) => JSON.parse(line)).filter(({ service }) => service === 'bonafide');
    expect(new Set(messages.map(({ message }) => message))).toEqual(
      new Set([
        'run planned',
        'delivery ingested',
        'unit cross-checked',
        'flags written',
        'alerts sent',
        'report written',
        'periods closed',
        'run failed',
      ]),
    );
  });

  it('counts what was refused, and names no person', () => {
    const ingested = lines.map((line) => JSON.parse(line)).find(({ dataset }) => dataset === 'leads');
    expect(ingested).toMatchObject({ status: 'partly_refused', refused: 1, quarantined: 1 });
    expect(lines.filter((line) => /@|jane|roe|people\.example/i.test(line))).toEqual([]);
  });

  it('holds the metrics of the alarms, under the name of the pipeline', () => {
    const [metrics] = lines.map((line) => JSON.parse(line)).filter(({ _aws }) => _aws);
    const [{ Namespace, Dimensions, Metrics }] = metrics._aws.CloudWatchMetrics;
    expect([Namespace, Dimensions, metrics.service]).toEqual(['Bonafide', [['service']], 'test']);
    expect(Metrics.map(({ Name }: { Name: string }) => Name).sort()).toEqual([...vitalMetrics].sort());
    expect(metrics).toMatchObject({
      HoursSinceWeeklyRun: expect.any(Number),
      LateSources: 0,
      MissedCanaries: 0,
    });
  });
});

/** A weekly run as the state machine makes it, a close, and a failure. */
async function runEveryHandler(): Promise<void> {
  const { awsPorts } = await import('../../functions/runtime.ts');
  const { data } = await awsPorts();
  for (const [key, content] of Object.entries(landed)) await data.put(key, content, 'text/csv');
  const list = async (key: string) => JSON.parse(Buffer.from((await data.get(key))!).toString());
  const scheduled = { kind: 'weekly', scheduledAt: '2025-08-20T06:00:00Z' };
  const { handler: plan } = await import('../../functions/plan.ts');
  const { runId, token, asOf, deliveriesKey, unitsKey } = await plan({ ...scheduled, execution: 'one' });
  const { handler: ingest } = await import('../../functions/ingest.ts');
  for (const delivery of await list(deliveriesKey))
    expect(Object.keys(await ingest({ runId, token, delivery }))).toEqual(['source', 'dataset', 'status']);
  const { handler: crossCheck } = await import('../../functions/cross-check.ts');
  for (const unit of await list(unitsKey)) await crossCheck({ runId, token, asOf, unit });
  for (const step of ['flag', 'alert', 'report', 'close'] as const) {
    const { handler } = await import(`../../functions/${step}.ts`);
    await handler({ runId, token, asOf });
  }
  const { handler: fail } = await import('../../functions/fail.ts');
  await fail({ ...scheduled, token, error: { Error: 'Error', Cause: `could not read ${person}` } });
}
