import type { Day } from '../../model/day.ts';
import type { RecordDataset } from '../../model/unit-data.ts';

/** Columns that say when something happened, by dataset: the newest of them tells how new the data are. */
export const eventColumns: Readonly<Record<RecordDataset, readonly string[]>> = {
  leads: ['created_at'],
  sqls: ['delivered_at', 'decided_at'],
  deals: ['created_at', 'won_at', 'lost_at'],
  claims: ['reported_at'],
  totals: ['extracted_at'],
  spend: [],
  event_guests: [],
  calendar: [],
};

/**
 * The newest date something in the rows happened on; null without any.
 * @example newestEvent('claims', [{ reported_at: '2026-09-03T10:00:00' }]) // => '2026-09-03'
 */
export function newestEvent(dataset: RecordDataset, rows: Iterable<unknown>): Day | null {
  let newest: Day | null = null;
  for (const row of rows)
    for (const column of eventColumns[dataset]) {
      const time = (row as Record<string, unknown>)[column];
      if (typeof time === 'string' && (newest === null || time.slice(0, 10) > newest))
        newest = time.slice(0, 10);
    }
  return newest;
}
