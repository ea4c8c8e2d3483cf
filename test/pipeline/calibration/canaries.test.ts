import { describe, expect, it } from 'vitest';
import {
  canaries,
  canaryFaults,
  judgeCanary,
  quietCompany,
} from '../../../lib/pipeline/calibration/canaries.ts';
import { policiesOf } from '../../../lib/pipeline/judging/policy.ts';

const policiesWith = (checks: Record<string, Record<string, unknown>>) => {
  const read = policiesOf({ checks } as unknown as Parameters<typeof policiesOf>[0]);
  if ('errors' in read) throw new Error(read.errors.map((e) => e.message).join());
  return read.policies;
};
const defaults = policiesWith({});

describe('canaries', () => {
  it('are all caught with the default limits', () => {
    expect(canaries(defaults).map(({ id, isCaught }) => [id, isCaught])).toEqual([
      ['stuffed-sqls', true],
      ['bought-visitors', true],
      ['duplicate-leads', true],
      ['restated-count', true],
    ]);
  });

  it.each(canaryFaults)('$id is caught for its fault: the quiet company itself is not raised', ({ kpi }) => {
    expect(['clear', 'watch']).toContain(judgeCanary(quietCompany(), kpi, defaults));
  });

  it('get through where the limits are loosened so far', () => {
    const loose = policiesWith({ 'duplicate-leads': { minShare: 0.9 }, restated: { minShare: 0.9 } });
    const caught = canaries(loose).filter((c) => c.isCaught);
    expect(caught.map((c) => c.id)).not.toContain('restated-count');
  });

  it('are the same in every run', () => {
    expect(canaries(defaults)).toEqual(canaries(defaults));
  });

  it('leave the quiet company as it was', () => {
    const quiet = quietCompany();
    const before = JSON.stringify(quiet);
    for (const { inject } of canaryFaults) inject(quiet);
    expect(JSON.stringify(quiet)).toBe(before);
  });
});
