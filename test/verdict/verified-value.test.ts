import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlanKpi } from '../../lib/model/config.ts';
import type { Finding } from '../../lib/model/finding.ts';
import type { SqlCase } from '../../lib/model/history.ts';
import type { Kpi } from '../../lib/model/kpi.ts';
import { type Cohort, sqlKey } from '../../lib/verdict/cohort.ts';
import { isDisputed, type VerifiedInput, verifiedValue } from '../../lib/verdict/verified-value.ts';
import { sqlOf } from '../fixtures/generators.ts';

type Given = Partial<Omit<VerifiedInput, 'planKpi'>> & { kpi?: Kpi; countsWhen?: PlanKpi['countsWhen'] };

const ids = (n: number, from = 0) => Array.from({ length: n }, (_, i) => `r${from + i}`);
const leads = (n: number): Cohort => ({ counted: n, ids: ids(n), sqls: [], basis: null });
const visits = (counted: number | null): Cohort => ({
  counted,
  ids: null,
  sqls: [],
  basis: 'daily_unique_sum',
});
const finding = (over: Partial<Finding>): Finding =>
  ({ check: 'x', severity: 'watch', proof: false, records: [], sources: [], data: {}, ...over }) as Finding;
const duplicates = (records: string[]) => finding({ check: 'duplicate-leads', proof: true, records });
const outOfOrder = (records: string[]) => finding({ check: 'funnel-order', proof: true, records });

function sql(id: string, over: Partial<SqlCase> = {}): SqlCase {
  return { ...sqlOf(id, '2026-08-03', '2026-08-10', true, '2026-09-20'), ...over };
}
const rejected = (id: string, over: Partial<SqlCase> = {}) => sql(id, { disposition: 'rejected', ...over });
const pending = (id: string, over: Partial<SqlCase> = {}) =>
  sql(id, { disposition: 'pending', decidedOn: null, ...over });
const delivered = (...sqls: SqlCase[]): Cohort => ({
  counted: sqls.length,
  ids: sqls.map(sqlKey),
  sqls,
  basis: null,
});
const keys = (...names: string[]) => names.map((n) => `S-${n}/${n}`);

function verify({ kpi = 'leads', countsWhen = 'delivered', ...given }: Given) {
  return verifiedValue({
    planKpi: { kpi, target: 100, countsWhen } as PlanKpi,
    cohort: leads(100),
    claimed: null,
    findings: [],
    acceptProbability: () => null,
    excess: [],
    ...given,
  });
}

describe('gross', () => {
  it('is the smaller of claimed and counted, and counted without a claim', () => {
    expect(verify({}).gross).toBe(100);
    expect(verify({ claimed: 120 }).gross).toBe(100);
    expect(verify({ claimed: 90 })).toEqual({
      gross: 90,
      verified: { low: 90, point: 90, high: 90 },
      removals: [],
      proven: 0,
    });
  });

  it('is unknown where nothing was counted, whatever was claimed', () => {
    expect(verify({ claimed: 90, cohort: { ...leads(0), counted: null, ids: null } })).toEqual({
      gross: null,
      verified: null,
      removals: [],
      proven: 0,
    });
  });

  it('of revenue stays whole: records are worth unequal amounts', () => {
    const money = { counted: 5000, ids: ['r0', 'r1'], sqls: [], basis: null };
    expect(verify({ kpi: 'revenue', cohort: money, findings: [duplicates(['r0'])] })).toEqual({
      gross: 5000,
      verified: { low: 5000, point: 5000, high: 5000 },
      removals: [],
      proven: 0,
    });
  });
});

describe('records proven wrong', () => {
  it('come off once each, duplicates first, and only those that were counted', () => {
    const findings = [outOfOrder(['r1', 'r2', 'elsewhere']), duplicates(['r0', 'r1', 'r0'])];
    expect(verify({ findings })).toEqual({
      gross: 100,
      verified: { low: 97, point: 97, high: 97 },
      removals: [
        { rule: 'duplicate', count: 2, records: ['r0', 'r1'], memo: false },
        { rule: 'out_of_order', count: 1, records: ['r2'], memo: false },
      ],
      proven: 3,
    });
  });

  it('come off at any severity, but never without proof', () => {
    const records = ids(4);
    expect(verify({ findings: [{ ...outOfOrder(records), severity: 'note' }] }).proven).toBe(4);
    expect(verify({ findings: [{ ...outOfOrder(records), proof: false }] }).verified?.low).toBe(100);
    expect(verify({ findings: [finding({ check: 'lead-burst', proof: true, records })] }).proven).toBe(0);
  });

  it('come off the claim whole, down to nothing', () => {
    expect(verify({ claimed: 3, findings: [duplicates(ids(5))] }).verified).toEqual({
      low: 0,
      point: 0,
      high: 0,
    });
  });
});

