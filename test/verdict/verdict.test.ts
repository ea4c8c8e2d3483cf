import { describe, expect, it } from 'vitest';
import type { Finding } from '../../lib/model/finding.ts';
import { suspicionOf, type VerdictInput, verdictOf, verdictPolicy } from '../../lib/verdict/verdict.ts';

const finding = (over: Partial<Finding>): Finding => ({
  check: 'acceptance-shortfall',
  version: 1,
  family: 'quality',
  severity: 'watch',
  side: 'marketing',
  proof: false,
  kpi: 'sqls_delivered',
  p: null,
  effect: null,
  expected: null,
  observed: null,
  range: null,
  messageId: 'm',
  data: {},
  text: '',
  records: [],
  sources: [],
  capped: false,
  ...over,
});
const input = (over: Partial<VerdictInput> = {}): VerdictInput => ({
  side: 'marketing',
  findings: [],
  pValues: [],
  claimed: 100,
  provenUnits: (f) => f.records.length,
  changesPayout: () => false,
  assessmentsPerYear: 36,
  calibration: 1,
  missingShare: 0,
  isPrimaryRun: true,
  ...over,
});
const judge = (over: Partial<VerdictInput>) => verdictOf(input(over), verdictPolicy);
const ids = (n: number) => Array.from({ length: n }, (_, i) => String(i));

