import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configSchema } from '../../../lib/model/config.ts';
import type { Row } from '../../../lib/model/datasets.ts';
import { addDays } from '../../../lib/model/day.ts';
import type { UnitHistory } from '../../../lib/model/history.ts';
import { noHolidays } from '../../../lib/model/holidays.ts';
import { incidentsOf } from '../../../lib/pipeline/judging/incidents.ts';
import { policiesOf, policyDigests } from '../../../lib/pipeline/judging/policy.ts';
import { withVisits } from '../../fixtures/faults.ts';
import { flatHistory } from '../../fixtures/flat.ts';
import { quietHistory } from '../../fixtures/generators.ts';
import { configText } from '../../local/made-company.ts';

const sources = (on: (day: number) => number) => [
  { name: 'google / organic', visitors: () => 100 },
  { name: 'ads / cpc', channel: 'paid', visitors: on },
];
/** 140 days; the 2026-05-05 is day 120, a Tuesday. */
const spike = (days = 140) =>
  flatHistory({ days, sources: sources((i) => (i >= 120 && i < 123 ? 300 : 20)) });

function incidents(history: UnitHistory, checks: object = {}) {
  const given = configSchema.parse({ ...parse(configText), checks });
  const read = policiesOf(given);
  if ('errors' in read) throw new RangeError(read.errors[0]!.message);
  return incidentsOf({
    config: given,
    policies: read.policies,
    history,
    arrivals: {},
    isHoliday: noHolidays,
  });
}

function entry(values: Partial<Row<'calendar'>>): Row<'calendar'> {
  return {
    date_from: '2026-05-05',
    date_to: '2026-05-07',
    kind: 'campaign',
    channel: null,
    source: null,
    metric: null,
    declared_at: '2026-04-20',
    declared_by: null,
    unit: null,
    key_version: '1',
    ...values,
  };
}

describe('incidents of a unit', () => {
  it('tell what was off, when, by how much and who carried it', () => {
    expect(incidents(spike())).toMatchObject([
      {
        id: 'visitors.spike.2026-05-05',
        unit: 'all',
        check: 'metric-spike',
        level: 'day',
        from: '2026-05-05',
        to: '2026-05-08',
        state: 'closed',
        ending: 'ordinary',
        provisional: false,
        observed: 1200,
        messageId: 'days',
        contributors: { by: 'source', names: ['ads / cpc'], share: 1 },
        explainedBy: null,
        asOf: '2026-05-24',
      },
    ]);
    const [found] = incidents(spike());
    expect(found!.expected).toBeCloseTo(360, 6);
    expect(found!.range[0]).toBeLessThan(360);
    expect(found!.range[1]).toBeGreaterThan(360);
    expect(found!.text).toContain('Visitors: 1,200 from 2026-05-05 to 2026-05-07; own history explains 360');
  });

  it('name no contributor where all sources fall alike', () => {
    const all = flatHistory({
      days: 140,
      sources: ['a / x', 'b / x', 'c / y'].map((name) => ({
        name,
        visitors: (i) => (i >= 120 && i < 123 ? 5 : 50),
      })),
    });
    expect(incidents(all)).toMatchObject([{ direction: 'drop', contributors: null }]);
  });

  it('keep their id from day to day and are out of view after 35 days', () => {
    const ids = [122, 124, 140, 158].map((days) => incidents(spike(days)).map((i) => `${i.id} ${i.state}`));
    const id = 'visitors.spike.2026-05-05';
    expect(ids).toEqual([[`${id} open`], [`${id} open`], [`${id} closed`], [`${id} closed`]]);
    expect(incidents(spike(159))).toEqual([]);
  });

  it('are provisional while no final day could open them', () => {
    // Traffic settles in four days: on day 123 the spike of day 120 may still move, on day 124 no more.
    expect(incidents(spike(124)).map((i) => i.provisional)).toEqual([true]);
    expect(incidents(spike(125)).map((i) => i.provisional)).toEqual([false]);
  });

  it('are the same for the same history', () => {
    const history = quietHistory({ seed: 3, days: 400 });
    expect(incidents(history)).toEqual(incidents(history));
  });

  it('come from overridden limits where the configuration has some', () => {
    expect(incidents(spike(), { 'metric-spike': { minRatio: 4 } })).toEqual([]);
    expect(
      policiesOf(configSchema.parse({ ...parse(configText), checks: { 'metric-spike': { minRatoi: 4 } } })),
    ).toMatchObject({ errors: [{ path: ['checks', 'metric-spike'] }] });
  });

  it('have limits that are no part of the policy a plan is judged by', () => {
    const digest = (checks: object) => {
      const given = configSchema.parse({ ...parse(configText), checks });
      return policyDigests(given, (policiesOf(given) as { policies: never }).policies)(given.plans[0]!);
    };
    expect(digest({ 'metric-drop': { calmDays: 3 } })).toBe(digest({}));
    expect(digest({ 'traffic-spike': { minRatio: 2 } })).not.toBe(digest({}));
  });

  it('name the new source of bought visits', () => {
    const bought = withVisits(quietHistory({ seed: 2, days: 240 }), {
      name: 'cheap / referral',
      from: 215,
      to: 222,
      perDay: 250,
      engaged: 0.02,
    });
    const found = incidents(bought).filter((i) => i.metric === 'visitors');
    expect(found).toMatchObject([{ contributors: { by: 'source', names: ['cheap / referral'] } }]);
  });
});

