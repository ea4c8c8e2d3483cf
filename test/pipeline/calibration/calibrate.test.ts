import { describe, expect, it } from 'vitest';
import { configSchema } from '../../../lib/model/config.ts';
import { noHolidays } from '../../../lib/model/holidays.ts';
import {
  type CalibrationMethod,
  calibrate,
  calibrationMethod,
} from '../../../lib/pipeline/calibration/calibrate.ts';
import { canaryFaults } from '../../../lib/pipeline/calibration/canaries.ts';
import { quietProfile } from '../../../lib/pipeline/calibration/canary-company.ts';
import { simulateUnit } from '../../../lib/pipeline/calibration/simulate-unit.ts';
import { policiesOf, policyDigests } from '../../../lib/pipeline/judging/policy.ts';

const configWith = (limits: Record<string, unknown> = {}) =>
  configSchema.parse({
    organisation: 'Made',
    timezone: 'UTC',
    currency: 'USD',
    start: '2024-04-01',
    sources: [
      { id: 'web', dataset: 'traffic' },
      { id: 'crm', dataset: 'leads' },
      { id: 'sales', dataset: 'sqls' },
      { id: 'claims', dataset: 'claims' },
    ],
    agreement: { decideWithin: '5bd', floor: 0.6 },
    plans: [
      {
        id: 'director',
        title: 'Director',
        side: 'marketing',
        payAfter: 'P30D',
        bonus: 300,
        kpis: [
          { kpi: 'visitors', target: 5000 },
          { kpi: 'leads', target: 300 },
          { kpi: 'sqls_delivered', target: 100 },
        ],
      },
    ],
    checks: limits,
  });

const unit = { ...simulateUnit(quietProfile('2024-10-21'), 77), unit: 'all' };
const gamed = { ...canaryFaults.find((c) => c.id === 'bought-visitors')!.inject(unit), unit: 'all' };

function calibrated(data = unit, method: Partial<CalibrationMethod> = {}, asOf = '2024-10-21') {
  const config = configWith();
  const read = policiesOf(config);
  if ('errors' in read) throw new Error('unexpected');
  const { policies } = read;
  return calibrate(
    {
      config,
      policies,
      policyDigest: policyDigests(config, policies),
      units: [data],
      asOf,
      isHoliday: noHolidays,
      decisions: new Map(),
    },
    { ...calibrationMethod, planYears: 2, ...method },
  );
}

describe('a calibration', () => {
  const result = calibrated()!;

  it('simulates the plan-years asked for and finds a quiet company quiet', () => {
    expect(result.planYears).toBeGreaterThanOrEqual(2);
    expect(result.falseSuspects).toBe(0);
    expect(result.rate).toBe(0);
    expect(result.upperBound).toBeCloseTo(Math.log(10) / result.planYears, 12);
    expect(result.factor).toBe(1);
    expect(result.date).toBe('2024-10-21');
    expect(result.replayed).toBe(18);
    expect(result.setAside).toEqual([]);
  }, 60_000);

  it('is the same from the same parts', () => {
    expect(calibrated()).toEqual(result);
  }, 60_000);

  it('sets what stands at review aside, lists it, and simulates from the rest', () => {
    const found = calibrated(gamed)!;
    expect(found.setAside).toContainEqual({
      plan: 'director',
      kpi: 'visitors',
      unit: 'all',
      period: '2024-09',
      verdict: 'review',
    });
    expect(found.setAside.every((a) => a.period === '2024-09')).toBe(true);
    expect(found.falseSuspects).toBe(0);
  }, 60_000);

  it('names the policies and versions it holds for', () => {
    expect(Object.keys(result.policies)).toEqual(['director']);
    expect(result.policies.director).toMatch(/^sha256:/);
    expect(result.versions['traffic-spike']).toBe(2);
  });

  it('is null where the history is too short to simulate from', () => {
    expect(calibrated(unit, {}, '2024-02-20')).toBeNull();
  });

  it('tells how it gets on, once a company', () => {
    const told: [number, number][] = [];
    calibrated(unit, { planYears: 1, progress: (done, of) => told.push([done, of]) });
    expect(told.length).toBeGreaterThan(0);
    expect(told.at(-1)).toEqual([told.length, told.length]);
  }, 60_000);
});
