import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Calibration } from '../model/report.ts';
import { calibrationAt } from '../pipeline/calibration/calibration-standing.ts';
import { calibrationsChain } from '../pipeline/decisions.ts';
import { documentOf } from '../pipeline/find-assessment.ts';
import { policyDigests } from '../pipeline/judging/policy.ts';
import { land } from '../pipeline/land.ts';
import { type Extent, extentKey, getJson } from '../pipeline/run-objects.ts';
import { numberText } from '../reports/number-text.ts';
import { type Execution, execute } from './execute.ts';
import { dataFiles } from './folder-data.ts';
import { dateOption } from './options.ts';
import { readConfiguration } from './read-configuration.ts';
import { exitCodes, type Stage, stateFolder } from './stage.ts';
import { countText, exitCodeOf, flagsFile, notRead, summaryTable } from './summary.ts';
import { writeWhole } from './whole-file.ts';
import { deployable, startWorld } from './world.ts';

export interface RunOptions {
  readonly config: string;
  readonly data: string;
  readonly out: string;
  readonly asOf?: string;
  readonly json?: boolean;
}

/** Time after which a run tells how it gets on. */
const quietMilliseconds = 2000;

/**
 * The daily job on a folder of dataset files, then the weekly report: lands the files, runs the handlers against the
 * embedded servers, and writes OUT whole from the store.
 *
 * @returns exit code of SPEC 12; 3 when a file was refused, after everything else was judged and written.
 * @throws {UserError} the configuration is not valid, or there is no data folder.
 */
export async function run(options: RunOptions, stage: Stage): Promise<number> {
  const { text, config, policies } = await readConfiguration(resolve(stage.cwd, options.config));
  const asOf = dateOption(options.asOf);
  const folder = resolve(stage.cwd, options.data);
  const { matched, unmatched } = await dataFiles(folder, config, options.data);
  const progress = progressOf(stage);
  const out = resolve(stage.cwd, options.out);
  await mkdir(join(out, 'alerts'), { recursive: true });
  const state = join(stage.cwd, stateFolder);
  const deployed = await deployable(state, { text, config }, stage.now());
  const world = await startWorld(state, join(out, 'alerts'), deployed);
  try {
    Object.assign(stage.env, world.environment, {
      POWERTOOLS_LOG_LEVEL: stage.env.POWERTOOLS_LOG_LEVEL ?? 'SILENT',
    });
    const { awsPorts } = await import('../../functions/runtime.ts');
    const ports = await awsPorts(stage.env);
    const now = stage.now();
    const landed: string[] = [];
    for (const source of config.sources)
      for (const batch of matched.get(source.id) ?? []) {
        progress(`landing ${batch.name}`);
        const key = await land(source, batch, now.toISOString().slice(0, 10), ports);
        if (key !== null) landed.push(key);
      }
    const newest = async () => {
      const extents = [];
      for (const { id, dataset } of config.sources)
        extents.push(await getJson<Extent>(ports.data, extentKey(id, dataset)));
      return extents.reduce<string | null>(
        (most, e) => (e?.newest && e.newest > (most ?? '') ? e.newest : most),
        null,
      );
    };
    const execution = await execute(
      stage,
      { scheduledAt: now.toISOString(), asOf, landed },
      newest,
      progress,
    );
    const assessments = (await ports.flags.listAssessments()).map(documentOf);
    const flags = flagsFile(assessments, config.organisation, execution.asOf);
    await writeWhole(join(out, 'flags.json'), flags.text);
    await copyReport(stage, out);
    if (options.json) stage.out(flags.text);
    else {
      const calibrations = await ports.ledger.read(calibrationsChain);
      const digest = policyDigests(config, policies);
      const { calibration } = calibrationAt(calibrations, config, digest, execution.asOf);
      stage.out(told(options, execution, summaryTable(assessments), unmatched, calibrationLine(calibration)));
    }
    for (const trouble of execution.troubles) stage.err(trouble);
    return execution.troubles.length > 0 ? exitCodes.error : exitCodeOf(assessments.map((a) => a.verdict));
  } finally {
    await world.close();
  }
}

/** Copies the latest weekly report and agreement page out of the reports bucket. */
export async function copyReport(stage: Stage, out: string): Promise<void> {
  const reports = join(stage.cwd, stateFolder, 's3', 'reports', 'reports');
  for (const [place, names] of [
    ['weekly', ['report.html', 'report.json', 'findings.csv']],
    ['agreement', ['agreement.html', 'agreement.json']],
  ] as const)
    for (const name of names)
      await writeWhole(join(out, name), await readFile(join(reports, place, 'latest', name)));
}

function calibrationLine(calibration: Calibration | null): string {
  const stop = 'statistics alone stop at review until "bonafide calibrate" has run';
  if (!calibration) return `Not calibrated: ${stop}.`;
  const { date, problem, upperBound } = calibration;
  if (problem !== null)
    return `The calibration of ${date} no longer holds, because ${problem}: ${stop} again.`;
  return `Calibrated on ${date}: at most ${numberText(upperBound)} false suspects by statistics a plan and year.`;
}

function told(
  options: RunOptions,
  execution: Execution,
  table: string,
  unmatched: readonly string[],
  calibrated: string,
): string {
  const lines = [table, ''];
  const rows = execution.ingested.flatMap((o) => o.files).reduce((sum, f) => sum + f.rows, 0);
  if (execution.ingested.length === 0) lines.push('No new files.');
  else {
    const files = execution.ingested.flatMap((o) => o.files).length;
    lines.push(`${countText(rows, 'row')} read from ${countText(files, 'file')}.`);
  }
  if (execution.changed === 0) lines.push('Nothing changed since the last run.');
  else
    lines.push(
      `${execution.changed} of ${countText(execution.assessments, 'judgement')} are new or changed; ${countText(execution.sent, 'alert')} written.`,
    );
  const aside = execution.ingested.reduce((sum, o) => sum + o.quarantined, 0);
  if (aside > 0)
    lines.push(
      `${countText(aside, 'row')} set aside, each with its line and reason: ${join(stateFolder, 's3/data/quarantine')}`,
    );
  if (unmatched.length > 0) lines.push(notRead(unmatched));
  lines.push(calibrated);
  lines.push(`Judged as of ${execution.asOf}. Evidence ${execution.manifest}`);
  lines.push(`Report: ${join(options.out, 'report.html')}`);
  return lines.join('\n');
}

/** Tells steps on stderr once a run has taken longer than two seconds. */
export function progressOf(stage: Stage): (step: string) => void {
  const started = stage.now().getTime();
  return (step) => {
    const elapsed = stage.now().getTime() - started;
    if (elapsed < quietMilliseconds) return;
    stage.err(`${(elapsed / 1000).toFixed(1).padStart(6)} s  ${step}`);
  };
}
