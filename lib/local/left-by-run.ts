import { join } from 'node:path';
import { readConfig } from '../model/config-file.ts';
import type { Assessment } from '../model/flag.ts';
import { documentOf } from '../pipeline/flag.ts';
import type { Ports } from '../pipeline/ports.ts';
import { type Stage, stateFolder, UserError } from './stage.ts';
import { deployedConfig, startWorld } from './world.ts';

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
  const text = await deployedConfig(state);
  if (text === null)
    throw new UserError(
      'no run has left anything in this folder; "bonafide run" or "bonafide demo" comes first',
    );
  const reading = readConfig(text, 'bonafide.yaml');
  const plans = 'config' in reading ? reading.config.plans.map((p) => p.id) : [];
  const world = await startWorld(state, alerts, null, plans);
  try {
    Object.assign(stage.env, world.environment, {
      POWERTOOLS_LOG_LEVEL: stage.env.POWERTOOLS_LOG_LEVEL ?? 'SILENT',
    });
    const { awsPorts } = await import('../../functions/runtime.ts');
    const ports = await awsPorts(stage.env);
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

/**
 * Finds the assessment a person names: PLAN/KPI/PERIOD, or PLAN/KPI/UNIT/PERIOD.
 * @throws {UserError} there is none, or several units hold it; the message names what there is.
 */
export function findAssessment(flag: string, assessments: readonly Assessment[]): Assessment {
  const parts = flag.split(/[/|]/);
  if (parts.length !== 3 && parts.length !== 4)
    throw new UserError(`expected a flag such as marketing-director/sqls_delivered/2026-08, got "${flag}"`);
  const [plan, kpi] = parts;
  const period = parts.at(-1);
  const unit = parts.length === 4 ? parts[2] : undefined;
  const found = assessments.filter(
    (a) => a.plan === plan && a.kpi === kpi && a.period === period && (unit === undefined || a.unit === unit),
  );
  if (found.length === 1) return found[0]!;
  if (found.length > 1)
    throw new UserError(
      `several units hold it; name one of ${found.map((a) => `${plan}/${kpi}/${a.unit}/${period}`).join(', ')}`,
    );
  const near = assessments.filter((a) => a.verdict !== 'clear').slice(-6);
  const known = (near.length > 0 ? near : assessments.slice(-6)).map((a) => `${a.plan}/${a.kpi}/${a.period}`);
  throw new UserError(`there is no judgement ${flag}; there are for example ${known.join(', ')}`);
}
