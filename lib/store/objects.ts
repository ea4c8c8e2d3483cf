/** Objects in an S3 bucket: landing, records, quarantine, the lists of a run, and reports. */
import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

/** A bucket, seen by what the pipeline does with it. Keys are plain strings, contents bytes. */
export interface Objects {
  /** The whole content; null when there is no such object. */
  get(key: string): Promise<Uint8Array | null>;
  /**
   * The content as a stream, for objects that do not fit in memory.
   * @throws the SDK's NoSuchKey when there is no such object.
   */
  stream(key: string): Promise<AsyncIterable<Uint8Array>>;
  /** Writes an object whole, over what was there. */
  put(key: string, content: Uint8Array | string, contentType: string): Promise<void>;
  /** Every key below a prefix, in order of their UTF-8 bytes. */
  list(prefix: string): Promise<string[]>;
}

/** Objects of one bucket through the S3 client. */
export function s3Objects(client: S3Client, bucket: string): Objects {
  return {
    async get(key) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return (await Body?.transformToByteArray()) ?? new Uint8Array();
      } catch (error) {
        if (error instanceof NoSuchKey) return null;
        throw error;
      }
    },

    async stream(key) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return Body as unknown as AsyncIterable<Uint8Array>;
    },

    async put(key, content, contentType) {
      const Body = typeof content === 'string' ? Buffer.from(content) : content;
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body,
          ContentLength: Body.byteLength,
          ContentType: contentType,
        }),
      );
    },

    async list(prefix) {
      const keys: string[] = [];
      let token: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
        );
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key);
        token = page.NextContinuationToken;
      } while (token !== undefined);
      return keys;
    },
  };
}
