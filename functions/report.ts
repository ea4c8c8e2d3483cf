import { afterJob } from '../lib/pipeline/flag.ts';
import { report } from '../lib/pipeline/report.ts';
import { limitsOf } from './limits.ts';
import { publishing } from './publishing.ts';
import { awsPorts, logger } from './runtime.ts';

const stored = await awsPorts();
const ports = { ...stored, ...publishing(), policies: limitsOf(stored.config) };

/** The weekly report, and its first sentence to leadership. */
export const handler = async (event: unknown) => {
  const summary = await report(afterJob.parse(event), ports);
  logger.info('report written', { ...summary });
  return summary;
};
