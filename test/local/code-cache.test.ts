import { spawnSync } from 'node:child_process';
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
    // The flag the launcher sets: a cache belongs to the flags it was made with.
    const flags = ['--interrupt-budget=1000000', '-e', code];
    const { stdout, stderr } = spawnSync(process.execPath, flags, { cwd: root, encoding: 'utf8' });
    expect(stdout + stderr).toBe('false');
  });
});
