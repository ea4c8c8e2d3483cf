import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configJsonSchema } from '../../lib/model/config-schema.ts';

const file = new URL('../../docs/bonafide.schema.json', import.meta.url);

it('keeps docs/bonafide.schema.json equal to the schema', () => {
  const text = `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
  if (process.env.UPDATE_DOCS) writeFileSync(file, text);
  expect(readFileSync(file, 'utf8')).toBe(text);
});

it('names every top-level key of the configuration', () => {
  const { properties } = configJsonSchema() as { properties: object };
  expect(Object.keys(properties)).toEqual([
    'organisation',
    'timezone',
    'currency',
    'country',
    'stage',
    'start',
    'units',
    'sources',
    'agreement',
    'plans',
    'goals',
    'budgets',
    'alerts',
    'checks',
  ]);
});
