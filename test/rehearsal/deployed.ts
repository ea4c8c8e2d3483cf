import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startEmbedded } from '../../lib/local/embedded.ts';
import { type Fault, type LoopbackCall, Refusal } from '../../lib/local/loopback.ts';
import type { TableDefinition } from '../../lib/store/keys.ts';
import { type FunctionProcess, functionProcess } from './function-process.ts';
import { allows, bucketPolicies, type Call, rolePolicies, type Statement } from './policies.ts';
import { startSecretsServer } from './secrets-server.ts';
import { execute, type Outcome, statesOf, TaskError } from './state-machine.ts';
import { account, type Resource, region, type Template } from './template.ts';

/** Key of the secret that hashes people; `bonafide run` uses the same in the comparison. */
export const hashKey = 'b'.repeat(64);

/** Who delivers files and looks at results: no role of the stack, allowed everything. */
export const outside = 'outside';

/** A template's resources in the embedded servers, and its functions as processes. */
export interface Deployed {
  /** Where tables, buckets and alerts lie. */
  readonly folder: string;
  readonly functions: ReadonlyMap<string, FunctionProcess>;
  /** Every call of a role, as the servers saw it, with what encryption and the services imply. */
  readonly calls: readonly Call[];
  /** Calls that were refused. */
  readonly refused: readonly Call[];
  /** States entered so far. */
  readonly visited: ReadonlySet<string>;
  readonly states: readonly string[];
  readonly roles: ReadonlyMap<string, readonly Statement[]>;
  readonly endpoints: Readonly<Record<'s3' | 'dynamodb', string>>;
  readonly alerts: string;
  /** Functions believe it is this time. */
  clock: Date;
  /** Error of a function's clock, milliseconds. */
  skew: (name: string) => number;
  /** Disturbs calls of the functions. */
  fault: ((call: LoopbackCall) => Fault | undefined) | undefined;
  /** Starts the machine as a schedule would. */
  run(kind: 'daily' | 'weekly' | 'monthly', scheduledAt: string, around?: RunOptions): Promise<Outcome>;
  /** One act of a person of a side at the address of the side's function; the answer's status and body. */
  act(party: string, person: string, act: object): Promise<{ statusCode: number; body: string }>;
  put(bucket: string, key: string, content: Uint8Array | string): Promise<void>;
  delete(bucket: string, key: string): Promise<void>;
  /** Stops everything. */
  stop(): Promise<void>;
  /** Stops everything and removes the folder. */
  close(): Promise<void>;
}

export interface RunOptions {
  readonly name?: string;
  /** Told before a retry is waited for. */
  wait?(seconds: number): Promise<void>;
  /** Takes the place of invoking a function, or passes the event on. */
  invoke?(step: string, pass: () => Promise<unknown>): Promise<unknown>;
}

/**
 * Creates a template's tables, buckets, topics and secrets, and starts its functions.
 * @param from the folder of another deployment of it, which is copied.
 */
