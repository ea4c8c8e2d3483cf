import { alert } from '../lib/pipeline/alert.ts';
import { afterJob } from '../lib/pipeline/flag.ts';
import { awsPorts, logger } from './runtime.ts';

const ports = await awsPorts();

/** Step 5: sends what waits, tells operations when the run is incomplete, ends the run. */
export const handler = async (event: unknown) => {
  const summary = await alert(afterJob.parse(event), ports);
  logger.info('alerts sent', { ...summary });
  return summary;
};
