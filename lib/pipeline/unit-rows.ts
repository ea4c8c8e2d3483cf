import type { Row } from '../model/datasets.ts';
import { type RecordDataset, recordDatasets, type SourceDays, type UnitData } from '../model/unit-data.ts';

/** Records of a unit while they are gathered. */
export type MutableRecords = { [D in RecordDataset]: Row<D>[] };

/** Data of a unit while they are gathered. */
export type GatheredUnit = Omit<UnitData, 'records' | 'traffic' | 'counts'> & {
  readonly records: MutableRecords;
  readonly traffic: SourceDays[];
  readonly counts: SourceDays[];
};

/** A unit that holds nothing yet. */
export function emptyUnit(unit: string): GatheredUnit {
  const records = Object.fromEntries(recordDatasets.map((d) => [d, []])) as unknown as MutableRecords;
  return { unit, traffic: [], counts: [], records, restatements: [] };
}

/** The units a row belongs to: its own, or every unit where it names none (calendar entries, event guests). */
export function unitOfRow(row: unknown, units: ReadonlyMap<string, GatheredUnit>): GatheredUnit[] {
  const { unit } = row as { unit?: string | null };
  if (unit === null || unit === undefined) return [...units.values()];
  const own = units.get(unit);
  return own ? [own] : [];
}
