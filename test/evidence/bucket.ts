import { join } from 'node:path';
import { evidenceObjects, s3Evidence } from '../../lib/evidence/objects.ts';
import type { LoopbackHooks } from '../../lib/local/loopback.ts';
import { s3World } from '../local/servers.ts';

/** The evidence bucket of a new S3 server, and the folder it lies in. */
export async function evidenceWorld(hooks: LoopbackHooks = {}) {
  const { client, root, state } = await s3World(hooks);
  const bucket = s3Evidence(client, 'evidence');
  return { client, bucket, objects: evidenceObjects(bucket), folder: join(root, 'evidence'), state };
}
