import type { ControlTotal } from '../model/statement.ts';
import { parseRecords } from '../records/records-at-rest.ts';
import type { Ports } from './ports.ts';
import { recordsPrefix } from './record-months.ts';

/** The control totals given for a period up to a date, of each source and metric the latest, by metric and source. */
export async function controlTotalsOf(
  period: string,
  asOf: string,
  { config, data }: Pick<Ports, 'config' | 'data'>,
): Promise<ControlTotal[]> {
  const latest = new Map<string, ControlTotal>();
  for (const { id, dataset } of config.sources) {
    if (dataset !== 'totals') continue;
    for (const key of await data.list(recordsPrefix(dataset, id))) {
      const bytes = await data.get(key);
      if (!bytes || bytes.length === 0) continue;
      for (const row of parseRecords(dataset, bytes)) {
        if (row.period !== period || row.removed_at !== null) continue;
        const { unit, metric, value, source, extracted_at: extractedAt } = row;
        if (extractedAt !== null && extractedAt.slice(0, 10) > asOf) continue;
        const place = JSON.stringify([metric, source, unit]);
        const known = latest.get(place);
        if (!known || (known.extractedAt ?? '') <= (extractedAt ?? ''))
          latest.set(place, { unit, metric, value, source, extractedAt });
      }
    }
  }
  return [...latest.keys()].sort().map((place) => latest.get(place)!);
}
