import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { synthesized } from './synthesized.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = read('docs/deploy.md');
/** First cells of the rows of a table, without backticks. */
const firstCells = (heading: string) => {
  const [, table = ''] = page.split(`| ${heading} |`);
  return table
    .split('\n\n')[0]!
    .split('\n')
    .slice(2)
    .map((line) => line.split('|')[1]!.trim().replaceAll('`', ''));
};

describe('docs/deploy.md', () => {
  it('explains every property of the construct, which says the same in its comment', () => {
    const [, declared = ''] = /export interface BonafidePipelineProps \{\n([\s\S]*?)\n\}/.exec(
      read('lib/infra/pipeline.ts'),
    )!;
    const properties = [...declared.matchAll(/\/\*\* ([\s\S]*?) \*\/\n\s*readonly (\w+)(\??):/g)];
    expect(properties.length).toBe(declared.match(/^ {2}readonly /gm)!.length);
    expect(firstCells('property')).toEqual(properties.map(([, , name]) => name));
    for (const [, comment, , isOptional] of properties) if (isOptional) expect(comment).toMatch(/Default: /);
  });

  it('names every output of the stack', () => {
    const told = firstCells('output').flatMap((cell) => cell.split(', '));
    const outputs = Object.keys(synthesized('demo').outputs);
    expect(outputs.length).toBeGreaterThan(6);
    expect(told.filter((name) => name !== '...').sort()).toEqual(outputs.sort());
  });

  it('says of each page it links that it is there', () => {
    for (const file of ['docs/deploy.md', 'docs/security.md', 'docs/runbook.md', 'docs/cost.md'])
      for (const [, target] of read(file).matchAll(/\]\(([a-z-]+\.md)(?:#[a-z-]+)?\)/g))
        expect(() => read(`docs/${target}`)).not.toThrow();
  });
});
