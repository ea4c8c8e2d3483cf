import { digestOf } from '../model/canonical-json.ts';
import type { Day } from '../model/day.ts';
import { ingest } from './ingest.ts';
import { land } from './land.ts';
import { LeaseHeldError } from './plan.ts';
import type { IngestPorts, Ports } from './ports.ts';

/** A calendar entry a person makes. */
export interface Note {
  readonly from: Day;
  /** Last day, included. */
  readonly to: Day;
  /** A kind of the dataset `calendar`; any other is kept as `other`. */
  readonly kind: string;
  readonly text: string | null;
  /** Scope; null for all. */
  readonly channel: string | null;
  readonly source: string | null;
  readonly metric: string | null;
  readonly unit: string | null;
  readonly by: string;
}

/** A note that cannot be taken in; the message says why. */
export class NoteRefusedError extends Error {
  override readonly name = 'NoteRefusedError';
}

/**
 * Makes a calendar entry, declared now, by the way every entry goes: as a file of the calendar's source it is landed,
 * read and kept, and the next run judges with it. Declared after the fact it is shown and explains nothing (SPEC 7).
 *
 * @throws {NoteRefusedError} no source delivers a calendar, or it is a snapshot, which would take the entry out again;
 *   or the entry is not a valid row.
 * @throws {LeaseHeldError} a run is at work.
 */
export async function note(entry: Note, ports: IngestPorts & Pick<Ports, 'runs'>): Promise<void> {
  const source = ports.config.sources.find(({ dataset }) => dataset === 'calendar');
  if (!source)
    throw new NoteRefusedError(
      'no source delivers a calendar; the configuration needs one of dataset calendar',
    );
  if (source.mode === 'snapshot')
    throw new NoteRefusedError(
      `source ${source.id} is a snapshot, whose next file would take the entry out again: make it there`,
    );
  const now = ports.now().toISOString();
  const content = Buffer.from(`${JSON.stringify(rowOf(entry, now))}\n`);
  const name = `note-${digestOf(content).slice(7, 19)}.jsonl`;
  const taken = await ports.runs.acquireLease({
    holder: `note-${now}`,
    kind: 'daily',
    scheduledAt: now,
    now,
    ttlSeconds: 600,
  });
  if (!taken.acquired) throw new LeaseHeldError(`run ${taken.heldBy.holder} is at work`);
  const { token } = taken.lease;
  try {
    const arrivedOn = now.slice(0, 10);
    const key = await land(source, { name, path: name, read: async () => content }, arrivedOn, ports);
    if (key === null) return;
    const delivery = { source: source.id, dataset: 'calendar', arrivedOn, files: [{ key, name }] };
    const outcome = await ingest({ runId: `note-${now.replace(/[^0-9TZ]/g, '')}`, token, delivery }, ports);
    const [refused] = outcome.refused;
    if (refused) throw new NoteRefusedError(refused.message);
  } finally {
    await ports.runs.releaseLease(token);
  }
}

function rowOf(entry: Note, declaredAt: string): Readonly<Record<string, string>> {
  const { from, to, kind, text, by, channel, source, metric, unit } = entry;
  const row = {
    date_from: from,
    date_to: to,
    kind,
    channel,
    source,
    metric,
    note: text,
    declared_at: declaredAt,
    declared_by: by,
    unit,
  };
  return Object.fromEntries(Object.entries(row).filter((cell): cell is [string, string] => cell[1] !== null));
}
