import { afterJob, flag } from '../lib/pipeline/flag.ts';
import { awsPorts, logger } from './runtime.ts';

const ports = await awsPorts();

/** Step 4: ledger, flags and outbox. */
export const handler = async (event: unknown) => {
  const summary = await flag(afterJob.parse(event), ports);
  logger.info('flags written', { ...summary });
  return summary;
};
