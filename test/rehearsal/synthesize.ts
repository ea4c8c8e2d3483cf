import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { node24 } from './function-process.ts';

export const root = join(import.meta.dirname, '../..');

/** Fetches the Node of the functions, once. */
export function prepareNode24(): void {
  if (existsSync(node24)) return;
  process.stdout.write('Fetching the Node of the functions: npm ci --prefix test/node24\n');
  run('npm', ['ci', '--prefix', join(root, 'test/node24'), '--ignore-scripts']);
}

/** Synthesizes a stack, the example's or that of `-c config=FILE`, into a folder. */
export function synthesizeTo(folder: string, context: readonly string[] = []): void {
  run(process.execPath, [
    join(root, 'node_modules/aws-cdk/bin/cdk'),
    'synth',
    '-q',
    '-o',
    folder,
    ...context,
  ]);
}

/** Runs a program to its end. @throws {Error} it ends otherwise than `accepted`; the message holds what it printed. */
export function run(
  command: string,
  args: readonly string[],
  cwd = root,
  accepted: readonly number[] = [0],
): void {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (!accepted.includes(status ?? -1))
    throw new Error(`${command} ${args.join(' ')} ended ${status}\n${stdout}${stderr}`);
}
