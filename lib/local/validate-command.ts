import { resolve } from 'node:path';
import { readFolder } from './folder-data.ts';
import { readConfiguration } from './read-configuration.ts';
import { exitCodes, type Stage } from './stage.ts';

export interface ValidateOptions {
  readonly config: string;
  readonly data?: string;
  readonly json?: boolean;
}

/**
 * Checks the configuration, and the data of a folder if one is given; writes nothing.
 * @returns 0, or 3 when a file would be refused.
 * @throws {UserError} the configuration is not valid; the message names every error with its place.
 */
export async function validate(options: ValidateOptions, stage: Stage): Promise<number> {
  const { config } = await readConfiguration(resolve(stage.cwd, options.config));
  if (options.data === undefined) {
    const told = `${options.config} is valid: ${config.sources.length} sources, ${config.plans.length} plans`;
    stage.out(options.json ? JSON.stringify({ valid: true, files: [] }) : told);
    return exitCodes.clear;
  }
  const { files, troubles } = await readFolder(resolve(stage.cwd, options.data), config, stage.now());
  if (options.json) stage.out(JSON.stringify({ valid: troubles.length === 0, files, troubles }));
  else {
    stage.out(`${options.config} is valid`);
    for (const f of files)
      stage.out(
        `${f.name}: ${f.dataset} of ${f.source}, ${f.good.toLocaleString('en')} good rows, ${f.bad} bad`,
      );
    for (const file of files)
      for (const row of file.badRows.slice(0, 5))
        stage.out(
          `  ${row.file}: line ${row.line}${row.column ? `, column ${row.column}` : ''}: ${row.reason}; expected ${row.expected}`,
        );
    for (const trouble of troubles) stage.err(trouble);
  }
  return troubles.length > 0 ? exitCodes.error : exitCodes.clear;
}
