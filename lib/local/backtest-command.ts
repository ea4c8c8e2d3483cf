import '../model/schemas-as-they-are.ts';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type ReplayOptions, replayFolder } from './replay-folder.ts';
import { exitCodes, type Stage } from './stage.ts';
import { exitCodeOf, flagsFile, summaryTable } from './summary.ts';
import { writeWhole } from './whole-file.ts';

export interface BacktestOptions extends ReplayOptions {
  readonly out: string;
  readonly json?: boolean;
}

/**
 * Replays history in memory, without a store, and writes `flags.json`.
 * @returns exit code of SPEC 12.
 */
export async function backtest(options: BacktestOptions, stage: Stage): Promise<number> {
  const { config, asOf, assessments, troubles } = await replayFolder(options, stage);
  const { text } = flagsFile(assessments, config.organisation, asOf);
  const out = resolve(stage.cwd, options.out);
  await mkdir(out, { recursive: true });
  await writeWhole(join(out, 'flags.json'), text);
  stage.out(
    options.json ? text : `${summaryTable(assessments)}\n\nflags: ${join(options.out, 'flags.json')}`,
  );
  return troubles > 0 ? exitCodes.error : exitCodeOf(assessments.map((a) => a.verdict));
}
