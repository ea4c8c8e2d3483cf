import { createHash } from 'node:crypto';
import type { Source } from '../model/config.ts';
import type { Day } from '../model/day.ts';
import type { Batch } from '../sources/drop.ts';
import { landingPrefix } from './plan.ts';
import type { Ports } from './ports.ts';
import { getJson, takenInKey } from './run-objects.ts';

/**
 * Step 1: stores a batch untouched, before anything reads it:
 * `landing/<source>/<dataset>/dt=<date of arrival, UTC>/<digest>-<name>`. A batch that was taken in already is not
 * landed again, unless other bytes were taken in under its name since: then it takes them back.
 *
 * @returns the key, or null when there is nothing to take in.
 */
export async function land(
  source: Source,
  batch: Batch,
  arrivedOn: Day,
  ports: Pick<Ports, 'runs' | 'data'>,
): Promise<string | null> {
  const content = await batch.read();
  const sha256 = createHash('sha256').update(content).digest('hex');
  if (await ports.runs.isIngested(source.id, source.dataset, sha256)) {
    const last = await getJson<Record<string, string>>(ports.data, takenInKey(source.id, source.dataset));
    if ((last?.[batch.name] ?? sha256) === sha256) return null;
  }
  const key = `${landingPrefix(source)}dt=${arrivedOn}/${sha256.slice(0, 12)}-${batch.name}`;
  await ports.data.put(key, content, 'application/octet-stream');
  return key;
}
