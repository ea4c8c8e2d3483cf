import { fail, failJob } from '../lib/pipeline/fail.ts';
import { publishing } from './publishing.ts';
import { awsPorts, logger } from './runtime.ts';

const ports = { ...(await awsPorts()), ...publishing() };

/** Records a run that could not go on. */
export const handler = async (event: unknown) => {
  const summary = await fail(failJob.parse(event), ports);
  logger.info('run failed', { ...summary });
  return summary;
};
