import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Config } from '../model/config.ts';
import { placesIn, readConfig } from '../model/config-file.ts';
import { policiesOf } from '../pipeline/judging/policy.ts';
import type { Policies } from '../pipeline/judging/run-checks.ts';
import { UserError } from './stage.ts';

/** A configuration that can be worked with. */
export interface Configuration {
  readonly text: string;
  readonly config: Config;
  readonly policies: Policies;
}

/**
 * Reads a configuration file and the limits of the checks in it.
 * @throws {UserError} it cannot be read or is not valid; the message names every error with its place.
 */
export async function readConfiguration(file: string): Promise<Configuration> {
  const text = decoded(await contentOf(file), file);
  const reading = readConfig(text, basename(file));
  if ('errors' in reading) throw new UserError(reading.errors.map((e) => e.message).join('\n'));
  const policies = policiesOf(reading.config);
  if ('errors' in policies) {
    const place = placesIn(text, basename(file));
    throw new UserError(policies.errors.map((e) => place(e.path, e.message).message).join('\n'));
  }
  return { text, config: reading.config, policies: policies.policies };
}

async function contentOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EISDIR') throw new UserError(`${file} is a folder; -c names the configuration file in it`);
    if (code !== 'ENOENT' && code !== 'ENOTDIR')
      throw new UserError(`${file} cannot be read: ${(error as Error).message}`);
    throw new UserError(`there is no configuration ${file}; "bonafide init" writes one, -c names another`);
  }
}

function decoded(content: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw new UserError(`${basename(file)} is not UTF-8; save it as UTF-8`);
  }
}
