import { addDays, dayNumber, dayOf, weekday } from '../../lib/model/day.ts';
import { overdispersed, poisson, seededRandom } from '../fixtures/random.ts';

/** One line of a CSV file, by column. */
export type Line = Readonly<Record<string, string | number>>;

/** A small company, drawn from a seed: its lines by dataset, in order of their dates. */
export interface MadeCompany {
  readonly traffic: readonly Line[];
  readonly leads: readonly Line[];
  readonly sqls: readonly Line[];
  readonly claims: readonly Line[];
}

/** First and last month of the made company; only the last one is judged. */
export const firstMonth = '2025-01';
export const lastMonth = '2025-07';
/** Judging date: July is ripe, its pay date has come. */
export const judgedOn = '2025-08-20';

const sources = [
  { source: 'google', medium: 'organic', channel: 'organic', visitors: 60 },
  { source: 'newsletter', medium: 'email', channel: 'email', visitors: 25 },
] as const;
const week = [1, 1.02, 1.01, 1, 0.95, 0.6, 0.55];

/** Seven quiet months: traffic of two sources, leads in step with it, every third lead an SQL, four of five accepted. */
export function madeCompany(seed = 1): MadeCompany {
  const random = seededRandom(seed);
  const traffic: Line[] = [];
  const leads: Line[] = [];
  const sqls: Line[] = [];
  const counted = new Map<string, { visitors: number; leads: number; sqls: number }>();
  for (let number = dayNumber(`${firstMonth}-01`); dayOf(number) < '2025-08-01'; number += 1) {
    const date = dayOf(number);
    const month = counted.get(date.slice(0, 7)) ?? { visitors: 0, leads: 0, sqls: 0 };
    counted.set(date.slice(0, 7), month);
    let visitors = 0;
    for (const { visitors: mean, ...dimensions } of sources) {
      const unique = overdispersed(random, mean * week[weekday(number) - 1]!, 1.5);
      const sessions = unique + poisson(random, unique * 0.15);
      const engaged = Math.min(sessions, poisson(random, sessions * 0.6));
      traffic.push({ date, ...dimensions, unique_visitors: unique, sessions, engaged_sessions: engaged });
      visitors += unique;
    }
    month.visitors += visitors;
    for (let k = poisson(random, visitors * 0.04); k > 0; k -= 1) {
      const id = `L-${10_000 + leads.length}`;
      const time = `T${String(8 + Math.floor(random() * 11)).padStart(2, '0')}:${String(Math.floor(random() * 60)).padStart(2, '0')}:${String(Math.floor(random() * 60)).padStart(2, '0')}`;
      leads.push({
        lead_id: id,
        created_at: `${date}${time}`,
        source: k % 3 === 0 ? 'newsletter' : 'google',
        medium: k % 3 === 0 ? 'email' : 'organic',
        channel: k % 3 === 0 ? 'email' : 'organic',
        origin: 'marketing',
        form: 'demo',
        email: `${nameOf(random)}.${nameOf(random)}@${nameOf(random)}.example`,
        total_visits: 1 + poisson(random, 2),
        time_on_site_sec: 30 + poisson(random, 90),
      });
      month.leads += 1;
      if (random() >= 0.35) continue;
      const delivered = addDays(date, 1);
      if (delivered >= '2025-08-01') continue;
      const isAccepted = random() < 0.8;
      sqls.push({
        sql_id: `S-${5000 + sqls.length}`,
        lead_id: id,
        delivered_at: `${delivered}T10:${String(Math.floor(random() * 60)).padStart(2, '0')}:00`,
        origin: 'marketing',
        disposition: isAccepted ? 'accepted' : 'rejected',
        reason: isAccepted ? '' : 'not_icp',
        decided_at: `${addDays(delivered, 1 + Math.floor(random() * 3))}T15:00:00`,
        first_contact_at: `${addDays(delivered, 1)}T09:00:00`,
      });
      const to = counted.get(delivered.slice(0, 7)) ?? { visitors: 0, leads: 0, sqls: 0 };
      counted.set(delivered.slice(0, 7), to);
      to.sqls += 1;
    }
  }
  const claims = [...counted].flatMap(([period, { visitors, leads: people, sqls: delivered }]) =>
    (
      [
        ['visitors', visitors],
        ['leads', people],
        ['sqls_delivered', delivered],
      ] as const
    ).map(([kpi, value]) => ({ period, kpi, value, reported_at: `${nextMonth(period)}-04`, version: 1 })),
  );
  return { traffic, leads, sqls, claims };
}

/** The company claims more SQLs for July than were delivered: a finding that is proof. */
export function overclaiming(company: MadeCompany): MadeCompany {
  const isJuly = (c: Line) => c.period === lastMonth && c.kpi === 'sqls_delivered';
  return {
    ...company,
    claims: company.claims.map((c) => (isJuly(c) ? { ...c, value: Number(c.value) * 2 } : c)),
  };
}

/** The company lost the traffic of ten days of July: the month's visitors cannot be certified. */
export function withGap(company: MadeCompany): MadeCompany {
  const isLost = ({ date }: Line) => String(date) >= '2025-07-08' && String(date) < '2025-07-18';
  return { ...company, traffic: company.traffic.filter((t) => !isLost(t)) };
}

/** Lines as CSV with a header; columns in the order of the first line. */
export function csvOf(lines: readonly Line[], delimiter = ','): string {
  const columns = Object.keys(lines[0] ?? {});
  const cell = (value: string | number | undefined) => {
    const text = String(value ?? '');
    return /["\n\r]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...lines.map((line) => columns.map((c) => line[c]))]
    .map((cells) => `${cells.map(cell).join(delimiter)}\n`)
    .join('');
}

/** The company's files by name. */
export function filesOf(company: MadeCompany): Record<string, string> {
  return Object.fromEntries(
    Object.entries(company).map(([dataset, lines]) => [`${dataset}.csv`, csvOf(lines as Line[])]),
  );
}

/** Its configuration; only July is judged. */
export const configText = `organisation: Made Company
timezone: Europe/Berlin
currency: USD
stage: demo
start: 2025-07-01
sources:
  - { id: web, kind: drop, dataset: traffic, settling: P4D }
  - { id: crm, kind: drop, dataset: leads }
  - { id: sales, kind: drop, dataset: sqls }
  - { id: claimed, kind: drop, dataset: claims }
agreement:
  decideWithin: 2bd
  floor: 0.6
  reasons: [duplicate, not_icp]
plans:
  - id: director
    title: Director's bonus
    side: marketing
    period: month
    payAfter: P15D
    bonus: { amount: 12000, per: year, paid: month }
    kpis:
      - { kpi: visitors, target: 2000 }
      - { kpi: leads, target: 70 }
      - { kpi: sqls_delivered, target: 25 }
`;

function nameOf(random: () => number): string {
  let name = '';
  for (let i = 0; i < 4; i += 1)
    name += 'bdfgklmnprstvz'[Math.floor(random() * 14)]! + 'aeiou'[Math.floor(random() * 5)]!;
  return name;
}

function nextMonth(month: string): string {
  return addDays(`${month}-28`, 5).slice(0, 7);
}
