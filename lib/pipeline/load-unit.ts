import { digestOfRows } from '../model/canonical-json.ts';
import type { RecordDataset, SourceDays, UnitData } from '../model/unit-data.ts';
import { canonicalRow, parseRecords } from '../records/records-at-rest.ts';
import { dimensionsText } from './dimensions.ts';
import type { Ports } from './ports.ts';
import { recordsPrefix } from './record-months.ts';
import { type Extent, extentKey, getJson, type InputDigest } from './run-objects.ts';
import { emptyUnit, type MutableRecords, unitOfRow } from './unit-rows.ts';

type LoadPorts = Pick<Ports, 'config' | 'counts' | 'data'>;

/** A unit's data with the digests of what they were read from. */
export interface LoadedUnit {
  readonly data: UnitData;
  readonly inputs: readonly InputDigest[];
  /** Rows by dataset; of daily numbers, series and days. */
  readonly rows: Readonly<Record<string, number>>;
}

/**
 * Loads everything held about a unit from counts and records.
 * @param unit id of a unit; one that holds nothing gives empty data.
 */
export async function loadUnit(unit: string, ports: LoadPorts): Promise<LoadedUnit> {
  const gathered = emptyUnit(unit);
  const units = new Map([[unit, gathered]]);
  const rowsOf = new Map<string, { dataset: string; month: string; rows: unknown[] }>();
  const note = (dataset: string, month: string, row: unknown) => {
    const key = `${dataset}|${month}`;
    const list = rowsOf.get(key);
    if (list) list.rows.push(row);
    else rowsOf.set(key, { dataset, month, rows: [row] });
  };
  for (const { id, dataset } of ports.config.sources) {
    if (dataset === 'traffic' || dataset === 'counts') {
      const days = await loadDays(unit, id, dataset, ports);
      if (days.series.length > 0) gathered[dataset].push(days);
      for (const { dimensions, days: held } of days.series)
        for (const [day, metrics] of Object.entries(held))
          note(dataset, day.slice(0, 7), [dimensionsText(dimensions), day, metrics]);
    } else
      for (const key of await ports.data.list(recordsPrefix(dataset, id)))
        for (const row of await recordsAt(dataset, key, ports)) {
          if (row.removed_at !== null) continue;
          for (const into of unitOfRow(row, units))
            (into.records as MutableRecords)[dataset].push(row as never);
          if (unitOfRow(row, units).length > 0) note(dataset, monthOf(key), canonicalRow(row));
        }
  }
  const restatements = (await ports.counts.readRestatements(unit)).map((r) => ({
    dataset: r.dataset,
    date: r.date,
    series: dimensionsText(r.dimensions),
    metric: r.metric,
    old: r.old,
    new: r.new,
    seenOn: r.firstSeen,
    batch: r.batch,
  }));
  const inputs = [...rowsOf.values()]
    .map(({ dataset, month, rows }) => ({ dataset, month, digest: digestOfRows(rows) }))
    .sort((a, b) => (a.dataset + a.month < b.dataset + b.month ? -1 : 1));
  const counts: Record<string, number> = {};
  for (const { dataset, rows } of rowsOf.values()) counts[dataset] = (counts[dataset] ?? 0) + rows.length;
  return { data: { ...gathered, restatements }, inputs, rows: counts };
}

async function recordsAt(dataset: RecordDataset, key: string, { data }: LoadPorts) {
  const bytes = await data.get(key);
  return bytes && bytes.length > 0 ? parseRecords(dataset, bytes) : [];
}

function monthOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1).slice(0, 7);
}

async function loadDays(
  unit: string,
  source: string,
  dataset: string,
  ports: LoadPorts,
): Promise<SourceDays> {
  const extent = await getJson<Extent>(ports.data, extentKey(source, dataset));
  if (!extent) return { source, series: [], refused: {} };
  const items = await ports.counts.readRange(
    { unit, source, dataset },
    extent.first.slice(0, 7),
    extent.last.slice(0, 7),
  );
  const series = new Map<
    string,
    { dimensions: Readonly<Record<string, string>>; days: Record<string, Readonly<Record<string, number>>> }
  >();
  for (const { dimensions, days } of items) {
    const key = dimensionsText(dimensions);
    const own = series.get(key);
    if (own) Object.assign(own.days, days);
    else series.set(key, { dimensions, days: { ...days } });
  }
  return { source, series: [...series.values()], refused: extent.refused };
}
