import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { addDays, addMonths, type Day } from '../../lib/model/day.ts';
import { dayAt, isoTime } from './generator/clock.ts';
import { drawDeals, drawLeads, drawSqls, type Lead, type Sql, timeOrEmpty } from './generator/funnel.ts';
import { openRandom } from './generator/random.ts';
import { boughtSource, campaign, habits, monthOf, months, seeds, trackingGap } from './generator/story.ts';
import { drawTraffic, drawVisits, type TrafficDay, type Visit } from './generator/traffic.ts';

/** What really happened in a month: people who came, people who left a lead, hand-overs that sales accepted. */
export interface MonthTruth {
  readonly visitors: number;
  readonly leads: number;
  readonly sqls: number;
}
/** The example: its files by name, and the truth that the files do not tell. */
export interface Example {
  readonly files: Readonly<Record<string, string>>;
  readonly truth: Readonly<Record<string, MonthTruth>>;
}

type Cell = string | number | null;

/**
 * Draws the whole example. The same bytes on every call: nothing comes from the clock or the machine.
 *
 * @example generateExample().files['claims.csv']
 */
export function generateExample(): Example {
  const visits = drawVisits();
  const traffic = drawTraffic(visits);
  const leads = drawLeads(visits, traffic);
  const sqls = drawSqls(leads);
  const deals = drawDeals(sqls, [...months, '2026-09']);
  const entered = openRandom(`entered|${seeds.people}`);
  return {
    files: {
      'traffic.csv': csv(
        'date,source,medium,channel,unique_visitors,sessions,new_visitors,engaged_sessions,pageviews,avg_engagement_sec,spend',
        traffic.map((row) => [
          ...[
            row.date,
            row.source,
            row.medium,
            row.channel,
            row.uniqueVisitors,
            row.sessions,
            row.newVisitors,
          ],
          ...[row.engagedSessions, row.pageviews, row.engagementSeconds.toFixed(1), money(row.spendCents)],
        ]),
      ),
      'leads.csv': csv(
        'lead_id,created_at,record_entered_at,source,medium,channel,origin,form,email,company,phone,total_visits,time_on_site_sec',
        leads.map((lead) => [
          ...[lead.id, isoTime(lead.createdAt), isoTime(lead.createdAt + entered.integer(40, 480))],
          ...[lead.source, lead.medium, lead.channel, 'marketing', lead.form],
          ...[
            lead.person.email,
            lead.person.company,
            lead.person.phone,
            lead.totalVisits,
            lead.secondsOnSite,
          ],
        ]),
      ),
      'sqls.csv': csv(
        'sql_id,lead_id,delivered_at,record_entered_at,delivered_by,origin,disposition,reason,decided_at,decided_by,first_contact_at',
        sqls.map((sql) => [
          ...[
            sql.id,
            sql.lead.id,
            isoTime(sql.deliveredAt),
            isoTime(sql.deliveredAt + entered.integer(20, 300)),
          ],
          ...[
            sql.deliveredBy,
            'marketing',
            sql.disposition,
            sql.reason,
            timeOrEmpty(sql.decidedAt),
            sql.decidedBy,
          ],
          timeOrEmpty(sql.firstContactAt),
        ]),
      ),
      'deals.csv': csv(
        'deal_id,created_at,stage,company,contact_email,origin,sql_id,won_at,lost_at,lost_reason,amount,owner',
        deals.map((deal) => [
          ...[
            deal.id,
            isoTime(deal.createdAt),
            deal.stage,
            deal.person.company,
            deal.person.email,
            deal.origin,
          ],
          ...[
            deal.sqlId,
            deal.stage === 'won' ? deal.closedOn : '',
            deal.stage === 'lost' ? deal.closedOn : '',
          ],
          ...[deal.lostReason, deal.amount.toFixed(2), deal.owner],
        ]),
      ),
      'claims.csv': csv('period,kpi,value,reported_at,version,note,plan', claimRows(traffic, leads, sqls)),
      'spend.csv': csv('date,amount,budget,owner,budget_line,planned_at,channel,note', spendRows(traffic)),
      'calendar.csv': csv('date_from,date_to,kind,note,declared_at,declared_by', [
        [
          campaign.from,
          campaign.to,
          'campaign',
          'launch of the new product line',
          campaign.declaredAt,
          'marketing',
        ],
        [
          trackingGap.from,
          trackingGap.to,
          'tracking_gap',
          'tag moved to the new container',
          trackingGap.declaredAt,
          'web team',
        ],
      ]),
    },
    truth: truthOf(visits, leads, sqls),
  };
}

