import { alert, alertJob } from '../lib/pipeline/alert.ts';
import { vitalSigns } from '../lib/pipeline/vital-signs.ts';
import { publishing } from './publishing.ts';
import { awsPorts, logger } from './runtime.ts';
import { emitVitalSigns } from './vital-signs.ts';

const ports = { ...(await awsPorts()), ...publishing() };

/** Step 5: sends what waits, tells operations when the run is incomplete, ends the run and measures how it went. */
export const handler = async (event: unknown) => {
  const job = alertJob.parse(event);
  const summary = await alert(job, ports);
  const { sent, isHealthy, manifest, troubles } = summary;
  // What was refused can quote a file: it stands in the alert and the run record, not in the log.
  logger.info('alerts sent', { runId: job.runId, sent, isHealthy, manifest, troubles: troubles.length });
  await emitVitalSigns(() => vitalSigns(job, ports));
  return summary;
};
