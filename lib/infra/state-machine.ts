import { Duration, type RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { CfnBucket, IBucket } from 'aws-cdk-lib/aws-s3';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import type { StepFunction, StepName } from './step-function.ts';

export interface RunMachineProps {
  readonly steps: Readonly<Record<StepName, StepFunction>>;
  /** Where `plan` leaves its lists. */
  readonly lists: IBucket;
  readonly key: IKey;
  /** How many deliveries, or units, are worked on at the same time. */
  readonly concurrency: number;
  readonly removalPolicy: RemovalPolicy;
}

// Ours are idempotent steps, so everything that says "not now" is tried again; what a handler throws is not.
const notNow: sfn.RetryProps = {
  errors: [
    'Lambda.ClientExecutionTimeoutException',
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.TooManyRequestsException',
  ],
  interval: Duration.seconds(2),
  backoffRate: 2,
  maxAttempts: 6,
  maxDelay: Duration.minutes(1),
  jitterStrategy: sfn.JitterType.FULL,
};

/** Names of the maps, as they stand in the names of their executions. */
const mapLabels = { ingest: 'Ingest', crossCheck: 'CrossCheck' };

/** A person acted on a flag while the step wrote it: read again, it finds what they did. */
const overtaken: sfn.RetryProps = {
  errors: ['VersionConflictError'],
  interval: Duration.seconds(5),
  backoffRate: 2,
  maxAttempts: 3,
};

const at = sfn.JsonPath.stringAt;
const started = { kind: at('$$.Execution.Input.kind'), scheduledAt: at('$$.Execution.Input.scheduledAt') };
const run = { runId: at('$.runId'), token: sfn.JsonPath.numberAt('$.token') };
const judged = { ...run, asOf: at('$.asOf') };

/**
 * One run: plan, ingest every new delivery, cross-check every unit, flag, alert, and what is due of report and close.
 *
 * Started with `{ kind, scheduledAt }`. Lists travel by reference: `plan` leaves them in the bucket and returns their
 * keys. A delivery or unit that fails does not stop the others: `alert` reads the outcomes and tells, and the execution
 * ends as incomplete. Every other error leads to `fail`, and then the execution fails.
 */
export class RunMachine extends Construct {
  readonly stateMachine: sfn.StateMachine;

  constructor(scope: Construct, id: string, props: RunMachineProps) {
    super(scope, id);
    const { steps } = props;
    const task = (name: string, step: StepName, payload?: Record<string, unknown>, resultPath?: string) =>
      new LambdaInvoke(this, name, {
        lambdaFunction: steps[step].lambda,
        payload: payload && sfn.TaskInput.fromObject(payload),
        payloadResponseOnly: true,
        resultPath,
        retryOnServiceExceptions: false,
      }).addRetry(notNow);

    const failed = new sfn.Fail(this, 'Failed', { errorPath: '$.error.Error', causePath: '$.error.Cause' });
    const record = (name: string, payload: Record<string, unknown>) =>
      task(name, 'fail', { ...payload, error: sfn.JsonPath.objectAt('$.error') }, sfn.JsonPath.DISCARD)
        .addCatch(failed, { resultPath: sfn.JsonPath.DISCARD })
        .next(failed);
    const recordUnplanned = record('Record unplanned', started);
    const recordFailed = record('Record failed', { ...run, ...started });

    const plan = task('Plan', 'plan', { ...started, execution: at('$$.Execution.Name') })
      .addRetry({
        errors: ['LeaseHeldError'],
        interval: Duration.minutes(1),
        backoffRate: 1,
        maxAttempts: 30,
      })
      .addCatch(recordUnplanned, { resultPath: '$.error' });

    const each = (name: string, step: StepName, label: string, listKey: string, item: object) => {
      const map = new sfn.DistributedMap(this, name, {
        label,
        mapExecutionType: sfn.StateMachineType.STANDARD,
        itemReader: new sfn.S3JsonItemReader({ bucket: props.lists, key: at(listKey) }),
        itemSelector: { ...item },
        maxConcurrency: props.concurrency,
        toleratedFailurePercentage: 100,
        resultPath: sfn.JsonPath.DISCARD,
      });
      map.itemProcessor(task(`${name} one`, step));
      return map.addCatch(recordFailed, { resultPath: '$.error' });
    };
    const thing = sfn.JsonPath.objectAt('$$.Map.Item.Value');
    const ingest = each('Ingest', 'ingest', mapLabels.ingest, '$.deliveriesKey', { ...run, delivery: thing });
    const unit = { ...judged, unit: thing };
    const crossCheck = each('Cross-check', 'cross-check', mapLabels.crossCheck, '$.unitsKey', unit);

    const after = (
      name: string,
      step: StepName,
      payload: Record<string, unknown> = judged,
      resultPath?: string,
    ) =>
      task(name, step, payload, resultPath ?? sfn.JsonPath.DISCARD).addCatch(recordFailed, {
        resultPath: '$.error',
      });
    const flag = after('Flag', 'flag').addRetry(overtaken);
    const alert = after('Alert', 'alert', { ...judged, closeDue: at('$.closeDue') }, '$.alerted');
    const incomplete = new sfn.Fail(this, 'Incomplete', {
      error: 'IncompleteRun',
      cause: 'Files were refused or units not judged; the failures topic names them',
    });
    const done = new sfn.Succeed(this, 'Done');
    const when = (name: string, flag: string, due: sfn.IChainable) =>
      new sfn.Choice(this, name).when(sfn.Condition.booleanEquals(flag, true), due);
    const close = when('Close due?', '$.closeDue', after('Close', 'close').next(done)).otherwise(done);
    // Before the close: what is sealed is sealed for good, and not on part of the data.
    const complete = when('Complete?', '$.alerted.isHealthy', close).otherwise(incomplete);
    const report = when('Report due?', '$.reportDue', after('Report', 'report').next(complete)).otherwise(
      complete,
    );

    const judge = crossCheck.next(flag).next(alert).next(report);
    const log = new LogGroup(this, 'Log', {
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: props.removalPolicy,
    });
    const { role, policy } = roleOf(this, props);
    this.stateMachine = new sfn.StateMachine(this, 'Machine', {
      comment: 'A run of Bonafide',
      definitionBody: sfn.DefinitionBody.fromChainable(
        plan.next(
          // A map over an empty list is not started: nothing says what Step Functions makes of an empty array in S3.
          new sfn.Choice(this, 'New files?')
            .when(sfn.Condition.numberGreaterThan('$.deliveries', 0), ingest.next(judge))
            .otherwise(judge),
        ),
      ),
      // The grants CDK would add name every version of every function and every object of the bucket.
      role: role.withoutPolicyUpdates(),
      // Half an hour less than a lease: a function that a stopped run leaves behind may write for 15 minutes more.
      timeout: Duration.minutes(150),
      tracingEnabled: true,
      // What went in and out stands in the execution's own history, for 90 days: why a file was refused can quote it.
      logs: { level: sfn.LogLevel.ALL, includeExecutionData: false, destination: log },
      removalPolicy: props.removalPolicy,
    });
    this.stateMachine.node.addDependency(policy);
    letMapsRun(role, this.stateMachine);
  }
}

/** What the machine may do by itself: call the steps, read the lists, write its log and traces. */
function roleOf(scope: Construct, { steps, lists, key }: RunMachineProps): { role: Role; policy: Policy } {
  const role = new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('states.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  });
  const policy = new Policy(scope, 'Policy', {
    roles: [role],
    statements: [
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: Object.values(steps).map((step) => step.lambda.functionArn),
      }),
      new PolicyStatement({ actions: ['s3:GetObject'], resources: [lists.arnForObjects('runs/*')] }),
      new PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn] }),
      new PolicyStatement({
        actions: [
          'logs:CreateLogDelivery',
          'logs:GetLogDelivery',
          'logs:UpdateLogDelivery',
          'logs:DeleteLogDelivery',
          'logs:ListLogDeliveries',
          'logs:PutResourcePolicy',
          'logs:DescribeResourcePolicies',
          'logs:DescribeLogGroups',
          'xray:PutTraceSegments',
          'xray:PutTelemetryRecords',
          'xray:GetSamplingRules',
          'xray:GetSamplingTargets',
        ],
        resources: ['*'],
      }),
    ],
  });
  const bucketId = Stack.of(scope).getLogicalId(lists.node.defaultChild as CfnBucket);
  Validations.of(policy).acknowledge(
    {
      id: `AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/runs/*]`,
      reason: 'The lists of a run lie below its id, which is made when it starts.',
    },
    {
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'Log delivery and X-Ray know no resources: AWS accepts these actions on * only.',
    },
  );
  return { role, policy };
}

/**
 * A distributed map starts executions of the machine it is in. CDK writes that policy apart, because it names the
 * machine; the role takes nothing from CDK unasked, so it is attached here.
 */
function letMapsRun(role: Role, machine: sfn.StateMachine): void {
  const policy = machine.node.findChild('DistributedMapPolicy') as Policy;
  policy.attachToRole(role);
  const machineId = Stack.of(machine).getLogicalId(machine.node.defaultChild as sfn.CfnStateMachine);
  const name = `{"Fn::Select":[6,{"Fn::Split":[":",{"Ref":"${machineId}"}]}]}`;
  for (const executions of [name, ...Object.values(mapLabels).map((label) => `${name}/${label}`)])
    Validations.of(policy).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${executions}:*]`,
      reason: 'Child executions of this machine get their names when they start.',
    });
}
