import { describe, expect, it } from 'vitest';
import type { Family, Finding, Outcome, Severity } from '../../lib/model/finding.ts';
import { evidenceStrength, integrityScore } from '../../lib/verdict/integrity-score.ts';

const families: Family[] = ['records', 'quality', 'volume', 'mix', 'timing', 'digits', 'none'];
/** One check a family, named like it. */
const checks = families.map((family) => ({ id: `${family}-check`, family }));
const pass = (family: Family): Outcome => ({ check: `${family}-check`, status: 'pass', p: 0.5, data: {} });
const fail = (family: Family, p: number | null, severity: Severity = 'note'): Outcome => ({
  check: `${family}-check`,
  status: 'fail',
  finding: { check: `${family}-check`, family, p, severity } as Finding,
});
const untold = (family: Family, status: 'insufficient_data' | 'not_applicable'): Outcome => ({
  check: `${family}-check`,
  status,
  reason: 'few-days',
  data: {},
});
const score = (...outcomes: Outcome[]) => integrityScore(outcomes, checks);
const all: Family[] = ['records', 'quality', 'volume', 'mix', 'timing', 'digits'];
const allBut = (...left: Family[]) => all.filter((f) => !left.includes(f)).map(pass);

describe('evidenceStrength', () => {
  it('is 0 at .05 and 1 at 1e-4, linear in the logarithm between', () => {
    expect(evidenceStrength(0.05, 1)).toBeCloseTo(0, 12);
    expect(evidenceStrength(1e-4, 1)).toBeCloseTo(1, 12);
    expect(evidenceStrength(Math.sqrt(0.05 * 1e-4), 1)).toBeCloseTo(0.5, 12);
  });

  it('never leaves 0 to 1, a p of 0 included', () => {
    expect(evidenceStrength(0.9, 1)).toBe(0);
    expect(evidenceStrength(1e-9, 1)).toBe(1);
    expect(evidenceStrength(0, 1)).toBe(1);
  });

  it('shrinks with an effect below its reference and does not grow above it', () => {
    expect(evidenceStrength(1e-4, 0.4)).toBeCloseTo(0.4, 12);
    expect(evidenceStrength(1e-4, 3)).toBeCloseTo(1, 12);
    expect(evidenceStrength(1e-4, -1)).toBe(0);
  });
});

describe('integrityScore', () => {
  it('is 100 when everything passes, however small a p was', () => {
    expect(score(...allBut())).toEqual({ score: 100, assessed: 1 });
    expect(score({ check: 'volume-check', status: 'pass', p: 1e-9, data: {} })).toEqual({
      score: 100,
      assessed: 1,
    });
  });

  it('loses the weight of each family whose evidence is full: the weights of the methods', () => {
    const lost = all.map((f) => 100 - score(...allBut(f), fail(f, 1e-4)).score!);
    expect(lost).toEqual([25, 25, 20, 15, 10, 5]);
    expect(score(...all.map((f) => fail(f, 1e-9))).score).toBe(0);
  });

  it('loses half the weight for evidence half way', () => {
    expect(score(...allBut('volume'), fail('volume', Math.sqrt(0.05 * 1e-4))).score).toBe(90);
  });

  it('weighs a finding without a p by its severity, and never less with one', () => {
    const lost = (severity: Severity, p: number | null) =>
      100 - score(...allBut('volume'), fail('volume', p, severity)).score!;
    expect(lost('note', null)).toBe(0);
    expect(lost('watch', null)).toBe(6);
    expect(lost('review', null)).toBe(12);
    expect(lost('review', 0.04)).toBe(12);
    expect(lost('review', 1e-5)).toBe(20);
  });

  it('counts a family once, by its strongest finding', () => {
    const twice = [{ id: 'second', family: 'volume' as const }, ...checks];
    const second: Outcome = { ...fail('volume', 1e-4), check: 'second' } as Outcome;
    const outcomes = [...allBut('volume'), second, fail('volume', 0.04)];
    expect(integrityScore(outcomes, twice).score).toBe(80);
    expect(integrityScore([...outcomes].reverse(), twice).score).toBe(80);
    expect(integrityScore([...allBut('volume'), second, pass('volume')], twice).score).toBe(80);
  });

  it('is not given below .6 of the weight, and given at exactly .6', () => {
    // quality 25 + volume 20 + mix 15 = 60
    const judged = [pass('quality'), pass('volume'), pass('mix')];
    const rest = (['records', 'timing', 'digits'] as const).map((f) => untold(f, 'insufficient_data'));
    expect(score(...judged, ...rest)).toEqual({ score: 100, assessed: 0.6 });
    const less = [pass('quality'), pass('volume'), pass('timing')];
    const more = (['records', 'mix', 'digits'] as const).map((f) => untold(f, 'insufficient_data'));
    expect(score(...less, ...more)).toEqual({ score: null, assessed: 0.55 });
  });

  it('scales to the families that could be judged', () => {
    // 20 of 80 points lost.
    const outcomes = [...allBut('volume', 'quality'), fail('volume', 1e-6)];
    expect(score(...outcomes, untold('quality', 'insufficient_data'))).toEqual({ score: 73, assessed: 0.75 });
  });

  it('counts an error as not judged, and does not ask for what does not apply', () => {
    const error: Outcome = { check: 'records-check', status: 'error', reason: 'threw' };
    expect(score(...allBut('records'), error).assessed).toBe(0.75);
    expect(score(...allBut('records'), untold('records', 'not_applicable')).assessed).toBe(1);
  });

  it('leaves out checks of no family and checks it does not know', () => {
    expect(score(...allBut(), fail('none', 1e-9)).score).toBe(100);
    expect(score(...allBut(), { ...fail('records', 1e-9), check: 'unheard-of' } as Outcome).score).toBe(100);
  });

  it('gives no score when nothing applies', () => {
    expect(score()).toEqual({ score: null, assessed: 0 });
    expect(score(untold('records', 'not_applicable'))).toEqual({ score: null, assessed: 0 });
    expect(score(untold('records', 'insufficient_data'))).toEqual({ score: null, assessed: 0 });
  });
});
