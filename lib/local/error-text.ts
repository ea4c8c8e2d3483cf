import { existsSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from './stage.ts';

// By name: a command that is bundled on its own has a class of its own.
const told = ['UserError', 'StateLockedError'];

/** Room below which a disk counts as full: what a small write takes with its folder. */
const leastBytes = 128 * 1024;

/**
 * What went wrong, for the one who started the command. A full disk shows in many ways, as an error of the
 * servers or of the tables' files, so it is told by its own words, or by looking at the disk.
 *
 * @param folder the current one.
 * @example errorText(new Error('Database is closed'), process.cwd())
 */
export function errorText(error: unknown, folder: string): string {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && told.includes(error.name)) return message;
  const state = join(folder, stateFolder);
  if (/ENOSPC|EDQUOT|EFBIG|no space left|file too large/i.test(message) || isFull(state))
    return `no space is left to write to (${message}); free some and run again: nothing is lost, the run goes on where it was`;
  if (message === 'Database is closed')
    return `the tables in ${join(stateFolder, 'dynamodb')} cannot be opened; can the folder be written to?`;
  return message;
}

function isFull(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < leastBytes;
}
