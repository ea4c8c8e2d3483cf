import { createHash } from 'node:crypto';
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  NoSuchBucket,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import type { Fault, LoopbackCall } from '../../lib/local/loopback.ts';
import { startS3Server } from '../../lib/local/s3-server.ts';
import { s3Client, s3World } from './servers.ts';

const Bucket = 'files';

const put = (
  client: S3Client,
  Key: string,
  Body: string | Buffer,
  more: Partial<PutObjectCommandInput> = {},
) => client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));

async function textOf(client: S3Client, Key: string): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  return Body!.transformToString();
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

describe('objects', () => {
  it('returns bytes, headers and checksum as they were put', async () => {
    const { client, root } = await s3World();
    const body = Buffer.from('<h1>Prüfbericht</h1>');
    await put(client, 'reports/a.html', body, { ContentType: 'text/html', Metadata: { run: '7' } });
    const got = await client.send(
      new GetObjectCommand({ Bucket, Key: 'reports/a.html', ChecksumMode: 'ENABLED' }),
    );
    expect(Buffer.from(await got.Body!.transformToByteArray())).toEqual(body);
    expect(got).toMatchObject({
      ContentType: 'text/html',
      Metadata: { run: '7' },
      ETag: `"${createHash('md5').update(body).digest('hex')}"`,
    });
    expect(got.ChecksumCRC32).toBeTruthy();
    expect(await readFile(join(root, Bucket, 'reports/a.html'))).toEqual(body);
  });

  it('keeps nothing but objects in the folder of a bucket', async () => {
    const { client, root } = await s3World();
    await put(client, 'a/b', 'x');
    expect(await filesUnder(root)).toEqual(['b']);
  });

  it('overwrites, and heads what is there', async () => {
    const { client } = await s3World();
    await put(client, 'a', 'one');
    await put(client, 'a', 'second');
    expect(await textOf(client, 'a')).toBe('second');
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'a' }));
    expect(head.ContentLength).toBe(6);
  });

  it('says what is missing', async () => {
    const { client } = await s3World();
    await expect(textOf(client, 'none')).rejects.toBeInstanceOf(NoSuchKey);
    await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'none' }))).rejects.toBeInstanceOf(
      NotFound,
    );
    await expect(client.send(new GetObjectCommand({ Bucket: 'elsewhere', Key: 'a' }))).rejects.toBeInstanceOf(
      NoSuchBucket,
    );
  });

  it('deletes, also what is not there, and leaves room for a key named like the folder', async () => {
    const { client } = await s3World();
    await put(client, 'a/b/c', 'x');
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'a/b/c' }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'a/b/c' }));
    await put(client, 'a', 'y');
    expect(await textOf(client, 'a')).toBe('y');
  });

  it('keeps an empty object', async () => {
    const { client } = await s3World();
    await put(client, 'empty', Buffer.alloc(0));
    expect(await textOf(client, 'empty')).toBe('');
  });

  it('notices a file changed from outside', async () => {
    const { client, root } = await s3World();
    await put(client, 'a', 'abc');
    await writeFile(join(root, Bucket, 'a'), 'abd');
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'a', ChecksumMode: 'ENABLED' }));
    expect(await got.Body!.transformToString()).toBe('abd');
    expect(got.ETag).toBe(`"${createHash('md5').update('abd').digest('hex')}"`);
  });

  it.each(['a//b', 'a/../b', './a', 'a/', 'a\u0001', `${'x'.repeat(241)}`, 'd.s3meta/a'])(
    'refuses the key %j, which cannot be a file',
    async (key) => {
      const { client } = await s3World();
      await expect(put(client, key, 'x')).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
    },
  );

  it('refuses a key below an object, and an object where keys lie below', async () => {
    const { client } = await s3World();
    await put(client, 'a', 'x');
    await expect(put(client, 'a/b', 'y')).rejects.toMatchObject({ name: 'KeyConflict' });
    await put(client, 'c/d', 'x');
    for (const IfNoneMatch of [undefined, '*'])
      await expect(put(client, 'c', 'y', { IfNoneMatch })).rejects.toMatchObject({ name: 'KeyConflict' });
  });

  it('serves a presigned address', async () => {
    const { client, endpoint } = await s3World();
    await put(client, 'a', 'hello');
    const address = `${endpoint}/${Bucket}/a?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=me%2F20260101%2Fx%2Fs3%2Faws4_request`;
    expect(await (await fetch(address)).text()).toBe('hello');
  });

  it('refuses calls that are not signed or come from a web page', async () => {
    const { endpoint } = await s3World();
    expect((await fetch(`${endpoint}/${Bucket}/a`)).status).toBe(403);
    const headers = { origin: 'https://example.org', authorization: 'AWS4-HMAC-SHA256 Credential=a/b' };
    expect((await fetch(`${endpoint}/${Bucket}/a`, { method: 'PUT', headers, body: 'x' })).status).toBe(403);
  });
});

