import { resolve } from 'node:path';
import { refusalMessage } from '../pipeline/row-context.ts';
import { numberText } from '../reports/number-text.ts';
import { calendarOf } from './calendar-of.ts';
import { readFolder } from './folder-data.ts';
import { readConfiguration } from './read-configuration.ts';
import { exitCodes, type Stage } from './stage.ts';
import { countText, notRead } from './summary.ts';

export interface ValidateOptions {
  readonly config: string;
  readonly data?: string;
  readonly json?: boolean;
}

/** Bad rows of one file that are told one by one. */
const mostRows = 5;

/**
 * Checks the configuration, and the data of a folder if one is given; writes nothing.
 * @returns 0, or 3 when a file would be refused.
 * @throws {UserError} the configuration is not valid; the message names every error with its place.
 */
export async function validate(options: ValidateOptions, stage: Stage): Promise<number> {
  const { config } = await readConfiguration(resolve(stage.cwd, options.config));
  await calendarOf(config);
  if (options.data === undefined) {
    const told = `${options.config} is valid: ${countText(config.sources.length, 'source')}, ${countText(config.plans.length, 'plan')}`;
    stage.out(options.json ? JSON.stringify({ valid: true, files: [] }) : told);
    return exitCodes.clear;
  }
  const { files, troubles, unmatched } = await readFolder(
    resolve(stage.cwd, options.data),
    config,
    stage.now(),
    options.data,
  );
  if (options.json) stage.out(JSON.stringify({ valid: troubles.length === 0, files, troubles, unmatched }));
  else {
    stage.out(`${options.config} is valid`);
    for (const f of files)
      stage.out(
        `${f.name}: ${f.dataset} of ${f.source}, ${countText(f.good, 'good row')}, ${numberText(f.bad)} bad`,
      );
    for (const file of files) {
      for (const row of file.badRows.slice(0, mostRows)) stage.out(`  ${refusalMessage(row.file, row)}`);
      if (file.badRows.length > mostRows)
        stage.out(`  ${file.name}: ${countText(file.bad - mostRows, 'more bad row')}; --json lists them`);
      for (const note of file.notes)
        stage.out(
          `  ${file.name}: line ${note.line}${note.column ? `, column ${note.column}` : ''}: ${note.text} (${countText(note.count, 'row')})`,
        );
    }
    if (unmatched.length > 0) stage.out(notRead(unmatched));
    for (const trouble of troubles) stage.err(trouble);
  }
  return troubles.length > 0 ? exitCodes.error : exitCodes.clear;
}
