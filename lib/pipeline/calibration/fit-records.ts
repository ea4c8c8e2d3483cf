import { addMonths, dayNumber } from '../../model/day.ts';
import { isAccepted, type SqlCase, type UnitHistory } from '../../model/history.ts';
import { fitLevel, type IsClean, type Span } from './fit-level.ts';
import { movingShare } from './moving-share.ts';
import type {
  DealProfile,
  Lag,
  LeadProfile,
  LeadTemplate,
  SqlDelay,
  SqlProfile,
  SqlTemplate,
} from './unit-profile.ts';

/** Months in which a person who was a lead before is the same lead again. */
const repeatMonths = 13;
/** Days after which an SQL still pending is taken to stay so. */
const undecidedDays = 30;
/** Least movement of a share between months that is assumed: few months cannot show that there is none. */
const leastRho = 0.005;
/** Share of SQLs whose lead must be known for SQLs to be drawn from leads. */
const leastKnownLeads = 0.5;

/** Leads of the clean days as templates, with how many come a day. */
export function fitLeads(
  history: UnitHistory,
  isClean: IsClean,
  span: Span,
  visitsAt: ((index: number) => number | null) | null,
): LeadProfile | null {
  if (!history.leads) return null;
  const isIn = (i: number) => isClean('leads', i);
  const level = fitLevel(history.leads.daily, isIn, span, visitsAt ?? undefined);
  if (!level) return null;
  const origin = dayNumber(history.firstDay);
  const templates = weekdayLists<LeadTemplate>();
  const lastSeen = new Map<string, string>();
  let repeats = 0;
  let leads = 0;
  for (const row of history.leads.rows) {
    const day = row.created_at.slice(0, 10);
    const index = dayNumber(day) - origin;
    const before = row.email === null ? undefined : lastSeen.get(row.email);
    if (row.email !== null) lastSeen.set(row.email, day);
    if (!isIn(index)) continue;
    leads += 1;
    if (before !== undefined && before >= addMonths(day, -repeatMonths)) repeats += 1;
    templates[span.weekdays[index]!]!.push({ row, entered: lagOf(row.record_entered_at, row.created_at) });
  }
  return leads === 0
    ? null
    : { level, followsVisits: visitsAt !== null, templates: filled(templates), repeatShare: repeats / leads };
}

/** SQLs of the clean days as templates, with the leads they come from and what sales made of them. */
export function fitSqls(history: UnitHistory, isClean: IsClean, span: Span): SqlProfile | null {
  if (!history.sqls) return null;
  const isIn = (i: number) => isClean('sqls_delivered', i);
  const level = fitLevel(history.sqls.daily, isIn, span);
  if (!level) return null;
  const origin = dayNumber(history.firstDay);
  const indexOf = (time: string) => dayNumber(time.slice(0, 10)) - origin;
  const clean = history.sqls.rows.filter((r) => isIn(indexOf(r.delivered_at)));
  const settled = clean.filter(
    (r) => r.decidedOn !== null || history.length - 1 - indexOf(r.delivered_at) >= undecidedDays,
  );
  if (settled.length === 0) return null;
  const accepts = weekdayLists<SqlTemplate>();
  const refuses = weekdayLists<SqlTemplate>();
  for (const sql of settled)
    (isAccepted(sql) ? accepts : refuses)[span.weekdays[indexOf(sql.delivered_at)]!]!.push(templateOf(sql));
  return {
    perLead: fitPerLead(history, clean, isClean, span),
    level,
    accepted: movingShare(
      byMonth(settled, (r) => ({ month: r.delivered_at.slice(0, 7), isHit: isAccepted(r) })),
      leastRho,
    ),
    accepts: filled(accepts),
    refuses: filled(refuses),
  };
}

