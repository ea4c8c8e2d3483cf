import { join, resolve } from 'node:path';
import type { Config } from '../model/config.ts';
import type { IsHoliday } from '../model/duration.ts';
import type { Assessment } from '../model/flag.ts';
import type { UnitData } from '../model/unit-data.ts';
import { calibrationAt } from '../pipeline/calibration/calibration-standing.ts';
import { acrossUnits } from '../pipeline/judging/across-units.ts';
import { judgeUnit } from '../pipeline/judging/judge.ts';
import { policyDigests } from '../pipeline/judging/policy.ts';
import { lastDayOf } from '../pipeline/judging/unit-history.ts';
import { calendarOf } from './calendar-of.ts';
import { readFolder } from './folder-data.ts';
import { calibrationsLeft } from './left-calibration.ts';
import { dateOption } from './options.ts';
import { readConfiguration } from './read-configuration.ts';
import { type Stage, stateFolder, UserError } from './stage.ts';

export interface ReplayOptions {
  readonly config: string;
  readonly data: string;
  readonly asOf?: string;
}

/** What judging a folder of files in memory came to. */
export interface Replay {
  readonly config: Config;
  readonly isHoliday: IsHoliday;
  readonly asOf: string;
  readonly units: readonly UnitData[];
  readonly assessments: readonly Assessment[];
  /** Refused files and checks that broke, told on stderr already. */
  readonly troubles: number;
}

/**
 * Judges a folder of dataset files in memory, without a store.
 * @throws {UserError} the configuration is not valid, there is no folder, or it holds no data of any source.
 */
export async function replayFolder(options: ReplayOptions, stage: Stage): Promise<Replay> {
  const { config, policies } = await readConfiguration(resolve(stage.cwd, options.config));
  const given = dateOption(options.asOf);
  const folder = await readFolder(resolve(stage.cwd, options.data), config, stage.now(), options.data);
  for (const message of folder.troubles) stage.err(message);
  const asOf = given ?? folder.units.map(lastDayOf).reduce((a, b) => ((a ?? '') > (b ?? '') ? a : b), null);
  if (asOf === null) throw new UserError(`${options.data} holds no data of any configured source`);
  const isHoliday = await calendarOf(config);
  const policyDigest = policyDigests(config, policies);
  const calibrations = await calibrationsLeft(join(stage.cwd, stateFolder));
  const { factor } = calibrationAt(calibrations, config, policyDigest, asOf);
  const judgements = folder.units.map((data) =>
    judgeUnit({
      config,
      policies,
      policyDigest,
      data,
      asOf,
      isHoliday,
      calibration: factor,
      decisions: new Map(),
      sealed: new Map(),
    }),
  );
  const assessments = acrossUnits(judgements);
  const errors = judgements.flatMap((j) => j.errors);
  for (const message of errors) stage.err(`check failed: ${message}`);
  return {
    config,
    isHoliday,
    asOf,
    units: folder.units,
    assessments,
    troubles: folder.troubles.length + errors.length,
  };
}
