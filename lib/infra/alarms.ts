import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';

export interface AlarmsProps {
  readonly stateMachine: StateMachine;
  /** Queues in which anything at all is a failure. */
  readonly deadLetters: Readonly<Record<'starts' | 'alerts', Queue>>;
  readonly topic: ITopic;
}

/** Tells operations when a run failed and when none succeeded. Each alarm has an article in `docs/runbook.md`. */
export class Alarms extends Construct {
  readonly failures: Alarm;
  readonly notRunning: Alarm;

  constructor(scope: Construct, id: string, { stateMachine, deadLetters, topic }: AlarmsProps) {
    super(scope, id);
    const minutes = { period: Duration.minutes(5) };
    this.failures = new Alarm(this, 'Failures', {
      alarmDescription:
        'A run failed, or a start or an alert was not delivered. See docs/runbook.md#failures',
      metric: sum(minutes.period, {
        failed: stateMachine.metricFailed(minutes),
        timedOut: stateMachine.metricTimedOut(minutes),
        aborted: stateMachine.metricAborted(minutes),
        starts: deadLetters.starts.metricApproximateNumberOfMessagesVisible(minutes),
        alerts: deadLetters.alerts.metricApproximateNumberOfMessagesVisible(minutes),
      }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    const hour = { period: Duration.hours(1) };
    this.notRunning = new Alarm(this, 'NotRunning', {
      alarmDescription: 'No run has succeeded for 26 hours. See docs/runbook.md#notrunning',
      // A day has one success at least, and two hours are left for a long run. A sliding window of hours, because a
      // period of a whole day would not notice before the next one is over.
      metric: sum(hour.period, { succeeded: stateMachine.metricSucceeded(hour) }),
      threshold: 1,
      evaluationPeriods: 26,
      datapointsToAlarm: 26,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    });
    for (const alarm of [this.failures, this.notRunning]) {
      alarm.addAlarmAction(new SnsAction(topic));
      alarm.addOkAction(new SnsAction(topic));
    }
  }
}

/** Sum of metrics where one without data counts as 0: services report only when something happened. */
function sum(period: Duration, usingMetrics: Record<string, IMetric>): MathExpression {
  const expression = Object.keys(usingMetrics)
    .map((name) => `FILL(${name}, 0)`)
    .join(' + ');
  return new MathExpression({ expression, usingMetrics, period });
}
