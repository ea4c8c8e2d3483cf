import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../model/config.ts';
import { type DeployedConfiguration, deployedConfiguration } from '../model/deployed-configuration.ts';
import { tableDefinitions } from '../store/keys.ts';
import { type EmbeddedWorld, startEmbedded } from './embedded.ts';
import { UserError } from './stage.ts';
import { writeWhole } from './whole-file.ts';

/** Names of what the stack makes on AWS, as they are called on one machine. */
const names = {
  TABLE_COUNTS: 'counts',
  TABLE_FLAGS: 'flags',
  TABLE_RUNS: 'runs',
  BUCKET_DATA: 'data',
  BUCKET_EVIDENCE: 'evidence',
  BUCKET_REPORTS: 'reports',
  CONFIG_BUCKET: 'config',
  CONFIG_KEY: 'configuration.json',
} as const;

const topicArn = (name: string) => `arn:aws:sns:local:000000000000:bonafide-${name}`;
const audiences = ['finance', 'operations', 'leadership', 'failures', 'owner'] as const;
const chat = topicArn('chat');

/** The embedded world of a state folder with the environment its handlers run in. */
export interface LocalWorld {
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * Starts the embedded servers on a state folder and gives the environment that points the AWS SDK clients of the
 * handlers at them.
 *
 * @param state `.bonafide`; made when absent.
 * @param deployed what the handlers work with.
 * @throws {StateLockedError} another run works on the folder.
 * @throws {UserError} the key of the hashes is gone.
 */
export async function startWorld(
  state: string,
  alerts: string,
  deployed: DeployedConfiguration,
): Promise<LocalWorld> {
  const world: EmbeddedWorld = await startEmbedded({
    state,
    alerts,
    buckets: [names.BUCKET_DATA, names.BUCKET_EVIDENCE, names.BUCKET_REPORTS, names.CONFIG_BUCKET],
    writeOnce: [names.BUCKET_EVIDENCE],
    topics: [...audiences.map(topicArn), chat],
    tables: {
      [names.TABLE_COUNTS]: tableDefinitions.counts,
      [names.TABLE_FLAGS]: tableDefinitions.flags,
      [names.TABLE_RUNS]: tableDefinitions.runs,
    },
  });
  let key: string;
  try {
    await writeWhole(configFile(state), JSON.stringify(deployed));
    key = await hashKey(state);
  } catch (error) {
    await world.close();
    throw error;
  }
  return {
    environment: {
      ...names,
      ...Object.fromEntries(audiences.map((a) => [`TOPIC_${a.toUpperCase()}`, topicArn(a)])),
      ...(deployed.config.alerts.slack && { TOPIC_CHAT: chat }),
      HASH_KEY: key,
      AWS_REGION: 'local',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_S3: world.s3,
      AWS_ENDPOINT_URL_DYNAMODB: world.dynamodb,
      AWS_ENDPOINT_URL_SNS: world.sns,
      AWS_ENDPOINT_URL_EVENTBRIDGE: world.events,
    },
    close: () => world.close(),
  };
}

/** Configuration the last run left in a state folder; null when there was none. */
export async function deployedIn(state: string): Promise<DeployedConfiguration | null> {
  try {
    return JSON.parse(await readFile(configFile(state), 'utf8')) as DeployedConfiguration;
  } catch {
    return null;
  }
}

/**
 * Makes what is deployed to a state folder of a configuration.
 * @throws {UserError} its country has no holiday calendar.
 */
export async function deployable(
  state: string,
  { text, config }: { readonly text: string; readonly config: Config },
  now: Date,
): Promise<DeployedConfiguration> {
  const before = await deployedIn(state);
  try {
    return await deployedConfiguration(text, config, now.getUTCFullYear(), before);
  } catch (error) {
    throw new UserError(`country: ${(error as Error).message}`);
  }
}

function configFile(state: string): string {
  return join(state, 's3', names.CONFIG_BUCKET, names.CONFIG_KEY);
}

/**
 * The folder's own key for hashes of people, made once and kept beside the data it hashes.
 * @throws {UserError} the key is gone while records hashed with it are there: another one would hash nobody the same.
 */
async function hashKey(state: string): Promise<string> {
  const file = join(state, 'hash-key');
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const kept = await readdir(join(state, 's3', names.BUCKET_DATA, 'records')).catch(() => []);
    if (kept.length > 0)
      throw new UserError(
        `${file} is gone, and records hashed with it are here: put it back, or delete ${state} and run again on all files`,
      );
    const key = randomBytes(32).toString('hex');
    await writeWhole(file, key, 0o600);
    return key;
  }
}
