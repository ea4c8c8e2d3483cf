import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run-command.ts';
import type { Stage } from './stage.ts';

/** Folder of the example that comes with the product. */
export const exampleFolder = fileURLToPath(new URL('../../examples/marketing-director', import.meta.url));

/** Judging date of the example: its August is ripe, its decision still to come. */
const exampleDate = '2026-09-20';

/**
 * Runs the example through the whole pipeline.
 * @returns 0 whatever the example's verdicts are; 3 when the run itself failed.
 */
export async function demo(stage: Stage): Promise<number> {
  stage.out('Acme pays its marketing director a bonus on visitors, leads and SQLs. May August be paid on?\n');
  const data = relative(stage.cwd, exampleFolder) || '.';
  const code = await run({ config: join(data, 'bonafide.yaml'), data, out: 'out', asOf: exampleDate }, stage);
  stage.out(
    '\nNext: bonafide explain marketing-director/sqls_delivered/2026-08, or bonafide init for your own numbers.',
  );
  return code === 3 ? 3 : 0;
}
