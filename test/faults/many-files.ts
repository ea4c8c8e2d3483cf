import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type IngestOutcome, runKeys } from '../../lib/pipeline/run-objects.ts';
import { dynamoCounts } from '../../lib/store/counts-store.ts';
import { type FaultWorld, faultWorld, removeWorld } from './world.ts';

const header = 'lead_id,created_at,source,medium,channel';

/** Differences between leads delivered as `count` files, one of them poison, and the same leads in one file. */
export async function manyFilesDifferences(count: number): Promise<string[]> {
  const lines = Array.from({ length: count - 1 }, (_, i) => {
    const day = `2025-07-${String(1 + (i % 28)).padStart(2, '0')}`;
    return `L-${i},${day}T10:00:00,google,organic,organic`;
  });
  const parts = lines.map((line, i) => [`part-${i}.csv`, `${header}\n${line}\n`] as const);
  const apart = await takenIn([...parts, ['poison.csv', 'no header of ours\n1\n']]);
  const whole = await takenIn([['leads.csv', `${[header, ...lines].join('\n')}\n`]]);
  const expected = {
    status: 'partly_refused',
    files: count - 1,
    refused: ['poison.csv'],
    counted: whole.counted,
    leads: lines.length,
  };
  return Object.entries(expected).flatMap(([name, value]) => {
    const found = JSON.stringify(apart[name as keyof typeof expected]);
    return found === JSON.stringify(value) ? [] : [`${name}: ${found}`];
  });
}

async function takenIn(files: readonly (readonly [string, string])[]) {
  const world = await faultWorld();
  try {
    world.clock = Date.parse('2025-08-20T06:00:00Z');
    for (const [name, text] of files) await world.put(`landing/crm/leads/dt=2025-08-20/${name}`, text);
    const planned = (await world.invoke('plan', { kind: 'daily', scheduledAt: '2025-08-20T06:00:00Z' })) as {
      runId: string;
      token: number;
      deliveriesKey: string;
    };
    const { runId, token } = planned;
    const read = (key: string) => JSON.parse(readFileSync(join(world.folder, 's3/data', key), 'utf8'));
    for (const delivery of read(planned.deliveriesKey) as object[])
      await world.invoke('ingest', { runId, token, delivery });
    const outcome = read(runKeys.outcome(runId, 'crm', 'leads')) as IngestOutcome;
    return {
      status: outcome.status,
      files: outcome.files.length,
      refused: outcome.refused.map(({ name }) => name),
      counted: await countsOf(world),
      leads: leadsIn(join(world.folder, 's3/data/records')),
    };
  } finally {
    await world.close();
    await removeWorld(world);
  }
}

/** All counts, whatever batch they came with. */
async function countsOf({ documents }: FaultWorld): Promise<unknown[]> {
  const counts = dynamoCounts(documents, 'counts');
  const all = [];
  for (const series of await counts.listSeries())
    for (const { month, dimensions, days } of await counts.readRange(series, '2025-01', '2025-12'))
      all.push({ series, month, dimensions, days });
  return all;
}

function leadsIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) =>
      gunzipSync(readFileSync(join(entry.parentPath, entry.name)))
        .toString()
        .trim()
        .split('\n'),
    ).length;
}
