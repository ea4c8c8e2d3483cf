import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { stepNames } from '../../lib/infra/step-function.ts';
import { sentPartition } from '../../lib/infra/tables.ts';
import { openByDue, sentPk, tableDefinitions } from '../../lib/store/keys.ts';
import { configFor, flat, type Statement, synthesized } from './synthesized.ts';

const demo = synthesized('demo');
const production = synthesized('production');
const stages = { demo, production };

const allowed = (statements: readonly Statement[], action: string, resource: RegExp) =>
  statements.some(
    (one) =>
      one.Effect === 'Allow' && one.Action.includes(action) && one.Resource.some((r) => resource.test(r)),
  );
const stepsWith = (action: string, resource: RegExp) =>
  stepNames.filter((step) => allowed(production.permissions(step), action, resource));

describe('what a step may do', () => {
  it.each(stepNames)(
    '%s has permissions, none with a wildcard action, and only traces on every resource',
    (step) => {
      const statements = production.permissions(step);
      expect(statements.length).toBeGreaterThan(2);
      for (const { Action } of statements)
        expect(Action.filter((action) => action.includes('*'))).toEqual([]);
      expect(statements.filter(({ Resource }) => Resource.includes('*'))).toEqual([
        expect.objectContaining({ Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'] }),
      ]);
    },
  );

  it.each(stepNames)('%s reaches below named prefixes only', (step) => {
    for (const { Resource } of production.permissions(step))
      for (const resource of Resource)
        expect(resource.replace(/>\/[a-z-]+\/\*$|^\*$/, '')).not.toContain('*');
  });

  it.each(stepNames)('%s has one statement on the key', (step) => {
    const onKey = production
      .permissions(step)
      .filter(({ Action }) => Action.some((a) => a.startsWith('kms:')));
    expect(onKey).toHaveLength(1);
  });

  it.each(stepNames)('%s runs on nodejs24.x, arm64, under a role and with a log of its own', (step) => {
    const name = `Pipeline${step.replace('-', '')}`;
    const { Properties } = production.one('AWS::Lambda::Function', `${name}Function`);
    expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
    expect(flat(Properties.Role)).toContain(`<${name}Role`);
    expect(flat(Properties.LoggingConfig.LogGroup)).toContain(`<${name}Log`);
  });

  it('only flag writes flags, alert takes what it sent out of the outbox, report notes that it told leadership', () => {
    const table = /TablesFlags/;
    expect(stepsWith('dynamodb:PutItem', table)).toEqual(['flag', 'alert', 'report']);
    const ofReport = production
      .permissions('report')
      .filter(({ Action }) => Action.includes('dynamodb:PutItem'));
    expect(ofReport.map(({ Condition }) => Condition)).toEqual([
      { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [sentPartition] } },
    ]);
    expect(sentPartition).toBe(sentPk);
    expect(stepsWith('dynamodb:BatchWriteItem', table)).toEqual(['alert']);
  });

  it('only ingest changes counts and records', () => {
    expect(stepsWith('dynamodb:PutItem', /TablesCounts/)).toEqual(['ingest']);
    expect(stepsWith('s3:PutObject', /DataBucket.*\/records\//)).toEqual(['ingest']);
  });

  it('nobody writes to landing but who delivers', () => {
    expect(stepsWith('s3:PutObject', /\/landing\//)).toEqual([]);
  });

  it('only flag, alert and close write to the ledger', () => {
    expect(stepsWith('s3:PutObject', /EvidenceBucket.*\/ledger\//)).toEqual(['flag', 'alert', 'close']);
  });

  it('only ingest reads the secret people are hashed with', () => {
    expect(stepsWith('secretsmanager:GetSecretValue', /HashSecret/)).toEqual(['ingest']);
  });

  it('only alert, report and fail publish: report to leadership, fail to the failures alone', () => {
    expect(stepsWith('sns:Publish', /Topics/)).toEqual(['alert', 'report', 'fail']);
    expect(stepsWith('sns:Publish', /TopicsLeadership/)).toEqual(['report']);
    expect(stepsWith('sns:Publish', /TopicsFailures/)).toEqual(['alert', 'fail']);
    expect(stepsWith('sns:Publish', /TopicsFinance/)).toEqual(['alert']);
  });

  it('only alert, report and fail put events, on the default bus', () => {
    expect(stepsWith('events:PutEvents', /event-bus\/default$/)).toEqual(['alert', 'report', 'fail']);
    expect(stepsWith('events:PutEvents', /(?<!event-bus\/default)$/)).toEqual([]);
  });

  it('a chat channel has its own topic, which only alert publishes to, and may ask nothing of the account', () => {
    expect(demo.ofType('AWS::Chatbot::SlackChannelConfiguration')).toEqual([]);
    const slack = { workspace: 'T0123ABCD', channel: 'C0123ABCD' };
    const config = configFor('demo');
    const configuration = {
      text: '',
      config: { ...config, alerts: { ...config.alerts, slack } },
      holidays: null,
    };
    const chatting = synthesized('demo', { configuration });
    const { Properties } = chatting.one('AWS::Chatbot::SlackChannelConfiguration', 'Slack');
    expect(Properties).toMatchObject({ SlackWorkspaceId: 'T0123ABCD', SlackChannelId: 'C0123ABCD' });
    expect(Properties.SnsTopicArns.map(flat)).toEqual([expect.stringContaining('TopicsChat')]);
    expect(Properties.GuardrailPolicies.map(flat)).toEqual([expect.stringMatching(/policy\/AWSDenyAll$/)]);
    const publishing = stepNames.filter((step) =>
      allowed(chatting.permissions(step), 'sns:Publish', /TopicsChat/),
    );
    expect(publishing).toEqual(['alert']);
    expect(new AwsSolutionsChecks().validateScope(chatting.stack).violations).toEqual([]);
  });

  it('no step deletes an object', () => {
    const actions = stepNames.flatMap((step) => production.permissions(step).flatMap(({ Action }) => Action));
    expect(actions.filter((action) => /s3:.*Delete/.test(action))).toEqual([]);
  });

  it('a step that reads a bucket may list it, so that what is absent is 404 and not 403', () => {
    for (const step of stepNames) {
      const statements = production.permissions(step);
      const read = statements
        .filter(({ Action }) => Action.includes('s3:GetObject'))
        .flatMap((s) => s.Resource);
      for (const bucket of new Set(read.flatMap((r) => /^<(Pipeline\w+Bucket\w+)\.Arn>/.exec(r)?.[1] ?? [])))
        expect(allowed(statements, 's3:ListBucket', new RegExp(`^<${bucket}.Arn>$`))).toBe(true);
    }
  });

  it('neither the machine nor the Scheduler has a wildcard action', () => {
    const policies = production
      .ofType('AWS::IAM::Policy')
      .map(({ Properties }) => JSON.stringify(Properties));
    expect(policies.filter((policy) => /"[a-z0-9]+:[A-Za-z]*\*"/.test(policy))).toEqual([]);
  });

  it('a step is told the address of what it may use, and of nothing else', () => {
    const told = (step: string) =>
      Object.keys(
        production.one('AWS::Lambda::Function', `Pipeline${step}Function`).Properties.Environment.Variables,
      ).sort();
    const always = ['CONFIG_BUCKET', 'CONFIG_KEY', 'TABLE_RUNS'];
    expect(told('plan')).toEqual(['BUCKET_DATA', ...always]);
    expect(told('ingest')).toEqual([
      'BUCKET_DATA',
      'CONFIG_BUCKET',
      'CONFIG_KEY',
      'HASH_SECRET_ARN',
      'TABLE_COUNTS',
      'TABLE_RUNS',
    ]);
    expect(told('fail')).toEqual([...always, 'TOPIC_FAILURES']);
  });
});

describe('evidence', () => {
  const onEvidence = production.policyOn('AWS::S3::BucketPolicy', 'EvidenceBucket');
  const denied = (action: string) =>
    onEvidence.filter((one) => one.Effect === 'Deny' && one.Action.includes(action));

  it('is refused to everybody unless the key is new', () => {
    const [put] = denied('s3:PutObject');
    expect(put).toMatchObject({
      Principal: { AWS: '*' },
      Condition: { Null: { 's3:if-none-match': 'true' } },
    });
    expect(put?.Resource[0]).toMatch(/EvidenceBucket.*\/\*$/);
  });

  it.each([
    's3:DeleteObject',
    's3:DeleteObjectVersion',
    's3:PutObjectRetention',
    's3:PutObjectLegalHold',
    's3:BypassGovernanceRetention',
  ])('can be touched by nobody with %s', (action) => {
    const [refusal] = denied(action);
    expect(refusal).toMatchObject({ Principal: { AWS: '*' } });
    expect(refusal?.Condition).toBeUndefined();
  });

  it('is locked by S3 in production, for seven years in governance mode', () => {
    expect(production.one('AWS::S3::Bucket', 'EvidenceBucket').Properties).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 2557 } } },
    });
  });

  it('is locked in compliance mode, or released by a break-glass role, only where asked for', () => {
    const breakGlassRoleArn = 'arn:aws:iam::111122223333:role/BreakGlass';
    const asked = synthesized('production', {
      evidenceLock: { mode: 'COMPLIANCE', days: 90 },
      breakGlassRoleArn,
    });
    expect(
      asked.one('AWS::S3::Bucket', 'EvidenceBucket').Properties.ObjectLockConfiguration.Rule.DefaultRetention,
    ).toEqual({ Mode: 'COMPLIANCE', Days: 90 });
    const refusal = asked
      .policyOn('AWS::S3::BucketPolicy', 'EvidenceBucket')
      .find(({ Effect, Action }) => Effect === 'Deny' && Action.includes('s3:DeleteObject'));
    expect(refusal?.Condition).toEqual({ ArnNotEquals: { 'aws:PrincipalArn': [breakGlassRoleArn] } });
  });

  it('never expires', () => {
    expect(
      production.one('AWS::S3::Bucket', 'EvidenceBucket').Properties.LifecycleConfiguration,
    ).toBeUndefined();
  });
});

describe('what is kept', () => {
  const stateful = [
    'AWS::S3::Bucket',
    'AWS::DynamoDB::Table',
    'AWS::KMS::Key',
    'AWS::SecretsManager::Secret',
  ];

  it.each(stateful)('%s outlives the stack in production and goes with it in a demo', (type) => {
    expect(production.ofType(type).map((r) => r.DeletionPolicy)).not.toContain('Delete');
    expect(demo.ofType(type).map((r) => r.DeletionPolicy)).not.toContain('Retain');
    expect(demo.ofType(type).length).toBeGreaterThan(0);
  });

  it('a demo can be destroyed: nothing is locked or protected, and buckets are emptied', () => {
    expect(demo.stack.terminationProtection).toBe(false);
    const buckets = demo.ofType('AWS::S3::Bucket');
    expect(buckets.filter(({ Properties }) => Properties.ObjectLockEnabled)).toEqual([]);
    expect(demo.ofType('Custom::S3AutoDeleteObjects')).toHaveLength(buckets.length);
    expect(
      demo.ofType('AWS::DynamoDB::Table').map((t) => t.Properties.DeletionProtectionEnabled),
    ).not.toContain(true);
  });

  it('only the role that empties buckets may delete evidence of a demo', () => {
    const [refusal] = demo
      .policyOn('AWS::S3::BucketPolicy', 'EvidenceBucket')
      .filter(({ Effect, Action }) => Effect === 'Deny' && Action.includes('s3:DeleteObject'));
    const { ArnNotEquals: excepted } = refusal!.Condition as { ArnNotEquals: Record<string, unknown[]> };
    expect(excepted['aws:PrincipalArn']?.map(flat)).toEqual([
      expect.stringContaining('S3AutoDeleteObjectsCustomResourceProviderRole'),
    ]);
  });

  it('production can neither be deleted as a stack nor table by table', () => {
    expect(production.stack.terminationProtection).toBe(true);
    for (const { Properties } of production.ofType('AWS::DynamoDB::Table'))
      expect(Properties.DeletionProtectionEnabled).toBe(true);
  });

  it('tables are paid by use, encrypted with our key and restorable', () => {
    for (const { Properties } of production.ofType('AWS::DynamoDB::Table'))
      expect(Properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      });
  });

  it('tables are the ones the stores write to', () => {
    for (const [name, { partitionKey, sortKey, index }] of Object.entries(tableDefinitions)) {
      const { Properties } = production.one(
        'AWS::DynamoDB::Table',
        `Tables${name[0]!.toUpperCase()}${name.slice(1)}`,
      );
      expect(Properties.KeySchema).toEqual(keys(partitionKey, sortKey));
      expect(Properties.GlobalSecondaryIndexes).toEqual(
        index
          ? [
              {
                IndexName: openByDue.name,
                KeySchema: keys(openByDue.partitionKey, openByDue.sortKey),
                Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: openByDue.includes },
              },
            ]
          : undefined,
      );
    }
  });

  it('buckets are private, reached over TLS only, and those with data versioned, encrypted and logged', () => {
    for (const { id, Properties } of production.ofType('AWS::S3::Bucket')) {
      expect(Object.values(Properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
      const policy = production.policyOn('AWS::S3::BucketPolicy', id.slice(0, -8));
      expect(policy).toContainEqual(
        expect.objectContaining({
          Effect: 'Deny',
          Action: ['s3:*'],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      );
      if (id.includes('AccessLog')) continue;
      expect(Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
      expect(flat(Properties.LoggingConfiguration.DestinationBucketName)).toContain('AccessLog');
      expect(JSON.stringify(Properties.BucketEncryption)).toContain('aws:kms');
    }
  });

  it('topics and queues are reached over TLS only', () => {
    for (const [type, action] of [
      ['AWS::SNS::TopicPolicy', 'sns:Publish'],
      ['AWS::SQS::QueuePolicy', 'sqs:*'],
    ] as const) {
      const policies = production.ofType(type);
      expect(policies.length).toBeGreaterThan(1);
      for (const { id } of policies)
        expect(production.policyOn(type, id)).toContainEqual(
          expect.objectContaining({
            Effect: 'Deny',
            Action: [action],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        );
    }
    expect(production.ofType('AWS::SNS::TopicPolicy')).toHaveLength(
      production.ofType('AWS::SNS::Topic').length,
    );
    expect(production.ofType('AWS::SQS::QueuePolicy')).toHaveLength(
      production.ofType('AWS::SQS::Queue').length,
    );
  });

  it('no function is handed a secret, only the address of one, and the secret is generated', () => {
    for (const { Properties } of production.ofType('AWS::Lambda::Function'))
      for (const [name, value] of Object.entries(Properties.Environment?.Variables ?? {}))
        expect([
          name,
          /SECRET|KEY$|PASSWORD|TOKEN/.test(name) && name !== 'CONFIG_KEY' ? flat(value) : '',
        ]).toEqual([
          name,
          name === 'HASH_SECRET_ARN' ? expect.stringMatching(/^<PipelineHashSecret\w+>$/) : '',
        ]);
    const [secret] = production.ofType('AWS::SecretsManager::Secret');
    expect(secret!.Properties).toMatchObject({ GenerateSecretString: { PasswordLength: 64 } });
    expect(flat(secret!.Properties.KmsKeyId)).toContain('PipelineKey');
  });

  it('landed and quarantined rows get cheaper after 30 days and go after 400, lists of runs after 90, replaced versions after 30', () => {
    const { Rules } = production.one('AWS::S3::Bucket', 'DataBucket').Properties.LifecycleConfiguration;
    expect(Rules).toMatchObject([
      {
        Prefix: 'landing/',
        ExpirationInDays: 400,
        Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 30 }],
      },
      { Prefix: 'quarantine/', ExpirationInDays: 400 },
      { Prefix: 'runs/', ExpirationInDays: 90 },
      { NoncurrentVersionExpiration: { NoncurrentDays: 30 } },
    ]);
  });

  it('refuses to expire landing before it has become cheaper', () => {
    expect(() => synthesized('demo', { landingDays: 30 })).toThrow(RangeError);
  });

  it('logs are kept for a year', () => {
    for (const { Properties } of production.ofType('AWS::Logs::LogGroup'))
      expect(Properties.RetentionInDays).toBe(365);
  });

  it('everything that takes tags says whose it is and of which stage', () => {
    const tagged = production.resources.filter(({ Properties }) => Properties?.Tags);
    expect(tagged.length).toBeGreaterThan(25);
    for (const { Properties } of tagged)
      expect(Properties.Tags).toEqual(
        expect.arrayContaining([
          { Key: 'application', Value: 'bonafide' },
          { Key: 'stage', Value: 'production' },
        ]),
      );
  });

  it('the key rotates', () => {
    expect(production.one('AWS::KMS::Key', 'Key').Properties.EnableKeyRotation).toBe(true);
  });
});

describe.each(Object.entries(stages))('the app in stage %s', (_stage, { app, stack }) => {
  it('is one template', () => {
    expect(app.synth().stacks.map(({ stackName }) => stackName)).toEqual(['Bonafide']);
  });

  it('has no finding of cdk-nag without a reason', () => {
    expect(new AwsSolutionsChecks().validateScope(stack).violations).toEqual([]);
  });

  it('gives a reason for every acknowledged finding, and acknowledges each on a resource, never on the stack', () => {
    const of = (at: { node: { metadata: { type: string; data?: unknown }[] } }) =>
      at.node.metadata.filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY);
    expect([...of(app), ...of(stack)]).toEqual([]);
    const reasons = stack.node
      .findAll()
      .flatMap((node) => of(node).flatMap(({ data }) => Object.values(data as object)));
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) expect(String(reason).length).toBeGreaterThan(40);
  });
});

function keys(partitionKey: string, sortKey: string) {
  return [
    { AttributeName: partitionKey, KeyType: 'HASH' },
    { AttributeName: sortKey, KeyType: 'RANGE' },
  ];
}
