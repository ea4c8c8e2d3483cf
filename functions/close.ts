import { close } from '../lib/pipeline/close.ts';
import { afterJob } from '../lib/pipeline/flag.ts';
import { awsPorts, logger } from './runtime.ts';

const ports = await awsPorts();

/** Seals every ripe period whose pay date has come. */
export const handler = async (event: unknown) => {
  const summary = await close(afterJob.parse(event), ports);
  logger.info('periods closed', { ...summary });
  return summary;
};
