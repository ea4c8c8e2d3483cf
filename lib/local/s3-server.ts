/**
 * A small S3 on loopback over a folder, for what the pipeline uses: PutObject (also only if absent), GetObject,
 * HeadObject, ListObjectsV2, DeleteObject. Everything else is answered 501, by name. Path style addresses only.
 *
 * Different from AWS: no versions, no encryption, no policies but write-once buckets, signatures not verified.
 */
import { rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import {
  accessKeyIdOf,
  announce,
  answering,
  type LoopbackHooks,
  type LoopbackServer,
  listenOnLoopback,
  Refusal,
  xmlText,
} from './loopback.ts';
import { receiveBody } from './s3-body.ts';
import { conditionKeysOf } from './s3-condition-keys.ts';
import { type BucketFolder, bucketFolder, type ObjectFacts, unfinishedFolder } from './s3-folder.ts';

/** How to start {@link startS3Server}. */
export interface S3ServerOptions extends LoopbackHooks {
  /** Folder of the buckets; the server's own files go to `s3-meta` beside it. */
  readonly root: string;
  readonly buckets: readonly string[];
  /** Buckets in which a delete, and a put without `If-None-Match: *`, is refused, as the evidence bucket's policy does. */
  readonly writeOnce: readonly string[];
}

type Action = 'PutObject' | 'GetObject' | 'HeadObject' | 'DeleteObject' | 'ListObjectsV2';

/** Query parameters each call may carry; another one makes it another call. */
const parameters: Readonly<Record<Action, readonly string[]>> = {
  PutObject: [],
  GetObject: [],
  HeadObject: [],
  DeleteObject: [],
  ListObjectsV2: [
    'list-type',
    'prefix',
    'delimiter',
    'max-keys',
    'continuation-token',
    'start-after',
    'encoding-type',
  ],
};

const keptHeaders = [
  'content-type',
  'content-encoding',
  'content-disposition',
  'content-language',
  'cache-control',
];
const understoodHeaders =
  /^x-amz-(date|content-sha256|decoded-content-length|user-agent|security-token|sdk-checksum-algorithm|trailer|checksum-[a-z0-9]+|meta-.*)$/;
const conditionalHeaders = ['if-match', 'if-modified-since', 'if-unmodified-since', 'if-range'];

/**
 * Starts the server.
 * @throws {RangeError} a bucket's name is not one S3 takes.
 */
export async function startS3Server(options: S3ServerOptions): Promise<LoopbackServer> {
  const buckets = new Map<string, BucketFolder>();
  const unfinished = await unfinishedFolder(options.root);
  for (const name of options.buckets) buckets.set(name, await bucketFolder(options.root, name, unfinished));

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '', search = ''] = (request.url ?? '').split('?', 2);
    const query = new URLSearchParams(search);
    const [name, key] = addressOf(path);
    const accessKeyId = accessKeyIdOf(request, query);
    const action = actionOf(request, query, name, key);
    const resource = action === 'ListObjectsV2' ? name : `${name}/${key}`;
    const context = conditionKeysOf(action, query, request.headers);
    await announce(
      { service: 's3', action, resources: [resource], accessKeyId, ...(context && { context }) },
      response,
      options,
    );

    const bucket = buckets.get(name);
    if (!bucket) throw new Refusal(404, 'NoSuchBucket', `there is no bucket "${name}"`);
    if (action === 'ListObjectsV2') await list(bucket, name, query, response);
    else if (action === 'PutObject') await put(bucket, name, key, request, response);
    else if (action === 'DeleteObject') {
      if (options.writeOnce.includes(name))
        throw new Refusal(403, 'AccessDenied', `nothing is deleted from "${name}"`);
      await bucket.delete(key);
      response.writeHead(204).end();
    } else await get(bucket, key, request, response);
  }

  async function put(
    bucket: BucketFolder,
    name: string,
    key: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const condition = request.headers['if-none-match'];
    if (condition !== undefined && condition !== '*') throw notImplemented('If-None-Match with an etag');
    if (condition === undefined && options.writeOnce.includes(name))
      throw new Refusal(403, 'AccessDenied', `a put to "${name}" must say If-None-Match: *`);
    const facts = await bucket.put(key, headersToKeep(request.headers), condition === '*', (write) =>
      receiveBody(request.headers, request, write),
    );
    response.writeHead(200, { etag: facts.etag, ...facts.checksums }).end();
  }

  const server = await listenOnLoopback(createServer(answering(handle, refuse)));
  return {
    endpoint: server.endpoint,
    async close() {
      await server.close();
      await rm(unfinished, { recursive: true, force: true });
    },
  };
}

