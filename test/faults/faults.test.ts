import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultKind } from './faults-of-a-run.ts';
import { manyFilesDifferences } from './many-files.ts';
import { type Baseline, baseline, trial } from './trials.ts';

// The kinds that break most; `npm run faults` draws hundreds of all of them.
const kinds: readonly FaultKind[] = [
  'throttled',
  'answer lost after a write',
  'killed after a write',
  'step answered and called again',
  'two executions at once',
  'poison file among others',
];

let from: Baseline;
beforeAll(async () => {
  from = await baseline(['monthly']);
}, 120_000);
afterAll(() => from.remove());

it('a poison file among many stops none of the others and is named', async () => {
  expect(await manyFilesDifferences(40)).toEqual([]);
}, 120_000);

describe('a run disturbed once and run again', () => {
  it.each(kinds)(
    'ends in the state of an undisturbed one: %s',
    async (kind) => {
      const plan = { seed: 3, schedule: 'monthly', faults: [{ kind, at: 0.4 }] } as const;
      const { differences, injected, executions } = await trial(plan, from);
      expect(differences).toEqual([]);
      expect(injected).toBeGreaterThan(0);
      expect(executions).toBeGreaterThan(1);
    },
    120_000,
  );
});
