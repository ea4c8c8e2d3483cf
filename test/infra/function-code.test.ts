import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleFunction } from '../../lib/infra/function-code.ts';
import { stepNames } from '../../lib/infra/step-function.ts';

const folder = mkdtempSync(join(tmpdir(), 'bonafide-bundles-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const functions = [...stepNames, 'decide'] as const;
const bundles = new Map(
  functions.map((step) => {
    bundleFunction(step, join(folder, step));
    const names = readdirSync(join(folder, step));
    return [step, new Map(names.map((name) => [name, readFileSync(join(folder, step, name), 'utf8')]))];
  }),
);
const isChart = (text: string) => text.includes('coordinateSystem') && text.includes('renderToSVGString');

/** What a function loads before it answers: `index.mjs` and all it imports without being asked to. */
function startOf(files: ReadonlyMap<string, string>, name = 'index.mjs', seen = new Set<string>()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const [, next] of files.get(name)!.matchAll(/(?:from|import)"\.\/([^"]+)"/g))
    startOf(files, next, seen);
  return seen;
}

describe.each(functions)('the bundle of %s', (step) => {
  const files = bundles.get(step)!;

  it('weighs at most 850 KB as it is deployed', () => {
    const bytes = [...files.values()].reduce((sum, text) => sum + gzipSync(text).length, 0);
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThanOrEqual(850_000);
  });

  it('loads at most 1,050 KB before it answers', () => {
    const bytes = [...startOf(files)].reduce((sum, name) => sum + Buffer.byteLength(files.get(name)!), 0);
    expect(bytes).toBeLessThanOrEqual(1_050_000);
  });

  it('holds neither the holidays of all countries nor a reader of YAML', () => {
    const whole = [...files.values()].join('');
    const signs = ['Weihnachten', 'Thanksgiving', 'YAMLParseError'];
    expect(signs.filter((sign) => whole.includes(sign))).toEqual([]);
  });
});

describe('charts', () => {
  it('lie in the bundle of the report alone, and are loaded on demand', () => {
    const holding = functions.filter((step) => [...bundles.get(step)!.values()].some(isChart));
    expect(holding).toEqual(['report']);
    const report = bundles.get('report')!;
    expect([...startOf(report)].filter((name) => isChart(report.get(name)!))).toEqual([]);
  });
});