async function get(
  bucket: BucketFolder,
  key: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const opened = await bucket.open(key);
  if (!opened) throw new Refusal(404, 'NoSuchKey', `there is no object "${key}"`);
  const { file, facts } = opened;
  try {
    const range = rangeOf(request.headers.range, facts.size);
    const from = range?.from ?? 0;
    const to = range?.to ?? facts.size;
    response.writeHead(range ? 206 : 200, {
      ...objectHeaders(facts),
      'content-length': to - from,
      // The sum of the whole object would not match a part of it.
      ...(request.headers['x-amz-checksum-mode'] === 'ENABLED' && !range ? facts.checksums : {}),
      ...(range ? { 'content-range': `bytes ${from}-${to - 1}/${facts.size}` } : {}),
    });
    if (request.method === 'HEAD' || to === from) response.end();
    else await pipeline(file.createReadStream({ start: from, end: to - 1, autoClose: false }), response);
  } finally {
    await file.close();
  }
}

async function list(
  bucket: BucketFolder,
  name: string,
  query: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const limit = Math.min(Number(query.get('max-keys') ?? 1000), 1000);
  if (!Number.isInteger(limit) || limit < 0) throw new Refusal(400, 'InvalidArgument', 'max-keys');
  const token = query.get('continuation-token');
  const after =
    token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString();
  const encode = query.get('encoding-type') === 'url' ? encodeKey : xmlText;

  const contents: string[] = [];
  const prefixes: string[] = [];
  let last = after;
  let isTruncated = false;
  for await (const key of bucket.keys(prefix, after)) {
    const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    const group = end < 0 ? null : key.slice(0, end + delimiter.length);
    if (group !== null && group === last) continue;
    if (contents.length + prefixes.length === limit) {
      isTruncated = limit > 0;
      break;
    }
    last = group ?? key;
    if (group !== null) prefixes.push(`<CommonPrefixes><Prefix>${encode(group)}</Prefix></CommonPrefixes>`);
    else {
      const opened = await bucket.open(key);
      // Deleted since the folder was read.
      if (!opened) continue;
      await opened.file.close();
      const { modified, etag, size } = opened.facts;
      contents.push(
        `<Contents><Key>${encode(key)}</Key><LastModified>${modified.toISOString()}</LastModified>` +
          `<ETag>${xmlText(etag)}</ETag><Size>${size}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
      );
    }
  }
  const next = isTruncated
    ? `<NextContinuationToken>${Buffer.from(last).toString('base64url')}</NextContinuationToken>`
    : '';
  sendXml(
    response,
    200,
    `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${name}</Name>` +
      `<Prefix>${encode(prefix)}</Prefix><KeyCount>${contents.length + prefixes.length}</KeyCount>` +
      `<MaxKeys>${limit}</MaxKeys><IsTruncated>${isTruncated}</IsTruncated>${next}` +
      `${contents.join('')}${prefixes.join('')}</ListBucketResult>`,
  );
}

/** Bucket and key of a path. @throws {Refusal} 400 when it is not percent-encoded UTF-8. */
function addressOf(path: string): [string, string] {
  const slash = path.indexOf('/', 1);
  try {
    return slash < 0
      ? [decodeURIComponent(path.slice(1)), '']
      : [decodeURIComponent(path.slice(1, slash)), decodeURIComponent(path.slice(slash + 1))];
  } catch {
    throw new Refusal(400, 'InvalidURI', path);
  }
}

/** @throws {Refusal} 501 for a call, a parameter or a header this server does not carry out. */
function actionOf(request: IncomingMessage, query: URLSearchParams, bucket: string, key: string): Action {
  const objectActions: Record<string, Action> = {
    PUT: 'PutObject',
    GET: 'GetObject',
    HEAD: 'HeadObject',
    DELETE: 'DeleteObject',
  };
  const isList = key === '' && request.method === 'GET' && query.get('list-type') === '2';
  const action = isList ? 'ListObjectsV2' : objectActions[request.method ?? ''];
  const names = [...query.keys()].filter((name) => name !== 'x-id' && !name.startsWith('X-Amz-'));
  if (!action || bucket === '' || (key === '' && !isList))
    throw notImplemented(`${request.method} with ${names.join(', ') || 'no parameters'} on a bucket`);
  const unknown = names.find((name) => !parameters[action].includes(name));
  if (unknown !== undefined) throw notImplemented(`${action} with the parameter ${unknown}`);
  const isConditional = action !== 'PutObject' && request.headers['if-none-match'] !== undefined;
  const header = isConditional
    ? 'if-none-match'
    : Object.keys(request.headers).find(
        (name) =>
          conditionalHeaders.includes(name) || (name.startsWith('x-amz-') && !understoodHeaders.test(name)),
      );
  if (header !== undefined) throw notImplemented(`${action} with the header ${header}`);
  return action;
}

function headersToKeep(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = { 'content-type': 'application/octet-stream' };
  for (const [name, value] of Object.entries(headers))
    if (keptHeaders.includes(name) || name.startsWith('x-amz-meta-')) kept[name] = String(value);
  // How it came over the wire is no property of the object.
  const encoding = (kept['content-encoding'] ?? '').split(',').map((name) => name.trim());
  kept['content-encoding'] = encoding.filter((name) => name !== 'aws-chunked').join(',');
  if (kept['content-encoding'] === '') delete kept['content-encoding'];
  return kept;
}

function objectHeaders(facts: ObjectFacts): Record<string, string> {
  return {
    ...facts.headers,
    etag: facts.etag,
    'last-modified': facts.modified.toUTCString(),
    'accept-ranges': 'bytes',
  };
}

/**
 * The bytes asked for, half open; null for all of them (also for several ranges, as S3 does).
 * @throws {Refusal} 416 when the range begins behind the end.
 */
function rangeOf(header: string | undefined, size: number): { from: number; to: number } | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const from = match[1] === '' ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const to = match[1] === '' || match[2] === '' ? size : Math.min(size, Number(match[2]) + 1);
  if (match[1] !== '' && match[2] !== '' && Number(match[2]) < from) return null;
  if (from >= size) throw new Refusal(416, 'InvalidRange', `the object has ${size} bytes`);
  return { from, to };
}

function encodeKey(key: string): string {
  return encodeURIComponent(key).replaceAll('%2F', '/');
}

function notImplemented(what: string): Refusal {
  return new Refusal(501, 'NotImplemented', `the embedded S3 does not do ${what}`);
}

function refuse(refusal: Refusal, request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'HEAD') return void response.writeHead(refusal.status).end();
  sendXml(
    response,
    refusal.status,
    `<Error><Code>${xmlText(refusal.code)}</Code><Message>${xmlText(refusal.message)}</Message></Error>`,
  );
}

function sendXml(response: ServerResponse, status: number, body: string): void {
  const bytes = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${body}`);
  response
    .writeHead(status, { 'content-type': 'application/xml', 'content-length': bytes.length })
    .end(bytes);
}
