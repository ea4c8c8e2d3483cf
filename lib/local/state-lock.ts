/**
 * The lock on a state folder: one process at a time works on `.bonafide/`. It is a file with the owner's process id
 * and the time that process started, so that neither a crash nor a reused id blocks the next run.
 */
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A lock that is held. */
export interface StateLock {
  release(): Promise<void>;
}

interface Owner {
  readonly pid: number;
  /** Start time as the system tells it, in its own unit; null where it does not. */
  readonly started: string | null;
}

/** Another process works on the folder. */
export class StateLockedError extends Error {
  override readonly name = 'StateLockedError';
}

/**
 * Takes the lock `<folder>/lock`, creating the folder. A lock whose owner is gone is taken over.
 *
 * @throws {StateLockedError} another living process holds it; the message says which, and what to do.
 * @example const lock = await takeStateLock('.bonafide'); try { … } finally { await lock.release(); }
 */
export async function takeStateLock(folder: string): Promise<StateLock> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'lock');
  const own = JSON.stringify({ pid: process.pid, started: await startOf(process.pid) } satisfies Owner);
  const draft = join(folder, `lock.${process.pid}`);
  await writeFile(draft, own);
  try {
    // A link appears with its content, or not at all: no one ever reads half a lock.
    while (!(await succeeds(() => link(draft, path), 'EEXIST'))) await removeStale(path, folder);
  } finally {
    await rm(draft, { force: true });
  }
  return {
    async release() {
      if ((await readIfThere(path)) === own) await rm(path, { force: true });
    },
  };
}

async function removeStale(path: string, folder: string): Promise<void> {
  const seen = await readIfThere(path);
  if (seen === null) return;
  const owner = parseOwner(seen);
  if (owner && (await isAlive(owner)))
    throw new StateLockedError(
      `another run (process ${owner.pid}) is working on ${folder}; wait until it ends, or delete ${path} if it is not a bonafide run`,
    );
  const aside = `${path}.stale-${process.pid}`;
  if (!(await succeeds(() => rename(path, aside), 'ENOENT'))) return;
  // Between the look and the move another process may have taken over: then what was moved is its lock.
  if ((await readIfThere(aside)) !== seen) await succeeds(() => link(aside, path), 'EEXIST');
  await rm(aside, { force: true });
}

function parseOwner(text: string): Owner | null {
  try {
    const owner = JSON.parse(text) as Partial<Owner> | null;
    return Number.isInteger(owner?.pid) ? { pid: Number(owner?.pid), started: owner?.started ?? null } : null;
  } catch {
    return null;
  }
}

async function isAlive(owner: Owner): Promise<boolean> {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // Not allowed to signal it means that it is there.
    if (!hasCode(error, 'EPERM')) return false;
  }
  const started = await startOf(owner.pid);
  return started === null || owner.started === null || started === owner.started;
}

/** Start time of a process in clock ticks since boot, where /proc tells it; else null. */
async function startOf(pid: number): Promise<string | null> {
  const stat = await readIfThere(`/proc/${pid}/stat`);
  // The second field is the command in brackets and may hold blanks; the start time is the 20th after it.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}

async function succeeds(act: () => Promise<void>, failure: string): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (hasCode(error, failure)) return false;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
