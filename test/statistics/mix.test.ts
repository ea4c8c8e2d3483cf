import { describe, expect, it } from 'vitest';
import { explainMiss, explainRateMiss } from '../../lib/statistics/adtributor.ts';
import { auditLimits, zeroErrorSample } from '../../lib/statistics/audit-sample.ts';
import { clopperPearsonUpper } from '../../lib/statistics/clopper-pearson.ts';
import { excessBySource } from '../../lib/statistics/excess-by-source.ts';
import { herfindahl } from '../../lib/statistics/herfindahl.ts';
import { hypergeometricTails } from '../../lib/statistics/hypergeometric.ts';
import { jensenShannonDivergence, mixTest } from '../../lib/statistics/jensen-shannon-divergence.ts';
import { payout } from '../../lib/statistics/payout-curve.ts';
import { recordWaterfall } from '../../lib/statistics/record-waterfall.ts';
import { sharesOf } from '../../lib/statistics/shares.ts';
import { expectClose, expectRelative, reference } from './reference.ts';

describe('concentration and divergence', () => {
  const { input, expected, tolerance } = reference('concentration-and-divergence');
  const { baseline, actual, phi } = input;

  it('equal the reference', () => {
    expectClose(herfindahl(baseline).index, expected.hhiBase, tolerance);
    const now = herfindahl(actual);
    expectClose(now.index, expected.hhiActual, tolerance);
    expectClose(now.normalised, expected.hhiNormActual, tolerance);
    expectClose(now.effectiveParts, expected.effectiveSources, tolerance);
    const divergence = jensenShannonDivergence(baseline, actual);
    expectClose(divergence, expected.jsdBase2, tolerance);
    expectClose(Math.sqrt(divergence), expected.jsDistance, tolerance);
    const plain = mixTest(baseline, actual, 1);
    expectClose(plain.statistic, expected.G, tolerance);
    expect(plain.degrees).toBe(expected.df);
    expect(plain.p).toBeLessThan(1e-300);
    expectClose(mixTest(baseline, actual, phi).p, expected.pGoverPhi, tolerance);
    expectRelative(mixTest(baseline, actual, phi).p, expected.pGoverPhi, 1e-9);
  });

  it('know equal and disjoint mixes', () => {
    expect(jensenShannonDivergence([1, 2], [10, 20])).toBe(0);
    expect(jensenShannonDivergence([1, 0], [0, 1])).toBe(1);
    expect(jensenShannonDivergence([3, 5, 0], [1, 2, 4])).toBeCloseTo(
      jensenShannonDivergence([1, 2, 4], [3, 5, 0]),
      14,
    );
    expect(mixTest([10, 10], [20, 20], 1)).toEqual({ statistic: 0, degrees: 1, p: 1 });
    expect(mixTest([7, 0], [9, 0], 2)).toEqual({ statistic: 0, degrees: 0, p: 1 });
  });

  it('give an absent part no degree of freedom', () => {
    const with0 = mixTest([10, 0, 30], [20, 0, 20], 1.5);
    const without = mixTest([10, 30], [20, 20], 1.5);
    expect(with0).toEqual(without);
    expect(without.degrees).toBe(1);
    // By hand: G = 2 sum n log(n / expected) over the four cells.
    const g =
      2 * (10 * Math.log(10 / 15) + 30 * Math.log(30 / 25) + 20 * Math.log(20 / 15) + 20 * Math.log(20 / 25));
    expect(without.statistic).toBeCloseTo(g, 12);
    expect(mixTest([10, 0], [10, 10], 1).statistic).toBeCloseTo(
      2 * (10 * Math.log(10 / (20 / 3)) + 10 * Math.log(10 / (40 / 3)) + 10 * Math.log(10 / (20 / 3))),
      12,
    );
  });

  it('have a Herfindahl index of closed value', () => {
    expect(herfindahl([1, 1])).toEqual({ index: 0.5, normalised: 0, effectiveParts: 2 });
    expect(herfindahl([4, 0])).toEqual({ index: 1, normalised: 1, effectiveParts: 1 });
    expect(herfindahl([3])).toEqual({ index: 1, normalised: null, effectiveParts: 1 });
    expect(sharesOf([1, 3])).toEqual([0.25, 0.75]);
  });

  it('refuse what is no mix', () => {
    expect(() => sharesOf([])).toThrow('parts must hold at least 1 elements, had 0');
    expect(() => sharesOf([0, 0])).toThrow(new RangeError('parts must not all be 0'));
    expect(() => sharesOf([1, -1])).toThrow('parts must be a finite number >= 0, was -1');
    expect(() => jensenShannonDivergence([1], [1, 2])).toThrow(
      'baseline and actual must have the same length, were 1 and 2',
    );
    expect(() => mixTest([1], [1], 1)).toThrow('baseline must hold at least 2 elements, had 1');
    expect(() => mixTest([1, 2], [1], 1)).toThrow(
      'baseline and actual must have the same length, were 2 and 1',
    );
    expect(() => mixTest([1, 2], [1, 2], 0.5)).toThrow('phi must be a finite number >= 1, was 0.5');
  });
});

