import { rename, rm, writeFile } from 'node:fs/promises';

/**
 * Writes a file whole or not at all: a process that is killed, or a disk that is full, leaves what was there before.
 *
 * @param mode permissions of the file; by default the system's.
 * @example await writeWhole('out/flags.json', text)
 */
export async function writeWhole(path: string, content: string | Uint8Array, mode?: number): Promise<void> {
  const part = `${path}.part`;
  try {
    await writeFile(part, content, mode === undefined ? {} : { mode });
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