describe('incidents and the calendar', () => {
  const by = (...calendar: Row<'calendar'>[]) =>
    incidents({ ...spike(), calendar }).map((i) => [i.from, i.to, i.explainedBy?.kind ?? null]);

  it('are explained by a campaign declared before the fact', () => {
    expect(by(entry({}))).toEqual([['2026-05-05', '2026-05-08', 'campaign']]);
    expect(incidents({ ...spike(), calendar: [entry({})] })[0]!.explainedBy).toEqual({
      kind: 'campaign',
      from: '2026-05-05',
      to: '2026-05-07',
      declaredOn: '2026-04-20',
    });
  });

  it('are explained by an entry of the channel or source that carried them', () => {
    expect(by(entry({ channel: 'paid' }))[0]![2]).toBe('campaign');
    expect(by(entry({ source: 'ads' }))[0]![2]).toBe('campaign');
  });

  it.each([
    ['declared after it began', { declared_at: '2026-05-06' }],
    ['undated', { declared_at: null }],
    ['of another channel', { channel: 'email' }],
    ['of another metric', { metric: 'leads' }],
    ['of other days', { date_from: '2026-04-01', date_to: '2026-04-30', declared_at: '2026-03-01' }],
    ['of a kind that lowers numbers', { kind: 'outage', channel: 'paid' }],
    ['of no kind known', { kind: 'other' }],
  ] as const)('are not explained by an entry %s', (_, values) => {
    expect(by(entry(values))).toEqual([['2026-05-05', '2026-05-08', null]]);
  });

  it('are split where the entry ends', () => {
    expect(by(entry({ date_to: '2026-05-06' }))).toEqual([
      ['2026-05-05', '2026-05-07', 'campaign'],
      ['2026-05-07', '2026-05-08', null],
    ]);
  });

  it('of leads per visit are explained by none', () => {
    const history = flatHistory({
      days: 147,
      sources: [{ visitors: (i) => (i >= 133 && i < 140 ? 200 : 100) }],
      leads: () => 10,
    });
    const whole = entry({
      date_from: addDays(history.firstDay, 133),
      date_to: addDays(history.firstDay, 140),
    });
    const found = incidents({ ...history, calendar: [whole] });
    expect(found.map((i) => [i.metric, i.explainedBy?.kind ?? null])).toEqual([
      ['visitors', 'campaign'],
      ['leads_per_visit', null],
    ]);
  });
});
