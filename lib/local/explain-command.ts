import { join } from 'node:path';
import { checks } from '../checks/index.ts';
import { explanation } from '../reports/explanation.ts';
import { findAssessment, withLeftByRun } from './left-by-run.ts';
import { exitCodes, type Stage } from './stage.ts';

/** Prints the whole reasoning of one judgement, with the numbers an auditor can redo it with. */
export async function explain(
  flag: string,
  options: { readonly json?: boolean },
  stage: Stage,
): Promise<number> {
  return withLeftByRun(stage, join(stage.cwd, 'out', 'alerts'), async ({ assessments }) => {
    const assessment = findAssessment(flag, assessments);
    stage.out(options.json ? JSON.stringify(assessment, null, 2) : explanation(assessment, checks));
    return exitCodes.clear;
  });
}
