import { crossCheck, crossCheckJob } from '../lib/pipeline/cross-check.ts';
import { limitsOf } from './limits.ts';
import { awsPorts, logger } from './runtime.ts';

const stored = await awsPorts();
const ports = { ...stored, policies: limitsOf(stored.config) };

/** Step 3, once a unit: runs every check and writes the evidence. */
export const handler = async (event: unknown) => {
  const summary = await crossCheck(crossCheckJob.parse(event), ports);
  logger.info('unit cross-checked', { ...summary });
  return summary;
};
