import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { type VitalMetric, vitalNamespace } from '../lib/model/vital-metric.ts';
import type { VitalSigns } from '../lib/pipeline/vital-signs.ts';

/** Writes the vital signs of the pipeline that the stack names to the log, as metrics; on one machine nobody watches them. */
export async function emitVitalSigns(
  measure: () => Promise<VitalSigns>,
  pipeline: string | undefined = process.env.PIPELINE_NAME,
): Promise<void> {
  if (!pipeline) return;
  const metrics = new Metrics({ namespace: vitalNamespace, serviceName: pipeline });
  for (const [name, value] of Object.entries(await measure()) as [VitalMetric, number | null][])
    if (value !== null) metrics.addMetric(name, MetricUnit.NoUnit, value);
  metrics.publishStoredMetrics();
}
