import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { exampleFolder } from './demo-command.ts';
import { exitCodes, type Stage, UserError } from './stage.ts';

/** Sample data that come with a new configuration. */
const samples = [
  'traffic.csv',
  'leads.csv',
  'sqls.csv',
  'claims.csv',
  'deals.csv',
  'spend.csv',
  'calendar.csv',
];

/**
 * Writes a commented `bonafide.yaml` and sample data into a folder.
 * @throws {UserError} the folder already holds a `bonafide.yaml`; nothing is overwritten.
 */
export async function init(dir: string, stage: Stage): Promise<number> {
  const folder = resolve(stage.cwd, dir);
  await mkdir(join(folder, 'data'), { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`nothing can be written to ${dir}: ${error.message}`);
  });
  if ((await readdir(folder)).includes('bonafide.yaml'))
    throw new UserError(`${join(dir, 'bonafide.yaml')} exists already; nothing was written`);
  for (const name of samples) {
    const present = (await readdir(join(folder, 'data'))).includes(name);
    if (!present) await cp(join(exampleFolder, name), join(folder, 'data', name));
  }
  await writeFile(join(folder, 'bonafide.yaml'), await readFile(join(exampleFolder, 'bonafide.yaml')), {
    flag: 'wx',
  });
  const at = dir === '.' ? '' : ` in ${dir}`;
  stage.out(`Written${at}: bonafide.yaml and data/ with ${samples.length} sample files.`);
  stage.out(
    `Next${at}: put your own files over the samples, then\n  bonafide validate -c bonafide.yaml -d data\n  bonafide run -c bonafide.yaml -d data`,
  );
  return exitCodes.clear;
}
