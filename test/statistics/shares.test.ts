import { describe, expect, it } from 'vitest';
import {
  decidedBy,
  fitDecisionCurve,
  incidenceAt,
  outcomeProbability,
  undecidedAt,
} from '../../lib/statistics/aalen-johansen.ts';
import { binomialLowerTail, binomialUpperTail } from '../../lib/statistics/binomial.ts';
import {
  clopperPearsonInterval,
  clopperPearsonLower,
  clopperPearsonUpper,
} from '../../lib/statistics/clopper-pearson.ts';
import { compareUnits, funnelLimit } from '../../lib/statistics/funnel-plot.ts';
import { manskiBounds } from '../../lib/statistics/manski-bounds.ts';
import { minimumSample } from '../../lib/statistics/minimum-sample.ts';
import { normalLowerTail } from '../../lib/statistics/normal.ts';
import { learnShare, shareTails } from '../../lib/statistics/share-history.ts';
import { wilsonInterval } from '../../lib/statistics/wilson-interval.ts';
import { expectClose, expectRelative, reference } from './reference.ts';

describe('intervals of a share', () => {
  it('equal R prop.test and binom.test', () => {
    const { input, expected, tolerance } = reference('share-intervals');
    const cases: [number, number][] = input.cases;
    expectClose(
      cases.map(([x, n]) => wilsonInterval(x, n, input.conf)),
      expected.wilson,
      tolerance,
    );
    expectClose(
      cases.map(([x, n]) => clopperPearsonInterval(x, n, input.conf)),
      expected.clopperPearson,
      tolerance,
    );
  });

  it('close at 0 and 1 exactly', () => {
    expect(wilsonInterval(0, 15, 0.95)[0]).toBe(0);
    expect(wilsonInterval(15, 15, 0.95)[1]).toBe(1);
    expect(wilsonInterval(0, 15, 0.95)[1]).toBeGreaterThan(0.2);
    expect(clopperPearsonInterval(0, 15, 0.95)[0]).toBe(0);
    expect(clopperPearsonInterval(15, 15, 0.95)[1]).toBe(1);
  });

  it('mirror when successes and failures change places', () => {
    for (const interval of [wilsonInterval, clopperPearsonInterval]) {
      const [low, high] = interval(7, 30, 0.9);
      const [mirroredLow, mirroredHigh] = interval(23, 30, 0.9);
      expect(mirroredLow).toBeCloseTo(1 - high, 12);
      expect(mirroredHigh).toBeCloseTo(1 - low, 12);
    }
  });

  it('have one-sided limits at which the tail is the risk', () => {
    expectRelative(binomialLowerTail(18, 40, clopperPearsonUpper(18, 40, 0.95)), 0.05, 1e-9);
    expectRelative(binomialUpperTail(18, 40, clopperPearsonLower(18, 40, 0.95)), 0.05, 1e-9);
    expect(clopperPearsonUpper(40, 40, 0.95)).toBe(1);
    expect(clopperPearsonLower(0, 40, 0.95)).toBe(0);
  });

  it('refuse impossible counts', () => {
    for (const interval of [wilsonInterval, clopperPearsonInterval]) {
      expect(() => interval(5, 4, 0.95)).toThrow(new RangeError('successes must be <= trials 4, was 5'));
      expect(() => interval(0, 0, 0.95)).toThrow('trials must be a whole number >= 1, was 0');
      expect(() => interval(-1, 4, 0.95)).toThrow('successes must be a whole number >= 0, was -1');
      expect(() => interval(1, 4, 1)).toThrow('confidence must lie in (0, 1), was 1');
    }
    expect(() => clopperPearsonUpper(5, 4, 0.95)).toThrow('successes must be <= trials 4, was 5');
    expect(() => clopperPearsonLower(1, 4, 0)).toThrow('confidence must lie in (0, 1), was 0');
  });
});

