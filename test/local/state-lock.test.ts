import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StateLockedError, takeStateLock } from '../../lib/local/state-lock.ts';
import { temporaryFolder } from './servers.ts';

describe('the lock on the state folder', () => {
  it('is refused while a process holds it, naming the process and the way out', async () => {
    const folder = await temporaryFolder();
    const lock = await takeStateLock(folder);
    await expect(takeStateLock(folder)).rejects.toBeInstanceOf(StateLockedError);
    await expect(takeStateLock(folder)).rejects.toThrow(`another run (process ${process.pid})`);
    await lock.release();
    await (await takeStateLock(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is taken over from a process that is gone', async () => {
    const folder = await temporaryFolder();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    await writeFile(join(folder, 'lock'), JSON.stringify({ pid, started: null }));
    await takeStateLock(folder);
    expect(JSON.parse(await readFile(join(folder, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    expect(await readdir(folder)).toEqual(['lock']);
  });

  it.runIf(process.platform === 'linux')(
    'is taken over when the id belongs to a younger process',
    async () => {
      const folder = await temporaryFolder();
      await writeFile(join(folder, 'lock'), JSON.stringify({ pid: process.pid, started: '1' }));
      await takeStateLock(folder);
    },
  );

  it('has one winner of many over a stale lock', async () => {
    const folder = await temporaryFolder();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    await writeFile(join(folder, 'lock'), JSON.stringify({ pid, started: null }));
    const module = JSON.stringify(join(import.meta.dirname, '../../lib/local/state-lock.ts'));
    const script = `const { takeStateLock } = await import(${module});
      await takeStateLock(${JSON.stringify(folder)}).then(() => console.log('won'), () => console.log('lost'));
      process.stdin.resume();`;
    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]),
    );
    const results = await Promise.all(
      children.map(async ({ stdout }) => String((await once(stdout, 'data'))[0]).trim()),
    );
    // None ends before all have tried.
    for (const { stdin } of children) stdin.end();
    expect(results.sort()).toEqual(['lost', 'lost', 'lost', 'won']);
  });

  it('is not given up by one who lost it', async () => {
    const folder = await temporaryFolder();
    const lock = await takeStateLock(folder);
    await writeFile(join(folder, 'lock'), '{"pid":1}');
    await lock.release();
    expect(await readdir(folder)).toEqual(['lock']);
  });
});