describe('which element carries a miss', () => {
  const { input, expected, tolerance } = reference('adtributor');
  const policy = { elementPower: input.TEEP, totalPower: input.TEP };

  it('equals the reference by source', () => {
    const found = explainMiss(input.dimSource.forecast, input.dimSource.actual, policy);
    expectClose(found.power, expected.source.EP, tolerance);
    expectClose(found.surprise, expected.source.surprise, tolerance);
    expectClose(
      found.surprise.reduce((sum, part) => sum + part, 0),
      expected.source.total,
      tolerance,
    );
    expect(found.picked.map((i) => input.dimSource.elements[i])).toEqual([expected.source.candidate]);
    expectClose(found.pickedPower, expected.source.candidateEP, tolerance);
    expectClose(found.pickedSurprise, expected.source.candidateSurprise, tolerance);
  });

  it('equals the reference by country, which explains the miss but surprises nobody', () => {
    const country = explainMiss(input.dimCountry.forecast, input.dimCountry.actual, policy);
    expectClose(country.power, expected.country.EP, tolerance);
    expectClose(country.surprise, expected.country.surprise, tolerance);
    expectClose(
      country.surprise.reduce((sum, part) => sum + part, 0),
      expected.country.total,
      tolerance,
    );
    expectClose(country.pickedPower, expected.countryCandidateEP, tolerance);
    expectClose(country.pickedSurprise, expected.countryCandidateSurprise, tolerance);
    const source = explainMiss(input.dimSource.forecast, input.dimSource.actual, policy);
    const ranking = [
      { name: 'country', elements: input.dimCountry.elements, found: country },
      { name: 'source', elements: input.dimSource.elements, found: source },
    ]
      .sort((a, b) => b.found.pickedSurprise - a.found.pickedSurprise)
      .map(({ name, elements, found }) => `${name}:[${found.picked.map((i) => elements[i]).join(',')}]`);
    expect(ranking).toEqual(expected.ranking);
  });

  it('equals the reference for a rate', () => {
    const { leadsF, leadsA, sessionsF, sessionsA } = input.derivedLeadRate;
    const found = explainRateMiss(
      { forecast: leadsF, actual: leadsA },
      { forecast: sessionsF, actual: sessionsA },
      policy,
    );
    expectClose(found.power, expected.derivedEP, tolerance);
    expectClose(found.surprise, expected.derivedSurprise, tolerance);
    expect(found.picked).toEqual([4]);
    expectClose(found.pickedPower, expected.derivedEP[4], tolerance);
  });

  it('finds nothing where no set of elements explains enough', () => {
    const spread = explainMiss(new Array(20).fill(100), new Array(20).fill(110), policy);
    expect(spread).toMatchObject({ picked: [], pickedPower: 0, pickedSurprise: 0 });
    expect(spread.power[0]).toBeCloseTo(0.05, 14);
  });

  it('shows powers below zero and above one', () => {
    const found = explainMiss([100, 100], [80, 140], policy);
    expect(found.power).toEqual([-1, 2]);
    expect(found.picked).toEqual([1]);
  });

  it('needs more than the thresholds, not just as much', () => {
    // The second carries exactly a quarter of the miss, and surprises more because its share shrinks.
    const pick = (elementPower: number, totalPower: number): number[] =>
      explainMiss([100, 100], [175, 125], { elementPower, totalPower }).picked;
    expect(pick(0.1, 0.24)).toEqual([1]);
    expect(pick(0.1, 0.25)).toEqual([1, 0]);
    expect(pick(0.24, 0.7)).toEqual([1, 0]);
    expect(pick(0.25, 0.7)).toEqual([0]);
    expect(pick(0.25, 0.75)).toEqual([]);
  });

  it('knows an element new to the mix', () => {
    const found = explainMiss([100, 0], [100, 50], policy);
    expect(found.power).toEqual([0, 1]);
    // p = 0, q = 1/3: half of q log 2.
    expect(found.surprise[1]).toBeCloseTo(Math.log(2) / 6, 14);
  });

  it('refuses a miss of nothing', () => {
    expect(() => explainMiss([1, 2], [2, 1], policy)).toThrow(
      new RangeError('actual and forecast must differ in total'),
    );
    expect(() => explainMiss([1], [2, 1], policy)).toThrow('forecast and actual must have the same length');
    expect(() => explainMiss([0, 0], [2, 1], policy)).toThrow('parts must not all be 0');
    expect(() => explainMiss([1], [2], { elementPower: 0, totalPower: 0.5 })).toThrow(
      'elementPower must lie in (0, 1)',
    );
    expect(() => explainMiss([1], [2], { elementPower: 0.1, totalPower: 1 })).toThrow(
      'totalPower must lie in (0, 1)',
    );
    const flat = { forecast: [1, 2], actual: [1, 2] };
    expect(() => explainRateMiss(flat, flat, policy)).toThrow(
      'the change of the rate, in absolute value, must be',
    );
    expect(() => explainRateMiss({ forecast: [1], actual: [1, 2] }, flat, policy)).toThrow(
      'events.forecast and events.actual',
    );
    expect(() => explainRateMiss({ forecast: [1], actual: [1] }, flat, policy)).toThrow(
      'events.forecast and exposure.forecast',
    );
    expect(() =>
      explainRateMiss({ forecast: [1], actual: [1] }, { forecast: [1], actual: [1, 2] }, policy),
    ).toThrow('events.forecast and exposure.actual');
  });
});

