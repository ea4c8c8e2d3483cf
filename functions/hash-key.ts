import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { IngestPorts } from '../lib/pipeline/ports.ts';
import { requiredOf, type Variables } from './runtime.ts';

/** Reads the key of the hashes that stand for people, with its version. */
export function hashKeyOf(env: Variables = process.env): IngestPorts['hashKey'] {
  return async () => {
    // Only on one machine, where no Secrets Manager runs.
    if (env.HASH_KEY) return { key: env.HASH_KEY, version: 'local' };
    const secret = await new SecretsManagerClient({}).send(
      new GetSecretValueCommand({ SecretId: requiredOf(env, 'HASH_SECRET_ARN') }),
    );
    if (!secret.SecretString || !secret.VersionId) throw new RangeError('the hashing secret is empty');
    return { key: secret.SecretString, version: secret.VersionId };
  };
}
