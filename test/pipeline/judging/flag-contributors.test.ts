import { describe, expect, it } from 'vitest';
import type { Row } from '../../../lib/model/datasets.ts';
import type { Assessment } from '../../../lib/model/flag.ts';
import type { UnitHistory } from '../../../lib/model/history.ts';
import { contributorsTo } from '../../../lib/pipeline/judging/flag-contributors.ts';
import { flatHistory } from '../../fixtures/flat.ts';
import { aFinding, anAssessment, anSqlFlag } from '../../reports/sample.ts';

const days = 62 + 31;
const of = (value: number) => Array.from({ length: days }, () => value);
/** 2026-06-01 to 2026-09-01: two months of the usual, then August. */
const inAugust = (usual: number, august: number) => [...of(usual).slice(0, 61), ...of(august).slice(0, 32)];

function historyWith(over: Partial<UnitHistory>): UnitHistory {
  return {
    ...flatHistory({}),
    asOf: '2026-09-01',
    firstDay: '2026-06-01',
    length: days,
    ...over,
  };
}

const source = (name: string, visitors: number[]) => ({
  name,
  channel: '',
  visitors,
  sessions: visitors,
  engagedSessions: null,
  spend: null,
});
const traffic = (...sources: ReturnType<typeof source>[]) => {
  const total = of(0).map((_, i) => sources.reduce((sum, s) => sum + s.visitors[i]!, 0));
  return { visitors: total, sessions: total, engagedSessions: null, sources, first: 0, last: days - 1 };
};
const visitors = (over: Partial<Assessment> = {}) =>
  anAssessment({ findings: [aFinding({ kpi: 'visitors', records: [] })], ...over });
const ads = source('ads / cpc', inAugust(10, 40));
const organic = source('google / organic', inAugust(100, 80));

describe('the sources that carry what does not reconcile', () => {
  it('are those that rose above their usual weekdays, with their part of the rise and of all', () => {
    const history = historyWith({
      traffic: traffic(ads, source('shop / referral', inAugust(5, 15)), organic),
    });
    expect(contributorsTo(visitors(), history)).toEqual([
      { name: 'ads / cpc', count: 930, share: 0.75, ofAll: 40 / 135 },
      { name: 'shop / referral', count: 310, share: 0.25, ofAll: 15 / 135 },
    ]);
  });

  it('are the sources whose visitors were taken off, however long they have been coming', () => {
    const history = historyWith({ traffic: traffic(source('ads / cpc', of(40)), organic) });
    const removals = [{ rule: 'source_excess' as const, count: 900, records: ['ads / cpc'], memo: false }];
    expect(contributorsTo(visitors({ removals }), history)).toEqual([
      { name: 'ads / cpc', count: 900, share: 1, ofAll: 40 / 120 },
    ]);
  });

  it('are where the disputed records come from, an SQL from its lead’s source, three at most', () => {
    const leads = ['a', 'a', 'a', 'b', 'b', 'c', 'd', 'd', 'd', 'd'].map(
      (name, i) => ({ lead_id: `L-${i}`, source: name, medium: 'cpc' }) as Row<'leads'>,
    );
    const sqls = leads.map(({ lead_id }, i) => ({ sql_id: `S-${i}`, lead_id, delivered_at: '2026-08-05' }));
    const records = (rows: readonly unknown[]) => ({
      rows,
      startOf: null,
      daily: of(0),
      first: 0,
      last: days - 1,
    });
    const history = historyWith({
      leads: records(leads) as UnitHistory['leads'],
      sqls: records(sqls) as UnitHistory['sqls'],
    });
    const removed = (ids: readonly string[]) =>
      anSqlFlag({ removals: [{ rule: 'not_accepted', count: ids.length, records: ids, memo: false }] });
    const first = sqls.slice(0, 7).map(({ sql_id, lead_id }) => `${sql_id}/${lead_id}`);
    expect(contributorsTo(removed(first), history)).toEqual([
      { name: 'a / cpc', count: 3, share: 3 / 7, ofAll: 0.3 },
      { name: 'b / cpc', count: 2, share: 2 / 7, ofAll: 0.2 },
      { name: 'c / cpc', count: 1, share: 1 / 7, ofAll: 0.1 },
    ]);
    expect(contributorsTo(removed(['S-0/L-0', 'gone']), history)).toEqual([
      { name: '(not known)', count: 1, share: 0.5, ofAll: 0 },
      { name: 'a / cpc', count: 1, share: 0.5, ofAll: 0.3 },
    ]);
  });

  it('are none without a finding, without sources, and of deals', () => {
    expect(contributorsTo(anAssessment(), historyWith({ traffic: traffic(ads) }))).toEqual([]);
    expect(contributorsTo(visitors(), historyWith({}))).toEqual([]);
    expect(contributorsTo(visitors({ kpi: 'deals_won' }), historyWith({}))).toEqual([]);
  });
});