describe('excess by source', () => {
  it('equals the reference', () => {
    const { input, expected, tolerance } = reference('excess-by-source');
    const found = excessBySource(input.claimed, input.mu, input.phi, input.alphaFamily);
    expectClose(found.alphaPerSource, expected.perSourceAlpha, 1e-15);
    const of = (key: 'upper' | 'lower' | 'isFlagged' | 'least' | 'point' | 'most') =>
      found.sources.map((source) => source[key]);
    expectClose(of('upper'), expected.U, tolerance);
    expectClose(of('lower'), expected.L, tolerance);
    expect(of('isFlagged')).toEqual(expected.flagged);
    expectClose(of('least'), expected.excessConservative, tolerance);
    expectClose(of('point'), expected.excessPoint, tolerance);
    expectClose(of('most'), expected.excessHigh, tolerance);
    expect([found.least, found.point, found.most]).toEqual([
      expected.totalConservative,
      expected.totalPoint,
      expected.totalHigh,
    ]);
    expect([found.verifiedLow, found.verifiedHigh]).toEqual(expected.verifiedLowHigh);
    expect(found.verifiedPoint).toBe(5000 - 1850);
  });

  it('takes the whole count of a source without history', () => {
    const found = excessBySource([10, 300], [10, 0], [1, 1], 0.01);
    expect(found.sources[1]).toEqual({
      upper: 0,
      lower: 0,
      isFlagged: true,
      least: 300,
      point: 300,
      most: 300,
    });
    expect(found.verifiedLow).toBe(10);
  });

  it('flags above the limit, not at it, and never nets a low source', () => {
    const limit = excessBySource([0], [150], [5], 0.01).sources[0]!.upper;
    expect(excessBySource([limit], [150], [5], 0.01).sources[0]!.isFlagged).toBe(false);
    const over = excessBySource([limit + 1], [150], [5], 0.01);
    expect(over.sources[0]).toMatchObject({ isFlagged: true, least: 1, point: limit + 1 - 150 });
    const two = excessBySource([0, 400], [150, 150], [5, 5], 0.01);
    expect(two.sources[0]).toMatchObject({ isFlagged: false, least: 0, point: 0, most: 0 });
    expect(two.point).toBe(250);
    expect(excessBySource([0], [150], [5], 0.01)).toMatchObject({
      least: 0,
      point: 0,
      most: 0,
      verifiedLow: 0,
      verifiedHigh: 0,
    });
  });

  it('refuses impossible arguments', () => {
    expect(() => excessBySource([], [], [], 0.01)).toThrow('counts must hold at least 1 elements, had 0');
    expect(() => excessBySource([1], [1, 2], [1], 0.01)).toThrow(
      'counts and mu must have the same length, were 1 and 2',
    );
    expect(() => excessBySource([1], [1], [], 0.01)).toThrow(
      'counts and phi must have the same length, were 1 and 0',
    );
    expect(() => excessBySource([1], [1], [1], 0)).toThrow('alpha must lie in (0, 1), was 0');
    expect(() => excessBySource([1], [-1], [1], 0.1)).toThrow('mu must be a finite number >= 0, was -1');
  });
});

