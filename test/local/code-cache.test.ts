import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('the bundle of backtest', () => {
  it('has a code cache that this Node takes', () => {
    const code = `
      const { readFileSync } = require('node:fs');
      const cachedData = readFileSync('dist/backtest.cjs.cache');
      const script = new (require('node:vm').Script)(readFileSync('dist/backtest.cjs', 'utf8'), { cachedData });
      process.stdout.write(String(script.cachedDataRejected));`;
    // A cache belongs to the flags it was made with: those that the launcher sets.
    const launcher = readFileSync(`${root}bin/bonafide.js`, 'utf8');
    const flags = [...launcher.matchAll(/^setFlagsFromString\('(.+)'\)/gm)].map(([, flag]) => flag!);
    expect(flags.length).toBeGreaterThan(0);
    const args = [...flags, '-e', code];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    expect(stdout + stderr).toBe('false');
  });
});