describe('put if absent', () => {
  it('has exactly one winner of 20 at two servers on one folder, whose bytes stay', async () => {
    const { client, root } = await s3World();
    const second = await startS3Server({ root, buckets: ['files'], writeOnce: [] });
    const other = s3Client(second.endpoint);
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) =>
        put(i % 2 ? client : other, 'k/e/y', `writer ${i}`, { IfNoneMatch: '*' }),
      ),
    );
    other.destroy();
    await second.close();
    const winners = results.flatMap((result, i) => (result.status === 'fulfilled' ? [i] : []));
    expect(winners).toHaveLength(1);
    expect(await textOf(client, 'k/e/y')).toBe(`writer ${winners[0]}`);
    for (const result of results)
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({
          name: 'PreconditionFailed',
          $metadata: { httpStatusCode: 412 },
        });
  });

  it('is the only put a write-once bucket takes', async () => {
    const { client } = await s3World();
    const evidence = { Bucket: 'evidence' };
    await expect(put(client, 'a', 'x', evidence)).rejects.toMatchObject({ name: 'AccessDenied' });
    await put(client, 'a', 'x', { ...evidence, IfNoneMatch: '*' });
    await expect(put(client, 'a', 'y', { ...evidence, IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    await expect(client.send(new DeleteObjectCommand({ ...evidence, Key: 'a' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });
});

describe('ranges', () => {
  it.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=4-', '456789', 'bytes 4-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=8-100', '89', 'bytes 8-9/10'],
  ])('serves %s', async (Range, text, ContentRange) => {
    const { client } = await s3World();
    await put(client, 'digits', '0123456789');
    const got = await client.send(
      new GetObjectCommand({ Bucket, Key: 'digits', Range, ChecksumMode: 'ENABLED' }),
    );
    expect(await got.Body!.transformToString()).toBe(text);
    expect(got).toMatchObject({ ContentRange, $metadata: { httpStatusCode: 206 } });
  });

  it('refuses a range behind the end', async () => {
    const { client } = await s3World();
    await put(client, 'digits', '0123456789');
    await expect(
      client.send(new GetObjectCommand({ Bucket, Key: 'digits', Range: 'bytes=10-' })),
    ).rejects.toMatchObject({ name: 'InvalidRange' });
  });
});

describe('checksums', () => {
  it.each(['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const)(
    'takes a stream and a buffer with %s',
    async (ChecksumAlgorithm) => {
      const { client } = await s3World();
      const body = Buffer.alloc(300_000, 'abc');
      await put(client, 'buffer', body, { ChecksumAlgorithm });
      await client.send(
        new PutObjectCommand({
          Bucket,
          Key: 'stream',
          Body: Readable.from([body.subarray(0, 100_000), body.subarray(100_000)]),
          ContentLength: body.length,
          ChecksumAlgorithm,
        }),
      );
      for (const key of ['buffer', 'stream']) expect(await textOf(client, key)).toBe(body.toString());
    },
  );

  it.each([
    ['CRC32', { ChecksumCRC32: 'AAAAAA==' }],
    ['SHA1', { ChecksumSHA1: 'qZk+NkcGgWq6PiVxeFDCbJzQ2J0=' }],
    ['SHA256', { ChecksumSHA256: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' }],
    ['Content-MD5', { ContentMD5: '1B2M2Y8AsgTpgAmY7PhCfg==' }],
  ])('refuses a wrong %s and leaves nothing behind', async (_, wrong) => {
    const { client, state } = await s3World();
    await expect(put(client, 'a', 'body', wrong)).rejects.toMatchObject({ name: 'BadDigest' });
    expect(await filesUnder(state)).toEqual([]);
  });

  it.each([
    ['a body other than its hash', { 'x-amz-content-sha256': '0'.repeat(64) }, 'body'],
    [
      'a chunk cut short',
      { 'x-amz-content-sha256': 'STREAMING-X', 'x-amz-decoded-content-length': '4' },
      '5\r\nbo',
    ],
    [
      'a chunk without its end',
      { 'x-amz-content-sha256': 'STREAMING-X', 'x-amz-decoded-content-length': '2' },
      '2\r\nbody',
    ],
    [
      'no last chunk',
      { 'x-amz-content-sha256': 'STREAMING-X', 'x-amz-decoded-content-length': '2' },
      '2\r\nbo\r\n',
    ],
    [
      'another size than declared',
      { 'x-amz-content-sha256': 'STREAMING-X', 'x-amz-decoded-content-length': '9' },
      '2\r\nbo\r\n0\r\n\r\n',
    ],
  ])('refuses %s and leaves nothing behind', async (_, declared, body) => {
    const { endpoint, state } = await s3World();
    const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=a/b', ...declared };
    const answer = await fetch(`${endpoint}/${Bucket}/a`, { method: 'PUT', headers, body });
    expect(answer.status).toBe(400);
    expect(await filesUnder(state)).toEqual([]);
  });

  it('refuses a checksum it does not know', async () => {
    const { endpoint } = await s3World();
    const headers = {
      authorization: 'AWS4-HMAC-SHA256 Credential=a/b',
      'x-amz-checksum-crc64nvme': 'AAAAAAAAAAA=',
    };
    const answer = await fetch(`${endpoint}/${Bucket}/a`, { method: 'PUT', headers, body: 'x' });
    expect(answer.status).toBe(501);
  });

  it('leaves nothing of an upload that breaks off', async () => {
    const { state, endpoint } = await s3World();
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(endpoint).port), '127.0.0.1', () => {
        socket.write(
          `PUT /${Bucket}/a HTTP/1.1\r\nhost: x\r\nauthorization: AWS4-HMAC-SHA256 Credential=a/b\r\ncontent-length: 9\r\n\r\nhalf`,
          () => setTimeout(() => socket.destroy(), 50),
        );
      });
      socket.on('close', () => setTimeout(resolve, 50));
    });
    expect(await filesUnder(state)).toEqual([]);
  });
});

describe('large bodies', () => {
  it('streams 60 MB up and down', async () => {
    const { client } = await s3World();
    const part = Buffer.alloc(1_000_000, 'bonafide');
    const sent = createHash('sha256');
    const parts = (function* () {
      for (let i = 0; i < 60; i++) {
        sent.update(part);
        yield part;
      }
    })();
    await client.send(
      new PutObjectCommand({ Bucket, Key: 'large', Body: Readable.from(parts), ContentLength: 60_000_000 }),
    );
    const received = createHash('sha256');
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'large' }));
    for await (const bytes of got.Body as Readable) received.update(bytes as Buffer);
    expect(received.digest('hex')).toBe(sent.digest('hex'));
  });

  it('takes a buffer above 2 MB, which is announced by Expect: 100-continue', async () => {
    const { client } = await s3World();
    const body = Buffer.alloc(3_000_000, 'x');
    await put(client, 'a', body);
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'a' }));
    expect(head.ContentLength).toBe(body.length);
  });

  it('refuses a large put early and serves the next call', async () => {
    const { client } = await s3World();
    await expect(put(client, 'a', Buffer.alloc(8_000_000), { Bucket: 'evidence' })).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    await put(client, 'a', 'small');
    expect(await textOf(client, 'a')).toBe('small');
  });
});

