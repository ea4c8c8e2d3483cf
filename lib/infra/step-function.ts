import { type Duration, type RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { type Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type Architecture, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { CfnBucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { functionCode } from './function-code.ts';

/** The steps of a run; each is `functions/<name>.ts`. */
export const stepNames = [
  'plan',
  'ingest',
  'cross-check',
  'flag',
  'alert',
  'report',
  'close',
  'fail',
] as const;
export type StepName = (typeof stepNames)[number];

export interface StepFunctionProps {
  /** A step of a run, or what people call between runs. */
  readonly step: StepName | 'decide';
  readonly description: string;
  readonly architecture: Architecture;
  readonly memoryMb: number;
  readonly timeout: Duration;
  /** The key all data is encrypted with. */
  readonly key: IKey;
  readonly removalPolicy: RemovalPolicy;
}

/** What a step may do with the objects of a bucket; prefixes end with `/`. */
export interface ObjectAccess {
  readonly get?: readonly string[];
  readonly put?: readonly string[];
  readonly list?: readonly string[];
}

/**
 * One step of the run as a Lambda function, with a role and a log group of its own.
 *
 * The role starts with nothing but writing its log. Every further permission is one exact statement added here; a
 * resource that needs a wildcard (keys below a prefix) is acknowledged where it is granted.
 */
export class StepFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly role: Role;
  readonly #key: IKey;
  #keyUse: PolicyStatement | undefined;

  constructor(scope: Construct, id: string, props: StepFunctionProps) {
    super(scope, id);
    this.#key = props.key;
    const logGroup = new LogGroup(this, 'Log', {
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: props.removalPolicy,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Bonafide, step ${props.step}: ${props.description}`,
    });
    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
    this.lambda = new LambdaFunction(this, 'Function', {
      code: functionCode(props.step),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: props.architecture,
      memorySize: props.memoryMb,
      timeout: props.timeout,
      description: props.description,
      role: this.role,
      logGroup,
      tracing: Tracing.ACTIVE,
    });
    Validations.of(this.role.node.findChild('DefaultPolicy') as Policy).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'Traces: AWS accepts xray:PutTraceSegments and xray:PutTelemetryRecords on * only.',
    });
  }

  /** Tells the handler an address or a name. */
  knows(variable: string, value: string): void {
    this.lambda.addEnvironment(variable, value);
  }

  /**
   * Allows exact actions on exact resources.
   * @throws {RangeError} an action or a resource holds a wildcard.
   */
  allow(actions: readonly string[], resources: readonly string[]): void {
    const wildcard = [...actions, ...resources].find((name) => name.includes('*'));
    if (wildcard) throw new RangeError(`expected a permission without a wildcard, got ${wildcard}`);
    this.role.addToPrincipalPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
  }

  /**
   * Allows reading, adding and listing objects below prefixes of an encrypted bucket. Whoever may get may also list
   * there: without it S3 answers 403 instead of 404 for an object that does not exist, and absence is an answer here.
   */
  allowObjects(bucket: IBucket, { get = [], put = [], list = [] }: ObjectAccess): void {
    const listed = [...new Set([...get, ...list])];
    this.#allowBelow(bucket, 's3:GetObject', get);
    this.#allowBelow(bucket, 's3:PutObject', put);
    if (listed.length > 0)
      this.role.addToPrincipalPolicy(
        new PolicyStatement({
          actions: ['s3:ListBucket'],
          resources: [bucket.bucketArn],
          // If it exists: the check behind 404 is made without a prefix.
          conditions: { StringLikeIfExists: { 's3:prefix': listed.map((prefix) => `${prefix}*`) } },
        }),
      );
    this.#acknowledgeBelow(bucket, new Set([...get, ...put]));
    if (get.length > 0) this.allowKey('kms:Decrypt');
    if (put.length > 0) this.allowKey('kms:GenerateDataKey');
  }

  /** Adds to the one statement on the key of the data. */
  allowKey(...actions: ('kms:Decrypt' | 'kms:GenerateDataKey')[]): void {
    const wanted = actions.filter((action) => !this.#keyUse?.actions.includes(action));
    if (wanted.length === 0) return;
    if (this.#keyUse) {
      this.#keyUse.addActions(...wanted);
    } else {
      this.#keyUse = new PolicyStatement({ actions: wanted, resources: [this.#key.keyArn] });
      this.role.addToPrincipalPolicy(this.#keyUse);
    }
  }

  #allowBelow(bucket: IBucket, action: 's3:GetObject' | 's3:PutObject', prefixes: readonly string[]): void {
    if (prefixes.length === 0) return;
    this.role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [action],
        resources: prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`)),
      }),
    );
  }

  #acknowledgeBelow(bucket: IBucket, prefixes: ReadonlySet<string>): void {
    if (prefixes.size === 0) return;
    const logicalId = Stack.of(this).getLogicalId(bucket.node.defaultChild as CfnBucket);
    const policy = this.role.node.findChild('DefaultPolicy') as Policy;
    for (const prefix of prefixes)
      Validations.of(policy).acknowledge({
        id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/${prefix}*]`,
        reason: `Keys below ${prefix} hold dates, digests, run ids or file names that nobody knows beforehand, so only the prefix can be named.`,
      });
  }
}
