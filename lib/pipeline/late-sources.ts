import { addDays, type Day } from '../model/day.ts';
import { addDuration, parseDuration } from '../model/duration.ts';
import { type LateSource, lateSourceAlert } from '../reports/failure-alert.ts';
import type { Ports } from './ports.ts';
import { type Extent, extentKey, getJson } from './run-objects.ts';

/**
 * Sources whose next file is overdue on a date: `every` has passed since the newest arrived, and the day it was due on
 * is over. A source without `expect`, or one that never delivered, is not waited for.
 */
export async function lateSources(
  asOf: Day,
  { config, data, isHoliday }: Pick<Ports, 'config' | 'data' | 'isHoliday'>,
): Promise<LateSource[]> {
  const late: LateSource[] = [];
  for (const { id, dataset, expect } of config.sources) {
    if (!expect) continue;
    const extent = await getJson<Extent>(data, extentKey(id, dataset));
    if (!extent) continue;
    const due = addDuration(extent.landedOn, parseDuration(expect.every), isHoliday);
    if (asOf >= addDays(due, 1))
      late.push({
        organisation: config.organisation,
        source: id,
        dataset,
        lastArrival: extent.landedOn,
        due,
      });
  }
  return late;
}

/** Puts an alert about every late source into the outbox; the same lateness alerts once. */
export async function putLateSources(
  asOf: Day,
  ports: Pick<Ports, 'config' | 'data' | 'isHoliday' | 'flags'>,
): Promise<void> {
  for (const late of await lateSources(asOf, ports)) {
    const alert = lateSourceAlert(late);
    await ports.flags.putAlert({ id: alert.id, document: alert });
  }
}