describe('probable duplicates of leads at review', () => {
  const probable = (over: Partial<Finding> = {}) =>
    finding({
      check: 'duplicate-leads',
      severity: 'review',
      records: ids(10),
      data: { posterior: 0.9 },
      ...over,
    });

  it('lower low whole and point by their posterior, and leave high', () => {
    const { verified, removals, proven } = verify({ findings: [probable()] });
    expect(verified).toEqual({ low: 90, point: 91, high: 100 });
    expect(removals).toEqual([{ rule: 'probable_duplicate', count: 10, records: ids(10), memo: false }]);
    expect(proven).toBe(0);
  });

  it('weigh whole without a posterior', () => {
    expect(verify({ findings: [probable({ data: {} })] }).verified).toEqual({
      low: 90,
      point: 90,
      high: 100,
    });
  });

  it('are not taken twice where they are proven already, nor where they were not counted', () => {
    const findings = [probable({ records: [...ids(10), 'elsewhere'] }), duplicates(ids(4))];
    expect(verify({ findings })).toMatchObject({ verified: { low: 90, point: 90.6, high: 96 }, proven: 4 });
  });

  it('never bring a value below 0', () => {
    expect(verify({ claimed: 5, findings: [probable()] }).verified).toEqual({ low: 0, point: 0, high: 5 });
  });

  it('count for nothing at watch, for another KPI, or from another check', () => {
    const whole = { low: 100, point: 100, high: 100 };
    expect(verify({ findings: [probable({ severity: 'watch' })] })).toMatchObject({
      verified: whole,
      removals: [],
    });
    expect(verify({ kpi: 'opportunities', findings: [probable()] }).verified).toEqual(whole);
    expect(verify({ findings: [probable({ check: 'unreachable-leads' })] }).verified).toEqual(whole);
  });
});

describe('delivered SQLs', () => {
  const month = delivered(
    sql('a'),
    rejected('b'),
    sql('c', { disposition: 'returned' }),
    rejected('d', { isContested: true }),
    pending('e'),
    pending('f', { isOverdue: true }),
  );
  const of = (given: Given) => verify({ kpi: 'sqls_delivered', cohort: month, ...given });

  it('keep rejections as a memo while their quality is not in dispute', () => {
    expect(of({})).toEqual({
      gross: 6,
      verified: { low: 5, point: 5.5, high: 6 },
      removals: [
        { rule: 'not_accepted', count: 2, records: keys('b', 'c'), memo: true },
        { rule: 'pending', count: 1, records: keys('e'), memo: false },
      ],
      proven: 0,
    });
  });

  it('lose agreed rejections and returns where the plan counts acceptance', () => {
    expect(of({ countsWhen: 'accepted' })).toMatchObject({
      verified: { low: 3, point: 3.5, high: 4 },
      removals: [{ rule: 'not_accepted', memo: false }, { rule: 'pending' }],
      proven: 0,
    });
  });

  it.each(['acceptance-shortfall', 'aged-sqls'])(
    'lose them where %s stands at review, not at watch',
    (check) => {
      expect(of({ findings: [finding({ check, severity: 'review' })] }).verified?.high).toBe(4);
      expect(of({ findings: [finding({ check, severity: 'watch' })] }).verified?.high).toBe(6);
      expect(of({ findings: [finding({ check: 'late-entry', severity: 'review' })] }).verified?.high).toBe(6);
    },
  );

  it('count a pending SQL by its chance, between low and high', () => {
    const asked: string[] = [];
    const { verified } = of({
      acceptProbability: (s) => {
        asked.push(s.lead_id);
        return 0.8;
      },
    });
    expect(verified?.point).toBeCloseTo(5.8, 12);
    // Overdue and contested ones are marketing's already; what is decided has no chance to ask for.
    expect(asked).toEqual(['e']);
  });

  it('do not wait for what is out of order anyway', () => {
    const { verified, removals } = of({ findings: [outOfOrder(keys('e'))] });
    expect(verified).toEqual({ low: 5, point: 5, high: 5 });
    expect(removals.map((r) => r.rule)).toEqual(['out_of_order', 'not_accepted']);
  });

  it('say nothing of pending ones where none is', () => {
    expect(of({ cohort: delivered(sql('a')) })).toMatchObject({
      removals: [],
      verified: { low: 1, high: 1 },
    });
  });

  it('never fall below 0 when more is pending than claimed', () => {
    const cohort = delivered(pending('a'), pending('b'), pending('c'));
    expect(of({ cohort, claimed: 2 }).verified).toEqual({ low: 0, point: 1.5, high: 2 });
    expect(of({ cohort, claimed: 1 }).verified).toEqual({ low: 0, point: 1, high: 1 });
  });
});

