import { resolve } from 'node:path';
import type { PlanDefect } from '../model/business.ts';
import { businessOf } from '../pipeline/business/business.ts';
import { lintPlans } from '../pipeline/business/plan-lint.ts';
import { historiesOf } from '../pipeline/judging/unit-history.ts';
import { kpiNames } from '../reports/kpi-text.ts';
import { calendarOf } from './calendar-of.ts';
import { readConfiguration } from './read-configuration.ts';
import { replayFolder } from './replay-folder.ts';
import { exitCodes, type Stage } from './stage.ts';

export interface LintPlanOptions {
  readonly config: string;
  readonly data?: string;
  readonly asOf?: string;
  readonly json?: boolean;
}

/**
 * Names what the plans themselves get wrong, before anybody signs them: from the configuration, and with a folder of
 * data from history too.
 * @returns 0 when nothing is found, 1 when something is, 3 when a file was refused.
 * @throws {UserError} the configuration is not valid, or there is no such folder.
 */
export async function lintPlan(options: LintPlanOptions, stage: Stage): Promise<number> {
  const { defects, troubles } =
    options.data === undefined
      ? await byConfiguration(options, stage)
      : await byHistory({ ...options, data: options.data }, stage);
  stage.out(options.json ? JSON.stringify({ defects }) : told(defects, options));
  if (troubles > 0) return exitCodes.error;
  return defects.length > 0 ? exitCodes.flagged : exitCodes.clear;
}

async function byConfiguration({ config: path, asOf }: LintPlanOptions, stage: Stage) {
  const { config } = await readConfiguration(resolve(stage.cwd, path));
  const defects = lintPlans({
    config,
    asOf: asOf ?? stage.now().toISOString().slice(0, 10),
    isHoliday: await calendarOf(config),
    histories: [],
    worth: [],
    need: null,
    raised: new Set(),
  });
  return { defects, troubles: 0 };
}

async function byHistory(options: LintPlanOptions & { readonly data: string }, stage: Stage) {
  const { config, units, asOf, isHoliday, assessments, troubles } = await replayFolder(options, stage);
  const histories = units.flatMap((data) => historiesOf(data, config.agreement, isHoliday)(asOf) ?? []);
  const business = businessOf({ config, isHoliday, histories, assessments });
  return { defects: business?.planDefects ?? [], troubles };
}

function told(defects: readonly PlanDefect[], { config, data }: LintPlanOptions): string {
  const more = data === undefined ? ' Add -d DIR to hold targets and weights against history.' : '';
  if (defects.length === 0) return `${config}: nothing found.${more}`;
  const lines = defects.flatMap((d) => [
    `${d.plan}${d.kpi === null ? '' : `, ${kpiNames[d.kpi]}`}: ${d.rule}`,
    `  ${d.text}`,
    `  ${d.evidence}`,
    ...(d.yaml === '' ? [] : ['  Instead:', ...d.yaml.split('\n').map((line) => `    ${line}`)]),
    '',
  ]);
  return `${lines.join('\n')}\n${defects.length} found in ${config}.${more}`;
}