describe('test against an agreed floor', () => {
  it('equals R pbinom and qbeta', () => {
    const { input, expected, tolerance } = reference('share-floor');
    expectClose(binomialLowerTail(input.x, input.n, input.floor), expected.pExact, tolerance);
    expectClose(clopperPearsonUpper(input.x, input.n, 0.95), expected.upperCP95one, tolerance);
    expectClose(clopperPearsonUpper(input.x, input.n, 0.99), expected.upperCP99one, tolerance);
  });

  it('needs the sample R finds', () => {
    const { input, expected, tolerance } = reference('minimum-sample');
    const found = input.cases.map(([floor, alternative]: [number, number]) => {
      const sample = minimumSample(floor, alternative, input.alpha, input.power, 2000)!;
      return [sample.trials, sample.critical];
    });
    expectClose(found, expected.smallestN_and_criticalX, tolerance);
  });

  it('says when no sample suffices', () => {
    expect(minimumSample(0.6, 0.59, 0.01, 0.8, 100)).toBeNull();
    expect(minimumSample(0.6, 0.4, 0.01, 0.8, 62)).toBeNull();
    expect(minimumSample(0.6, 0.4, 0.01, 0.8, 63)).toEqual({ trials: 63, critical: 28 });
  });

  it('accepts a sample whose test has exactly the level and the power', () => {
    // One trial at a floor of 1/2: P(X <= 0) = 1/2 under the null, 3/4 at a share of 1/4.
    expect(minimumSample(0.5, 0.25, 0.5, 0.75, 5)).toEqual({ trials: 1, critical: 0 });
  });

  it('refuses an alternative that is no fall', () => {
    expect(() => minimumSample(0.6, 0.6, 0.01, 0.8, 10)).toThrow('alternative must be < floor 0.6, was 0.6');
    expect(() => minimumSample(1, 0.6, 0.01, 0.8, 10)).toThrow('floor must lie in (0, 1), was 1');
    expect(() => minimumSample(0.6, 0, 0.01, 0.8, 10)).toThrow('alternative must lie in (0, 1), was 0');
    expect(() => minimumSample(0.6, 0.4, 0, 0.8, 10)).toThrow('alpha must lie in (0, 1), was 0');
    expect(() => minimumSample(0.6, 0.4, 0.1, 1, 10)).toThrow('power must lie in (0, 1), was 1');
    expect(() => minimumSample(0.6, 0.4, 0.1, 0.8, 0)).toThrow('most must be a whole number >= 1, was 0');
  });
});

