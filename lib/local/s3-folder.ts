/**
 * Buckets as folders of plain files: `<root>/<bucket>/<key>` holds an object's bytes and nothing else, so that a
 * report opens in a browser and evidence can be copied as it is. What S3 keeps beside the bytes (etag, checksums,
 * headers) lies in `<root>/../s3-meta/<bucket>/`, and is computed anew when a file was changed from outside.
 */
import { createHash } from 'node:crypto';
import {
  type FileHandle,
  link,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Refusal } from './loopback.ts';
import type { ReceivedBody } from './s3-body.ts';

/** What S3 answers about an object, beside its bytes. */
export interface ObjectFacts {
  readonly size: number;
  readonly modified: Date;
  readonly etag: string;
  readonly checksums: Readonly<Record<string, string>>;
  /** Headers kept as they were put: content-type, content-encoding, cache-control, x-amz-meta-* … */
  readonly headers: Readonly<Record<string, string>>;
}

interface SideFile extends Omit<ObjectFacts, 'modified'> {
  readonly key: string;
  readonly modifiedNs: string;
}

const sideSuffix = '.s3meta';

/** One bucket. */
export interface BucketFolder {
  /**
   * Stores what `receive` writes, whole or not at all. With `ifAbsent` exactly one of any number of racing
   * writers, in any process, wins.
   * @throws {Refusal} 412 when `ifAbsent` and the key exists; whatever `receive` throws.
   */
  put(
    key: string,
    headers: Readonly<Record<string, string>>,
    ifAbsent: boolean,
    receive: (write: (bytes: Buffer) => Promise<void>) => Promise<ReceivedBody>,
  ): Promise<ObjectFacts>;
  /** An open file, which the caller closes, and its facts; null when there is no such key. */
  open(key: string): Promise<{ file: FileHandle; facts: ObjectFacts } | null>;
  delete(key: string): Promise<void>;
  /** Keys that begin with `prefix`, after `after`, in order of their UTF-8 bytes. */
  keys(prefix: string, after: string): AsyncGenerator<string>;
}

const unfinishedPrefix = '.unfinished-';

/** A folder of its own for what one server has not finished writing, on the same disk as the buckets. */
export async function unfinishedFolder(root: string): Promise<string> {
  const parent = join(root, '..', 's3-meta');
  await mkdir(parent, { recursive: true });
  return mkdtemp(join(parent, unfinishedPrefix));
}

/** Removes what killed servers left unfinished; no other server may be at work on `root`. */
export async function removeUnfinished(root: string): Promise<void> {
  const parent = join(root, '..', 's3-meta');
  const names = await readdir(parent).catch(() => []);
  for (const name of names)
    if (name.startsWith(unfinishedPrefix)) await rm(join(parent, name), { recursive: true });
}

let written = 0;

/**
 * Opens a bucket, creating its folder.
 * @param root folder of all buckets.
 * @param unfinished this server's {@link unfinishedFolder}.
 */
