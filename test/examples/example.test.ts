import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { generateExample } from '../../examples/marketing-director/generate.ts';
import { isHoliday } from '../../examples/marketing-director/generator/clock.ts';
import { exportedOn, gamedMonths, months } from '../../examples/marketing-director/generator/story.ts';
import { agreedReasons, configSchema } from '../../lib/model/config.ts';
import { dayNumber } from '../../lib/model/day.ts';
import { addBusinessDays } from '../../lib/model/duration.ts';
import { holidaysOf } from '../../lib/model/holiday-calendar.ts';

type Row = Record<string, string>;
const folder = new URL('../../examples/marketing-director/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const rows = (name: string): Row[] => parse(read(name), { columns: true });
const truth: Record<string, { visitors: number; leads: number; sqls: number }> = JSON.parse(
  readFileSync(new URL('../fixtures/example-truth.json', import.meta.url), 'utf8'),
);

const [traffic, leads, sqls, claims, spend, calendar] = [
  'traffic',
  'leads',
  'sqls',
  'claims',
  'spend',
  'calendar',
].map((name) => rows(`${name}.csv`)) as [Row[], Row[], Row[], Row[], Row[], Row[]];
const config = configSchema.parse(parseYaml(read('bonafide.yaml')));

const gamed = months.filter((month) => month in gamedMonths);
const honest = months.filter((month) => !(month in gamedMonths));
const ofMonth = (all: Row[], column: string, month: string) =>
  all.filter((row) => row[column]!.startsWith(month));
const sum = (all: Row[], column: string) => all.reduce((total, row) => total + Number(row[column]), 0);
const visitorsOf = (month: string) => sum(ofMonth(traffic, 'date', month), 'unique_visitors');
const leadsOf = (month: string) => ofMonth(leads, 'created_at', month).length;
const sqlsOf = (month: string) => ofMonth(sqls, 'delivered_at', month);
const acceptedOf = (month: string) => sqlsOf(month).filter((row) => row.disposition === 'accepted').length;
const isBought = (row: Row) => row.source === 'trafficboost.example';
const repeatsOf = (month: string) => {
  const before = new Set(leads.filter((row) => row.created_at! < month).map((row) => row.email));
  return ofMonth(leads, 'created_at', month).filter((row) => before.has(row.email) || !before.add(row.email))
    .length;
};

const example = generateExample();

describe('the files of the example', () => {
  it('are drawn again byte for byte, the truth too', () => {
    for (const [name, text] of Object.entries(example.files)) expect(text === read(name), name).toBe(true);
    expect(example.truth).toEqual(truth);
  });

  it('stay under 3 MB together', () => {
    const bytes = Object.values(generateExample().files).reduce(
      (total, text) => total + Buffer.byteLength(text),
      0,
    );
    expect(bytes).toBeLessThan(3_000_000);
  });

  it('are described month by month as they are', () => {
    const readme = read('README.md').replaceAll(/ +/g, ' ');
    for (const month of months) {
      const { visitors, leads: people, sqls: qualified } = truth[month]!;
      const cells = [
        month,
        visitorsOf(month),
        visitors,
        leadsOf(month),
        people,
        sqlsOf(month).length,
        qualified,
      ];
      expect(readme).toContain(`| ${cells.join(' | ')} |`);
    }
  });

  it('hold nothing that happened after the export', () => {
    for (const [row, columns] of [
      [traffic, ['date']],
      [leads, ['created_at', 'record_entered_at']],
      [sqls, ['delivered_at', 'decided_at', 'first_contact_at']],
      [rows('deals.csv'), ['created_at', 'won_at', 'lost_at']],
      [claims, ['reported_at']],
    ] as const)
      for (const column of columns) expect(row.every((r) => r[column]!.slice(0, 10) < exportedOn)).toBe(true);
  });

  it('use the holidays of the configured country', async () => {
    const isPublicHoliday = await holidaysOf(config.country!);
    for (const day of new Set(traffic.map((row) => row.date!)))
      expect([day, isHoliday(day)]).toEqual([day, isPublicHoliday(day)]);
  });

  it('name only invented companies and people', () => {
    expect(leads.every((row) => row.email!.endsWith('.example'))).toBe(true);
  });
});

describe('honest months', () => {
  it('bring about 3,000 visitors, 300 leads and 50 SQLs', () => {
    for (const month of honest.filter((m) => m !== '2025-10')) {
      expect(truth[month]!.visitors, month).toBeGreaterThan(2_700);
      expect(truth[month]!.visitors, month).toBeLessThan(3_200);
      expect(leadsOf(month), month).toBeGreaterThan(270);
      expect(leadsOf(month), month).toBeLessThan(330);
      expect(sqlsOf(month).length, month).toBeGreaterThan(40);
      expect(sqlsOf(month).length, month).toBeLessThan(62);
    }
  });

  it('reach the 300 leads sometimes, the other targets never', () => {
    const hits = honest.filter((month) => leadsOf(month) >= 300).length;
    expect(hits).toBeGreaterThanOrEqual(6);
    expect(hits).toBeLessThanOrEqual(honest.length - 6);
    expect(honest.some((month) => visitorsOf(month) >= 5_000 || sqlsOf(month).length >= 100)).toBe(false);
  });

  it('see three of four SQLs accepted or more', () => {
    for (const month of honest) expect(acceptedOf(month) / sqlsOf(month).length, month).toBeGreaterThan(0.75);
  });

  it('leave a few rejections without a reason, never three in a month', () => {
    const unexplained = (month: string) =>
      sqlsOf(month).filter((row) => row.disposition === 'rejected' && row.reason === '').length;
    expect(honest.reduce((total, month) => total + unexplained(month), 0)).toBeGreaterThanOrEqual(6);
    for (const month of months) expect(unexplained(month), month).toBeLessThan(3);
  });

  it('lose no target by a lead that came twice', () => {
    for (const month of months) {
      expect(repeatsOf(month), month).toBeLessThan(5);
      if (leadsOf(month) >= 300) expect(leadsOf(month) - repeatsOf(month), month).toBeGreaterThanOrEqual(300);
    }
  });

  it('grow by a campaign that was declared beforehand, visitors and leads alike', () => {
    const entry = calendar.find((row) => row.kind === 'campaign')!;
    expect(entry.declared_at! < entry.date_from!).toBe(true);
    expect(visitorsOf('2025-10') / visitorsOf('2025-09')).toBeGreaterThan(1.2);
    expect(leadsOf('2025-10') / leadsOf('2025-09')).toBeGreaterThan(1.2);
  });

  it('lose three days of traffic to a declared tracking gap, and no leads', () => {
    const entry = calendar.find((row) => row.kind === 'tracking_gap')!;
    const inGap = (day: string) => day >= entry.date_from! && day <= entry.date_to!;
    expect(entry.declared_at! < entry.date_from!).toBe(true);
    expect(dayNumber(entry.date_to!) - dayNumber(entry.date_from!)).toBe(2);
    expect(traffic.filter((row) => inGap(row.date!))).toEqual([]);
    expect(leads.filter((row) => inGap(row.created_at!.slice(0, 10))).length).toBeGreaterThan(20);
    expect(new Set(traffic.map((row) => row.date)).size).toBe(
      dayNumber(exportedOn) - dayNumber('2024-09-01') - 3,
    );
  });
});

describe('the last four months', () => {
  it('are brought to just over 5,000 visitors by a new source', () => {
    expect(gamed.slice(0, 4)).toEqual(['2026-05', '2026-06', '2026-07', '2026-08']);
    expect(traffic.find(isBought)!.date).toBe('2026-05-01');
    for (const month of gamed) {
      expect(visitorsOf(month), month).toBeGreaterThanOrEqual(5_000);
      expect(visitorsOf(month), month).toBeLessThan(5_100);
      expect(truth[month]!.visitors, month).toBeGreaterThan(2_900);
      expect(truth[month]!.visitors, month).toBeLessThan(3_300);
    }
  });

  it('buy visitors who do nothing, at several times the cost of a lead from ads', () => {
    const bought = traffic.filter(isBought);
    const ads = traffic.filter((row) => row.channel === 'paid');
    const costPerLead = (visits: Row[], own: Row[]) => sum(visits, 'spend') / own.length;
    expect(sum(bought, 'engaged_sessions') / sum(bought, 'sessions')).toBeLessThan(0.04);
    expect(sum(ads, 'engaged_sessions') / sum(ads, 'sessions')).toBeGreaterThan(0.4);
    expect(costPerLead(bought, leads.filter(isBought))).toBeGreaterThan(
      3 *
        costPerLead(
          ads,
          leads.filter((row) => row.channel === 'paid'),
        ),
    );
  });

  it('charge the bought visitors to the marketing budget, to the cent', () => {
    const line = spend.filter((row) => row.note!.startsWith('trafficboost.example'));
    expect(line.map((row) => row.date!.slice(0, 7))).toEqual(gamed);
    for (const row of line) {
      const days = ofMonth(traffic.filter(isBought), 'date', row.date!.slice(0, 7));
      expect(Math.round(sum(days, 'spend') * 100)).toBe(Math.round(Number(row.amount) * 100));
      expect(row.budget).toBe('marketing');
    }
  });

  it('keep about 300 real leads', () => {
    for (const month of gamed) {
      expect(leadsOf(month), month).toBeGreaterThanOrEqual(300);
      expect(leadsOf(month), month).toBeLessThan(325);
    }
  });

  it('hand over 100 SQLs, of which sales accepts about 50', () => {
    for (const month of gamed) {
      expect(sqlsOf(month).length, month).toBeGreaterThanOrEqual(100);
      expect(sqlsOf(month).length, month).toBeLessThan(103);
      expect(acceptedOf(month), month).toBeGreaterThanOrEqual(48);
      expect(acceptedOf(month), month).toBeLessThanOrEqual(54);
    }
  });
});

describe('hand-overs', () => {
  it('come once from a lead that is not two weeks old', () => {
    const createdAt = new Map(leads.map((row) => [row.lead_id!, row.created_at!]));
    expect(new Set(sqls.map((row) => row.lead_id)).size).toBe(sqls.length);
    for (const { lead_id, delivered_at } of sqls) {
      const age = dayNumber(delivered_at!.slice(0, 10)) - dayNumber(createdAt.get(lead_id!)!.slice(0, 10));
      expect(age).toBeGreaterThanOrEqual(1);
      expect(age).toBeLessThanOrEqual(13);
    }
  });

  it('are decided within two business days but for one in twenty; only September has some open', () => {
    const decided = sqls.filter((row) => row.decided_at !== '');
    const late = decided.filter(
      (row) => row.decided_at!.slice(0, 10) > addBusinessDays(row.delivered_at!.slice(0, 10), 2, isHoliday),
    );
    expect(late.length / decided.length).toBeLessThan(0.05);
    expect(decided.every((row) => row.decided_at! > row.delivered_at!)).toBe(true);
    expect(
      sqls.filter((row) => row.disposition === 'pending').every((row) => row.delivered_at! > '2026-09'),
    ).toBe(true);
  });

  it('are rejected with agreed reasons, after contact where the agreement asks for it', () => {
    const agreed = new Map(
      agreedReasons(config.agreement)!.map((reason) => [reason.code, reason.needsContact]),
    );
    for (const row of sqls.filter((r) => r.disposition === 'rejected' && r.reason !== '')) {
      expect(agreed.has(row.reason!), row.reason).toBe(true);
      if (agreed.get(row.reason!)) expect(row.first_contact_at! > row.delivered_at!).toBe(true);
      expect(row.first_contact_at! < row.decided_at!).toBe(true);
    }
  });
});

describe('claims', () => {
  it('report on the third what the sources held then', () => {
    const held: Record<string, (month: string) => number> = {
      visitors: visitorsOf,
      leads: leadsOf,
      sqls_delivered: (month) => sqlsOf(month).length,
    };
    expect(claims).toHaveLength(3 * months.length);
    for (const { period, kpi, value, reported_at } of claims) {
      expect([period, kpi, Number(value)]).toEqual([period, kpi, held[kpi!]!(period!)]);
      expect(reported_at!.slice(8)).toBe('03');
    }
  });
});
