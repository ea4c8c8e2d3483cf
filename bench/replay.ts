/**
 * Replays the example week by week through the steps of the pipeline and lists every alert that was sent, as the table
 * in docs/alerts.md: `npm run replay` writes it anew.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleFolder } from '../lib/local/demo-command.ts';
import { localPorts } from '../lib/local/local-ports.ts';
import { readConfiguration } from '../lib/local/read-configuration.ts';
import { deployable, startWorld } from '../lib/local/world.ts';
import { addDays, type Day } from '../lib/model/day.ts';
import { alert } from '../lib/pipeline/alert.ts';
import { crossCheck } from '../lib/pipeline/cross-check.ts';
import { flag } from '../lib/pipeline/flag.ts';
import { ingest } from '../lib/pipeline/ingest.ts';
import { land } from '../lib/pipeline/land.ts';
import { plan } from '../lib/pipeline/plan.ts';
import { type Delivery, getJson } from '../lib/pipeline/run-objects.ts';
import { filesOf } from '../lib/sources/drop.ts';
import type { SentAlert } from '../lib/store/flags-store.ts';

/** First and last Monday of the replay: the example is judged from January 2025 on. */
export const firstMonday = '2025-01-06';
export const lastMonday = '2026-09-21';

/**
 * Takes in the whole example once, then runs cross-check, flag and alert for every Monday of a range; each sees what
 * was known by its date.
 *
 * @returns what was sent, in order.
 */
export async function replay(from: Day, to: Day, progress: (line: string) => void): Promise<SentAlert[]> {
  const state = await mkdtemp(join(tmpdir(), 'bonafide-replay-'));
  const { text, config } = await readConfiguration(join(exampleFolder, 'bonafide.yaml'));
  const deployed = await deployable(state, { text, config }, new Date(`${from}T05:00:00Z`));
  const world = await startWorld(state, join(state, 'alerts'), deployed);
  try {
    const env = { ...process.env, ...world.environment, POWERTOOLS_LOG_LEVEL: 'SILENT' };
    Object.assign(process.env, env);
    let clock = `${from}T05:00:00.000Z`;
    // Every look at the clock is a millisecond later, so that what was sent keeps its order.
    let looks = 0;
    const now = () => new Date(Date.parse(clock) + looks++);
    const ports = { ...(await localPorts(env)), now };
    const { matched } = await filesOf(exampleFolder, config);
    // Landed long before, and not day by day.
    for (const source of config.sources)
      for (const batch of matched.get(source.id) ?? [])
        await land(source, batch, addDays(lastMonday, 1), ports);
    clock = `${addDays(lastMonday, 1)}T05:00:00.000Z`;
    const first = await plan({ kind: 'daily', scheduledAt: clock }, ports);
    const hashKey = async () => ({ key: 'a key of hashes for the replay', version: 'replay' });
    for (const delivery of (await getJson<Delivery[]>(ports.data, first.deliveriesKey)) ?? [])
      await ingest({ runId: first.runId, token: first.token, delivery }, { ...ports, hashKey });
    await ports.runs.releaseLease(first.token);
    for (let asOf = from; asOf <= to; asOf = addDays(asOf, 7)) {
      clock = `${asOf}T05:00:00.000Z`;
      const { runId, token } = await plan({ kind: 'daily', scheduledAt: clock, landed: [] }, ports);
      for (const { id } of config.units) await crossCheck({ runId, token, asOf, unit: id }, ports);
      await flag({ runId, token, asOf }, ports);
      const { sent } = await alert({ runId, token, asOf }, ports);
      progress(`${asOf}  ${sent} sent`);
    }
    return await ports.flags.sentAlerts();
  } finally {
    await world.close();
    await rm(state, { recursive: true, force: true });
  }
}

/** The list as it stands in docs/alerts.md; ids without the digest of the evidence, which names no event. */
export function alertRows(sent: readonly SentAlert[]): string[] {
  return sent.map(
    ({ asOf, id, subject }) => `| ${asOf} | \`${id.replace(/\.[0-9a-f]{12}$/, '')}\` | ${subject} |`,
  );
}

if (process.argv[1]?.endsWith('replay.ts')) {
  const sent = await replay(firstMonday, lastMonday, (line) => process.stderr.write(`${line}\n`));
  const file = join(import.meta.dirname, '../docs/alerts.md');
  const page = await readFile(file, 'utf8');
  const head = page.slice(0, page.indexOf('| Monday |'));
  const table = ['| Monday | id | subject |', '|---|---|---|', ...alertRows(sent)];
  await writeFile(file, `${head}${table.join('\n')}\n`);
}
