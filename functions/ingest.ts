import { ingest, ingestJob } from '../lib/pipeline/ingest.ts';
import { awsPorts, logger } from './runtime.ts';

const ports = await awsPorts();

/** Step 2, once a delivery: reads, validates and stores it. */
export const handler = async (event: unknown) => {
  const summary = await ingest(ingestJob.parse(event), ports);
  logger.info('delivery ingested', { ...summary });
  return summary;
};
