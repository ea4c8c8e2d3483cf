import type { Row } from '../../lib/model/datasets.ts';
import { addDays, type Day } from '../../lib/model/day.ts';
import { seededRandom } from '../fixtures/random.ts';
import { deal } from './business-unit.ts';
import { judgedMonth, type OtherRecords, type SmallUnit } from './small-unit.ts';

type Lead = Row<'leads'>;
type Sql = Row<'sqls'>;

/**
 * The unit with what a quiet one has none of, so that a law about it can fail: leads counted twice, some in one
 * second; records entered late; decisions taken back, some in one second; hand-overs repeated, or before their lead;
 * acceptances in bulk and by who handed over; claims put right; deals won later; gaps, campaigns and numbers
 * restated. Some of it becomes known only after July.
 */
export function withEvents(unit: SmallUnit, seed: number): SmallUnit {
  const random = seededRandom(seed + 1);
  const leads = [...lateLeads(unit.leads, random), ...repeatedLeads(unit.leads)];
  const sqls = decidedAgain(together(outOfOrder(unit.sqls)), random);
  return {
    series: unit.series,
    leads,
    sqls: [...sqls, ...deliveredAgain(unit.sqls)],
    others: othersOf(unit),
    restatements: ['2026-06-03', '2026-06-10', '2026-07-02'].flatMap((date, i) =>
      [addDays(date, 25), addDays(date, 60)].map((seenOn, k) => ({
        dataset: 'traffic',
        date,
        series: 'google',
        metric: 'unique_visitors',
        old: 30 + 10 * i + k,
        new: 31 + 10 * i + k,
        seenOn,
        batch: `b${i}${k}`,
      })),
    ),
  };
}

const isJudged = (time: string) => time.startsWith(judgedMonth);
/** The same time of the day, so many days later. */
const later = (time: string, days: number) => `${addDays(time.slice(0, 10), days)}${time.slice(10)}`;

/** One lead in twelve entered days or weeks late. */
function lateLeads(leads: readonly Lead[], random: () => number): Lead[] {
  return leads.map((lead) =>
    random() < 1 / 12
      ? { ...lead, record_entered_at: later(lead.created_at, 1 + Math.floor(random() * 25)) }
      : lead,
  );
}

/** Leads of the judged month that came again, half of them in the second of the first one, under an id on either side. */
function repeatedLeads(leads: readonly Lead[]): Lead[] {
  const some = leads.filter((l) => isJudged(l.created_at)).slice(0, 10);
  return some.map((lead, i) => {
    const created = i % 2 === 0 ? lead.created_at : later(lead.created_at, 2);
    return {
      ...lead,
      lead_id: `${i % 4 < 2 ? 'A' : 'Z'}-${i}`,
      created_at: created,
      record_entered_at: created,
    };
  });
}

/** Two SQLs handed over before their lead came in: few, so that they weigh only where the pay hangs on them. */
function outOfOrder(sqls: readonly Sql[]): Sql[] {
  let left = 2;
  return sqls.map((sql) => {
    if (left === 0 || sql.delivered_at < `${judgedMonth}-10`) return sql;
    left -= 1;
    return { ...sql, delivered_at: later(sql.delivered_at, -4), qualified_at: null };
  });
}

/** Fifteen SQLs accepted by one person in one minute, and a few by who handed them over. */
function together(sqls: readonly Sql[]): Sql[] {
  let left = 20;
  return sqls.map((sql) => {
    const { delivered_at: delivered, disposition } = sql;
    if (left === 0 || !isJudged(delivered) || delivered > '2026-06-20' || disposition !== 'accepted')
      return sql;
    left -= 1;
    if (left < 5) return { ...sql, decided_by: sql.delivered_by };
    return { ...sql, decided_by: 'person-1', decided_at: `2026-06-26T09:00:${String(left + 20)}` };
  });
}