describe('audit sample', () => {
  it('equals the reference', () => {
    const { input, expected } = reference('audit-sample');
    const { population, sample, errors, conf } = input;
    expect(auditLimits(population, sample, errors, conf)).toEqual({
      lower: expected.lowerErrorCount,
      upper: expected.upperErrorCount,
    });
    expectRelative(clopperPearsonUpper(errors, sample, conf), expected.upperRateCP, 1e-9);
  });

  it('has limits at which the tail passes the risk', () => {
    for (const [population, sample, errors] of [
      [200, 40, 0],
      [200, 40, 5],
      [90, 90, 7],
      [50, 20, 20],
      [30, 1, 1],
    ] as const) {
      const { lower, upper } = auditLimits(population, sample, errors, 0.9);
      const tails = (marked: number) => hypergeometricTails(errors, population, marked, sample);
      expect(tails(lower).upper).toBeGreaterThan(0.1 + 1e-12);
      if (lower > errors) expect(tails(lower - 1).upper).toBeLessThanOrEqual(0.1 + 1e-12);
      expect(tails(upper).lower).toBeGreaterThan(0.1 + 1e-12);
      if (upper < population - sample + errors)
        expect(tails(upper + 1).lower).toBeLessThanOrEqual(0.1 + 1e-12);
      expect(lower).toBeGreaterThanOrEqual(errors);
      expect(upper).toBeLessThanOrEqual(population - sample + errors);
    }
  });

  it('of all records leaves nothing open, of none everything', () => {
    expect(auditLimits(90, 90, 7, 0.95)).toEqual({ lower: 7, upper: 7 });
    expect(auditLimits(90, 0, 0, 0.95)).toEqual({ lower: 0, upper: 90 });
  });

  it('without an error shows a rate from a sample of known size', () => {
    expect(zeroErrorSample(0.05, 0.95)).toBe(59);
    expect(zeroErrorSample(0.5, 0.75)).toBe(2);
    expect(zeroErrorSample(0.01, 0.95)).toBe(299);
    expect(() => zeroErrorSample(0, 0.95)).toThrow('rate must lie in (0, 1), was 0');
    expect(() => zeroErrorSample(0.1, 1)).toThrow('confidence must lie in (0, 1), was 1');
  });

  it('refuses impossible counts', () => {
    expect(() => auditLimits(5, 6, 1, 0.9)).toThrow(new RangeError('sample must be <= population 5, was 6'));
    expect(() => auditLimits(5, 2, 3, 0.9)).toThrow(new RangeError('errors must be <= sample 2, was 3'));
    expect(() => auditLimits(-5, 2, 1, 0.9)).toThrow('population must be a whole number >= 0, was -5');
    expect(() => auditLimits(5, -2, 1, 0.9)).toThrow('sample must be a whole number >= 0, was -2');
    expect(() => auditLimits(5, 2, -1, 0.9)).toThrow('errors must be a whole number >= 0, was -1');
    expect(() => auditLimits(5, 2, 1, 1)).toThrow('confidence must lie in (0, 1), was 1');
  });
});

