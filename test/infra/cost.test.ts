import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { estimate } from '../../bench/cost-model.ts';
import type { Measured } from '../../bench/measured-run.ts';
import { promised, scalePage } from '../../bench/scale-page.ts';
import { stackCosts } from './stack-costs.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const { measuredOn, runs } = JSON.parse(read('bench/measured-2026-11.json')) as {
  measuredOn: string;
  runs: Measured[];
};
const fixed = stackCosts();
const one = estimate(promised, runs, fixed);

describe('what the stack costs', () => {
  it('is in docs/cost.md as the stack is now; after a change of it: npm run scale -- --print', () => {
    expect(read('docs/cost.md')).toBe(scalePage(runs, measuredOn, fixed));
  });

  it('is at most 6 USD a month for 50 plans, 3 KPIs, 20 channels and 0.1 GB a day', () => {
    expect(promised).toEqual({ plans: 50, gbPerDay: 0.1, usd: 6 });
    expect(one.total).toBeLessThanOrEqual(promised.usd);
  });

  it('holds what is paid at rest, counted in the template', () => {
    expect(fixed).toMatchObject({ keys: 1, secrets: 1, dashboards: 1, ownMetrics: 6 });
    expect(one.usd['CloudWatch alarms']).toBeCloseTo(fixed.alarmMetrics / 10, 10);
  });

  it('grows with plans and with data, item by item', () => {
    const more = [
      estimate({ plans: 1000, gbPerDay: 0.1 }, runs, fixed),
      estimate({ plans: 50, gbPerDay: 1 }, runs, fixed),
    ];
    for (const larger of more) {
      expect(larger.total).toBeGreaterThan(one.total);
      for (const [item, usd] of Object.entries(larger.usd))
        expect([item, usd >= one.usd[item]! - 1e-9]).toEqual([item, true]);
    }
  });

  it('is told by name where a step does not fit', () => {
    const most = estimate({ plans: 20_000, gbPerDay: 100 }, runs, fixed);
    expect(most.steps.filter(({ passes }) => passes).map(({ step }) => step)).toContain('flag');
    expect(read('docs/cost.md')).toContain('What grows first');
  });
});
