import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Config } from '../../../lib/model/config.ts';
import { noHolidays } from '../../../lib/model/holidays.ts';
import { lintPlans } from '../../../lib/pipeline/business/plan-lint.ts';
import { aBusiness } from '../../reports/business-sample.ts';
import { aConfig, historyOf, lead } from '../business-unit.ts';

const agreement = {
  decideWithin: '2bd',
  floor: 0.6,
  reasons: ['not_icp'],
  contactWithin: '1bd',
  attempts: 3,
};
const linear = { linear: { threshold: 0.5, cap: 1.5 } };
/** A pair of plans with nothing to say about. */
const sound = {
  agreement,
  plans: ['marketing', 'sales'].map((side) => ({
    id: side,
    title: side,
    side,
    bonus: 900,
    payAfter: 'P30D',
    kpis: [
      { kpi: 'sqls_accepted', target: 40, payout: linear },
      { kpi: 'revenue', target: 50_000, payout: linear },
    ],
  })),
};
const lint = (config: Config, more: Partial<Parameters<typeof lintPlans>[0]> = {}) =>
  lintPlans({
    config,
    asOf: '2026-08-31',
    isHoliday: noHolidays,
    histories: [],
    worth: [],
    need: null,
    raised: new Set(),
    ...more,
  });
const rulesOf = (over: Record<string, unknown>) => lint(aConfig({ ...sound, ...over })).map((d) => d.rule);
const planOf = (over: Record<string, unknown>) => ({
  plans: [{ ...sound.plans[0], ...over }, sound.plans[1]],
});

describe('the lint of plans', () => {
  it('finds nothing in two plans that share a KPI after acceptance', () => {
    expect(rulesOf({})).toEqual([]);
  });

  it.each([
    [
      'visits paid for themselves',
      planOf({ kpis: [...sound.plans[0]!.kpis, { kpi: 'sessions', target: 9, payout: linear }] }),
      ['traffic-paid'],
    ],
    [
      'visitors summed day by day',
      planOf({ kpis: [...sound.plans[0]!.kpis, { kpi: 'visitors', target: 9, payout: linear }] }),
      ['traffic-paid', 'visitors-by-daily-sum'],
    ],
    [
      'hand-overs without acceptance',
      planOf({ kpis: [{ kpi: 'sqls_delivered', target: 9, payout: linear }, sound.plans[0]!.kpis[1]] }),
      ['hand-overs-without-acceptance'],
    ],
    ['a cliff', planOf({ kpis: [{ kpi: 'sqls_accepted', target: 40 }] }), ['cliff']],
    [
      'no agreed reasons',
      { agreement: { ...agreement, reasons: undefined } },
      ['other-side-decides', 'agreement-incomplete', 'agreement-incomplete'],
    ],
    ['a plan that stands alone', { plans: [sound.plans[0]] }, ['no-shared-kpi']],
    ['pay before anybody could decide', planOf({ payAfter: 'P8D' }), ['pay-before-decision']],
  ])('names %s', (_, over, rules) => {
    expect(rulesOf(over)).toEqual(rules);
  });

  it('names a plan in which nothing asks for quality', () => {
    expect(rulesOf(planOf({ kpis: [{ kpi: 'leads', target: 9, payout: linear }] }))).toEqual([
      'no-quality-kpi',
      'no-shared-kpi',
      'no-shared-kpi',
    ]);
  });

  it('names weight on fluff from a third on', () => {
    const kpis = (weight: number) => [
      { kpi: 'leads', target: 9, payout: linear, weight },
      { ...sound.plans[0]!.kpis[0], weight: 2 },
    ];
    const worth = [{ kpi: 'leads', worth: 'fluff', predictions: [] }] as const;
    const rules = (weight: number) =>
      lint(aConfig({ ...sound, ...planOf({ kpis: kpis(weight) }) }), { worth }).map((d) => d.rule);
    expect(rules(1)).toContain('fluff-weight');
    expect(rules(0.9)).not.toContain('fluff-weight');
  });

  it('holds targets against own ordinary months only', () => {
    const leads = Array.from({ length: 8 }, (_, m) =>
      Array.from({ length: 10 + m }, (_, k) => lead(`${m}-${k}`, `2026-0${m + 1}-10T10:00:00`)),
    ).flat();
    const rules = (target: number, raised = new Set<string>()) => {
      const config = aConfig({
        ...sound,
        ...planOf({ kpis: [{ kpi: 'leads', target, payout: linear }, sound.plans[0]!.kpis[1]] }),
      });
      return lint(config, { histories: [historyOf({ leads }, config)], raised })
        .map((d) => d.rule)
        .filter((r) => r.startsWith('target'));
    };
    expect(rules(18)).toEqual(['target-never-reached']);
    expect(rules(17)).toEqual([]);
    expect(rules(10)).toEqual(['target-always-reached']);
    expect(rules(17, new Set(['marketing|leads|all|2026-08']))).toEqual(['target-never-reached']);
  });

  it('gives a block to every defect that the configuration takes in its place', () => {
    const need = aBusiness().need;
    const plans = [
      {
        ...sound.plans[0],
        payAfter: 'P8D',
        countsOrigins: undefined,
        kpis: [
          { kpi: 'visitors', target: 5 },
          { kpi: 'sqls_delivered', target: 9 },
          { kpi: 'sqls_accepted', target: 4 },
        ],
      },
    ];
    const worth = [{ kpi: 'visitors', worth: 'fluff', predictions: [] }] as const;
    const own = { agreement: { decideWithin: '2bd' }, plans };
    const defects = [
      ...lint(aConfig(own), { need, worth }),
      ...lint(aConfig({ ...own, plans: [{ ...plans[0], kpis: plans[0]!.kpis.slice(0, 2) }] }), { need }),
    ];
    expect([...new Set(defects.map((d) => d.rule))].sort()).toEqual([
      'agreement-incomplete',
      'cliff',
      'fluff-weight',
      'hand-overs-without-acceptance',
      'no-quality-kpi',
      'no-shared-kpi',
      'other-side-decides',
      'pay-before-decision',
      'target-does-not-feed-quota',
      'traffic-paid',
      'visitors-by-daily-sum',
    ]);
    for (const { yaml, rule } of defects) {
      const { agreement: terms, payout, ...plan } = parse(yaml);
      const kpis = payout ? plans[0]!.kpis.map((k) => ({ ...k, payout })) : plans[0]!.kpis;
      const replaced = { ...plans[0], payAfter: 'P30D', kpis, ...plan };
      // Throws where the schema does not take it.
      expect(
        () => aConfig({ agreement: { decideWithin: '2bd', ...terms }, plans: [replaced] }),
        rule,
      ).not.toThrow();
      for (const line of yaml.split('\n')) expect(line.length, line).toBeLessThan(48);
    }
  });
});