describe('from claim to verified', () => {
  it('equals the reference', () => {
    const { input, expected, tolerance } = reference('record-waterfall');
    const removals = [
      input.duplicates,
      input.rejectedBySales - input.rejectedAndDuplicate,
      input.invalid - input.invalidOverlap,
    ];
    const found = recordWaterfall(
      input.claimed,
      removals,
      input.pending,
      input.pending * input.pCondAcceptPending,
    );
    expectClose(found.after[0], expected.deduplicated, tolerance);
    expectClose(found.removed, expected.confirmedDisputed, tolerance);
    expectClose(found.high, expected.verifiedHigh, tolerance);
    expectClose(found.point, expected.verifiedPoint, tolerance);
    expectClose(found.low, expected.verifiedLow, tolerance);
    expect(found.after).toEqual([113, 97, 94]);
  });

  it('takes off no more than there is', () => {
    expect(recordWaterfall(5, [2, 3], 0, 0)).toEqual({
      after: [3, 0],
      removed: 5,
      high: 0,
      point: 0,
      low: 0,
    });
    expect(recordWaterfall(5, [], 5, 5)).toEqual({ after: [], removed: 0, high: 5, point: 5, low: 0 });
    expect(() => recordWaterfall(5, [2, 4], 0, 0)).toThrow(
      new RangeError('removals must not exceed the 5 claimed'),
    );
    expect(() => recordWaterfall(5, [2], 4, 0)).toThrow(
      new RangeError('pending must be <= the 3 left, was 4'),
    );
    expect(() => recordWaterfall(5, [], 1, 2)).toThrow(
      new RangeError('expectedOfPending must be <= pending 1, was 2'),
    );
    expect(() => recordWaterfall(-1, [], 0, 0)).toThrow('claimed must be a whole number >= 0, was -1');
    expect(() => recordWaterfall(1, [-1], 0, 0)).toThrow('removals must be a whole number >= 0, was -1');
    expect(() => recordWaterfall(1, [], -1, 0)).toThrow('pending must be a whole number >= 0, was -1');
    expect(() => recordWaterfall(1, [], 0, -1)).toThrow(
      'expectedOfPending must be a finite number >= 0, was -1',
    );
  });

  it('pays what the reference pays', () => {
    const { input, expected, tolerance } = reference('payout');
    const pay = (value: number): number => payout(value, input.plan);
    expectClose(pay(input.claimed), expected.payClaimed, tolerance);
    expectClose(pay(input.verifiedLow), expected.payVerifiedLow, tolerance);
    expectClose(pay(input.verifiedHigh), expected.payVerifiedHigh, tolerance);
    expectClose(pay(input.claimed) - pay(input.verifiedLow), expected.hold, tolerance);
  });

  it('pays from the threshold on, in full at target, and no more than the cap', () => {
    const plan = { target: 100, base: 1000, threshold: 0.5, accelerator: 2, cap: 1.5 };
    expect([49, 50, 100, 112.5, 125, 200].map((value) => payout(value, plan))).toEqual([
      0, 500, 1000, 1250, 1500, 1500,
    ]);
    expect(payout(60, { ...plan, cap: 0.4 })).toBe(400);
    expect(() => payout(-1, plan)).toThrow('actual must be a finite number >= 0, was -1');
    expect(() => payout(1, { ...plan, target: 0 })).toThrow('target must be a finite number > 0, was 0');
    expect(() => payout(1, { ...plan, base: -1 })).toThrow('base must be a finite number >= 0, was -1');
    expect(() => payout(1, { ...plan, threshold: -1 })).toThrow(
      'threshold must be a finite number >= 0, was -1',
    );
    expect(() => payout(1, { ...plan, accelerator: -1 })).toThrow(
      'accelerator must be a finite number >= 0, was -1',
    );
    expect(() => payout(1, { ...plan, cap: -1 })).toThrow('cap must be a finite number >= 0, was -1');
  });
});
