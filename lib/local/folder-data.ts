import { stat } from 'node:fs/promises';
import type { Config, Source } from '../model/config.ts';
import type { SourceDays, UnitData } from '../model/unit-data.ts';
import { dateIn } from '../pipeline/plan.ts';
import { countryOf, refusalMessage, rowContext } from '../pipeline/row-context.ts';
import { emptyUnit, type MutableRecords, unitOfRow } from '../pipeline/unit-rows.ts';
import { readDailyCounts } from '../records/daily-delivery.ts';
import type { BadRow, Note } from '../records/file-report.ts';
import { IdentityNumbers } from '../records/identity-numbers.ts';
import { Pseudonymiser } from '../records/pseudonymise.ts';
import { readRecords } from '../records/record-delivery.ts';
import { type Batch, filesOf } from '../sources/drop.ts';
import { fileBytes } from './file-bytes.ts';
import { UserError } from './stage.ts';

/** What reading one file of a folder came to. */
export interface FolderFile {
  readonly name: string;
  readonly source: string;
  readonly dataset: string;
  readonly good: number;
  readonly bad: number;
  readonly badRows: readonly BadRow[];
  /** Such as a local time that daylight saving skips. */
  readonly notes: readonly Note[];
}

/** A folder of dataset files in memory, unit by unit. */
export interface FolderData {
  readonly units: readonly UnitData[];
  readonly files: readonly FolderFile[];
  /** Refused files, for people. */
  readonly troubles: readonly string[];
  /** Names of data files that no source goes by. */
  readonly unmatched: readonly string[];
}

/**
 * The files of a data folder by source, and those no source goes by.
 * @param named the folder as messages call it.
 * @throws {UserError} there is no such folder, or it holds no file of any configured source.
 */
export async function dataFiles(folder: string, config: Config, named: string): ReturnType<typeof filesOf> {
  const found = await stat(folder).catch(() => null);
  if (found === null) throw new UserError(`there is no data folder ${named}; -d names it`);
  if (!found.isDirectory()) throw new UserError(`${named} is a file; -d names the folder it lies in`);
  const files = await filesOf(folder, config);
  if ([...files.matched.values()].every((own) => own.length === 0)) {
    const names = [...new Set(config.sources.map((s) => `${s.dataset}.csv`))].join(', ');
    throw new UserError(
      `${named} holds no file of any configured source; expected names such as ${names}; -d names the folder`,
    );
  }
  return files;
}

/**
 * Reads a folder of dataset files as one delivery a source, without storing anything: what `backtest` judges and
 * `validate` checks. Personal fields are numbered, as nothing of them is kept.
 *
 * @param named the folder as messages call it.
 * @throws {UserError} there is no such folder, or it holds no file of any configured source.
 */
export async function readFolder(
  folder: string,
  config: Config,
  now: Date,
  named = folder,
): Promise<FolderData> {
  const { matched, unmatched } = await dataFiles(folder, config, named);
  const units = new Map(config.units.map((u) => [u.id, emptyUnit(u.id)]));
  const files: FolderFile[] = [];
  const troubles: string[] = [];
  const pseudonymise = new Pseudonymiser({
    hash: new IdentityNumbers(),
    version: 'replay',
    country: countryOf(config),
  });
  for (const source of config.sources) {
    const own = matched.get(source.id) ?? [];
    if (own.length === 0) continue;
    const read = await readSource(source, own, config, now, pseudonymise, units);
    for (const file of read.files) {
      if (file.refused) troubles.push(refusalMessage(file.name, file.refused));
      const badRows = read.quarantine.rows.filter((row) => row.file === file.name);
      files.push({
        name: file.name,
        source: source.id,
        dataset: source.dataset,
        good: file.lines.good,
        bad: file.lines.bad,
        badRows,
        notes: file.notes,
      });
    }
    if (read.refused) troubles.push(refusalMessage(source.id, read.refused));
  }
  return { units: [...units.values()], files, troubles, unmatched };
}

async function readSource(
  source: Source,
  batches: readonly Batch[],
  config: Config,
  now: Date,
  pseudonymise: Pseudonymiser,
  units: ReadonlyMap<string, ReturnType<typeof emptyUnit>>,
) {
  const inputs = batches.map((b) => ({
    name: b.name,
    open: () => fileBytes(b.path),
  }));
  const options = {
    context: rowContext(config, source, dateIn(config.timezone, now)),
    ...(source.columns && { columns: source.columns }),
  };
  if (source.dataset === 'traffic' || source.dataset === 'counts') {
    const read = await readDailyCounts(source.dataset, inputs, options);
    for (const [unit, { series }] of Object.entries(read.units))
      (units.get(unit)?.[source.dataset] as SourceDays[] | undefined)?.push({
        source: source.id,
        series,
        refused: read.refusedDays,
      });
    return read;
  }
  const read = await readRecords(source.dataset, inputs, { ...options, pseudonymise });
  for (const row of read.rows)
    for (const unit of unitOfRow(row, units))
      (unit.records as MutableRecords)[source.dataset].push(row as never);
  return read;
}