describe('listing', () => {
  it('pages through 2,500 keys in 3 pages, in order of UTF-8 bytes', async () => {
    const { client, root } = await s3World();
    await put(client, 'n/0', 'x');
    const names = Array.from({ length: 2_500 }, (_, i) => `n/${(i * 7919) % 2_500}`);
    await Promise.all(names.map((name) => appendFile(join(root, Bucket, name), '')));
    const pages: ListObjectsV2CommandOutput[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'n/', ContinuationToken }));
      pages.push(page);
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(pages.map((page) => page.KeyCount)).toEqual([1000, 1000, 500]);
    const keys = pages.flatMap((page) => page.Contents!.map((object) => object.Key!));
    expect(keys).toEqual([...names].sort());
  });

  const odd = [
    'a&b',
    'a<b>',
    'a+b',
    'a%20b',
    'a b',
    'a\'b"',
    'é',
    'z/ü',
    'z-x',
    'z/x',
    '\u{1F600}',
    '\uFB01',
  ];

  it.each([undefined, 'url'] as const)(
    'lists names with & < + %% and beyond ASCII, sorted by bytes, encoding %s',
    async (EncodingType) => {
      const { client } = await s3World();
      for (const key of odd) await put(client, key, key);
      const { Contents } = await client.send(new ListObjectsV2Command({ Bucket, EncodingType }));
      const keys = Contents!.map(({ Key }) => (EncodingType ? decodeURIComponent(Key!) : Key!));
      const expected = [...odd].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(keys).toEqual(expected);
      for (const key of odd) expect(await textOf(client, key)).toBe(key);
    },
  );

  it('groups by delimiter and pages one by one', async () => {
    const { client } = await s3World();
    for (const key of ['a/1', 'a/2', 'a-b', 'b', 'c/1/x', 'c/2/y']) await put(client, key, 'x');
    const seen: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket, Delimiter: '/', MaxKeys: 1, ContinuationToken }),
      );
      seen.push(page.Contents?.[0]?.Key ?? page.CommonPrefixes?.[0]?.Prefix);
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(seen).toEqual(['a-b', 'a/', 'b', 'c/']);
    const below = await client.send(new ListObjectsV2Command({ Bucket, Delimiter: '/', Prefix: 'c/' }));
    expect(below.CommonPrefixes!.map(({ Prefix }) => Prefix)).toEqual(['c/1/', 'c/2/']);
  });

  it('starts after a key and keeps to a prefix that ends inside a name', async () => {
    const { client } = await s3World();
    for (const key of ['run/1', 'run/12', 'run/13', 'run/2', 'runs']) await put(client, key, 'x');
    const { Contents } = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix: 'run/1', StartAfter: 'run/1' }),
    );
    expect(Contents!.map(({ Key }) => Key)).toEqual(['run/12', 'run/13']);
  });
});