function fitPerLead(
  history: UnitHistory,
  clean: readonly SqlCase[],
  isClean: IsClean,
  span: Span,
): SqlProfile['perLead'] {
  const leads = history.leads?.rows ?? [];
  const created = new Map(leads.map((l) => [l.lead_id, l.created_at]));
  const known = clean.filter((r) => created.has(r.lead_id));
  if (known.length === 0 || known.length < leastKnownLeads * clean.length) return null;
  const origin = dayNumber(history.firstDay);
  const delays = weekdayLists<SqlDelay>();
  for (const sql of known) {
    const from = dayNumber(created.get(sql.lead_id)!.slice(0, 10));
    const to = dayNumber(sql.delivered_at.slice(0, 10));
    delays[span.weekdays[from - origin] ?? 0]!.push({
      days: to - from,
      second: sql.delivered_at.length > 10 ? secondsOf(sql.delivered_at) % 86_400 : null,
    });
  }
  const months = new Map<string, { hits: number; trials: number }>();
  const month = (time: string) => {
    const name = time.slice(0, 7);
    const held = months.get(name) ?? { hits: 0, trials: 0 };
    months.set(name, held);
    return held;
  };
  for (const lead of leads) {
    const index = dayNumber(lead.created_at.slice(0, 10)) - origin;
    if (isClean('leads', index) && isClean('sqls_delivered', index)) month(lead.created_at).trials += 1;
  }
  for (const sql of clean)
    if (isClean('leads', dayNumber(sql.delivered_at.slice(0, 10)) - origin))
      month(sql.delivered_at).hits += 1;
  const share = movingShare([...months.values()], leastRho);
  return { share, delays: filled(delays) };
}

/** Deals as templates, with how many are opened a day. */
export function fitDeals(history: UnitHistory, isClean: IsClean, span: Span): DealProfile | null {
  if (!history.deals || history.deals.rows.length === 0) return null;
  const level = fitLevel(history.deals.daily, (i) => isClean('opportunities', i), span);
  if (!level) return null;
  const origin = dayNumber(history.firstDay);
  const clean = history.deals.rows.filter((r) =>
    isClean('opportunities', dayNumber(r.created_at.slice(0, 10)) - origin),
  );
  const templates = clean.map((row) => ({
    row,
    won: lagOf(row.won_at, row.created_at),
    lost: lagOf(row.lost_at, row.created_at),
  }));
  return templates.length > 0 ? { level, templates } : null;
}

function templateOf(row: SqlCase): SqlTemplate {
  return {
    row,
    entered: lagOf(row.record_entered_at, row.delivered_at),
    qualified: lagOf(row.qualified_at, row.delivered_at),
    contacted: lagOf(row.first_contact_at, row.delivered_at),
    decided: lagOf(row.decided_at, row.delivered_at),
  };
}

function byMonth(
  rows: readonly SqlCase[],
  of: (row: SqlCase) => { month: string; isHit: boolean },
): { hits: number; trials: number }[] {
  const months = new Map<string, { hits: number; trials: number }>();
  for (const row of rows) {
    const { month, isHit } = of(row);
    const held = months.get(month) ?? { hits: 0, trials: 0 };
    months.set(month, held);
    held.trials += 1;
    if (isHit) held.hits += 1;
  }
  return [...months.values()];
}

function weekdayLists<T>(): T[][] {
  return Array.from({ length: 7 }, () => []);
}

/** A weekday without a template takes those of all days. */
function filled<T>(lists: readonly T[][]): T[][] {
  const all = lists.flat();
  return lists.map((list) => (list.length > 0 ? list : all));
}

function lagOf(time: string | null, from: string): Lag {
  return time === null ? null : { seconds: secondsOf(time) - secondsOf(from), isDate: time.length <= 10 };
}

/** Seconds since 1970-01-01 of a local time; a date stands for its midnight. */
function secondsOf(time: string): number {
  const day = dayNumber(time.slice(0, 10)) * 86_400;
  if (time.length <= 10) return day;
  return (
    day + Number(time.slice(11, 13)) * 3600 + Number(time.slice(14, 16)) * 60 + Number(time.slice(17, 19))
  );
}
