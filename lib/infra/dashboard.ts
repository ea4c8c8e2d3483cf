import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { VitalMetric } from '../model/vital-metric.ts';

export interface DashboardProps {
  readonly stateMachine: StateMachine;
  /** Step -> its function. */
  readonly functions: Readonly<Record<string, IFunction>>;
  readonly deadLetters: Readonly<Record<'starts' | 'alerts', Queue>>;
  readonly vital: (name: VitalMetric, period: Duration) => cloudwatch.IMetric;
  readonly alarms: readonly cloudwatch.IAlarm[];
}

const hour = Duration.hours(1);
const half = { width: 12, height: 6 };

/**
 * One page for operations: alarms, runs, what the runs measured, and how long each step takes. It shows fewer than 50
 * metrics, up to which the first three dashboards of an account are free.
 */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { stateMachine, functions, deadLetters, vital, alarms } = props;
    const graph = (title: string, left: cloudwatch.IMetric[]) =>
      new cloudwatch.GraphWidget({ ...half, title, left, leftYAxis: { min: 0 } });
    const ofSteps = (metric: (step: IFunction, label: string) => cloudwatch.IMetric) =>
      Object.entries(functions).map(([label, step]) => metric(step, label));
    new cloudwatch.Dashboard(this, 'Page', {
      defaultInterval: Duration.days(14),
      widgets: [
        [
          new cloudwatch.AlarmStatusWidget({
            title: 'Alarms, each with its article in docs/runbook.md',
            alarms: [...alarms],
            width: 24,
            height: 3,
          }),
        ],
        [
          graph('Runs', [
            stateMachine.metricSucceeded({ period: hour, label: 'succeeded' }),
            stateMachine.metricFailed({ period: hour, label: 'failed or incomplete' }),
            stateMachine.metricTimedOut({ period: hour, label: 'timed out' }),
            stateMachine.metricAborted({ period: hour, label: 'stopped' }),
          ]),
          graph('Hours since a run went through', [
            vital('HoursSinceDailyRun', hour),
            vital('HoursSinceWeeklyRun', hour),
            vital('HoursSinceMonthlyRun', hour),
          ]),
        ],
        [
          graph('What came in', [vital('QuarantinedPercent', hour), vital('LateSources', hour)]),
          graph('What did not get through', [
            vital('MissedCanaries', hour),
            deadLetters.starts.metricApproximateNumberOfMessagesVisible({ period: hour, label: 'starts' }),
            deadLetters.alerts.metricApproximateNumberOfMessagesVisible({ period: hour, label: 'alerts' }),
          ]),
        ],
        [
          graph(
            'Longest call of each step (limit 15 minutes)',
            ofSteps((step, label) => step.metricDuration({ period: hour, label, statistic: 'Maximum' })),
          ),
          graph(
            'Errors of each step',
            ofSteps((step, label) => step.metricErrors({ period: hour, label })),
          ),
        ],
      ],
    });
  }
}