describe('verdictOf', () => {
  it('is clear without a finding, and as high as the highest one', () => {
    expect(judge({}).verdict).toBe('clear');
    expect(judge({ findings: [finding({ severity: 'note' })] }).verdict).toBe('clear');
    expect(judge({ findings: [finding({}), finding({ severity: 'review' })] }).verdict).toBe('review');
    expect(judge({ findings: [finding({})] }).verdict).toBe('watch');
  });

  it("is not raised by findings on the other side's work", () => {
    expect(judge({ findings: [finding({ side: 'sales', severity: 'review', p: 1e-9 })] }).verdict).toBe(
      'clear',
    );
  });

  it('is raised to review by two families at p .01, not by two of one family, nor at .011', () => {
    const quality = finding({ p: 0.01 });
    const volume = finding({ family: 'volume', p: 0.01 });
    const raised = judge({ findings: [quality, volume], calibration: null });
    expect(raised.verdict).toBe('review');
    expect(raised.reasons).toEqual(['findings of two kinds agree (quality, volume)']);
    expect(judge({ findings: [quality, finding({ p: 0.001 })] }).verdict).toBe('watch');
    expect(judge({ findings: [quality, finding({ family: 'volume', p: 0.011 })] }).verdict).toBe('watch');
  });

  it('never counts digits as a family', () => {
    expect(
      judge({
        findings: [finding({ p: 0.001 }), finding({ family: 'digits', p: 1e-9 })],
        pValues: [1e-9, 0.001],
      }).verdict,
    ).toBe('watch');
  });

  it('is suspect on a combined p at the limit with two families and a calibration', () => {
    const findings = [finding({ p: 1e-4 }), finding({ family: 'volume', p: 0.01 })];
    // K = 36: the limit is .1 / 36 = .00278, bounded by 1e-3; ten p make 1e-4 just reach it.
    const ten = [1e-4, ...Array.from({ length: 9 }, () => 0.5)];
    expect(judge({ findings, pValues: ten }).verdict).toBe('suspect');
    expect(judge({ findings, pValues: [...ten, 0.5] }).verdict).toBe('review');
    expect(judge({ findings: findings.slice(0, 1), pValues: ten }).verdict).toBe('watch');
    const weak = [findings[0]!, finding({ family: 'volume', p: 0.011 })];
    expect(judge({ findings: weak, pValues: ten }).verdict).toBe('watch');
    expect(judge({ findings, pValues: ten }).combinedP).toBeCloseTo(1e-3, 12);
  });

  it('counts a few records at watch, which have no p, as no family of their own', () => {
    const unlikely = finding({ p: 1e-6, family: 'volume' });
    const repeated = finding({ check: 'duplicate-leads', family: 'records', proof: true, records: ids(2) });
    expect(judge({ findings: [unlikely, repeated], pValues: [1e-6] }).verdict).toBe('watch');
    const many = { ...repeated, severity: 'review' } as const;
    expect(judge({ findings: [unlikely, many], pValues: [1e-6] }).verdict).toBe('suspect');
    expect(judge({ findings: [unlikely, { ...repeated, p: 0.01 }], pValues: [1e-6] }).verdict).toBe(
      'suspect',
    );
  });

  it('holds the budget of false suspects over the assessments of a year', () => {
    const findings = [finding({ p: 5e-4 }), finding({ family: 'volume', p: 0.01 })];
    expect(judge({ findings, pValues: [5e-4], assessmentsPerYear: 200 }).verdict).toBe('suspect');
    expect(judge({ findings, pValues: [5e-4], assessmentsPerYear: 201 }).verdict).toBe('review');
  });

  it('scales the limit by the calibration and stops at review without one', () => {
    const findings = [finding({ p: 4e-4, severity: 'review' }), finding({ family: 'volume', p: 0.01 })];
    expect(judge({ findings, pValues: [4e-4], calibration: 0.4 }).verdict).toBe('suspect');
    expect(judge({ findings, pValues: [4e-4], calibration: 0.39 }).verdict).toBe('review');
    const without = judge({ findings, pValues: [4e-4], calibration: null });
    expect(without.verdict).toBe('review');
    expect(without.reasons).toEqual(['not calibrated yet: statistics alone stop at review']);
  });

  it('keeps findings on baselines that hold periods under review at review', () => {
    const findings = [
      finding({ p: 1e-6, severity: 'review', capped: true }),
      finding({ family: 'volume', p: 1e-6, capped: true }),
    ];
    expect(judge({ findings, pValues: [1e-6] }).verdict).toBe('review');
  });

  it('raises proof to review from 3 records and 2 % of the claim, or when the pay changes', () => {
    const proof = (n: number) =>
      finding({ check: 'funnel-order', family: 'records', proof: true, records: ids(n) });
    expect(judge({ findings: [proof(2)] }).verdict).toBe('watch');
    expect(judge({ findings: [proof(3)], claimed: 150 }).verdict).toBe('review');
    expect(judge({ findings: [proof(3)], claimed: 151 }).verdict).toBe('watch');
    expect(judge({ findings: [proof(1)], changesPayout: () => true }).verdict).toBe('suspect');
    expect(judge({ findings: [proof(0)], changesPayout: () => true }).verdict).toBe('watch');
    expect(judge({ findings: [proof(0)], claimed: 0 }).verdict).toBe('watch');
  });

  it('weighs no finding anew but proof of its own side', () => {
    const records = ids(50);
    const loose = finding({ check: 'funnel-order', family: 'records', records });
    expect(judge({ findings: [loose] }).findings).toEqual([loose]);
    const theirs = { ...loose, proof: true, side: 'sales' as const };
    expect(judge({ findings: [theirs], changesPayout: () => true })).toMatchObject({
      verdict: 'clear',
      findings: [theirs],
    });
    const raised = { ...loose, proof: true };
    expect(judge({ findings: [raised] }).findings).toEqual([{ ...raised, severity: 'review' }]);
  });

  it('is suspect by proof of 3 records and 5 % of the claim, calibrated or not', () => {
    const proof = (n: number) =>
      finding({ check: 'funnel-order', family: 'records', proof: true, records: ids(n) });
    expect(judge({ findings: [proof(5)], calibration: null }).verdict).toBe('suspect');
    expect(judge({ findings: [proof(5)], claimed: 101 }).verdict).toBe('review');
    expect(judge({ findings: [proof(2)], claimed: 10 }).verdict).toBe('watch');
    expect(judge({ findings: [proof(3)], claimed: 60 }).verdict).toBe('suspect');
    const two = finding({ family: 'records', severity: 'review', proof: true, records: ids(2) });
    expect(judge({ findings: [two], claimed: 10 }).verdict).toBe('review');
  });

  it('asks 5 records and 5 % of duplicates before review', () => {
    const duplicates = (n: number) =>
      finding({ check: 'duplicate-leads', family: 'records', proof: true, records: ids(n) });
    expect(judge({ findings: [duplicates(4)], claimed: 60 }).verdict).toBe('watch');
    expect(judge({ findings: [duplicates(4)], claimed: 60, changesPayout: () => true }).verdict).toBe(
      'watch',
    );
    expect(judge({ findings: [duplicates(4)], claimed: 100 }).verdict).toBe('watch');
    expect(judge({ findings: [duplicates(5)], claimed: 100 }).verdict).toBe('suspect');
    expect(judge({ findings: [duplicates(5)], claimed: 101 }).verdict).toBe('watch');
  });

  it('cannot certify more than a tenth of days missing, exactly a tenth is fine', () => {
    expect(judge({ missingShare: 0.1 }).verdict).toBe('clear');
    const missing = judge({ missingShare: 0.11 });
    expect(missing.verdict).toBe('unable_to_certify');
    expect(missing.reasons).toEqual(['11 % of the days are missing or refused']);
    expect(judge({ missingShare: null }).reasons).toEqual(['no data were delivered']);
  });

  it('cannot certify without a primary check, yet never hides a finding at review', () => {
    expect(judge({ isPrimaryRun: false }).verdict).toBe('unable_to_certify');
    expect(judge({ isPrimaryRun: false, findings: [finding({})] }).verdict).toBe('unable_to_certify');
    expect(
      judge({ isPrimaryRun: false, missingShare: 0.9, findings: [finding({ severity: 'review' })] }).verdict,
    ).toBe('review');
  });
});

