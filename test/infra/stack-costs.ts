import type { Fixed } from '../../bench/cost-model.ts';
import { stepNames } from '../../lib/infra/step-function.ts';
import { vitalMetrics } from '../../lib/model/vital-metric.ts';
import { synthesized } from './synthesized.ts';

/** What the production stack costs at rest, counted in its template. */
export function stackCosts(): Fixed {
  const stack = synthesized('production');
  const metricsOf = ({ Properties }: { Properties: { Metrics?: { MetricStat?: object }[] } }) =>
    Properties.Metrics?.filter(({ MetricStat }) => MetricStat).length ?? 1;
  return {
    keys: stack.ofType('AWS::KMS::Key').length,
    secrets: stack.ofType('AWS::SecretsManager::Secret').length,
    dashboards: stack.ofType('AWS::CloudWatch::Dashboard').length,
    alarmMetrics: stack.ofType('AWS::CloudWatch::Alarm').reduce((sum, alarm) => sum + metricsOf(alarm), 0),
    ownMetrics: vitalMetrics.length,
    memoryMb: Object.fromEntries(
      stepNames.map((step) => [
        step,
        stack.one('AWS::Lambda::Function', `Pipeline${step.replace('-', '')}Function`).Properties
          .MemorySize as number,
      ]),
    ),
  };
}
