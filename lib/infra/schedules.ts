import { Duration, type RemovalPolicy, TimeZone } from 'aws-cdk-lib';
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleGroup,
  ScheduleTargetInput,
} from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { deadLetterQueue } from './dead-letter-queue.ts';

export interface SchedulesProps {
  readonly stateMachine: StateMachine;
  /** IANA zone the hours are meant in. */
  readonly timeZone: string;
  readonly removalPolicy: RemovalPolicy;
}

const times = {
  daily: { description: 'Every day at 05:00', minute: '0', hour: '5' },
  weekly: { description: 'Every Monday at 07:00', minute: '0', hour: '7', weekDay: 'MON' },
  monthly: { description: 'The first of every month at 08:00', minute: '0', hour: '8', day: '1' },
} as const;

/**
 * Daily, weekly and monthly starts of the same machine. Each does the daily part; what else is due is decided by the
 * plan step, so a start that comes twice or late does no harm.
 */
export class Schedules extends Construct {
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, { stateMachine, timeZone, removalPolicy }: SchedulesProps) {
    super(scope, id);
    this.undelivered = deadLetterQueue(this, 'Undelivered', removalPolicy);
    const scheduleGroup = new ScheduleGroup(this, 'Group', { removalPolicy });
    for (const [kind, { description, ...fields }] of Object.entries(times))
      new Schedule(this, `${kind[0]!.toUpperCase()}${kind.slice(1)}`, {
        description: `${description} (${timeZone})`,
        scheduleGroup,
        schedule: ScheduleExpression.cron({ ...fields, timeZone: TimeZone.of(timeZone) }),
        target: new StepFunctionsStartExecution(stateMachine, {
          input: ScheduleTargetInput.fromObject({ kind, scheduledAt: ContextAttribute.scheduledTime }),
          deadLetterQueue: this.undelivered,
          maxEventAge: Duration.hours(2),
          retryAttempts: 20,
        }),
      });
  }
}
