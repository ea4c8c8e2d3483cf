import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { ledgerIn } from '../lib/evidence/ledger.ts';
import { evidenceObjects, s3Evidence } from '../lib/evidence/objects.ts';
import { readConfig } from '../lib/model/config-file.ts';
import { holidaysOf, noHolidays } from '../lib/model/holidays.ts';
import { policiesOf } from '../lib/pipeline/policy.ts';
import type { Ports } from '../lib/pipeline/ports.ts';
import type { Alert } from '../lib/reports/alert.ts';
import { dynamoCounts } from '../lib/store/counts-store.ts';
import { dynamoFlags } from '../lib/store/flags-store.ts';
import { s3Objects } from '../lib/store/objects.ts';
import { dynamoRuns } from '../lib/store/runs-store.ts';

/**
 * Composition root of the handlers: environment, clock and AWS clients enter here and nowhere else. Handlers
 * run the same on AWS and on one machine, where the endpoints of the environment point at loopback.
 */

export const logger = new Logger({ serviceName: 'bonafide' });

const name = z.string().min(1);
const environment = z.object({
  CONFIG_BUCKET: name,
  CONFIG_KEY: name,
  TABLE_COUNTS: name.optional(),
  TABLE_FLAGS: name.optional(),
  TABLE_RUNS: name.optional(),
  BUCKET_DATA: name.optional(),
  BUCKET_EVIDENCE: name.optional(),
  BUCKET_REPORTS: name.optional(),
  HASH_SECRET_ARN: name.optional(),
  /** Only on one machine, where no Secrets Manager runs. */
  HASH_KEY: name.optional(),
  TOPIC_FINANCE: name.optional(),
  TOPIC_OPERATIONS: name.optional(),
  TOPIC_LEADERSHIP: name.optional(),
  TOPIC_FAILURES: name.optional(),
  TOPIC_OWNERS: name.default('{}'),
});
type Environment = z.output<typeof environment>;

/** Which ports a handler needs; the others throw when touched, so that a missing variable is told by name. */
export async function awsPorts(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Ports & { hashKey(): Promise<HashKey> }> {
  const variables = environment.parse(env);
  // S3 on loopback knows no bucket names in host names; on AWS the endpoint is not set and this changes nothing.
  const s3 = new S3Client({ forcePathStyle: env.AWS_ENDPOINT_URL_S3 !== undefined });
  const sns = new SNSClient({});
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const configText = await readText(s3, variables.CONFIG_BUCKET, variables.CONFIG_KEY);
  const reading = readConfig(configText, variables.CONFIG_KEY);
  if ('errors' in reading) throw new RangeError(reading.errors.map((e) => e.message).join('\n'));
  const policies = policiesOf(reading.config);
  if ('errors' in policies)
    throw new RangeError(policies.errors.map((e) => `${e.path.join('.')}: ${e.message}`).join('\n'));
  const { config } = reading;
  const required = requiredOf(variables);
  const evidence = () => s3Evidence(s3, required('BUCKET_EVIDENCE'));
  const lazily = <T extends object>(make: () => T): T => lazy(make);
  return {
    config,
    configText,
    policies: policies.policies,
    isHoliday: config.country ? await holidaysOf(config.country) : noHolidays,
    counts: lazily(() => dynamoCounts(documents, required('TABLE_COUNTS'))),
    flags: lazily(() => dynamoFlags(documents, required('TABLE_FLAGS'))),
    runs: lazily(() => dynamoRuns(documents, required('TABLE_RUNS'))),
    data: lazily(() => s3Objects(s3, required('BUCKET_DATA'))),
    reports: lazily(() => s3Objects(s3, required('BUCKET_REPORTS'))),
    evidence: lazily(() => evidenceObjects(evidence())),
    ledger: lazily(() => ledgerIn(evidence())),
    publish: async (to, alert) => {
      const owners = JSON.parse(variables.TOPIC_OWNERS) as Record<string, string>;
      const topic =
        to === 'owner'
          ? owners[alert.plan ?? '']
          : required(`TOPIC_${to.toUpperCase()}` as keyof Environment);
      if (topic !== undefined) await publish(sns, topic, alert);
    },
    now: () => new Date(),
    hashKey: () => readHashKey(variables),
  };
}

/** Key of the hashes that stand for people, with its version. */
export interface HashKey {
  readonly key: string;
  readonly version: string;
}

async function readHashKey(variables: Environment): Promise<HashKey> {
  if (variables.HASH_KEY) return { key: variables.HASH_KEY, version: 'local' };
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  const secret = await new SecretsManagerClient({}).send(
    new GetSecretValueCommand({ SecretId: requiredOf(variables)('HASH_SECRET_ARN') }),
  );
  if (!secret.SecretString || !secret.VersionId) throw new RangeError('the hashing secret is empty');
  return { key: secret.SecretString, version: secret.VersionId };
}

function requiredOf(variables: Environment): (key: keyof Environment) => string {
  return (key) => {
    const value = variables[key];
    if (!value) throw new RangeError(`this function needs the variable ${key}`);
    return value;
  };
}

async function readText(s3: S3Client, bucket: string, key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return (await Body?.transformToString()) ?? '';
}

async function publish(sns: SNSClient, topic: string, alert: Alert): Promise<void> {
  await sns.send(
    new PublishCommand({
      TopicArn: topic,
      Subject: alert.subject,
      MessageStructure: 'json',
      Message: JSON.stringify({ default: JSON.stringify(alert.json), email: alert.long, sms: alert.short }),
      MessageAttributes: { id: { DataType: 'String', StringValue: alert.id } },
    }),
  );
}

/** Makes a port when it is first used: no function needs them all. */
function lazy<T extends object>(make: () => T): T {
  let made: T | undefined;
  return new Proxy({} as T, {
    get(_, key) {
      made ??= make();
      return Reflect.get(made, key);
    },
  });
}