function truthOf(visits: readonly Visit[], leads: readonly Lead[], sqls: readonly Sql[]): Example['truth'] {
  const people = leads.filter((lead) => !lead.isRepeat);
  const accepted = sqls.filter((sql) => sql.disposition === 'accepted');
  const visitorsIn = totalsByMonth(
    visits,
    (visit) => visit.date,
    (visit) => visit.visitors,
  );
  const peopleIn = totalsByMonth(people, (lead) => dayAt(lead.createdAt));
  const acceptedIn = totalsByMonth(accepted, (sql) => dayAt(sql.deliveredAt));
  return Object.fromEntries(
    months.map((month) => [
      month,
      { visitors: visitorsIn(month), leads: peopleIn(month), sqls: acceptedIn(month) },
    ]),
  );
}

/** Marketing reports on the third what the sources held then. */
function claimRows(traffic: readonly TrafficDay[], leads: readonly Lead[], sqls: readonly Sql[]): Cell[][] {
  const held = {
    visitors: totalsByMonth(
      traffic,
      (row) => row.date,
      (row) => row.uniqueVisitors,
    ),
    leads: totalsByMonth(leads, (lead) => dayAt(lead.createdAt)),
    sqls_delivered: totalsByMonth(sqls, (sql) => dayAt(sql.deliveredAt)),
  };
  return months.flatMap((month) => {
    const reportedAt = addDays(addMonths(`${month}-01`, 1), 2);
    return Object.entries(held).map(([kpi, valueIn]): Cell[] => [
      month,
      kpi,
      valueIn(month),
      reportedAt,
      1,
      '',
      'marketing-director',
    ]);
  });
}

/** The month's bills, one a paid source: the money that traffic.csv spreads over the days. */
function spendRows(traffic: readonly TrafficDay[]): Cell[][] {
  const lines = [
    ...habits
      .filter((habit) => habit.cost)
      .map((habit) => ({ ...habit, line: `ads ${habit.source}`, isPlanned: true })),
    { ...boughtSource, line: 'visibility package', isPlanned: false },
  ];
  return months.flatMap((month) =>
    lines.flatMap(({ source, medium, channel, line, isPlanned }): Cell[][] => {
      const cents = traffic
        .filter((row) => monthOf(row.date) === month && row.source === source && row.medium === medium)
        .reduce((sum, row) => sum + (row.spendCents ?? 0), 0);
      const lastOfMonth = addDays(addMonths(`${month}-01`, 1), -1);
      const plannedAt = isPlanned ? `${Number(month.slice(0, 4)) - 1}-11-15` : '';
      return cents
        ? [
            [
              lastOfMonth,
              money(cents),
              'marketing',
              'marketing',
              line,
              plannedAt,
              channel,
              `${source} / ${medium}`,
            ],
          ]
        : [];
    }),
  );
}

/** Sums `amount` (by default the number of items) by the month of `day`; a month without items is 0. */
function totalsByMonth<T>(items: readonly T[], day: (item: T) => Day, amount: (item: T) => number = () => 1) {
  const totals = new Map<string, number>();
  for (const item of items) {
    const month = monthOf(day(item));
    totals.set(month, (totals.get(month) ?? 0) + amount(item));
  }
  return (month: string): number => totals.get(month) ?? 0;
}

const money = (cents: number | null) => (cents === null ? '' : (cents / 100).toFixed(2));

/** RFC 4180, but for line ends: a bare line feed, as git keeps it. */
function csv(header: string, rows: readonly (readonly Cell[])[]): string {
  const quoted = (cell: Cell) =>
    /[",\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell);
  return [header, ...rows.map((row) => row.map(quoted).join(','))].map((line) => `${line}\n`).join('');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { files, truth } = generateExample();
  for (const [name, text] of Object.entries(files)) writeFileSync(new URL(name, import.meta.url), text);
  // Not beside the data: the product must not find the answers there.
  const truthFile = new URL('../../test/fixtures/example-truth.json', import.meta.url);
  writeFileSync(truthFile, `${JSON.stringify(truth, null, 2)}\n`);
}
