import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stepNames } from '../../lib/infra/step-function.ts';
import { vitalMetrics } from '../../lib/model/vital-metric.ts';
import { leaseSeconds } from '../../lib/pipeline/plan.ts';
import { flat, synthesized } from './synthesized.ts';

const stack = synthesized('demo');

// biome-ignore lint/suspicious/noExplicitAny: states of a definition have no common type
type State = any;
const definition = JSON.parse(
  flat(stack.one('AWS::StepFunctions::StateMachine', 'Machine').Properties.DefinitionString),
) as { StartAt: string; TimeoutSeconds: number; States: Record<string, State> };
const { States } = definition;
const byType = (...types: string[]) => Object.entries(States).filter(([, { Type }]) => types.includes(Type));
const lambdaOf = ({ Resource }: State) => /Pipeline([a-z]+)Function/.exec(Resource)?.[1];

describe('a run', () => {
  it('plans, ingests, cross-checks, flags and alerts, in this order, then reports and closes what is due', () => {
    const order: string[] = [];
    for (let name = definition.StartAt; name; name = States[name].Next ?? States[name].Default)
      order.push(name);
    expect(order).toEqual([
      'Plan',
      'New files?',
      'Cross-check',
      'Flag',
      'Alert',
      'Report due?',
      'Complete?',
      'Incomplete',
    ]);
    expect(States['New files?'].Choices).toEqual([
      { Variable: '$.deliveries', NumericGreaterThan: 0, Next: 'Ingest' },
    ]);
    expect(States.Ingest.Next).toBe('Cross-check');
    expect(States['Report due?'].Choices).toEqual([
      { Variable: '$.reportDue', BooleanEquals: true, Next: 'Report' },
    ]);
    expect(States['Close due?'].Choices).toEqual([
      { Variable: '$.closeDue', BooleanEquals: true, Next: 'Close' },
    ]);
    expect(States.Report.Next).toBe('Complete?');
    expect([States['Close due?'].Default, States.Close.Next]).toEqual(['Done', 'Done']);
  });

  it('ends as incomplete, and so as failed, when files were refused or units not judged, and seals nothing then', () => {
    expect(States.Alert.ResultPath).toBe('$.alerted');
    expect(States['Complete?']).toMatchObject({
      Choices: [{ Variable: '$.alerted.isHealthy', BooleanEquals: true, Next: 'Close due?' }],
      Default: 'Incomplete',
    });
    expect([States.Done.Type, States.Incomplete.Type]).toEqual(['Succeed', 'Fail']);
  });

  it('records every error and then fails', () => {
    for (const [name, { Catch, Resource }] of byType('Task', 'Map')) {
      expect(Catch[0].ErrorEquals).toEqual(['States.ALL']);
      const next = Resource?.includes('Pipelinefail')
        ? 'Failed'
        : name === 'Plan'
          ? 'Record unplanned'
          : 'Record failed';
      expect([name, Catch[0].Next]).toEqual([name, next]);
    }
    for (const name of ['Record unplanned', 'Record failed']) {
      expect(lambdaOf(States[name])).toBe('fail');
      expect(States[name].Next).toBe('Failed');
    }
    expect(States.Failed.Type).toBe('Fail');
  });

  it('hands each step what it is promised', () => {
    const judged = ['asOf.$', 'runId.$', 'token.$'];
    const given = (state: State) => Object.keys(state.Parameters ?? state.ItemSelector).sort();
    expect(given(States.Plan)).toEqual(['execution.$', 'kind.$', 'scheduledAt.$']);
    expect(given(States.Ingest)).toEqual(['delivery.$', 'runId.$', 'token.$']);
    expect(given(States['Cross-check'])).toEqual([...judged, 'unit.$']);
    for (const name of ['Flag', 'Report', 'Close']) expect(given(States[name])).toEqual(judged);
    expect(given(States.Alert)).toEqual([...judged, 'closeDue.$'].sort());
    expect(given(States['Record unplanned'])).toEqual(['error.$', 'kind.$', 'scheduledAt.$']);
    expect(given(States['Record failed'])).toEqual([
      'error.$',
      'kind.$',
      'runId.$',
      'scheduledAt.$',
      'token.$',
    ]);
  });

  it.each([
    ['Ingest', 'ingest', '$.deliveriesKey'],
    ['Cross-check', 'crosscheck', '$.unitsKey'],
  ])('%s works through a list by reference; one that fails does not stop the others', (name, step, key) => {
    const map = States[name];
    expect(map.ItemProcessor.ProcessorConfig).toEqual({ Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' });
    expect(map.ItemReader).toMatchObject({
      ReaderConfig: { InputType: 'JSON' },
      Parameters: { 'Key.$': key },
    });
    expect(map).toMatchObject({ ToleratedFailurePercentage: 100, ResultPath: null });
    expect(Object.values(map.ItemProcessor.States).map(lambdaOf)).toEqual([step]);
  });

  it('tries again when AWS is busy, with jitter, and never what a handler refused', () => {
    const children = byType('Map').flatMap(([, { ItemProcessor }]) =>
      Object.values<State>(ItemProcessor.States),
    );
    for (const { Retry } of [...byType('Task').map(([, state]) => state), ...children]) {
      expect(Retry[0]).toMatchObject({ JitterStrategy: 'FULL', MaxAttempts: 6 });
      expect(Retry[0].ErrorEquals).toContain('Lambda.TooManyRequestsException');
      expect(Retry[0].ErrorEquals.filter((error: string) => !error.startsWith('Lambda.'))).toEqual([]);
    }
  });

  it('waits half an hour for another run to give up its lease', () => {
    expect(States.Plan.Retry[1]).toMatchObject({
      ErrorEquals: ['LeaseHeldError'],
      IntervalSeconds: 60,
      BackoffRate: 1,
      MaxAttempts: 30,
    });
  });

  it('is stopped so long before its lease ends that no function it leaves behind can still write', () => {
    const { Timeout } = stack.one('AWS::Lambda::Function', 'ingestFunction').Properties;
    const clocks = 600;
    expect(definition.TimeoutSeconds + Timeout + clocks).toBeLessThanOrEqual(leaseSeconds);
  });

  it('writes flags again when a person acted on one meanwhile', () => {
    expect(States.Flag.Retry[1]).toMatchObject({ ErrorEquals: ['VersionConflictError'], MaxAttempts: 3 });
  });

  it('uses reference paths only', () => {
    const paths = JSON.stringify(definition).match(/"\$[^"]*"/g) ?? [];
    expect(paths.filter((path) => !/^"\$\$?(\.[A-Za-z]+)+"$/.test(path))).toEqual([]);
    expect(JSON.stringify(definition)).not.toMatch(/States\.(?!ALL)|OutputPath|JSONata/);
  });
});

describe('schedules', () => {
  const schedules = stack.ofType('AWS::Scheduler::Schedule');

  it('start one machine daily, weekly and monthly, in the zone of the organisation', () => {
    expect(schedules.map(({ Properties }) => JSON.parse(flat(Properties.Target.Input)))).toEqual(
      ['daily', 'weekly', 'monthly'].map((kind) => ({ kind, scheduledAt: '<aws.scheduler.scheduled-time>' })),
    );
    for (const { Properties } of schedules) {
      expect(Properties.ScheduleExpressionTimezone).toBe('Europe/Berlin');
      expect(flat(Properties.Target.Arn)).toContain('RunMachine');
    }
  });

  it('keep a start that could not be made, in a queue the Scheduler can write to', () => {
    for (const { Properties } of schedules)
      expect(flat(Properties.Target.DeadLetterConfig.Arn)).toContain('SchedulesUndelivered');
    for (const { Properties } of stack.ofType('AWS::SQS::Queue')) {
      expect(Properties.SqsManagedSseEnabled).toBe(true);
      expect(Properties.KmsMasterKeyId).toBeUndefined();
    }
  });
});

describe('alerts', () => {
  it('reach the recipients of the configuration', () => {
    const subscribed = stack
      .ofType('AWS::SNS::Subscription')
      .map(({ Properties: p }) => [
        /Topics(Owner|[A-Z][a-z]+)/.exec(flat(p.TopicArn))?.[1],
        p.Protocol,
        p.Endpoint,
      ]);
    expect(subscribed.sort()).toEqual([
      ['Failures', 'email', 'ops@example.com'],
      ['Finance', 'email', 'finance@example.com'],
      ['Operations', 'email', 'ops@example.com'],
      ['Owner', 'email', 'director@example.com'],
    ]);
  });

  it('reach an owner about their plans only', () => {
    const { Properties } = stack.one('AWS::SNS::Subscription', 'TopicsOwner');
    expect(Properties).toMatchObject({
      Endpoint: 'director@example.com',
      FilterPolicy: { plan: ['director'] },
    });
    expect(Properties.FilterPolicyScope ?? 'MessageAttributes').toBe('MessageAttributes');
  });

  it('are encrypted with our key', () => {
    for (const { Properties } of stack.ofType('AWS::SNS::Topic'))
      expect(flat(Properties.KmsMasterKeyId)).toContain('Key');
  });
});

describe('alarms', () => {
  const alarms = stack.ofType('AWS::CloudWatch::Alarm');
  const nameOf = (id: string) => /PipelineAlarms([A-Za-z]+)[0-9A-F]{8}$/.exec(id)![1]!;
  const [articles] = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8').split(
    '\n## Now and then\n',
  );
  const named = new Map(
    articles!
      .split(/^## /m)
      .slice(1)
      .map((article) => [article.slice(0, article.indexOf('\n')), article]),
  );
  const properties = (name: string) => stack.one('AWS::CloudWatch::Alarm', `Alarms${name}`).Properties;

  it('each have an article in the runbook, and each article an alarm', () => {
    expect(alarms.map(({ id }) => nameOf(id)).sort()).toEqual([...named.keys()].sort());
    expect(alarms.length).toBeGreaterThan(6);
  });

  it.each([...named])(
    '%s is linked from the alarm, and says what it means, how to look and how to mend it',
    (name, article) => {
      const { AlarmDescription } = properties(name);
      expect(AlarmDescription).toMatch(new RegExp(`\\. See docs/runbook\\.md#${name.toLowerCase()}$`));
      for (const part of ['What it says', 'What it means', 'How to look', 'How to mend'])
        expect(article).toContain(`**${part}.**`);
      expect(article).toMatch(/\(#replay-a-day\)|\(#restore-a-table\)/);
    },
  );

  it('tell operations when they begin and end, who can be told although the topic is encrypted', () => {
    for (const { Properties } of alarms)
      for (const actions of [Properties.AlarmActions, Properties.OKActions])
        expect(actions.map(flat)).toEqual([expect.stringContaining('TopicsFailures')]);
    const service = { Service: 'cloudwatch.amazonaws.com' };
    expect(stack.policyOn('AWS::SNS::TopicPolicy', 'TopicsFailures')).toContainEqual(
      expect.objectContaining({ Effect: 'Allow', Action: ['sns:Publish'], Principal: service }),
    );
    expect(stack.one('AWS::KMS::Key', 'Key').Properties.KeyPolicy.Statement).toContainEqual(
      expect.objectContaining({ Principal: service, Action: ['kms:Decrypt', 'kms:GenerateDataKey'] }),
    );
  });

  it.each([
    ['NotRunning', 'HoursSinceDailyRun', 26],
    ['WeeklyNotRunning', 'HoursSinceWeeklyRun', 180],
    ['MonthlyNotRunning', 'HoursSinceMonthlyRun', 756],
  ])(
    '%s fires when the last run is too old, and when nothing is heard for 26 hours',
    (name, metric, hours) => {
      expect(properties(name)).toMatchObject({
        Namespace: 'Bonafide',
        MetricName: metric,
        Statistic: 'Maximum',
        Period: 3600,
        Threshold: hours,
        EvaluationPeriods: 26,
        DatapointsToAlarm: 26,
        TreatMissingData: 'breaching',
      });
    },
  );

  it.each([
    ['Quarantine', 'QuarantinedPercent'],
    ['LateSources', 'LateSources'],
    ['MissedCanary', 'MissedCanaries'],
  ])('%s stays as a run left it until another run finds otherwise', (name, metric) => {
    expect(properties(name)).toMatchObject({ MetricName: metric, Threshold: 1, TreatMissingData: 'ignore' });
  });

  it('read the metrics of the pipeline that emits them, every one of them', () => {
    const { PIPELINE_NAME } = stack.one('AWS::Lambda::Function', 'alertFunction').Properties.Environment
      .Variables;
    const own = alarms.filter(({ Properties }) => Properties.Namespace === 'Bonafide');
    for (const { Properties } of own)
      expect(Properties.Dimensions).toEqual([{ Name: 'service', Value: PIPELINE_NAME }]);
    expect(own.map(({ Properties }) => Properties.MetricName).sort()).toEqual([...vitalMetrics].sort());
  });

  it('are on one page with what they watch, within the 50 metrics that are free', () => {
    const pages = stack.ofType('AWS::CloudWatch::Dashboard');
    expect(pages).toHaveLength(1);
    const body = flat(pages[0]!.Properties.DashboardBody);
    for (const { id } of alarms) expect(body).toContain(id);
    for (const metric of vitalMetrics) expect(body).toContain(metric);
    for (const step of stepNames) expect(body).toContain(`<Pipeline${step.replace('-', '')}Function`);
    const shown = JSON.parse(body).widgets.flatMap(
      (w: { properties: { metrics?: unknown[] } }) => w.properties.metrics ?? [],
    );
    expect(shown.length).toBeLessThan(50);
  });
});

describe('traces', () => {
  it('follow a run from the machine through every step', () => {
    expect(stack.one('AWS::StepFunctions::StateMachine', 'Machine').Properties.TracingConfiguration).toEqual({
      Enabled: true,
    });
    for (const step of stepNames)
      expect(
        stack.one('AWS::Lambda::Function', `Pipeline${step.replace('-', '')}Function`).Properties
          .TracingConfig,
      ).toEqual({ Mode: 'Active' });
  });
});

describe('logs', () => {
  it('of the machine leave out what went in and out of a step: why a file was refused can quote it', () => {
    const { LoggingConfiguration } = stack.one('AWS::StepFunctions::StateMachine', 'Machine').Properties;
    expect(LoggingConfiguration).toMatchObject({ IncludeExecutionData: false, Level: 'ALL' });
  });
});

describe('what deployment prints', () => {
  it('the command for the first file, the report and the topics', () => {
    expect(flat(stack.outputs.FirstFile?.Value)).toMatch(
      /^aws s3 cp leads\.csv s3:\/\/<PipelineDataBucket\w+>\/landing\/crm\/leads\/dt=\$\(date -u \+%F\)\/$/,
    );
    expect(flat(stack.outputs.Report?.Value)).toMatch(
      /^s3:\/\/<\w+>\/reports\/weekly\/latest\/report\.html$/,
    );
    for (const topic of ['TopicFinance', 'TopicOperations', 'TopicLeadership', 'TopicFailures', 'TopicOwner'])
      expect(stack.outputs).toHaveProperty(topic);
  });
});
