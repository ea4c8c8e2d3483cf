import { join } from 'node:path';
import { checks } from '../checks/index.ts';
import { assessmentKey } from '../model/flag.ts';
import { flagLife } from '../pipeline/decide-life.ts';
import { flagsChain } from '../pipeline/decisions.ts';
import { findAssessment } from '../pipeline/find-assessment.ts';
import { explanation } from '../reports/explanation.ts';
import { withLeftByRun } from './left-by-run.ts';
import { exitCodes, type Stage } from './stage.ts';

/** Prints the whole reasoning of one judgement, with the numbers an auditor can redo it with. */
export async function explain(
  flag: string,
  options: { readonly json?: boolean },
  stage: Stage,
): Promise<number> {
  return withLeftByRun(stage, join(stage.cwd, 'out', 'alerts'), async ({ ports, assessments }) => {
    const assessment = findAssessment(flag, assessments);
    const { acts } = flagLife(await ports.ledger.read(flagsChain), assessmentKey(assessment));
    stage.out(
      options.json ? JSON.stringify({ ...assessment, acts }, null, 2) : explanation(assessment, checks, acts),
    );
    return exitCodes.clear;
  });
}
