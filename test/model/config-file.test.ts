import { describe, expect, it } from 'vitest';
import { placesIn, readConfig } from '../../lib/model/config-file.ts';

const minimal = `organisation: Acme
timezone: Europe/Berlin
currency: USD
sources:
  - { id: web, kind: drop, dataset: traffic, settling: P4D }
  - { id: crm, kind: drop, dataset: leads }
  - { id: sales, kind: drop, dataset: sqls }
plans:
  - id: marketing-director
    title: Marketing director bonus
    side: marketing
    payAfter: P15D
    bonus: { amount: 20000, per: year, paid: month }
    kpis:
      - { kpi: visitors, target: 5000 }
`;

/** Names that stand for ever longer lists. */
const aliases = `a0: &a0 [1]\n${Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`)}]`).join('\n')}\n`;

function errorsOf(text: string): string[] {
  const reading = readConfig(text, 'bonafide.yaml');
  return 'errors' in reading ? reading.errors.map((e) => e.message) : [];
}

describe('readConfig', () => {
  it('reads the smallest useful configuration and fills in the defaults of the specification', () => {
    const reading = readConfig(minimal, 'bonafide.yaml');
    if ('errors' in reading) throw new Error(reading.errors.join());
    const { config } = reading;
    expect(config.stage).toBe('production');
    expect(config.agreement.decideWithin).toBe('5bd');
    expect(config.agreement.floor).toBeUndefined();
    expect(config.sources[1]!.settling).toBe('P0D');
    expect(config.units).toEqual([{ id: 'all' }]);
    expect(config.plans[0]!.kpis[0]).toEqual({
      kpi: 'visitors',
      target: 5000,
      weight: 1,
      payout: 'all_or_nothing',
      countsWhen: 'delivered',
      basis: 'daily_unique_sum',
    });
  });

  it('parses everything the specification lists', () => {
    const full = `${minimal}      - { kpi: leads, target: 300, weight: 2, payout: { linear: { threshold: 0.8, accelerator: 1.5, cap: 2 } } }
      - { kpi: sqls_accepted, target: 50, countsWhen: accepted, payout: { tiers: [{ from: 40, share: 0.5 }, { from: 50, share: 1 }] } }
    combine: all
    countsOrigins: [marketing, pr]
    units: [emea]
start: 2025-01-01
country: DE
stage: demo
units: [{ id: emea, timezone: Europe/Paris, country: FR }]
agreement:
  decideWithin: 2bd
  floor: 0.6
  reasons: [duplicate, { code: no_intent, needsContact: true }]
  contactWithin: PT24H
  attempts: 3
  capacityPerDay: 8
  acceptedPerMonth: 40
  criteria: { version: "2", text: budget and need }
  from: 2025-01-01
goals: { revenue: { 2026: 1200000 }, owners: { marketing: M, sales: S } }
budgets: [{ id: fairs, budget: presale, amount: 50000, per: year }]
alerts: { finance: [a@acme.example], operations: [], owners: { marketing-director: [b@acme.example] } }
checks: { traffic-spike: { minRatio: 1.5 } }
`;
    expect(
      errorsOf(
        full.replace(
          'dataset: traffic, settling: P4D',
          "dataset: traffic, settling: P4D, expect: { every: P1D, by: '08:00' }, columns: { Datum: date, Rest: null }, mode: snapshot",
        ),
      ),
    ).toEqual([]);
  });

  it('names file, line and the nearest key of a typo', () => {
    expect(errorsOf(minimal.replace('target: 5000', 'tagret: 5000'))).toContain(
      'bonafide.yaml:15:26: plans.0.kpis.0: unknown key "tagret"; did you mean "target"?',
    );
  });

  it('names the line of a wrong zone and shows a right one', () => {
    expect(errorsOf(minimal.replace('Europe/Berlin', 'Europe/Berln'))).toEqual([
      'bonafide.yaml:2:11: timezone: expected an IANA time zone such as Europe/Berlin, got "Europe/Berln"',
    ]);
  });

  it('refuses a plan whose KPI no source could count', () => {
    expect(errorsOf(minimal.replace('kpi: visitors', 'kpi: revenue'))).toEqual([
      'bonafide.yaml:15:16: plans.0.kpis.0.kpi: no source delivers "deals" or "counts", so "revenue" could never be counted',
    ]);
  });

  it('refuses a pay date before the period is ripe, with both dates', () => {
    const [error] = errorsOf(minimal.replace('P15D', 'P4D'));
    expect(error).toMatch(
      /^bonafide\.yaml:12:15: plans\.0\.payAfter: period 2026-01 is paid on 2026-02-05, .*ripe only on 2026-02-05/,
    );
  });

  it('accepts a period that is ripe on the very day a decision is due', () => {
    // 1 February 2026 + 4 days of settling is Thursday the 5th; two business days before Monday the 9th is that day.
    expect(errorsOf(minimal.replace('P15D', 'P10D'))).toEqual([]);
  });

  it('reports YAML that is not YAML with its place', () => {
    expect(errorsOf('organisation: [Acme\ntimezone: UTC\n')[0]).toMatch(/^bonafide\.yaml:2:1: /);
  });

  it('refuses two plans of one name and a unit nobody declared', () => {
    const twice = minimal + minimal.slice(minimal.indexOf('  - id: marketing-director'));
    expect(errorsOf(twice)).toContain(
      'bonafide.yaml:16:9: plans.1.id: "marketing-director" is used twice; ids are unique',
    );
    expect(errorsOf(`${minimal}    units: [al]\n`)).toContain(
      'bonafide.yaml:16:13: plans.0.units.0: there is no unit "al"; did you mean "all"?',
    );
  });

  it('refuses a bonus with words where numbers belong', () => {
    expect(errorsOf(minimal.replace('per: year', 'per: yeer'))).toEqual([
      'bonafide.yaml:13:34: plans.0.bonus.per: expected one of year, quarter, month, got "yeer"; did you mean "year"?',
    ]);
  });

  it.each([
    ['target: 5000', 'target: many', '15:34: plans.0.kpis.0.target: expected a number, got "many"'],
    ['target: 5000', 'target: 0', '15:34: plans.0.kpis.0.target: expected more than 0, got 0'],
    [
      'kind: drop',
      'kind: ga4',
      '5:22: sources.0.kind: expected drop, got "ga4"; there are no connectors yet: export files and drop them',
    ],
    [
      'amount: 20000',
      'amount: 20000.005',
      '13:22: plans.0.bonus.amount: expected an amount with at most 2 decimals, got 20000.005 USD',
    ],
    [
      'amount: 20000',
      'amount: 1e21',
      '13:22: plans.0.bonus.amount: expected an amount with at most 2 decimals, got 1e+21 USD',
    ],
    [
      'id: marketing-director',
      'id: agreement',
      '9:9: plans.0.id: "agreement" is a plan of its own already; name it otherwise',
    ],
    [
      'target: 5000',
      'target: 5000, countsWhen: accepted',
      '15:52: plans.0.kpis.0.countsWhen: only SQLs are accepted; "visitors" has no such rule',
    ],
    [
      'kpi: visitors, target: 5000',
      'kpi: leads, target: 5, basis: monthly_unique',
      '15:41: plans.0.kpis.0.basis: only visitors are unique in a month; "leads" has no such basis',
    ],
    [
      'target: 5000',
      'target: 5000, payout: { tiers: [{ from: 80, share: 0.5 }, { from: 50, share: 1 }] }',
      '15:48: plans.0.kpis.0.payout: a higher tier pays less than a lower one; more must never pay less',
    ],
    [
      'target: 5000',
      'target: 5000, payout: { tiers: [{ from: 80 }] }',
      '15:58: plans.0.kpis.0.payout.tiers.0.share: missing; expected a number',
    ],
    [
      'target: 5000',
      'target: 5000, payout: { linaer: { cap: 1 } }',
      '15:50: plans.0.kpis.0.payout: unknown key "linaer"; did you mean "linear"?',
    ],
    [
      'dataset: leads',
      'dataset: leads, columns: { id: laed_id }',
      '6:59: sources.1.columns.id: there is no column of leads "laed_id"; did you mean "lead_id"?',
    ],
    [
      'plans:',
      'alerts: { owners: { marketing-directr: [] } }\nplans:',
      '8:21: alerts.owners: there is no plan "marketing-directr"; did you mean "marketing-director"?',
    ],
    [
      'plans:',
      'goals: { revenue: { 2026: 0.005 } }\nplans:',
      '8:27: goals.revenue.2026: expected an amount with at most 2 decimals, got 0.005 USD',
    ],
    [
      'plans:',
      'budgets: [{ id: b, budget: sales, amount: 1.005, per: year }]\nplans:',
      '8:43: budgets.0.amount: expected an amount with at most 2 decimals, got 1.005 USD',
    ],
  ])('says what is wrong where %s is written as %s', (from, to, message) => {
    expect(errorsOf(minimal.replace(from, to))).toContain(`bonafide.yaml:${message}`);
  });

  it('says that an empty file is one', () => {
    expect(errorsOf('')).toEqual(['bonafide.yaml:1:1: expected a map of keys, got nothing']);
  });

  it('never throws, whatever the text', () => {
    for (const text of ['', '42', '[]', 'a: &x [*x]', '\u0000', 'plans: 3', '!!binary x', aliases])
      expect(errorsOf(text).length).toBeGreaterThan(0);
  });
});

it('places errors found after reading on the line of their key', () => {
  const place = placesIn(`${minimal}checks:\n  traffic-spike:\n    minRatio: x\n`, 'b.yaml');
  expect(place(['checks', 'traffic-spike', 'minRatio'], 'expected number').message).toBe(
    'b.yaml:18:15: checks.traffic-spike.minRatio: expected number',
  );
});
