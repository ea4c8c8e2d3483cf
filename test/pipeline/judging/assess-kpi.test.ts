import { describe, expect, it } from 'vitest';
import { latestClaim } from '../../../lib/pipeline/judging/assess-kpi.ts';
import { flatHistory } from '../../fixtures/flat.ts';
import { claimOf } from '../../fixtures/records.ts';

describe('the latest claim', () => {
  const first = claimOf('leads', 300, '2026-09-02T09:00:00', 1);
  const later = claimOf('leads', 310, '2026-09-03T09:00:00', 1);
  const second = claimOf('leads', 320, '2026-09-01T09:00:00', 2);
  const named = { ...claimOf('leads', 330, '2026-09-01T09:00:00', 2), plan: 'marketing' };
  const others = [
    { ...named, plan: 'sales', version: 9 },
    { ...named, kpi: 'visitors' as const, version: 9 },
    { ...named, period: '2026-07', version: 9 },
  ];
  const latest = (claims: readonly (typeof first)[]) =>
    latestClaim({ ...flatHistory({}), claims }, 'marketing', 'leads', '2026-08')?.value;

  it.each([
    ['by version', [first, later, second], 320],
    ['then by time', [first, later], 310],
    ['then the one that names the plan', [second, named, first], 330],
    ['of no other plan, KPI or period', [first, ...others], 300],
  ])('goes %s, in whatever order claims come', (_, claims, value) => {
    expect(latest(claims)).toBe(value);
    expect(latest(claims.toReversed())).toBe(value);
  });

  it('is none where none was made', () => {
    expect(latest(others)).toBeUndefined();
  });
});
