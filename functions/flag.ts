import { afterJob, flag } from '../lib/pipeline/flag.ts';
import { limitsOf } from './limits.ts';
import { awsPorts, logger } from './runtime.ts';

const stored = await awsPorts();
const ports = { ...stored, policies: limitsOf(stored.config) };

/** Step 4: ledger, flags and outbox. */
export const handler = async (event: unknown) => {
  const summary = await flag(afterJob.parse(event), ports);
  logger.info('flags written', { ...summary });
  return summary;
};
