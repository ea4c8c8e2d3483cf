import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { cdkJson } from './synthesized.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'bonafide-app-'));
afterAll(() => rmSync(folder, { recursive: true }));

function runApp(config: string, context: Readonly<Record<string, unknown>> = {}) {
  const [node, ...args] = cdkJson.app.split(' ');
  return spawnSync(node === 'node' ? process.execPath : String(node), args, {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      CDK_CONTEXT_JSON: JSON.stringify({ config, ...context }),
      CDK_OUTDIR: join(folder, 'cdk.out'),
    },
  });
}

describe('the CDK app', () => {
  it('refuses a wrong configuration with its file, line and column', () => {
    const file = join(folder, 'wrong.yaml');
    writeFileSync(file, 'organisation: Acme\ntimezone: Europe/Nowhere\n');
    const { status, stderr } = runApp(file);
    expect(status).toBe(3);
    expect(stderr).toMatch(/wrong\.yaml:2:\d+: .*time zone/);
  });

  it('refuses a configuration that is not there', () => {
    const { status, stderr } = runApp('/no/such/bonafide.yaml');
    expect(status).toBe(3);
    expect(stderr.trim()).toBe('/no/such/bonafide.yaml: there is no such file');
  });

  it('refuses a name CloudFormation does not take for a stack', () => {
    const { status, stderr } = runApp('examples/marketing-director/bonafide.yaml', { stack: 'Acme_EMEA' });
    expect(status).toBe(3);
    expect(stderr.trim()).toMatch(/^-c stack=Acme_EMEA: expected letters, digits and "-"/);
  });

  it('sets every feature flag its CDK recommends', () => {
    const file = createRequire(import.meta.url).resolve('aws-cdk-lib/recommended-feature-flags.json');
    expect(cdkJson.context).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });
});
