import { plan, planJob } from '../lib/pipeline/plan.ts';
import { awsPorts, logger } from './runtime.ts';

const ports = await awsPorts();

/** Step 0 of a run: takes the lease and lists the work. */
export const handler = async (event: unknown) => {
  const summary = await plan(planJob.parse(event), ports);
  logger.info('run planned', { ...summary });
  return summary;
};
