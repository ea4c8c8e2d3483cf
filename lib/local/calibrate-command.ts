import { join, resolve } from 'node:path';
import { calibrate, calibrationMethod } from '../pipeline/calibration/calibrate.ts';
import type { CalibrationResult } from '../pipeline/calibration/calibration-result.ts';
import { keepCalibration } from '../pipeline/calibration/calibration-standing.ts';
import { decisionsIn, flagsChain } from '../pipeline/decisions.ts';
import { policyDigests } from '../pipeline/judging/policy.ts';
import { lastDayOf } from '../pipeline/judging/unit-history.ts';
import { numberText, shareText } from '../reports/number-text.ts';
import { calendarOf } from './calendar-of.ts';
import { readFolder } from './folder-data.ts';
import { dateOption } from './options.ts';
import { readConfiguration } from './read-configuration.ts';
import { progressOf } from './run-command.ts';
import { exitCodes, type Stage, stateFolder, UserError } from './stage.ts';
import { deployable, deployedIn, startWorld } from './world.ts';

export interface CalibrateOptions {
  readonly config: string;
  readonly data: string;
  readonly asOf?: string;
  readonly json?: boolean;
}

/** Progress is told this many times. */
const progressSteps = 10;
/** Judgements set aside that are listed; all of them are in the evidence. */
const mostListed = 12;

/**
 * Replays the ripe periods, simulates quiet companies from what is left of them, and keeps how often statistics alone
 * would raise a false suspect as evidence, where `run` and `backtest` find it.
 *
 * @param method how it is made; another one only for tests, which cannot wait for 200 plan-years.
 * @returns 0.
 * @throws {UserError} the configuration or a file is not valid, or the history holds too little to simulate from.
 */
export async function calibration(
  options: CalibrateOptions,
  stage: Stage,
  method = calibrationMethod,
): Promise<number> {
  const { text, config, policies } = await readConfiguration(resolve(stage.cwd, options.config));
  const given = dateOption(options.asOf);
  const folder = await readFolder(resolve(stage.cwd, options.data), config, stage.now(), options.data);
  // A rate worked out from half of the data would be kept for a year.
  if (folder.troubles.length > 0) throw new UserError(folder.troubles.join('\n'));
  const asOf = given ?? folder.units.map(lastDayOf).reduce((a, b) => ((a ?? '') > (b ?? '') ? a : b), null);
  if (asOf === null) throw new UserError(`${options.data} holds no data of any configured source`);
  const isHoliday = await calendarOf(config);
  const progress = progressOf(stage);
  const state = join(stage.cwd, stateFolder);
  const deployed = (await deployedIn(state)) ?? (await deployable(state, { text, config }, stage.now()));
  const world = await startWorld(state, join(stage.cwd, 'out', 'alerts'), deployed);
  try {
    Object.assign(stage.env, world.environment, {
      POWERTOOLS_LOG_LEVEL: stage.env.POWERTOOLS_LOG_LEVEL ?? 'SILENT',
    });
    const { awsPorts } = await import('../../functions/runtime.ts');
    const ports = await awsPorts(stage.env);
    const result = calibrate(
      {
        config,
        policies,
        policyDigest: policyDigests(config, policies),
        units: folder.units,
        asOf,
        isHoliday,
        decisions: decisionsIn(await ports.ledger.read(flagsChain)),
      },
      {
        ...method,
        progress: (done, of) => {
          const step = (n: number) => Math.floor((n * progressSteps) / of);
          if (step(done) > step(done - 1)) progress(`${done} of ${of} quiet companies simulated and judged`);
        },
      },
    );
    if (result === null)
      throw new UserError(
        `the history up to ${asOf} holds too little to simulate from: ${calibrationMethod.warmUpDays} days of visits, leads or SQLs at least`,
      );
    const kept = await keepCalibration(result, ports);
    if (options.json) stage.out(JSON.stringify({ ...result, evidence: kept.digest, isNew: kept.isNew }));
    else stage.out(told(result, kept));
    return exitCodes.clear;
  } finally {
    await world.close();
  }
}

function told(result: CalibrationResult, { digest, isNew }: { digest: string; isNew: boolean }): string {
  const { setAside, simulated, factor, budget } = result;
  const sum = (of: (s: CalibrationResult['simulated'][number]) => number) =>
    simulated.reduce((total, s) => total + of(s), 0);
  const lines = [
    `Replayed ${numberText(result.replayed)} judgements of ripe periods up to ${result.date}; ${setAside.length} stand at review or above and are set aside${setAside.length > 0 ? ':' : '.'}`,
    ...setAside
      .slice(0, mostListed)
      .map((a) => `  ${a.plan}/${a.kpi}/${a.unit === 'all' ? '' : `${a.unit}/`}${a.period} (${a.verdict})`),
    ...(setAside.length > mostListed
      ? [`  and ${setAside.length - mostListed} more, all in the evidence`]
      : []),
    `Simulated ${numberText(sum((s) => s.companies))} quiet companies, ${numberText(Math.floor(result.planYears))} plan-years: ${numberText(sum((s) => s.reviews))} of ${numberText(sum((s) => s.judgements))} judgements stood at review, ${result.falseSuspects} were suspect by statistics.`,
    `False suspects a plan and year: ${numberText(result.rate)}, at most ${numberText(result.upperBound)} at ${shareText(result.confidence)} confidence; ${budget} are allowed.`,
    factor === 1
      ? 'The limit of a statistical suspicion stays as it is.'
      : `The limit of a statistical suspicion is scaled by ${numberText(factor)}; before, ${result.unscaled.falseSuspects} were suspect.`,
    ...(result.leftOut.length > 0 ? [`Too little history to simulate: ${result.leftOut.join(', ')}`] : []),
    `${isNew ? 'Kept as evidence' : 'Kept before'} ${digest}; run and backtest find it in ${stateFolder}.`,
  ];
  return lines.join('\n');
}
