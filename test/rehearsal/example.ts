import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../lib/model/config.ts';
import { readConfig } from '../../lib/model/config-file.ts';

export const exampleFolder = join(import.meta.dirname, '../../examples/marketing-director');

/** The example's configuration. */
export function readExample(): { readonly text: string; readonly config: Config } {
  const text = readFileSync(join(exampleFolder, 'bonafide.yaml'), 'utf8');
  const reading = readConfig(text, 'bonafide.yaml');
  if ('errors' in reading) throw new RangeError(reading.errors[0]!.message);
  return { text, config: reading.config };
}