describe('accepted SQLs', () => {
  const sqls = [sql('a'), rejected('b'), rejected('d', { isContested: true }), pending('e'), pending('f')];
  const cohort: Cohort = { counted: 1, ids: keys('a'), sqls, basis: null };

  it('list what is pending or contested without counting it', () => {
    expect(verify({ kpi: 'sqls_accepted', cohort })).toEqual({
      gross: 1,
      verified: { low: 1, point: 1, high: 1 },
      removals: [{ rule: 'pending', count: 3, records: keys('d', 'e', 'f'), memo: true }],
      proven: 0,
    });
  });

  it('list nothing when all is decided', () => {
    expect(verify({ kpi: 'sqls_accepted', cohort: delivered(sql('a')) }).removals).toEqual([]);
  });

  it('lose nothing to a shortfall: what sales rejected was never among them', () => {
    const findings = [finding({ check: 'acceptance-shortfall', severity: 'review' })];
    expect(verify({ kpi: 'sqls_accepted', cohort, findings, countsWhen: 'accepted' }).verified?.low).toBe(1);
  });
});

describe('visitors', () => {
  const excess = [
    { source: 'adnet / referral', least: 1000.4, point: 1100.4, most: 1200.4 },
    { source: 'b / c', least: 10.2, point: 20.2, most: 30.2 },
  ];

  it('lose what flagged sources hold above their limits, rounded once', () => {
    expect(verify({ kpi: 'visitors', cohort: visits(5000), excess })).toEqual({
      gross: 5000,
      verified: { low: 3769, point: 3879, high: 3989 },
      removals: [{ rule: 'source_excess', count: 1121, records: ['adnet / referral', 'b / c'], memo: false }],
      proven: 0,
    });
  });

  it('stay whole when nothing is flagged', () => {
    expect(verify({ kpi: 'visitors', cohort: visits(5000) })).toEqual({
      gross: 5000,
      verified: { low: 5000, point: 5000, high: 5000 },
      removals: [],
      proven: 0,
    });
  });

  it('never fall below 0', () => {
    expect(verify({ kpi: 'visitors', cohort: visits(1010), excess }).verified).toEqual({
      low: 0,
      point: 0,
      high: 0,
    });
  });
});

describe('isDisputed', () => {
  const at = (check: string, over: Partial<Finding> = {}) => [
    finding({ check: 'late-entry', severity: 'review' }),
    finding({ check, severity: 'review', ...over }),
  ];

  it('disputes delivered SQLs by their quality at review', () => {
    for (const check of ['acceptance-shortfall', 'aged-sqls']) {
      expect(isDisputed('sqls_delivered', at(check), 'clear')).toBe(true);
      expect(isDisputed('sqls_delivered', at(check, { severity: 'watch' }), 'review')).toBe(false);
      expect(isDisputed('sqls_accepted', at(check), 'review')).toBe(false);
    }
    expect(isDisputed('sqls_delivered', at('duplicate-leads'), 'suspect')).toBe(false);
  });

  it('disputes leads by probable duplicates at review, never by proven ones', () => {
    expect(isDisputed('leads', at('duplicate-leads'), 'clear')).toBe(true);
    expect(isDisputed('leads', at('duplicate-leads', { proof: true }), 'suspect')).toBe(false);
    expect(isDisputed('leads', at('duplicate-leads', { severity: 'watch' }), 'review')).toBe(false);
    expect(isDisputed('opportunities', at('duplicate-leads'), 'review')).toBe(false);
  });

  it('disputes visitors by the verdict, whatever was found', () => {
    expect(isDisputed('visitors', [], 'review')).toBe(true);
    expect(isDisputed('visitors', [], 'suspect')).toBe(true);
    expect(isDisputed('visitors', at('acceptance-shortfall'), 'watch')).toBe(false);
  });
});

it('keeps low <= point <= high <= gross, and low whole, whatever happened to the SQLs', () => {
  const made = fc.record({
    disposition: fc.constantFrom('pending', 'accepted', 'rejected', 'returned') as fc.Arbitrary<
      SqlCase['disposition']
    >,
    isContested: fc.boolean(),
    isOverdue: fc.boolean(),
    isProven: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(made, { maxLength: 12 }),
      fc.constantFrom<Kpi>('sqls_delivered', 'sqls_accepted'),
      fc.constantFrom('delivered' as const, 'accepted' as const),
      fc.option(fc.nat(15)),
      fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      (list, kpi, countsWhen, claimed, chance) => {
        const sqls = list.map(({ isProven, ...over }, i) =>
          sql(`x${i}`, { ...over, decidedOn: over.disposition === 'pending' ? null : '2026-08-10' }),
        );
        const proven = sqls.filter((_, i) => list[i]!.isProven).map(sqlKey);
        const cohort =
          kpi === 'sqls_accepted'
            ? { ...delivered(...sqls.filter((s) => s.disposition === 'accepted')), sqls }
            : delivered(...sqls);
        const { gross, verified } = verify({
          kpi,
          countsWhen,
          claimed,
          cohort,
          findings: [outOfOrder(proven)],
          acceptProbability: () => chance,
        });
        expect(verified!.low).toBeGreaterThanOrEqual(0);
        expect(Number.isInteger(verified!.low)).toBe(true);
        expect(verified!.point).toBeGreaterThanOrEqual(verified!.low);
        expect(verified!.high).toBeGreaterThanOrEqual(verified!.point);
        expect(gross).toBeGreaterThanOrEqual(verified!.high);
      },
    ),
    { seed: 5 },
  );
});