describe('share learned from earlier periods', () => {
  const { input, expected, tolerance } = reference('share-history');

  it.each([
    ['homogeneous', input.x],
    ['overdispersed', input.x_overdispersed],
  ])('equals R for %s periods', (name, successes) => {
    const history = learnShare(successes, input.n, 0);
    const wanted = expected[name];
    expectClose(history.share, wanted.phat, tolerance);
    expectClose(history.chiSquare, wanted.X2, tolerance);
    expectClose(history.rho, wanted.rho, tolerance);
    expectClose(history.effectiveTrials, wanted.nEff, tolerance);
    expectClose(history.rhoPredictive, wanted.rhoPred, tolerance);
    expectClose(history.weight, wanted.S, tolerance);
    const { lower, upper } = shareTails(history, input.newX, input.newN);
    expectClose(lower, wanted.pLower, tolerance);
    expect(upper).toBeGreaterThan(1 - lower);
    expect(history.trials).toBe(273);
  });

  it('assumes at least the given correlation', () => {
    const free = learnShare(input.x, input.n, 0);
    const floored = learnShare(input.x, input.n, 0.005);
    expect(floored.rho).toBe(0.005);
    expect(floored.effectiveTrials).toBeCloseTo(273 / (1 + (273 / 6 - 1) * 0.005), 10);
    expect(shareTails(floored, 20, 48).lower).toBeGreaterThan(shareTails(free, 20, 48).lower);
    expect(learnShare(input.x_overdispersed, input.n, 0.005).rho).toBeCloseTo(0.159444963279462, 12);
  });

  it('keeps every outcome possible after periods without a rejection', () => {
    const history = learnShare([20, 30], [20, 30], 0.005);
    expect(history.share).toBeCloseTo(50.5 / 51, 14);
    expect(history.chiSquare).toBe(0);
    expect(history.rho).toBe(0.005);
    const tails = shareTails(history, 20, 25);
    expect(tails.lower).toBeGreaterThan(0);
    expect(tails.lower).toBeLessThan(0.05);
    expect(learnShare([0, 0], [20, 30], 0.005).share).toBeCloseTo(0.5 / 51, 14);
  });

  it('caps the correlation at one', () => {
    const history = learnShare([10, 0, 10, 0], [10, 10, 10, 10], 0);
    expect(history.chiSquare).toBeCloseTo(40, 12);
    expect(history.rho).toBe(1);
    expect(history.weight).toBe(0);
    // All or none of a new period then succeed.
    expect(shareTails(history, 0, 2)).toEqual({ lower: 0.5, upper: 1 });
    expect(shareTails(history, 1, 2)).toEqual({ lower: 0.5, upper: 0.5 });
    expect(shareTails(history, 2, 2)).toEqual({ lower: 1, upper: 0.5 });
    expect(() => shareTails(history, -1, 2)).toThrow('successes must be a whole number >= 0, was -1');
    expect(() => shareTails(history, 1, -2)).toThrow('trials must be a whole number >= 0, was -2');
  });

  it('refuses what is no history', () => {
    expect(() => learnShare([1], [2], 0)).toThrow('successes must hold at least 2 elements, had 1');
    expect(() => learnShare([1, 2], [2], 0)).toThrow(
      'successes and trials must have the same length, were 2 and 1',
    );
    expect(() => learnShare([3, 1], [2, 2], 0)).toThrow('successes must be <= their trials 2, was 3');
    expect(() => learnShare([0, 1], [0, 2], 0)).toThrow('trials must be a whole number >= 1, was 0');
    expect(() => learnShare([-1, 1], [1, 2], 0)).toThrow('successes must be a whole number >= 0, was -1');
    expect(() => learnShare([1, 1], [2, 2], -0.1)).toThrow('leastRho must lie in [0, 1], was -0.1');
    expect(() => learnShare([1, 0], [1, 1], 0)).toThrow('trials must exceed 1 in some period');
  });
});

