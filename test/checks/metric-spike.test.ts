import { describe, expect, it } from 'vitest';
import { incidentChecks } from '../../lib/checks/incidents.ts';
import { metricSpike } from '../../lib/checks/metric-spike.ts';
import { keepsItsPage } from './page.ts';

const limits = metricSpike.policy.parse({});
const day = { expected: 100, dispersion: 2, series: 4 };

describe('metric-spike', () => {
  keepsItsPage(metricSpike);

  it('is registered among the checks of days', () => {
    expect(incidentChecks.map((c) => c.id)).toEqual(['metric-spike', 'metric-drop']);
  });

  it('opens exactly at the least ratio and not just below it', () => {
    expect(metricSpike.evaluate({ ...day, observed: 150 }, limits).standing).toBe('opens');
    expect(metricSpike.evaluate({ ...day, observed: 149 }, limits).standing).toBe('holds');
  });

  it('opens exactly at the least excess and not just below it', () => {
    const small = { expected: 5, dispersion: 1, series: 1 };
    expect(metricSpike.evaluate({ ...small, observed: 15 }, limits).standing).toBe('opens');
    expect(metricSpike.evaluate({ ...small, observed: 14 }, limits).standing).toBe('holds');
  });

  it('opens at its share of the false alerts and not above it', () => {
    const wide = { ...limits, minRatio: 1, minExcess: 0 };
    const { p } = metricSpike.evaluate({ ...day, observed: 140 }, wide);
    const at = (falseAlerts: number) =>
      metricSpike.evaluate({ ...day, observed: 140 }, { ...wide, falseAlerts }).standing;
    expect(at(p * 120)).toBe('opens');
    expect(at(p * 120 * 0.999)).toBe('holds');
  });

  it('shares the false alerts among the series of a unit', () => {
    const wide = { ...limits, minRatio: 1, minExcess: 0 };
    const standing = (series: number) =>
      metricSpike.evaluate({ ...day, observed: 139, series }, wide).standing;
    expect([1, 4].map(standing)).toEqual(['opens', 'holds']);
  });

  it('calls a day ordinary that is no longer unusual, and one that is too low', () => {
    expect(metricSpike.evaluate({ ...day, observed: 110 }, limits).standing).toBe('calm');
    expect(metricSpike.evaluate({ ...day, observed: 0 }, limits).standing).toBe('calm');
  });

  it('refuses a limit it does not have', () => {
    expect(metricSpike.policy.safeParse({ maxRatio: 0.5 }).success).toBe(false);
  });
});
