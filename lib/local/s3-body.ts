/**
 * The body of a PutObject as it comes over the wire: plain, or `aws-chunked` with a checksum in the trailer.
 * It is streamed to a sink while its size and every checksum that was declared are verified.
 */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { crc32 } from 'node:zlib';
import { Refusal } from './loopback.ts';

/** What was received. */
export interface ReceivedBody {
  readonly size: number;
  readonly md5Hex: string;
  /** Checksums that were declared and verified, by header name (`x-amz-checksum-crc32`), base64. */
  readonly checksums: Readonly<Record<string, string>>;
}

interface Digester {
  update(bytes: Uint8Array): unknown;
  base64(): string;
}

function hash(algorithm: string): Digester {
  const state = createHash(algorithm);
  return { update: (bytes) => state.update(bytes), base64: () => state.digest('base64') };
}

function crc(): Digester {
  let sum = 0;
  return {
    update: (bytes) => {
      sum = crc32(bytes, sum);
    },
    base64: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(sum);
      return bytes.toString('base64');
    },
  };
}

// CRC32C is accepted unverified, and not stored: node:zlib has no such sum.
const digesters: Readonly<Record<string, () => Digester | null>> = {
  'x-amz-checksum-crc32': crc,
  'x-amz-checksum-crc32c': () => null,
  'x-amz-checksum-sha1': () => hash('sha1'),
  'x-amz-checksum-sha256': () => hash('sha256'),
};

const maxObjectBytes = 5 * 1024 ** 3;

/**
 * Streams a body into `write` and verifies it.
 *
 * @throws {Refusal} 400 `BadDigest`, `XAmzContentSHA256Mismatch`, `IncompleteBody`, `EntityTooLarge`; 501 for
 *   a checksum this server does not know. What was written by then must be thrown away.
 */
export async function receiveBody(
  headers: IncomingHttpHeaders,
  body: AsyncIterable<Buffer>,
  write: (bytes: Buffer) => Promise<unknown>,
): Promise<ReceivedBody> {
  const isChunked = String(headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
  const declaredSize = headers[isChunked ? 'x-amz-decoded-content-length' : 'content-length'];
  if (declaredSize === undefined) throw new Refusal(411, 'MissingContentLength', 'the size is not declared');
  if (Number(declaredSize) > maxObjectBytes) throw new Refusal(400, 'EntityTooLarge', 'over 5 GB');

  const md5 = createHash('md5');
  const contentSha256 = createHash('sha256');
  const sums = new Map<string, Digester | null>();
  for (const name of declaredChecksums(headers)) {
    const start = digesters[name];
    if (!start) throw new Refusal(501, 'NotImplemented', `checksum ${name}`);
    sums.set(name, start());
  }
  const payloadHash = String(headers['x-amz-content-sha256'] ?? '');
  const isHashed = /^[0-9a-f]{64}$/.test(payloadHash);

  let size = 0;
  const trailer: Record<string, string> = {};
  for await (const bytes of isChunked ? decodeChunks(body, trailer) : body) {
    size += bytes.length;
    if (size > Number(declaredSize)) break;
    md5.update(bytes);
    if (isHashed) contentSha256.update(bytes);
    for (const sum of sums.values()) sum?.update(bytes);
    await write(bytes);
  }
  if (size !== Number(declaredSize))
    throw new Refusal(400, 'IncompleteBody', `${declaredSize} bytes were declared, ${size} came`);
  if (isHashed && contentSha256.digest('hex') !== payloadHash)
    throw new Refusal(400, 'XAmzContentSHA256Mismatch', 'the body does not match x-amz-content-sha256');

  const md5Digest = md5.digest();
  const declaredMd5 = headers['content-md5'];
  if (declaredMd5 !== undefined && declaredMd5 !== md5Digest.toString('base64'))
    throw new Refusal(400, 'BadDigest', 'the body does not match Content-MD5');
  const checksums: Record<string, string> = {};
  for (const [name, sum] of sums) {
    if (sum === null) continue;
    const value = sum.base64();
    if (value !== (headers[name] ?? trailer[name]))
      throw new Refusal(400, 'BadDigest', `the body does not match ${name}`);
    checksums[name] = value;
  }
  return { size, md5Hex: md5Digest.toString('hex'), checksums };
}

function declaredChecksums(headers: IncomingHttpHeaders): string[] {
  const inTrailer = String(headers['x-amz-trailer'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase());
  const inHeader = Object.keys(headers);
  return [...inTrailer, ...inHeader].filter(
    (name) =>
      name.startsWith('x-amz-checksum-') &&
      name !== 'x-amz-checksum-type' &&
      name !== 'x-amz-checksum-algorithm',
  );
}

/**
 * Decodes `aws-chunked`: `size-in-hex[;signature]\r\n bytes \r\n` repeated, a chunk of size 0, then trailer lines.
 * @throws {Refusal} 400 when the framing is broken or the stream ends early.
 */
async function* decodeChunks(
  body: AsyncIterable<Buffer>,
  trailer: Record<string, string>,
): AsyncGenerator<Buffer> {
  let pending: Buffer = Buffer.alloc(0);
  // Bytes of the current chunk still to come; null while a size line is expected.
  let left: number | null = null;
  let isTrailer = false;
  for await (const bytes of body) {
    pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes]);
    for (;;) {
      if (left !== null && left > 0) {
        if (pending.length === 0) break;
        const part = pending.subarray(0, left);
        left -= part.length;
        pending = pending.subarray(part.length);
        yield part;
        continue;
      }
      const end = pending.indexOf('\r\n');
      if (end > 16_384 || (end < 0 && pending.length > 16_384)) throw brokenFraming();
      if (end < 0) break;
      const line = pending.toString('latin1', 0, end);
      pending = pending.subarray(end + 2);
      if (isTrailer) {
        const colon = line.indexOf(':');
        if (colon > 0) trailer[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
      } else if (left === 0) {
        if (line !== '') throw brokenFraming();
        left = null;
      } else {
        const size = /^([0-9a-fA-F]{1,8})(?:;.*)?$/.exec(line)?.[1];
        if (size === undefined) throw brokenFraming();
        left = Number.parseInt(size, 16);
        isTrailer = left === 0;
      }
    }
  }
  if (!isTrailer) throw brokenFraming();
}

function brokenFraming(): Refusal {
  return new Refusal(400, 'IncompleteBody', 'the aws-chunked body is broken');
}
