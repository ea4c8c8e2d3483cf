import { describe, expect, it } from 'vitest';
import { changeText, policyChanges } from '../../lib/model/policy-change.ts';

const policy = (over: Record<string, unknown> = {}) => ({
  plan: {
    id: 'director',
    kpis: [
      { kpi: 'visitors', target: 5000 },
      { kpi: 'leads', target: 100 },
    ],
  },
  agreement: { decideWithin: '2bd', reasons: ['duplicate', { code: 'no_intent', needsContact: true }] },
  checks: { coverage: { watchShare: 0.1 } },
  versions: { coverage: 1 },
  ...over,
});

describe('the changes between two policies', () => {
  it('are none between equal ones, whatever the order of their keys', () => {
    const reversed = Object.fromEntries(Object.entries(policy()).toReversed());
    expect(policyChanges(policy(), { versions: {}, ...reversed })).toEqual([]);
  });

  it('name the key with both values, and the KPI it is about', () => {
    const plan = {
      id: 'director',
      kpis: [
        { kpi: 'visitors', target: 5000 },
        { kpi: 'leads', target: 80 },
      ],
    };
    const [change, ...more] = policyChanges(policy(), policy({ plan }));
    expect(more).toEqual([]);
    expect(change).toMatchObject({ kpi: 'leads', isCode: false });
    expect(changeText(change!)).toBe('plan.kpis.leads.target 100 -> 80');
  });

  it('follow a member of a list by its name and not its place', () => {
    const plan = { id: 'director', kpis: [{ kpi: 'leads', target: 100 }] };
    expect(policyChanges(policy(), policy({ plan })).map(changeText)).toEqual([
      'plan.kpis.visitors.kpi visitors -> none',
      'plan.kpis.visitors.target 5000 -> none',
    ]);
    const reasons = ['duplicate', 'not_icp', { code: 'no_intent', needsContact: true }];
    const agreement = { decideWithin: '2bd', reasons };
    expect(policyChanges(policy(), policy({ agreement })).map(changeText)).toEqual([
      'agreement.reasons.not_icp none -> not_icp',
    ]);
  });

  it('tell what came with the code from what people set', () => {
    const newer = policy({
      checks: { coverage: { watchShare: 0.1, lateDays: 1 } },
      versions: { coverage: 2 },
    });
    expect(policyChanges(policy(), newer).map((c) => [c.key, c.isCode])).toEqual([
      ['checks.coverage.lateDays', true],
      ['versions.coverage', true],
    ]);
    const set = policy({ checks: { coverage: { watchShare: 0.2 } } });
    expect(policyChanges(policy(), set).map((c) => [c.key, c.isCode])).toEqual([
      ['checks.coverage.watchShare', false],
    ]);
  });
});
