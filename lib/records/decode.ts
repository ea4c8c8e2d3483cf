import { createHash, type Hash } from 'node:crypto';
import { createGunzip, type Gunzip } from 'node:zlib';
import { refuse } from './file-report.ts';

/** Digest and size of the bytes as they were delivered. */
export class Seal {
  bytes = 0;
  readonly #hash: Hash = createHash('sha256');

  /** Passes bytes through while they are counted and hashed. */
  async *through(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of input) {
      this.bytes += chunk.length;
      this.#hash.update(chunk);
      yield chunk;
    }
  }

  /** Lower-case hex; call once. */
  digest(): string {
    return this.#hash.digest('hex');
  }
}

/**
 * Unpacks gzip, told by its first two bytes; anything else passes as it is.
 * @throws RefusedError truncated or damaged gzip, its checksum included.
 */
export async function* decoded(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = input[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  let isDone = false;
  while (head.length < 2 && !isDone) {
    const next = await chunks.next();
    if (next.done) isDone = true;
    else head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  async function* rest(): AsyncGenerator<Uint8Array> {
    if (head.length > 0) yield head;
    if (!isDone) yield* { [Symbol.asyncIterator]: () => chunks };
  }
  if (head[0] === 0x1f && head[1] === 0x8b) yield* gunzipped(rest());
  else yield* rest();
}

async function* gunzipped(input: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  let failure: unknown = null;
  const pump = (async () => {
    try {
      // After a failure the rest is still read: the digest is of the whole file.
      for await (const chunk of input) if (!gunzip.destroyed && !gunzip.write(chunk)) await drained(gunzip);
    } catch (error) {
      failure = error;
    }
    if (failure === null) gunzip.end();
    else gunzip.destroy();
  })();
  try {
    for await (const chunk of gunzip) yield chunk as Uint8Array;
  } catch (error) {
    await pump;
    if (failure === null) refuseGzip(error as NodeJS.ErrnoException);
  }
  await pump;
  if (failure !== null) throw failure;
}

function drained(gunzip: Gunzip): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      gunzip.off('drain', wake);
      gunzip.off('close', wake);
      resolve();
    };
    gunzip.on('drain', wake);
    gunzip.on('close', wake);
  });
}

function refuseGzip(error: NodeJS.ErrnoException): never {
  if (error.code === 'Z_BUF_ERROR')
    refuse(1, null, 'truncated gzip: it ends in the middle', 'the whole file');
  if (error.message.includes('data check') || error.message.includes('length check'))
    refuse(1, null, 'gzip with a wrong checksum', 'an undamaged file');
  refuse(1, null, `damaged gzip (${error.message})`, 'an undamaged file');
}
