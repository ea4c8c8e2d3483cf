import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { withLeftByRun } from './left-by-run.ts';
import { copyReport } from './run-command.ts';
import { exitCodes, type Stage } from './stage.ts';

/** Writes the weekly report again from what the last run left. */
export async function report(
  options: { readonly out: string; readonly json?: boolean },
  stage: Stage,
): Promise<number> {
  const out = resolve(stage.cwd, options.out);
  await mkdir(join(out, 'alerts'), { recursive: true });
  return withLeftByRun(stage, join(out, 'alerts'), async ({ runId, asOf }) => {
    const { handler } = await import('../../functions/report.ts');
    const { bytes } = await handler({ runId, token: 0, asOf });
    await copyReport(stage, out);
    const path = join(options.out, 'report.html');
    stage.out(options.json ? JSON.stringify({ asOf, bytes, report: path }) : `Report as of ${asOf}: ${path}`);
    return exitCodes.clear;
  });
}
