import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
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
import type { VitalMetric } from '../model/vital-metric.ts';

export interface AlarmsProps {
  readonly stateMachine: StateMachine;
  /** Queues in which anything at all is a failure. */
  readonly deadLetters: Readonly<Record<'starts' | 'alerts', Queue>>;
  /** A metric that every run emits. */
  readonly vital: (name: VitalMetric, period: Duration) => IMetric;
  readonly topic: ITopic;
}

const minutes = { period: Duration.minutes(5) };
const hour = Duration.hours(1);

/**
 * Tells operations what a person must look at. Each alarm has an article of its name in `docs/runbook.md`.
 *
 * An alarm is paid by the metrics it reads, so none reads more than it needs.
 */
export class Alarms extends Construct {
  /** Every alarm. */
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { stateMachine, deadLetters, vital, topic }: AlarmsProps) {
    super(scope, id);
    const alarm = (name: string, what: string, props: Omit<AlarmProps, 'comparisonOperator'>) => {
      const made = new Alarm(this, name, {
        alarmDescription: `${what} See docs/runbook.md#${name.toLowerCase()}`,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        ...props,
      });
      made.addAlarmAction(new SnsAction(topic));
      made.addOkAction(new SnsAction(topic));
      return made;
    };
    const atOnce = { threshold: 1, evaluationPeriods: 1 };
    const ofServices = { ...atOnce, treatMissingData: TreatMissingData.NOT_BREACHING };
    // What a run found stays true until the next run finds otherwise; in between there is nothing to read.
    const ofRuns = { ...atOnce, treatMissingData: TreatMissingData.IGNORE };
    // Every run tells the ages, so a day without one is a day on which none ran. Hours, because a period of a whole day
    // would not notice before the next one is over; two of them are left for a long run.
    const overdue = (hours: number) => ({
      threshold: hours,
      evaluationPeriods: 26,
      datapointsToAlarm: 26,
      treatMissingData: TreatMissingData.BREACHING,
    });
    this.all = [
      alarm('Failures', 'A run failed, timed out, was stopped or ended incomplete.', {
        ...ofServices,
        metric: sum(minutes.period, {
          failed: stateMachine.metricFailed(minutes),
          timedOut: stateMachine.metricTimedOut(minutes),
          aborted: stateMachine.metricAborted(minutes),
        }),
      }),
      alarm('DeadLetters', 'A start of a run, or an alert, could not be delivered.', {
        ...ofServices,
        metric: sum(minutes.period, {
          starts: deadLetters.starts.metricApproximateNumberOfMessagesVisible(minutes),
          alerts: deadLetters.alerts.metricApproximateNumberOfMessagesVisible(minutes),
        }),
      }),
      alarm('NotRunning', 'No daily run has gone through for 26 hours.', {
        ...overdue(26),
        metric: vital('HoursSinceDailyRun', hour),
      }),
      alarm('WeeklyNotRunning', 'No weekly run has gone through for seven and a half days.', {
        ...overdue(7.5 * 24),
        metric: vital('HoursSinceWeeklyRun', hour),
      }),
      alarm('MonthlyNotRunning', 'No monthly run has gone through for 31 and a half days.', {
        ...overdue(31.5 * 24),
        metric: vital('HoursSinceMonthlyRun', hour),
      }),
      alarm('Quarantine', 'Of the rows a run read, 1 % or more were set aside.', {
        ...ofRuns,
        metric: vital('QuarantinedPercent', minutes.period),
      }),
      alarm('LateSources', 'A source did not deliver when it was expected.', {
        ...ofRuns,
        metric: vital('LateSources', minutes.period),
      }),
      alarm('MissedCanary', 'A check no longer finds a fault that it must find.', {
        ...ofRuns,
        metric: vital('MissedCanaries', minutes.period),
      }),
    ];
  }
}

/** Sum of metrics where one without data counts as 0: services report only when something happened. */
function sum(period: Duration, usingMetrics: Record<string, IMetric>): MathExpression {
  const expression = Object.keys(usingMetrics)
    .map((name) => `FILL(${name}, 0)`)
    .join(' + ');
  return new MathExpression({ expression, usingMetrics, period });
}
