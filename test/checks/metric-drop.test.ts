import { describe, expect, it } from 'vitest';
import { metricDrop } from '../../lib/checks/metric-drop.ts';
import { keepsItsPage } from './page.ts';

const limits = metricDrop.policy.parse({});
const day = { expected: 100, dispersion: 2, series: 4 };
const standing = (observed: number, figures = day, given = limits) =>
  metricDrop.evaluate({ ...figures, observed }, given).standing;

describe('metric-drop', () => {
  keepsItsPage(metricDrop);

  it('opens at its share of the false alerts and not above it', () => {
    expect([64, 65, 66].map((n) => standing(n))).toEqual(['opens', 'opens', 'holds']);
  });

  it('opens exactly at the largest ratio and not just above it', () => {
    const sharp = { expected: 1000, dispersion: 2, series: 4 };
    expect([670, 671].map((n) => standing(n, sharp))).toEqual(['opens', 'holds']);
  });

  it('opens exactly at the least shortfall and not just below it', () => {
    const small = { expected: 9, dispersion: 1, series: 1 };
    const wide = { ...limits, maxRatio: 1, falseAlerts: 30 };
    expect([4, 5].map((n) => standing(n, small, wide))).toEqual(['opens', 'calm']);
  });

  it('calls a day ordinary that is no longer unusual, and one that is too high', () => {
    expect([90, 300].map((n) => standing(n))).toEqual(['calm', 'calm']);
  });

  it('cannot tell where even nothing at all would be ordinary', () => {
    const quiet = { expected: 2.9, dispersion: 1, series: 4 };
    expect(standing(1, quiet)).toBe('cannot_tell');
    expect(standing(1, { ...quiet, expected: 3.1 })).toBe('calm');
  });
});
