import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type * as z from 'zod';
import type { Check } from '../../lib/checks/check.ts';

const sections = [
  'Meaning',
  'Example',
  'Formula',
  'Defaults',
  'Minimum data',
  'When not to use it',
  'What it cannot see',
  'Sources',
];

/** Rows of a page's table of limits: name, default and meaning, as written. */
function limitsOf(page: string): string[][] {
  const table = page.slice(page.indexOf('## Defaults'), page.indexOf('## Minimum data'));
  return [...table.matchAll(/^\| `(\w+)` \| (.+?) \| (.+?) \|$/gm)].map((row) => row.slice(1));
}

/** Promises every check's page keeps: its sections, and limits equal to those of the policy. */
export function keepsItsPage(
  check: Pick<Check<never> | Check, 'id' | 'policy' | 'messages' | 'innocent'>,
): void {
  const page = readFileSync(new URL(`../../docs/checks/${check.id}.md`, import.meta.url), 'utf8');

  it('has a page with every section', () => {
    expect([...page.matchAll(/^## (.+)$/gm)].map((m) => m[1])).toEqual(sections);
  });

  it('lists every limit with its default and unit on its page', () => {
    const { shape } = check.policy as unknown as z.ZodObject;
    const defaults = (check.policy as z.ZodType).parse({}) as Record<string, unknown>;
    const written = Object.keys(shape).map((name) => [
      name,
      defaults[name] === undefined ? 'none' : shortest(defaults[name]),
      (shape[name] as z.ZodType).description,
    ]);
    expect(limitsOf(page)).toEqual(written);
  });

  it('has a sentence for every message and up to three ordinary explanations', () => {
    expect(Object.values(check.messages).every((m) => m.endsWith('.'))).toBe(true);
    expect(check.innocent.length).toBeGreaterThan(0);
    expect(check.innocent.length).toBeLessThanOrEqual(3);
  });
}

function shortest(value: unknown): string {
  return typeof value === 'number' && !Number.isInteger(value) && value >= 0.01
    ? String(Number(value.toPrecision(4)))
    : String(value);
}
