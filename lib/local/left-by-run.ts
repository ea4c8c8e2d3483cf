import { join } from 'node:path';
import type { Assessment } from '../model/flag.ts';
import { documentOf } from '../pipeline/find-assessment.ts';
import type { Ports } from '../pipeline/ports.ts';
import { localPorts } from './local-ports.ts';
import { type Stage, stateFolder, UserError } from './stage.ts';
import { deployedIn, startWorld } from './world.ts';

/** What a run left in the state folder of the current one, opened for one piece of work. */
export interface LeftByRun {
  readonly ports: Ports;
  readonly assessments: readonly Assessment[];
  /** Judging date and id of the last run. */
  readonly asOf: string;
  readonly runId: string;
}

/**
 * Opens the state of the last run, does one piece of work with it and closes it again.
 * @throws {UserError} no run has left anything here.
 */
export async function withLeftByRun<T>(
  stage: Stage,
  alerts: string,
  work: (left: LeftByRun) => Promise<T>,
): Promise<T> {
  const state = join(stage.cwd, stateFolder);
  const deployed = await deployedIn(state);
  if (deployed === null)
    throw new UserError(
      'no run has left anything in this folder; "bonafide run" or "bonafide demo" comes first',
    );
  const world = await startWorld(state, alerts, deployed);
  try {
    Object.assign(stage.env, world.environment, {
      POWERTOOLS_LOG_LEVEL: stage.env.POWERTOOLS_LOG_LEVEL ?? 'SILENT',
    });
    const ports = await localPorts(stage.env);
    const finished = [
      await ports.runs.latestRun('weekly', 'succeeded'),
      await ports.runs.latestRun('weekly', 'unhealthy'),
    ].flatMap((run) => run ?? []);
    const last = finished.sort((a, b) => (a.scheduledAt < b.scheduledAt ? -1 : 1)).at(-1);
    if (!last) throw new UserError('no run has been finished in this folder yet');
    const assessments = (await ports.flags.listAssessments()).map(documentOf);
    return await work({ ports, assessments, asOf: last.asOf, runId: last.runId });
  } finally {
    await world.close();
  }
}