export async function deploy(template: Template, from?: string): Promise<Deployed> {
  const folder = await mkdtemp(join(tmpdir(), 'bonafide-rehearsal-'));
  if (from) await cp(from, folder, { recursive: true });
  const roles = rolePolicies(template);
  const onBuckets = bucketPolicies(template);
  const buckets = template.ofType('AWS::S3::Bucket').map(({ id }) => template.physical(id));
  const assets = `cdk-hnb659fds-assets-${account}-${region}`;
  const encryption = encryptionOf(template);
  const calls = new Map<string, Call>();
  const note = (call: Call) => calls.set(JSON.stringify(call), call);
  const refused: Call[] = [];
  const visited = new Set<string>();
  const roleArn = (accessKeyId: string) => `arn:aws:iam::${account}:role/${accessKeyId}`;

  /** Whether role and bucket allow a call; the call is written down either way. */
  function permit(call: Call): boolean {
    note(call);
    for (const action of encryption(call))
      note({ principal: call.principal, action, resource: encryption.key, context: {} });
    const bucket = /^arn:aws:s3:::[^/]+/.exec(call.resource)?.[0] ?? '';
    const statements = [...(roles.get(call.principal) ?? []), ...(onBuckets.get(bucket) ?? [])];
    if (allows(statements, call)) return true;
    refused.push(call);
    return false;
  }

  function asCalls({ service, action, resources, accessKeyId, context = {} }: LoopbackCall): Call[] {
    const base = { principal: roleArn(accessKeyId), context: { ...context, 'aws:SecureTransport': 'true' } };
    const named: Readonly<Record<string, string>> = { ListObjectsV2: 'ListBucket', HeadObject: 'GetObject' };
    const made = resources.map((resource) => ({
      ...base,
      action: `${service}:${named[action] ?? action}`,
      resource: resourceArns[service](resource),
    }));
    // Absence is told with 404 only to those who may list; to others with 403.
    const [bucket = '', ...key] = resources[0]!.split('/');
    const isAbsent = action === 'GetObject' && !existsSync(join(folder, 's3', bucket, ...key));
    if (service === 's3' && isAbsent)
      made.push({ ...base, action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}` });
    return made;
  }

  const world = await startEmbedded({
    state: folder,
    alerts: join(folder, 'alerts'),
    buckets: [...buckets, assets],
    // The bucket policies of the template are asked instead.
    writeOnce: [],
    topics: template.ofType('AWS::SNS::Topic').map(({ id }) => template.arn(id)),
    tables: Object.fromEntries(template.ofType('AWS::DynamoDB::Table').map((t) => [t.id, tableOf(t)])),
    fault: (call) => {
      if (call.accessKeyId === outside) return undefined;
      if (asCalls(call).filter((one) => !permit(one)).length > 0) return denied[call.service];
      return deployed.fault?.(call);
    },
  });
  const secrets = Object.fromEntries(
    template.ofType('AWS::SecretsManager::Secret').map(({ id }) => [template.arn(id), hashKey]),
  );
  const secretsServer = await startSecretsServer(secrets, ({ action, secret, accessKeyId }) => {
    const call = { principal: roleArn(accessKeyId), action: `secretsmanager:${action}`, resource: secret };
    if (!permit({ ...call, context: {} })) throw new Refusal(400, 'AccessDeniedException', secret);
  });
  const clientFor = (accessKeyId: string) =>
    new S3Client({
      region,
      endpoint: world.s3,
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey: 'none' },
    });
  const deliverer = clientFor(outside);
  const put = async (Bucket: string, Key: string, Body: Uint8Array | string) => {
    await deliverer.send(new PutObjectCommand({ Bucket, Key, Body }));
  };
  for (const { Properties, Metadata } of ours(template)) {
    const key = template.resolve(Properties.Environment.Variables.CONFIG_KEY) as string;
    if (!existsSync(join(folder, 's3', assets, key)))
      await put(assets, key, await readFile(join(template.folder, `asset.${key}`)));
    if (typeof Metadata?.['aws:asset:path'] !== 'string') throw new RangeError('a function without a bundle');
  }

  const functions = new Map<string, FunctionProcess>();
  const names = new Map<string, string>();
  for (const resource of ours(template)) {
    const properties = template.resolve(resource.Properties);
    const role = properties.Role.split('/').at(-1) as string;
    const name = /^Pipeline(\w+)Function/.exec(resource.id)![1]!;
    names.set(template.arn(resource.id), name);
    functions.set(
      name,
      await functionProcess({
        name,
        asset: join(template.folder, String(resource.Metadata!['aws:asset:path'])),
        handler: properties.Handler,
        environment: {
          ...properties.Environment.Variables,
          AWS_REGION: region,
          AWS_LAMBDA_FUNCTION_NAME: resource.id,
          AWS_ACCESS_KEY_ID: role,
          AWS_SECRET_ACCESS_KEY: 'none',
          AWS_ENDPOINT_URL_S3: world.s3,
          AWS_ENDPOINT_URL_DYNAMODB: world.dynamodb,
          AWS_ENDPOINT_URL_SNS: world.sns,
          AWS_ENDPOINT_URL_EVENTBRIDGE: world.events,
          AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsServer.endpoint,
        },
        now: () => new Date(deployed.clock.getTime() + deployed.skew(name)),
      }),
    );
  }

  const [machine] = template.ofType('AWS::StepFunctions::StateMachine');
  const definition = JSON.parse(template.resolve(machine!.Properties.DefinitionString));
  const machineRole = template.resolve(machine!.Properties.RoleArn) as string;
  const machineArn = template.arn(machine!.id);
  const machineClient = clientFor(machineRole.split('/').at(-1)!);
  let executions = 0;

  /** What Lambda itself does under the function's role: its log, and traces. */
  function lambdaCalls(arn: string): void {
    const { Properties } = ours(template).find(({ id }) => template.arn(id) === arn)!;
    const { Role, LoggingConfig, TracingConfig } = template.resolve(Properties);
    const stream = `arn:aws:logs:${region}:${account}:log-group:${LoggingConfig.LogGroup}:log-stream:1`;
    for (const action of ['logs:CreateLogStream', 'logs:PutLogEvents'])
      permit({ principal: Role, action, resource: stream, context: {} });
    if (TracingConfig?.Mode === 'Active')
      for (const action of ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'])
        permit({ principal: Role, action, resource: '*', context: {} });
  }

  const deployed: Deployed = {
    folder,
    functions,
    get calls() {
      return [...calls.values()];
    },
    refused,
    visited,
    states: statesOf(definition),
    roles,
    endpoints: { s3: world.s3, dynamodb: world.dynamodb },
    alerts: join(folder, 'alerts'),
    clock: new Date(),
    skew: () => 0,
    fault: undefined,
    put,
    async delete(Bucket, Key) {
      await deliverer.send(new DeleteObjectCommand({ Bucket, Key }));
    },
    async act(party, person, act) {
      const resource = ours(template).find(
        ({ Properties }) => Properties.Environment.Variables.SIDE === party,
      )!;
      const arn = template.arn(resource.id);
      const role = template.resolve(resource.Properties.Environment.Variables.DECIDER_ROLE) as string;
      const principal = roleArn(role);
      const how = { 'lambda:FunctionUrlAuthType': 'AWS_IAM', 'lambda:InvokedViaFunctionUrl': 'true' };
      for (const action of ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'])
        permit({ principal, action, resource: arn, context: how });
      lambdaCalls(arn);
      const userArn = `arn:aws:sts::${account}:assumed-role/${role}/${person}`;
      const event = { body: JSON.stringify(act), requestContext: { authorizer: { iam: { userArn } } } };
      return (await functions.get(names.get(arn)!)!.invoke(event)) as { statusCode: number; body: string };
    },
    run(kind, scheduledAt, around = {}) {
      const { target, role } = scheduleOf(template, kind);
      if (target.Arn !== machineArn) throw new RangeError(`the ${kind} schedule starts something else`);
      permit({ principal: role, action: 'states:StartExecution', resource: machineArn, context: {} });
      const input = JSON.parse(target.Input.replace('<aws.scheduler.scheduled-time>', scheduledAt));
      deployed.clock = new Date(scheduledAt);
      return execute(definition, input, {
        name: around.name ?? `execution-${++executions}`,
        visit: (state) => visited.add(state),
        wait: async (seconds) => around.wait?.(seconds),
        startChildren: (count) => {
          for (let i = 0; i < count; i += 1)
            permit({
              principal: machineRole,
              action: 'states:StartExecution',
              resource: machineArn,
              context: {},
            });
        },
        invoke: (arn, payload) => {
          permit({ principal: machineRole, action: 'lambda:InvokeFunction', resource: arn, context: {} });
          lambdaCalls(arn);
          const name = names.get(arn)!;
          const pass = () => functions.get(name)!.invoke(payload);
          return around.invoke ? around.invoke(name, pass) : pass();
        },
        async getObject(Bucket, Key) {
          try {
            const { Body } = await machineClient.send(new GetObjectCommand({ Bucket, Key }));
            return await Body!.transformToString();
          } catch (error) {
            throw new TaskError('States.ItemReaderFailed', String(error));
          }
        },
      });
    },
    async stop() {
      for (const one of functions.values()) await one.close();
      deliverer.destroy();
      machineClient.destroy();
      await secretsServer.close();
      await world.close();
    },
    async close() {
      await deployed.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return deployed;
}

const denied: Readonly<Record<LoopbackCall['service'], Fault>> = {
  s3: { status: 403, code: 'AccessDenied' },
  sns: { status: 403, code: 'AuthorizationError' },
  dynamodb: { status: 400, code: 'AccessDeniedException' },
  events: { status: 400, code: 'AccessDeniedException' },
};

const resourceArns: Readonly<Record<LoopbackCall['service'], (resource: string) => string>> = {
  s3: (resource) => `arn:aws:s3:::${resource}`,
  dynamodb: (resource) => `arn:aws:dynamodb:${region}:${account}:table/${resource}`,
  sns: (topic) => topic,
  events: (bus) => `arn:aws:events:${region}:${account}:event-bus/${bus}`,
};

/** Functions of the pipeline; the one CDK empties buckets with is not ours. */
function ours(template: Template): Resource[] {
  return template.ofType('AWS::Lambda::Function').filter(({ id }) => id.startsWith('Pipeline'));
}

function scheduleOf(
  template: Template,
  kind: string,
): { target: { Arn: string; Input: string }; role: string } {
  for (const { Properties } of template.ofType('AWS::Scheduler::Schedule')) {
    const target = template.resolve(Properties.Target);
    if (JSON.parse(target.Input).kind === kind) return { target, role: target.RoleArn };
  }
  throw new RangeError(`the template has no ${kind} schedule`);
}

function tableOf({ Properties }: Resource): TableDefinition {
  const keyNames = (schema: { AttributeName: string }[]) => schema.map(({ AttributeName }) => AttributeName);
  const [partitionKey, sortKey] = keyNames(Properties.KeySchema);
  const index = Properties.GlobalSecondaryIndexes?.[0];
  const [indexPartition, indexSort] = index ? keyNames(index.KeySchema) : [];
  return {
    partitionKey,
    sortKey,
    index: index && {
      name: index.IndexName,
      partitionKey: indexPartition,
      sortKey: indexSort,
      includes: index.Projection.NonKeyAttributes,
    },
  } as TableDefinition;
}

/** What a call does with the key that its resource is encrypted with, as the template says. */
function encryptionOf(template: Template): ((call: Call) => string[]) & { readonly key: string } {
  const [key] = template.ofType('AWS::KMS::Key');
  const isOurs = (value: unknown) => JSON.stringify(value ?? '').includes(key!.id);
  const encrypted = new Set<string>();
  for (const { id, Type, Properties } of template.resources)
    if (
      isOurs(
        Properties?.BucketEncryption ??
          Properties?.SSESpecification ??
          Properties?.KmsMasterKeyId ??
          Properties?.KmsKeyId,
      )
    )
      if (/Bucket$|Table$|Topic$|Secret$/.test(Type)) encrypted.add(template.arn(id));
  const implied: Readonly<Record<string, readonly string[]>> = {
    's3:GetObject': ['kms:Decrypt'],
    's3:PutObject': ['kms:GenerateDataKey'],
    'sns:Publish': ['kms:Decrypt', 'kms:GenerateDataKey'],
    'secretsmanager:GetSecretValue': ['kms:Decrypt'],
  };
  const of = ({ action, resource }: Call): string[] => {
    const [base = ''] = resource.startsWith('arn:aws:s3:::')
      ? resource.split('/')
      : resource.split('/index/');
    if (!encrypted.has(base)) return [];
    return action.startsWith('dynamodb:') ? ['kms:Decrypt'] : [...(implied[action] ?? [])];
  };
  return Object.assign(of, { key: template.arn(key!.id) });
}
