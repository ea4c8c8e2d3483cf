import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { startS3Server } from '../../lib/local/s3-server.ts';
import { allows, bucketPolicies, type Statement } from './policies.ts';
import { account, region, type Template } from './template.ts';

/** What somebody with every permission but the bucket's tries. */
const attempts: Readonly<
  Record<string, (client: S3Client, object: { Bucket: string; Key: string }) => Promise<unknown>>
> = {
  'overwrite without saying so': (client, object) =>
    client.send(new PutObjectCommand({ ...object, Body: 'other' })),
  'overwrite with If-None-Match': (client, object) =>
    client.send(
      new PutObjectCommand({ ...object, Body: 'other', IfNoneMatch: '*' } as PutObjectCommandInput),
    ),
  delete: (client, object) => client.send(new DeleteObjectCommand(object)),
};

/** Statement of the policy -> attempt that it alone refuses. */
const refusedBy: Readonly<Record<string, string>> = {
  's3:PutObject': 'overwrite without saying so',
  's3:DeleteObject': 'delete',
};

/**
 * Tries to overwrite and delete evidence as an administrator would, under the template's own bucket policy, and once
 * more without each of its denies.
 */
export async function evidenceFaults(template: Template): Promise<{ faults: string[]; attempts: number }> {
  const bucket = template.ofType('AWS::S3::Bucket').find(({ id }) => id.includes('Evidence'))!;
  const policy = bucketPolicies(template).get(template.arn(bucket.id)) ?? [];
  const faults: string[] = [];
  for (const name of Object.keys(attempts))
    if (await succeeds(name, template.physical(bucket.id), policy))
      faults.push(`evidence: ${name} succeeded`);
  const isOnTransport = (one: Statement) => one.Condition?.Bool?.['aws:SecureTransport'] !== undefined;
  const denies = policy.filter((one) => one.Effect === 'Deny' && !isOnTransport(one));
  if (denies.length !== Object.keys(refusedBy).length)
    faults.push(`evidence: the policy has ${denies.length} denies, not ${Object.keys(refusedBy).length}`);
  for (const deny of denies) {
    const name = Object.entries(refusedBy).find(([action]) => deny.Action.includes(action))?.[1];
    const rest = policy.filter((one) => one !== deny);
    if (!name || !(await succeeds(name, template.physical(bucket.id), rest)))
      faults.push(`evidence: without ${deny.Action.join(', ')} nothing more succeeds`);
  }
  return { faults, attempts: Object.keys(attempts).length };
}

async function succeeds(name: string, Bucket: string, policy: readonly Statement[]): Promise<boolean> {
  const root = await mkdtemp(join(tmpdir(), 'bonafide-evidence-'));
  const everything: Statement = { from: '', Effect: 'Allow', Action: ['*'], Resource: ['*'] };
  let isGuarded = false;
  const server = await startS3Server({
    root: join(root, 's3'),
    buckets: [Bucket],
    writeOnce: [],
    fault: ({ action, resources, context = {} }) => {
      const call = {
        principal: `arn:aws:iam::${account}:role/Administrator`,
        action: `s3:${action}`,
        resource: `arn:aws:s3:::${resources[0]}`,
        context: { ...context, 'aws:SecureTransport': 'true' },
      };
      return !isGuarded || allows([everything, ...policy], call)
        ? undefined
        : { status: 403, code: 'AccessDenied' };
    },
  });
  const client = new S3Client({
    region,
    endpoint: server.endpoint,
    forcePathStyle: true,
    credentials: { accessKeyId: 'administrator', secretAccessKey: 'none' },
  });
  const object = { Bucket, Key: 'objects/one.json' };
  try {
    await client.send(new PutObjectCommand({ ...object, Body: 'evidence' }));
    isGuarded = true;
    await attempts[name]!(client, object);
    return true;
  } catch (error) {
    if (error instanceof S3ServiceException) return false;
    throw error;
  } finally {
    client.destroy();
    await server.close();
    await rm(root, { recursive: true, force: true });
  }
}
