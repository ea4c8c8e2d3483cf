import { CfnOutput, Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { DeployedConfiguration } from '../model/deployed-configuration.ts';
import { type VitalMetric, vitalDimension, vitalNamespace } from '../model/vital-metric.ts';
import { AccessLogBucket } from './access-log-bucket.ts';
import { Alarms } from './alarms.ts';
import { AlertTopics, type Audience, audiences } from './alert-topics.ts';
import { ConfigurationFile } from './configuration-file.ts';
import { Dashboard } from './dashboard.ts';
import { DataBucket } from './data-bucket.ts';
import { Deciders } from './deciders.ts';
import { EvidenceBucket, type EvidenceLock } from './evidence-bucket.ts';
import { HashSecret } from './hash-secret.ts';
import { ReportsBucket } from './reports-bucket.ts';
import { Schedules } from './schedules.ts';
import { RunMachine } from './state-machine.ts';
import { StepFunction, type StepName, stepNames } from './step-function.ts';
import { Tables } from './tables.ts';

export interface BonafidePipelineProps {
  /** What `deployedConfiguration` made of a `bonafide.yaml`. Its `stage` decides whether data outlive the stack. */
  readonly configuration: DeployedConfiguration;
  /** Processor of the functions. Default: ARM_64, a fifth cheaper. */
  readonly architecture?: Architecture;
  /** How S3 locks evidence in stage `production`. Default: GOVERNANCE for 2557 days (seven years). */
  readonly evidenceLock?: EvidenceLock;
  /** The only role that may delete evidence, in an emergency. Default: none. */
  readonly breakGlassRoleArn?: string;
  /** Days after which landed and quarantined rows expire, more than 30. Default: 400. */
  readonly landingDays?: number;
  /** Deliveries, and units, worked on at the same time. Default: 20. */
  readonly concurrency?: number;
}

/** What each step does, and the memory it is given: a whole processor (1,769 MB) where it reads many rows. */
const stepTraits: Readonly<Record<StepName, { readonly description: string; readonly memoryMb: number }>> = {
  plan: { description: 'takes the lease and lists what is to be done', memoryMb: 512 },
  ingest: { description: 'takes in one delivery', memoryMb: 1769 },
  'cross-check': { description: 'runs every check on one unit', memoryMb: 1769 },
  flag: { description: 'writes assessments, flags and their history', memoryMb: 1024 },
  alert: { description: 'publishes what is new', memoryMb: 512 },
  report: { description: 'renders the weekly report', memoryMb: 1769 },
  close: { description: 'seals ripe periods and renders statements', memoryMb: 1769 },
  fail: { description: 'records a failed run and tells operations', memoryMb: 512 },
};

/**
 * The whole pipeline: storage, one function per step, the machine that runs them, its schedules, topics and alarms.
 *
 * In stage `production` data outlive the stack and evidence is locked; in stage `demo` destroying the stack destroys
 * everything.
 * @example new BonafidePipeline(stack, 'Pipeline', { configuration: await deployedConfiguration(text, config, 2026) })
 */
export class BonafidePipeline extends Construct {
  /** Runs; start it with `{ kind, scheduledAt }`. */
  readonly stateMachine: IStateMachine;
  /** What each kind of reader is told through. */
  readonly topics: Readonly<Record<Audience, ITopic>>;
  /** Files are delivered below `landing/<source>/<dataset>/dt=<date>/`. */
  readonly data: IBucket;
  /** Reports lie below `reports/`. */
  readonly reports: IBucket;

  constructor(scope: Construct, id: string, props: BonafidePipelineProps) {
    super(scope, id);
    const { landingDays = 400, concurrency = 20 } = props;
    const { config } = props.configuration;
    const isDemo = config.stage === 'demo';
    const removalPolicy = isDemo ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
    const lock = props.evidenceLock ?? { mode: 'GOVERNANCE', days: 2557 };

    const key = new Key(this, 'Key', {
      description: 'Bonafide: data at rest',
      enableKeyRotation: true,
      removalPolicy,
    });
    const accessLog = new AccessLogBucket(this, 'AccessLog', { removalPolicy }).bucket;
    const shared = { key, accessLog, removalPolicy };
    const data = new DataBucket(this, 'Data', { ...shared, landingDays });
    const evidence = new EvidenceBucket(this, 'Evidence', {
      ...shared,
      lock: isDemo ? null : lock,
      breakGlassRoleArn: props.breakGlassRoleArn,
    });
    const reports = new ReportsBucket(this, 'Reports', shared);
    const tables = new Tables(this, 'Tables', { key, removalPolicy });
    const topics = new AlertTopics(this, 'Topics', { config, key, removalPolicy });
    const hashSecret = new HashSecret(this, 'HashSecret', { key, removalPolicy });
    const configuration = new ConfigurationFile(this, 'Configuration', { deployed: props.configuration });

    const steps = Object.fromEntries(
      stepNames.map((step) => [
        step,
        new StepFunction(this, step, {
          ...stepTraits[step],
          step,
          architecture: props.architecture ?? Architecture.ARM_64,
          timeout: Duration.minutes(15),
          key,
          removalPolicy,
        }),
      ]),
    ) as Record<StepName, StepFunction>;
    const { plan, ingest, 'cross-check': crossCheck, flag, alert, report, close, fail } = steps;

    // Who may do what.
    for (const step of Object.values(steps)) configuration.letsRead(step);

    data.lets(plan, { list: ['landing/'], put: ['runs/'] });
    tables.lets(plan, 'runs', 'get', 'query', 'put');

    data.lets(ingest, {
      get: ['landing/', 'records/', 'extents/', 'taken-in/'],
      put: ['records/', 'quarantine/', 'extents/', 'taken-in/', 'runs/'],
    });
    tables.lets(ingest, 'counts', 'query', 'put', 'batch');
    tables.lets(ingest, 'runs', 'get', 'put');
    hashSecret.letsRead(ingest);

    data.lets(crossCheck, { get: ['records/', 'extents/'], put: ['runs/'] });
    tables.lets(crossCheck, 'counts', 'query');
    tables.lets(crossCheck, 'runs', 'get');
    evidence.lets(crossCheck, { get: ['ledger/'], put: ['objects/'] });

    data.lets(flag, { get: ['runs/'], put: ['runs/'] });
    tables.lets(flag, 'flags', 'get', 'query', 'put');
    tables.lets(flag, 'runs', 'get');
    evidence.lets(flag, { get: ['objects/', 'ledger/'], put: ['objects/', 'ledger/'] });

    data.lets(alert, { get: ['runs/'] });
    tables.lets(alert, 'flags', 'get', 'query', 'put', 'batch');
    tables.lets(alert, 'runs', 'get', 'query', 'put');
    evidence.lets(alert, { get: ['ledger/'], put: ['objects/', 'ledger/'] });
    topics.lets(alert, ['finance', 'operations', 'failures', 'owner']);
    topics.letsChat(alert);
    topics.letsEmit(alert);

    data.lets(report, { get: ['records/', 'extents/', 'runs/'] });
    tables.lets(report, 'counts', 'query');
    tables.lets(report, 'flags', 'get', 'query');
    tables.letsNoteSent(report);
    evidence.lets(report, { get: ['ledger/'] });
    reports.letsPublish(report);
    topics.lets(report, ['leadership']);
    topics.letsEmit(report);

    tables.lets(close, 'flags', 'query');
    tables.lets(close, 'runs', 'get', 'put');
    data.lets(close, { get: ['records/'] });
    evidence.lets(close, { get: ['objects/', 'ledger/'], put: ['objects/', 'ledger/'] });
    reports.letsPublish(close);

    tables.lets(fail, 'runs', 'get', 'put');
    topics.lets(fail, ['failures']);
    topics.letsEmit(fail);

    const deciders = new Deciders(this, 'Deciders', {
      architecture: props.architecture ?? Architecture.ARM_64,
      key,
      removalPolicy,
    });
    for (const decide of deciders.functions) {
      configuration.letsRead(decide);
      tables.lets(decide, 'flags', 'get', 'query', 'put');
      evidence.lets(decide, { get: ['objects/', 'ledger/'], put: ['objects/', 'ledger/'] });
    }

    const { stateMachine } = new RunMachine(this, 'Run', {
      steps,
      lists: data.bucket,
      key,
      concurrency,
      removalPolicy,
    });
    const schedules = new Schedules(this, 'Schedules', {
      stateMachine,
      timeZone: config.timezone,
      removalPolicy,
    });
    // Two pipelines of an account must not read each other's metrics.
    const name = `${Stack.of(this).stackName}-${id}`;
    alert.knows('PIPELINE_NAME', name);
    const watched = {
      stateMachine,
      deadLetters: { starts: schedules.undelivered, alerts: topics.undelivered },
      vital: (metricName: VitalMetric, period: Duration) =>
        new Metric({
          namespace: vitalNamespace,
          metricName,
          dimensionsMap: { [vitalDimension]: name },
          statistic: 'Maximum',
          period,
        }),
    };
    const alarms = new Alarms(this, 'Alarms', { ...watched, topic: topics.topics.failures });
    new Dashboard(this, 'Dashboard', {
      ...watched,
      functions: Object.fromEntries(stepNames.map((step) => [step, steps[step].lambda])),
      alarms: alarms.all,
    });
    Tags.of(this).add('application', 'bonafide');
    Tags.of(this).add('stage', config.stage);

    this.stateMachine = stateMachine;
    this.topics = topics.topics;
    this.data = data.bucket;
    this.reports = reports.bucket;

    const output = (name: string, description: string, value: string) =>
      new CfnOutput(this, name, { description, value });
    const first = config.sources.find((source) => source.kind === 'drop');
    if (first)
      output(
        'FirstFile',
        'Brings the first file in; the date is the day of its arrival, UTC',
        `aws s3 cp ${first.dataset}.csv s3://${data.bucket.bucketName}/landing/${first.id}/${first.dataset}/dt=$(date -u +%F)/`,
      );
    output(
      'Report',
      'The latest weekly report',
      `s3://${reports.bucket.bucketName}/reports/weekly/latest/report.html`,
    );
    output('RunMachine', 'Starts and shows runs', stateMachine.stateMachineArn);
    for (const audience of audiences)
      output(
        `Topic${audience[0]!.toUpperCase()}${audience.slice(1)}`,
        `Alerts for ${audience}`,
        topics.topics[audience].topicArn,
      );
    for (const [party, { role, url }] of deciders.roles) {
      const Party = `${party[0]!.toUpperCase()}${party.slice(1)}`;
      output(`Decide${Party}`, `Address at which ${party} acts on flags`, url);
      output(`DecideRole${Party}`, `Role that may call it`, role.roleArn);
    }
  }
}