/** Decisions changed days or weeks later; of some both are dated to the same second. */
function decidedAgain(sqls: readonly Sql[], random: () => number): Sql[] {
  return sqls.flatMap((sql, i): Sql[] => {
    if (sql.decided_at === null || sql.delivered_at < '2026-05' || i % 6 !== 0) return [sql];
    const after = i % 12 === 0 ? 0 : 1 + Math.floor(random() * 50);
    const isUp = sql.disposition === 'rejected';
    const again: Sql = {
      ...sql,
      disposition: isUp ? 'accepted' : 'rejected',
      reason: isUp ? null : 'no_timing',
      decided_at: later(sql.decided_at, after),
      decided_by: 'person-2',
      first_contact_at: i % 18 === 0 ? null : later(sql.decided_at, after + 20),
      attempts: null,
    };
    const open: Sql = { ...sql, disposition: 'pending', reason: null, decided_at: null, decided_by: null };
    return [open, sql, again];
  });
}

/** Leads handed over again: at once under another id, and weeks later, with decisions of their own. */
function deliveredAgain(sqls: readonly Sql[]): Sql[] {
  const some = sqls.filter((s) => isJudged(s.delivered_at) && s.decided_at !== null).slice(4, 12);
  return some.map((sql, i) => {
    const days = i % 2 === 0 ? 0 : 10 * i;
    return {
      ...sql,
      sql_id: `${i % 4 < 2 ? 'A' : 'Z'}-${i}`,
      disposition: i % 3 === 0 ? 'accepted' : 'rejected',
      reason: i % 3 === 0 ? null : 'no_intent',
      delivered_at: later(sql.delivered_at, days),
      record_entered_at: later(sql.delivered_at, days + i),
      decided_at: later(sql.decided_at!, days),
    };
  });
}

function othersOf({ series, leads, sqls }: SmallUnit): OtherRecords {
  const visitors = series.reduce(
    (sum, s) =>
      sum + sumOf(Object.entries(s.days).map(([day, m]) => (isJudged(day) ? m.unique_visitors! : 0))),
    0,
  );
  const counted = {
    visitors,
    leads: leads.filter((l) => isJudged(l.created_at)).length,
    sqls_delivered: sqls.filter((s) => isJudged(s.delivered_at)).length,
  };
  const claim = (kpi: keyof typeof counted, value: number, reported: Day, version: number) =>
    ({
      period: judgedMonth,
      kpi,
      value,
      reported_at: `${reported}T09:00:00`,
      version,
      plan: null,
      unit: 'all',
    }) as const;
  const refused = sqls.filter((s) => isJudged(s.delivered_at) && s.disposition === 'rejected');
  const entry = (kind: 'campaign' | 'outage', from: Day, to: Day, declared: Day) =>
    ({
      date_from: from,
      date_to: to,
      kind,
      channel: null,
      source: null,
      metric: null,
      declared_at: `${declared}T08:00:00`,
      declared_by: 'person-3',
      unit: null,
      key_version: '1',
    }) as const;
  return {
    claims: [
      claim('visitors', counted.visitors, '2026-07-02', 1),
      claim('leads', counted.leads, '2026-07-02', 1),
      claim('sqls_delivered', counted.sqls_delivered, '2026-07-02', 1),
      claim('leads', counted.leads + 12, '2026-07-20', 2),
      claim('visitors', Math.round(counted.visitors * 1.2), '2026-07-25', 2),
      claim('sqls_delivered', counted.sqls_delivered + 20, '2026-08-04', 2),
      claim('leads', counted.leads - 20, '2026-08-06', 3),
    ],
    deals: refused.slice(0, 10).map((sql, i) =>
      deal(`D${9 - i}`, addDays(sql.delivered_at.slice(0, 10), 3), {
        stage: 'won',
        origin: i % 3 === 0 ? 'marketing' : 'sales',
        sql_id: sql.sql_id,
        won_at: addDays('2026-07-05', 4 * i),
        amount: 100_000,
        owner: `person-${i % 4}`,
      }),
    ),
    calendar: [
      entry('outage', '2026-04-07', '2026-04-08', '2026-04-01'),
      entry('campaign', '2026-06-01', '2026-06-30', '2026-06-20'),
      entry('campaign', '2026-06-01', '2026-06-30', '2026-08-03'),
    ],
  };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
