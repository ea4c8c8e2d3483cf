import { ingest, ingestJob } from '../lib/pipeline/ingest.ts';
import { hashKeyOf } from './hash-key.ts';
import { awsPorts, logger } from './runtime.ts';

const ports = { ...(await awsPorts()), hashKey: hashKeyOf() };

/** Step 2, once a delivery: reads, validates and stores it. */
export const handler = async (event: unknown) => {
  const job = ingestJob.parse(event);
  const summary = await ingest(job, ports);
  const { source, dataset, status, files, refused, quarantined, changed, restatements } = summary;
  // Names of files, and why one was refused, can quote a person: they stand in the outcome, not in the log.
  logger.info('delivery ingested', {
    runId: job.runId,
    source,
    dataset,
    status,
    files: files.length,
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    refused: refused.length,
    quarantined,
    changed,
    restatements,
  });
  // The machine gathers what its children return, 256 KB at most; the whole outcome lies with the run.
  return { source, dataset, status };
};