describe('what it does not do', () => {
  it.each([
    ['CopyObject', new CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a` })],
    ['tagging', new PutObjectCommand({ Bucket, Key: 'b', Body: 'x', Tagging: 'a=b' })],
    ['a version', new GetObjectCommand({ Bucket, Key: 'b', VersionId: '1' })],
    ['ListObjects', new ListObjectsCommand({ Bucket })],
    ['If-Match', new GetObjectCommand({ Bucket, Key: 'b', IfMatch: 'x' })],
  ])('answers 501 to %s', async (_, command) => {
    const { client } = await s3World();
    await expect(client.send(command as GetObjectCommand)).rejects.toMatchObject({
      name: 'NotImplemented',
      $metadata: { httpStatusCode: 501 },
    });
  });
});

describe('hooks', () => {
  it('tells action, resource and caller of each call', async () => {
    const calls: LoopbackCall[] = [];
    const { client } = await s3World({ onRequest: (call) => calls.push(call) });
    await put(client, 'a/b', 'x');
    await client.send(new ListObjectsV2Command({ Bucket }));
    expect(calls).toEqual([
      { service: 's3', action: 'PutObject', resources: ['files/a/b'], accessKeyId: 'caller' },
      { service: 's3', action: 'ListObjectsV2', resources: ['files'], accessKeyId: 'caller' },
    ]);
  });

  it('carries a put out and loses the answer; the client tries again', async () => {
    const faults: (Fault | undefined)[] = ['drop-response'];
    const { client } = await s3World({ fault: () => faults.shift() });
    await expect(put(client, 'a', 'x', { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    expect(await textOf(client, 'a')).toBe('x');
  });

  it('answers with the error asked for', async () => {
    const faults: (Fault | undefined)[] = [{ status: 403, code: 'AccessDenied' }];
    const { client } = await s3World({ fault: () => faults.shift() });
    await expect(put(client, 'a', 'x')).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});
