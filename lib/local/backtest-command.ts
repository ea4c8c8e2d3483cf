import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { acrossUnits } from '../pipeline/across-units.ts';
import { calibrationAt } from '../pipeline/calibration-standing.ts';
import { judgeUnit } from '../pipeline/judge.ts';
import { policyDigests } from '../pipeline/policy.ts';
import { lastDayOf } from '../pipeline/unit-history.ts';
import { calendarOf } from './calendar-of.ts';
import { readFolder } from './folder-data.ts';
import { calibrationsLeft } from './left-calibration.ts';
import { dateOption } from './options.ts';
import { readConfiguration } from './read-configuration.ts';
import { exitCodes, type Stage, stateFolder, UserError } from './stage.ts';
import { exitCodeOf, flagsFile, summaryTable } from './summary.ts';
import { writeWhole } from './whole-file.ts';

export interface BacktestOptions {
  readonly config: string;
  readonly data: string;
  readonly out: string;
  readonly asOf?: string;
  readonly json?: boolean;
}

/**
 * Replays history in memory, without a store, and writes `flags.json`.
 * @returns exit code of SPEC 12.
 */
export async function backtest(options: BacktestOptions, stage: Stage): Promise<number> {
  const { config, policies } = await readConfiguration(resolve(stage.cwd, options.config));
  const given = dateOption(options.asOf);
  const folder = await readFolder(resolve(stage.cwd, options.data), config, stage.now());
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
  const { text } = flagsFile(assessments, config.organisation, asOf);
  const out = resolve(stage.cwd, options.out);
  await mkdir(out, { recursive: true });
  await writeWhole(join(out, 'flags.json'), text);
  stage.out(
    options.json ? text : `${summaryTable(assessments)}\n\nflags: ${join(options.out, 'flags.json')}`,
  );
  return folder.troubles.length + errors.length > 0
    ? exitCodes.error
    : exitCodeOf(assessments.map((a) => a.verdict));
}