describe('time to a decision', () => {
  const { input, expected, tolerance } = reference('kaplan-meier-aalen-johansen');
  const curve = fitDecisionCurve(input.time, input.event, 2);

  it('has the survival of R survfit and the incidence of cmprsk', () => {
    expectClose(curve.times, expected.km_time, tolerance);
    expectClose(curve.survival, expected.km_surv, tolerance);
    expectClose(
      [5, 10, 14].map((age) => incidenceAt(curve, 1, age)),
      expected.cifAccepted_t5_10_14,
      tolerance,
    );
    expectClose(
      [5, 10, 14].map((age) => incidenceAt(curve, 2, age)),
      expected.cifRejected_t5_10_14,
      tolerance,
    );
    expect(decidedBy(curve, 0.5)).toBe(expected.median);
    expect(decidedBy(curve, 0.8)).toBe(expected.q80);
  });

  it('adds up: undecided, accepted and rejected make all records', () => {
    curve.times.forEach((age, step) => {
      const all = curve.survival[step]! + incidenceAt(curve, 1, age) + incidenceAt(curve, 2, age);
      expect(all).toBeCloseTo(1, 12);
    });
  });

  it('is flat between its steps and starts at nothing decided', () => {
    expect(undecidedAt(curve, 0.5)).toBe(1);
    expect(incidenceAt(curve, 1, 0.5)).toBe(0);
    expect(undecidedAt(curve, 1)).toBe(0.95);
    expect(undecidedAt(curve, 1.9)).toBe(0.95);
    expect(undecidedAt(curve, 99)).toBe(curve.survival.at(-1));
    expect(incidenceAt(curve, 1, 99)).toBe(curve.incidence[0]!.at(-1));
  });

  it('gives a pending record what is left of the incidence', () => {
    const left = incidenceAt(curve, 1, 14) - incidenceAt(curve, 1, 5);
    expect(outcomeProbability(curve, 1, 5, 14)).toBeCloseTo(left / undecidedAt(curve, 5), 14);
    expect(outcomeProbability(curve, 1, 14, 14)).toBe(0);
    expect(outcomeProbability(curve, 1, 14, 5)).toBe(0);
    expect(outcomeProbability(curve, 1, 0, 20)).toBeCloseTo(incidenceAt(curve, 1, 20), 14);
  });

  it('knows nothing of an age no record of the history reached undecided', () => {
    const closed = fitDecisionCurve([3, 1, 2], [1, 2, 1], 2);
    expect(closed.times).toEqual([1, 2, 3]);
    expect(closed.survival[2]).toBe(0);
    expect(outcomeProbability(closed, 1, 3, 9)).toBeNull();
    expect(outcomeProbability(closed, 1, 2, 9)).toBeCloseTo(1, 14);
    expect(decidedBy(closed, 1)).toBe(3);
    expect(decidedBy(closed, 1 / 3)).toBe(1);
  });

  it('counts a record last seen at an age as at risk at that age', () => {
    expect(fitDecisionCurve([2, 2], [0, 1], 1).survival).toEqual([0.5]);
    expect(fitDecisionCurve([1, 2], [1, 0], 1)).toEqual({
      times: [1, 2],
      survival: [0.5, 0.5],
      incidence: [[0.5, 0.5]],
    });
  });

  it('refuses what is no decision', () => {
    expect(() => fitDecisionCurve([], [], 1)).toThrow('ages must hold at least 1 elements, had 0');
    expect(() => fitDecisionCurve([1], [1, 0], 1)).toThrow('ages and outcomes must have the same length');
    expect(() => fitDecisionCurve([-1], [1], 1)).toThrow('ages must be a finite number >= 0, was -1');
    expect(() => fitDecisionCurve([1], [2], 1)).toThrow(new RangeError('outcomes must be <= 1, was 2'));
    expect(() => fitDecisionCurve([1], [-1], 1)).toThrow('outcomes must be a whole number >= 0, was -1');
    expect(() => fitDecisionCurve([1], [1], 0)).toThrow('outcomeCount must be a whole number >= 1, was 0');
    expect(() => incidenceAt(curve, 3, 1)).toThrow(new RangeError('outcome must lie in 1..2, was 3'));
    expect(() => outcomeProbability(curve, 0, 1, 2)).toThrow('outcome must lie in 1..2, was 0');
  });
});

