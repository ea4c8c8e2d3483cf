import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { ledgerIn } from '../lib/evidence/ledger.ts';
import { evidenceObjects, s3Evidence } from '../lib/evidence/objects.ts';
import type { DeployedConfiguration } from '../lib/model/deployed-configuration.ts';
import { holidaysIn, noHolidays } from '../lib/model/holidays.ts';
import type { Ports } from '../lib/pipeline/ports.ts';
import { dynamoCounts } from '../lib/store/counts-store.ts';
import { dynamoFlags } from '../lib/store/flags-store.ts';
import { s3Objects } from '../lib/store/objects.ts';
import { dynamoRuns } from '../lib/store/runs-store.ts';

/**
 * Composition root of the handlers: environment, clock and AWS clients enter here and nowhere else. Handlers
 * run the same on AWS and on one machine, where the endpoints of the environment point at loopback.
 */

export const logger = new Logger({ serviceName: 'bonafide' });

/** Without limits a call that is never answered takes all of the function's time; given up, it is tried again. */
export const patience = { connectionTimeout: 3000, requestTimeout: 30_000, throwOnRequestTimeout: true };

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
});

/** Variables of a process. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Ports every handler may need; `publish`, `emit`, `policies` and the key of the hashes are made where they are needed. */
export type StoredPorts = Omit<Ports, 'publish' | 'emit' | 'policies'>;

/** The ports on the stores; one whose variable is missing throws when touched, so that it is told by name. */
export async function awsPorts(env: Variables = process.env): Promise<StoredPorts> {
  const variables = environment.parse(env);
  // S3 on loopback knows no bucket names in host names; on AWS the endpoint is not set and this changes nothing.
  const s3 = new S3Client({
    forcePathStyle: env.AWS_ENDPOINT_URL_S3 !== undefined,
    requestHandler: patience,
  });
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ requestHandler: patience }), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const deployed = await readDeployed(s3, variables.CONFIG_BUCKET, variables.CONFIG_KEY);
  const required = (key: keyof typeof variables) => requiredOf(env, key);
  const evidence = () => s3Evidence(s3, required('BUCKET_EVIDENCE'));
  const lazily = <T extends object>(make: () => T): T => lazy(make);
  return {
    config: deployed.config,
    configText: deployed.text,
    isHoliday: deployed.holidays ? holidaysIn(deployed.holidays) : noHolidays,
    counts: lazily(() => dynamoCounts(documents, required('TABLE_COUNTS'))),
    flags: lazily(() => dynamoFlags(documents, required('TABLE_FLAGS'))),
    runs: lazily(() => dynamoRuns(documents, required('TABLE_RUNS'))),
    data: lazily(() => s3Objects(s3, required('BUCKET_DATA'))),
    reports: lazily(() => s3Objects(s3, required('BUCKET_REPORTS'))),
    evidence: lazily(() => evidenceObjects(evidence())),
    ledger: lazily(() => ledgerIn(evidence())),
    now: () => new Date(),
  };
}

/** A variable that must be set. @throws {RangeError} it is not; the message names it. */
export function requiredOf(env: Variables, key: string): string {
  const value = env[key];
  if (!value) throw new RangeError(`this function needs the variable ${key}`);
  return value;
}

async function readDeployed(s3: S3Client, bucket: string, key: string): Promise<DeployedConfiguration> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return JSON.parse((await Body?.transformToString()) ?? '') as DeployedConfiguration;
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