describe('suspicionOf', () => {
  const suspicion = (findings: Finding[], pValues: number[] = []) =>
    suspicionOf(findings, 'marketing', pValues, verdictPolicy);

  it('multiplies the least p by the number of checks, at most 1, and knows none without checks', () => {
    expect(suspicion([], [0.2, 1e-5, 0.7]).combinedP).toBeCloseTo(3e-5, 15);
    expect(suspicion([], [0.6, 0.9]).combinedP).toBe(1);
    expect(suspicion([]).combinedP).toBeNull();
  });

  it('counts kinds of evidence of the own side that weigh', () => {
    const own = finding({ p: 0.01 });
    expect(suspicion([own]).kinds).toBe(1);
    expect(suspicion([own, finding({ family: 'mix', p: 0.01, side: 'sales' })]).kinds).toBe(1);
    expect(suspicion([own, finding({ family: 'mix', p: 0.01, severity: 'note' })]).kinds).toBe(1);
    expect(suspicion([own, finding({ family: 'mix', p: 0.01 })]).kinds).toBe(2);
    for (const family of ['digits', 'budget', 'none'] as const)
      expect(suspicion([own, finding({ family, p: 1e-9, severity: 'review' })]).kinds).toBe(1);
  });

  it('counts no evidence of p above .01, at review or not, but proof whatever its p', () => {
    const own = finding({ p: 0.01 });
    expect(suspicion([own, finding({ family: 'mix', p: 0.011, severity: 'review' })]).kinds).toBe(1);
    expect(
      suspicion([own, finding({ family: 'mix', p: 0.011, severity: 'review', proof: true })]).kinds,
    ).toBe(2);
    expect(suspicion([own, finding({ family: 'mix', p: null, severity: 'review' })]).kinds).toBe(2);
  });

  it.each(['traffic-spike', 'leads-without-traffic', 'sqls-without-leads', 'source-mix-shift'])(
    'takes %s for volume, whatever its family',
    (check) => {
      const volume = finding({ check: 'stop-after-target', family: 'volume', p: 0.01 });
      expect(suspicion([volume, finding({ check, family: 'mix', p: 0.01 })]).kinds).toBe(1);
    },
  );

  it('is open as soon as one finding rests on a clean baseline', () => {
    const capped = finding({ p: 0.01, capped: true });
    expect(suspicion([capped]).isOpen).toBe(false);
    expect(suspicion([capped, finding({ p: 0.01 })]).isOpen).toBe(true);
    expect(suspicion([]).isOpen).toBe(false);
  });
});

describe('reasons', () => {
  it('name every cause for which a month cannot be certified', () => {
    const both = judge({ missingShare: 0.5, isPrimaryRun: false });
    expect(both.reasons).toEqual([
      '50 % of the days are missing or refused',
      'no primary check had enough data',
    ]);
    expect(judge({ missingShare: null }).verdict).toBe('unable_to_certify');
    expect(judge({ missingShare: 0.1 }).reasons).toEqual([]);
  });

  it('are none for a month that stands at review by its findings', () => {
    const findings = [finding({ severity: 'review', p: 0.001 }), finding({ family: 'volume', p: 0.01 })];
    expect(judge({ findings, pValues: [0.5] })).toMatchObject({ verdict: 'review', reasons: [] });
  });

  it('do not speak of calibration where nothing is found', () => {
    const notes = [
      finding({ p: 1e-9, severity: 'note' }),
      finding({ family: 'volume', p: 1e-9, severity: 'note' }),
    ];
    expect(judge({ findings: notes, pValues: [1e-9], calibration: null })).toMatchObject({
      verdict: 'clear',
      reasons: [],
    });
  });
});

describe('volume alone', () => {
  it('stays at watch, however many checks see the same volume', () => {
    const findings = [
      finding({ check: 'traffic-spike', family: 'volume', p: 1e-9 }),
      finding({ check: 'source-mix-shift', family: 'mix', p: 1e-9 }),
    ];
    expect(judge({ findings, pValues: [1e-9, 1e-9] }).verdict).toBe('watch');
  });

  it('stays at watch where the same crowd of leads is a burst and a surge of the last days', () => {
    const burst = finding({ check: 'lead-burst', family: 'mix', messageId: 'burst', p: 1e-9 });
    const surge = finding({ check: 'period-end-surge', family: 'timing', messageId: 'surge', p: 1e-9 });
    const more = finding({ check: 'leads-without-traffic', family: 'volume', p: 1e-9 });
    const verdict = (...findings: Finding[]) => judge({ findings, pValues: [1e-9] }).verdict;
    expect(verdict(burst, surge, more)).toBe('watch');
    expect(verdict(surge, finding({ p: 1e-9 }))).toBe('suspect');
    expect(verdict(surge, { ...burst, messageId: 'clockwork' })).toBe('suspect');
    expect(verdict(burst, { ...surge, messageId: 'surgeThatDips', severity: 'review' })).toBe('suspect');
  });

  it('is corroborated by what the visits do', () => {
    const findings = [
      finding({ check: 'source-mix-shift', family: 'mix', p: 1e-9 }),
      finding({ check: 'unengaged-traffic', family: 'mix', p: 1e-9 }),
    ];
    expect(judge({ findings, pValues: [1e-9, 1e-9] }).verdict).toBe('suspect');
  });
});