export async function bucketFolder(root: string, bucket: string, unfinished: string): Promise<BucketFolder> {
  if (!/^[a-z0-9][a-z0-9.-]{2,62}$/.test(bucket))
    throw new RangeError(`"${bucket}" is not a name for a bucket`);
  const folder = join(root, bucket);
  const sides = join(root, '..', 's3-meta', bucket);
  await Promise.all([folder, sides].map((path) => mkdir(path, { recursive: true })));

  const newFile = () => join(unfinished, String(++written));
  const fileOf = (key: string) => join(folder, ...partsOf(key));
  const sideOf = (key: string) => `${join(sides, ...partsOf(key))}${sideSuffix}`;

  async function writeSide(key: string, side: SideFile): Promise<void> {
    const temporary = newFile();
    const file = await open(temporary, 'wx');
    await file.writeFile(JSON.stringify(side));
    await file.close();
    await withFolder(sideOf(key), () => rename(temporary, sideOf(key)));
  }

  async function readSide(key: string): Promise<SideFile | null> {
    try {
      return JSON.parse(await readFile(sideOf(key), 'utf8')) as SideFile;
    } catch (error) {
      if (error instanceof SyntaxError || codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR')
        return null;
      throw error;
    }
  }

  async function refuseClash(key: string): Promise<void> {
    // A file system that ignores case, or composes accents, holds another key's object under this name.
    const side = await readSide(key);
    if (side && side.key !== key)
      throw new Refusal(409, 'KeyConflict', `"${key}" and "${side.key}" are one file on this disk`);
  }

  return {
    async put(key, headers, ifAbsent, receive) {
      await refuseClash(key);
      const temporary = newFile();
      const file = await open(temporary, 'wx');
      try {
        const received = await receive((bytes) => file.writeFile(bytes));
        await file.sync();
        const { mtimeNs, mtime } = await file.stat({ bigint: true });
        await withFolder(fileOf(key), () => (ifAbsent ? link : rename)(temporary, fileOf(key)));
        const { size, md5Hex, checksums } = received;
        const facts = { size, etag: `"${md5Hex}"`, checksums, headers };
        await writeSide(key, { ...facts, key, modifiedNs: String(mtimeNs) });
        return { ...facts, modified: mtime };
      } catch (error) {
        if (codeOf(error) === 'EEXIST' && ifAbsent && (await isFile(fileOf(key))))
          throw new Refusal(412, 'PreconditionFailed', `there is already an object "${key}"`);
        if (['EEXIST', 'EISDIR', 'ENOTDIR', 'ENOTEMPTY'].includes(codeOf(error)))
          throw new Refusal(409, 'KeyConflict', `"${key}" is a file or a folder of another key`);
        throw error;
      } finally {
        await file.close();
        await rm(temporary, { force: true });
      }
    },

    async open(key) {
      let file: FileHandle;
      try {
        file = await open(fileOf(key), 'r');
      } catch (error) {
        if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(codeOf(error))) return null;
        throw error;
      }
      try {
        const stat = await file.stat({ bigint: true });
        const side = await readSide(key);
        if (!stat.isFile() || (side && side.key !== key)) {
          await file.close();
          return null;
        }
        const size = Number(stat.size);
        const isCurrent = side?.size === size && side.modifiedNs === String(stat.mtimeNs);
        const etag = isCurrent ? side.etag : `"${await md5Of(file)}"`;
        const checksums = isCurrent ? side.checksums : {};
        return { file, facts: { size, modified: stat.mtime, etag, checksums, headers: side?.headers ?? {} } };
      } catch (error) {
        await file.close();
        throw error;
      }
    },

    async delete(key) {
      await refuseClash(key);
      for (const [path, top] of [
        [fileOf(key), folder],
        [sideOf(key), sides],
      ] as const) {
        if (path === fileOf(key) && !(await isFile(path))) continue;
        await rm(path, { force: true });
        // S3 has no folders: an empty one left behind would stand in the way of a key of its name.
        for (let parent = dirname(path); parent !== top; parent = dirname(parent))
          if (!(await rmdir(parent).then(isDone, isNotDone))) break;
      }
    },

    keys: (prefix, after) => walk(folder, '', prefix, after),
  };
}

/** File names of a key's parts. @throws {Refusal} 400 for a key that cannot be a file here. */
function partsOf(key: string): string[] {
  const parts = key.split('/');
  const isRefused = parts.some(
    (part, i) =>
      part === '' ||
      part === '.' ||
      part === '..' ||
      Buffer.byteLength(part) > 240 ||
      (i < parts.length - 1 && part.endsWith(sideSuffix)),
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML cannot carry these in a listing
  if (isRefused || /[\u0000-\u001f\u007f\\\ufffe\uffff]/.test(key) || Buffer.byteLength(key) > 1024)
    throw new Refusal(400, 'InvalidArgument', `this key cannot be kept as a file: ${JSON.stringify(key)}`);
  return parts;
}

async function* walk(folder: string, path: string, prefix: string, after: string): AsyncGenerator<string> {
  const entries = await readdir(join(folder, path), { withFileTypes: true }).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  const names = entries.map((entry) => ({
    isFolder: entry.isDirectory(),
    // With its slash a folder sorts where its keys do: "a-b" comes before "a/b".
    name: Buffer.from(path + entry.name + (entry.isDirectory() ? '/' : '')),
  }));
  names.sort((a, b) => Buffer.compare(a.name, b.name));
  const start = Buffer.from(after);
  for (const { isFolder, name } of names) {
    const key = name.toString();
    const isBefore = Buffer.compare(name, start) <= 0;
    if (isFolder) {
      const mayHold = key.startsWith(prefix) || prefix.startsWith(key);
      if (mayHold && (!isBefore || after.startsWith(key))) yield* walk(folder, key, prefix, after);
    } else if (key.startsWith(prefix) && !isBefore) yield key;
  }
}

/** Makes the folder of `path` and tries again when a delete took it away in between. */
async function withFolder(path: string, act: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await mkdir(dirname(path), { recursive: true });
    try {
      return await act();
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || attempt === 5) throw error;
    }
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'r');
    try {
      return (await file.stat()).isFile();
    } finally {
      await file.close();
    }
  } catch {
    return false;
  }
}

async function md5Of(file: FileHandle): Promise<string> {
  const md5 = createHash('md5');
  for await (const bytes of file.createReadStream({ start: 0, autoClose: false })) md5.update(bytes);
  return md5.digest('hex');
}

const isDone = () => true;
const isNotDone = () => false;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
