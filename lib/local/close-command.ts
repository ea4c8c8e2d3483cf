import { join } from 'node:path';
import { NotRipeError, sealPeriod } from '../pipeline/close.ts';
import { withLeftByRun } from './left-by-run.ts';
import { exitCodes, type Stage, UserError } from './stage.ts';

/**
 * Seals a ripe period for good.
 * @throws {UserError} nothing was judged in it, or it is not ripe.
 */
export async function closePeriod(
  period: string,
  options: { readonly json?: boolean },
  stage: Stage,
): Promise<number> {
  return withLeftByRun(stage, join(stage.cwd, 'out', 'alerts'), async ({ ports, asOf }) => {
    try {
      const { digest, isNew } = await sealPeriod(period, asOf, ports);
      if (options.json) stage.out(JSON.stringify({ period, digest, isNew }));
      else stage.out(isNew ? `${period} is sealed: ${digest}` : `${period} was sealed before: ${digest}`);
      return exitCodes.clear;
    } catch (error) {
      if (error instanceof NotRipeError) throw new UserError(error.message);
      throw error;
    }
  });
}
