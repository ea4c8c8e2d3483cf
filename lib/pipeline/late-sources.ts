import { addDuration, parseDuration } from '../model/duration.ts';
import { lateSourceAlert } from '../reports/failure-alert.ts';
import type { Ports } from './ports.ts';
import { lateSources } from './vital-signs.ts';

/** Puts an alert about every late source into the outbox; the same lateness alerts once. */
export async function putLateSources(
  ports: Pick<Ports, 'config' | 'runs' | 'isHoliday' | 'now' | 'flags'>,
): Promise<void> {
  for (const { source, last } of await lateSources(ports)) {
    const alert = lateSourceAlert({
      organisation: ports.config.organisation,
      source: source.id,
      dataset: source.dataset,
      lastArrival: last,
      due:
        last === null || !source.expect
          ? null
          : addDuration(last, parseDuration(source.expect.every), ports.isHoliday),
    });
    await ports.flags.putAlert({ id: alert.id, document: alert });
  }
}
