/** Evidence as objects that are written once: in an S3 bucket, or read from a folder it was downloaded to. */
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { canonicalJson, type Digest, digestOf, isDigest } from '../model/canonical-json.ts';

/** What reading evidence needs. */
export interface EvidenceSource {
  /** All keys that begin with `prefix`, in order. */
  list(prefix: string): Promise<string[]>;
  /** An object's bytes; null when there is none. */
  get(key: string): Promise<Uint8Array | null>;
}

/** What writing it needs beside. */
export interface EvidenceBucket extends EvidenceSource {
  /** Writes an object unless there is one; false when there is. Never overwrites. */
  putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean>;
}

/** Evidence objects named by what they hold. */
export interface Evidence {
  /** Keeps bytes at `objects/<sha256>.json`; the same bytes again change nothing. */
  putObject(bytes: Uint8Array): Promise<Digest>;
  /** Keeps a value as canonical JSON. @throws {RangeError} it has none. */
  putJson(value: unknown): Promise<Digest>;
  /**
   * @throws {RangeError} `digest` is not written as one.
   * @throws {EvidenceError} there is no such object, or it no longer holds what its name says.
   */
  getObject(digest: Digest): Promise<Uint8Array>;
  /** The value of an object. @throws as `getObject`. */
  getJson(digest: Digest): Promise<unknown>;
}

/** Evidence is missing, or is not what it was. */
export class EvidenceError extends Error {
  override readonly name = 'EvidenceError';
}

/** Key of the object with a digest. @throws {RangeError} `digest` is not written as one. */
export function objectKey(digest: Digest): string {
  if (!isDigest(digest)) throw new RangeError(`expected sha256: and 64 digits, got "${digest}"`);
  return `objects/${digest.slice('sha256:'.length)}.json`;
}

/** Evidence objects in a bucket. */
export function evidenceObjects(bucket: EvidenceBucket): Evidence {
  async function putObject(bytes: Uint8Array): Promise<Digest> {
    const digest = digestOf(bytes);
    await bucket.putIfAbsent(objectKey(digest), bytes);
    return digest;
  }
  async function getObject(digest: Digest): Promise<Uint8Array> {
    const key = objectKey(digest);
    const bytes = await bucket.get(key);
    if (bytes === null) throw new EvidenceError(`${key} is missing`);
    if (digestOf(bytes) !== digest) throw new EvidenceError(`${key} does not hold what its name says`);
    return bytes;
  }
  return {
    putObject,
    putJson: (value) => putObject(Buffer.from(canonicalJson(value))),
    getObject,
    getJson: async (digest) => JSON.parse(Buffer.from(await getObject(digest)).toString()) as unknown,
  };
}

const maxConflicts = 6;

/** Evidence in an S3 bucket. On AWS the bucket's policy demands `If-None-Match` of every put. */
export function s3Evidence(client: S3Client, bucket: string): EvidenceBucket {
  return {
    async list(prefix) {
      const keys: string[] = [];
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix }))
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key);
      return keys;
    },

    async get(key) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return (await Body?.transformToByteArray()) ?? new Uint8Array();
      } catch (error) {
        if (error instanceof NoSuchKey) return null;
        throw error;
      }
    },

    async putIfAbsent(key, bytes) {
      const command = {
        Bucket: bucket,
        Key: key,
        Body: bytes,
        ContentLength: bytes.length,
        ContentType: 'application/json',
        IfNoneMatch: '*',
      };
      for (let tries = 1; ; tries++) {
        try {
          await client.send(new PutObjectCommand(command));
          return true;
        } catch (error) {
          const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
          if (status === 412) return false;
          // S3 answers 409 while another put of the key is under way, and asks to try again.
          if (status !== 409 || tries === maxConflicts) throw error;
          await pause(20 * 2 ** tries);
        }
      }
    },
  };
}

/** Evidence in a folder of plain files, e.g. downloaded from the bucket; it can be read and verified. */
export function folderObjects(folder: string): EvidenceSource {
  return {
    async list(prefix) {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => !entry.isDirectory())
        .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, sep).length))
        .map((path) => path.split(sep).join('/'))
        .filter((key) => key.startsWith(prefix))
        .sort();
    },
    async get(key) {
      try {
        return await readFile(join(folder, key));
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
        throw error;
      }
    },
  };
}
