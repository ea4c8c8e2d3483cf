import type { Source } from '../model/config.ts';
import { type Day, dayNumber } from '../model/day.ts';
import type { RecordDataset } from '../model/unit-data.ts';
import type { RecordDelivery } from '../records/record-delivery.ts';
import { mergeRecords, type RecordRestatement } from '../records/records-at-rest.ts';
import { newestEvent } from './judging/event-dates.ts';
import type { IngestPorts } from './ports.ts';
import type { Extent, Stored } from './run-objects.ts';

/** Where the records of a source lie, an object a month. */
export function recordsPrefix(dataset: string, source: string): string {
  return `records/${dataset}/${source}/`;
}

/**
 * Merges a delivery of records into the month objects of its source. A value that was given before and differs now is
 * kept as a restatement first, so that a repeat finds it noted; then every changed month is written whole.
 */
export async function mergeMonths<D extends RecordDataset>(
  source: Source,
  delivery: RecordDelivery<D>,
  before: Extent | null,
  arrivedOn: Day,
  batch: string,
  ports: IngestPorts,
): Promise<Stored> {
  const { dataset, range } = delivery;
  const prefix = recordsPrefix(dataset, source.id);
  const existing = new Map<string, Uint8Array>();
  for (const key of await ports.data.list(prefix)) {
    const bytes = await ports.data.get(key);
    if (bytes && bytes.length > 0) existing.set(key.slice(prefix.length, prefix.length + 7), bytes);
  }
  const merge = mergeRecords(dataset, existing, delivery.rows, { mode: source.mode, arrivedOn, range });
  for (const change of merge.restatements)
    await ports.counts.putRestatement({
      unit: change.unit ?? source.unit ?? 'all',
      source: source.id,
      dataset,
      date: change.date,
      dimensions: { record: change.id },
      metric: change.field,
      old: asNumber(change.old),
      new: asNumber(change.new),
      firstSeen: arrivedOn,
      batch,
    });
  // An emptied month stays as an empty object: nothing here may delete.
  for (const [month, bytes] of merge.months)
    await ports.data.put(`${prefix}${month}.jsonl.gz`, bytes ?? new Uint8Array(), 'application/x-ndjson');
  const newest = newestEvent(dataset, delivery.rows) ?? range?.to ?? null;
  return {
    changed: merge.months.size,
    restatements: merge.restatements.length,
    extent: range && {
      first: before && before.first < range.from ? before.first : range.from,
      last: before && before.last > range.to ? before.last : range.to,
      newest: before && newest !== null && before.newest > newest ? before.newest : (newest ?? range.to),
      refused: { ...before?.refused, ...delivery.refusedDays },
    },
  };
}

/** A changed value as a number: dates as day numbers, other texts only as given; what they said lies in landing. */
function asNumber(value: RecordRestatement['old']): number | null {
  if (typeof value === 'number' || value === null) return value;
  return /^\d{4}-\d{2}-\d{2}/.test(value) ? dayNumber(value.slice(0, 10)) : 1;
}