describe('bounds under pending outcomes', () => {
  it('equal the reference', () => {
    const { input, expected, tolerance } = reference('manski-bounds');
    const { accepted, rejected, pending, floor, pCondAccept } = input;
    const bounds = manskiBounds(accepted, rejected, pending, pCondAccept);
    for (const key of ['worst', 'best', 'decidedOnly', 'expected'] as const) {
      expectClose(bounds[key], expected[key], tolerance, key);
    }
    const all = accepted + rejected + pending;
    expectClose(binomialLowerTail(accepted + pending, all, floor), expected.pBest, tolerance);
    expectClose(binomialLowerTail(accepted, all, floor), expected.pWorst, tolerance);
  });

  it('are null where there is nothing to divide by', () => {
    expect(manskiBounds(0, 0, 0, 0.5)).toEqual({
      worst: null,
      expected: null,
      best: null,
      decidedOnly: null,
    });
    expect(manskiBounds(0, 0, 4, 0.5)).toEqual({ worst: 0, expected: 0.5, best: 1, decidedOnly: null });
    expect(manskiBounds(1, 3, 0, 0.5)).toEqual({
      worst: 0.25,
      expected: 0.25,
      best: 0.25,
      decidedOnly: 0.25,
    });
  });

  it('refuse impossible counts', () => {
    expect(() => manskiBounds(-1, 0, 0, 0)).toThrow('accepted must be a whole number >= 0, was -1');
    expect(() => manskiBounds(0, -1, 0, 0)).toThrow('rejected must be a whole number >= 0, was -1');
    expect(() => manskiBounds(0, 0, -1, 0)).toThrow('pending must be a whole number >= 0, was -1');
    expect(() => manskiBounds(0, 0, 0, 1.1)).toThrow('acceptProbability must lie in [0, 1], was 1.1');
  });
});

describe('funnel of units', () => {
  it('equals the reference', () => {
    const { input, expected, tolerance } = reference('funnel-plot');
    const units = compareUnits(input.num, input.den, input.winsor);
    expectClose(units.target, expected.theta, tolerance);
    expectClose(units.z, expected.z, tolerance);
    expectClose(units.winsorised, expected.zWinsor, tolerance);
    expectClose(units.phi, expected.phi, tolerance);
    expectClose(units.tauSquared, expected.tau2, tolerance);
    expectClose(units.adjusted, expected.zAdjusted, tolerance);
    expectClose(units.adjusted.map(normalLowerTail), expected.pLowerAdjusted, tolerance);
    for (const { n, lo998, lo95, hi95, hi998 } of expected.exactLimits) {
      const limits = [0.001, 0.025, 0.975, 0.999].map((p) => funnelLimit(n, expected.theta, p));
      expectClose(limits, [lo998, lo95, hi95, hi998], tolerance);
    }
  });

  it('adds no variance between units that differ by chance only', () => {
    const units = compareUnits([30, 31, 29], [100, 100, 100], 0);
    expect(units.tauSquared).toBe(0);
    expectClose(units.adjusted, units.z, 1e-12);
    expect(units.winsorised).toEqual(units.z);
  });

  it('stays within 0 and 1', () => {
    expect(funnelLimit(1, 0.9, 0.999)).toBeCloseTo(0.99889, 5);
    expect(funnelLimit(3, 0.05, 0.001)).toBe(0);
  });

  it('refuses what cannot be compared', () => {
    expect(() => compareUnits([1], [2], 0.1)).toThrow('successes must hold at least 2 elements, had 1');
    expect(() => compareUnits([1, 1], [2], 0.1)).toThrow(RangeError);
    expect(() => compareUnits([3, 1], [2, 2], 0.1)).toThrow('successes must be <= their trials 2, was 3');
    expect(() => compareUnits([-1, 1], [2, 2], 0.1)).toThrow('successes must be a whole number >= 0, was -1');
    expect(() => compareUnits([0, 0], [0, 2], 0.1)).toThrow('trials must be a whole number >= 1, was 0');
    expect(() => compareUnits([2, 2], [2, 2], 0.1)).toThrow('the common share must lie in (0, 1), was 1');
    expect(() => compareUnits([1, 1], [2, 2], 0.5)).toThrow('winsorShare must lie in [0, 0.5), was 0.5');
    expect(() => compareUnits([1, 1], [2, 2], -0.1)).toThrow('winsorShare must lie in [0, 0.5), was -0.1');
    expect(() => funnelLimit(0, 0.5, 0.5)).toThrow('trials must be a whole number >= 1, was 0');
    expect(() => funnelLimit(5, 0, 0.5)).toThrow('target must lie in (0, 1), was 0');
    expect(() => funnelLimit(5, 0.5, 1)).toThrow('p must lie in (0, 1), was 1');
  });
});
