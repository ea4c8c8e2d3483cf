import type { Row } from '../lib/model/datasets.ts';
import { addDays, dayNumber } from '../lib/model/day.ts';
import type { DailyValues, SqlCase, TrafficSeries, UnitHistory } from '../lib/model/history.ts';
import {
  leadOf,
  quietHistory,
  quietSources,
  sqlOf,
  withLeads,
  withSqls,
  withTraffic,
} from '../test/fixtures/generators.ts';
import { overdispersed, poisson, seededRandom } from '../test/fixtures/random.ts';

/** The judged month of every company here: August 2026, as indices from Monday 5 January 2026. */
export const judged = { id: '2026-08', from: 208, to: 239 };

const weekProfile = [1, 1.02, 1.01, 1, 0.92, 0.55, 0.5];
/** Days of data, and of the history: what becomes of August is known when it is judged. */
const days = 264;
const length = 301;
const firstDay = '2026-01-05';
/** First of the last three business days of August. */
const lastDaysFrom = 234;

/** How a company runs. Shares are of the records they are about; every honest company has some of each. */
export interface Rates {
  /** Visits over usual ones; leads per visit and SQLs per lead over usual ones. */
  readonly visits: number;
  readonly leadsPerVisit: number;
  readonly sqlsPerLead: number;
  /** Leads over usual ones on the last three business days. */
  readonly lastDays: number;
  /** A source of its own: visits over all usual ones, and the share of its sessions that are engaged. */
  readonly added: { readonly visits: number; readonly engaged: number } | null;
  /** Variance of daily visits over their mean. */
  readonly dispersion: number;
  /** Shares of leads: nearly the same as an earlier one, unreachable, entered 8 to 14 days late, entered weeks after the close. */
  readonly repeated: number;
  readonly unreachable: number;
  readonly late: number;
  readonly afterClose: number;
  /** Leads of one ten minutes, over the fullest ten minutes before. */
  readonly burst: number;
  /** Share of SQLs of leads older than 30 days; accepted share of decided ones; contested share of decided ones. */
  readonly aged: number;
  readonly accepted: number;
  readonly contested: number;
  /** Share of SQLs that stay undecided, and of accepted ones decided by who handed them over. */
  readonly undecided: number;
  readonly stamped: number;
}

/** The honest company: each trait a check looks for at half the share its gate asks for, or less. */
export const honest: Rates = {
  visits: 1,
  leadsPerVisit: 1,
  sqlsPerLead: 1,
  lastDays: 1,
  added: null,
  dispersion: 2,
  repeated: 0.025,
  unreachable: 0.025,
  late: 0.025,
  afterClose: 0.02,
  burst: 0,
  aged: 0.05,
  accepted: 0.78,
  contested: 0.05,
  undecided: 0.03,
  stamped: 0.1,
};

export interface CompanyOptions {
  readonly seed: number;
  /** Standard deviation of AR(1) log-shocks, lag-one correlation .7, on every level at once; 0 = steady levels. */
  readonly drift: number;
  /** What is otherwise in August. */
  readonly august?: Partial<Rates>;
}

const drifting = 0.7;
const dates = Array.from({ length: length + 1 }, (_, i) => addDays(firstDay, i));
const asOf = dates[length - 1]!;
const blank = quietHistory({ seed: 1, days: 1, sources: [], daysAfter: length - 1 });

/**
 * One company with eight months of honest data, August given other rates if any: quasi-Poisson visits by weekday, leads
 * in step with visits, SQLs in step with leads, records with the small faults honest records have.
 * @example quietCompany({ seed: 1, drift: 0 }).leads?.rows.length // about 2,200
 */
export function quietCompany({ seed, drift, august = {} }: CompanyOptions): UnitHistory {
  const random = seededRandom(seed * 2_654_435_761);
  const inAugust: Rates = { ...honest, ...august };
  const ratesOf = (day: number) => (day >= judged.from && day < judged.to ? inAugust : honest);
  const site = levels(random, drift);
  const traffic = quietSources.map((source): TrafficSeries => {
    const own = levels(random, drift);
    const visitors = overDays((i) =>
      overdispersed(
        random,
        source.visitors * weekProfile[i % 7]! * site[i]! * own[i]! * ratesOf(i).visits,
        ratesOf(i).dispersion,
      ),
    );
    return seriesOf(source.name, source.channel, visitors, source.engaged, random);
  });
  const usual = quietSources.reduce((sum, s) => sum + s.visitors, 0);
  const { added } = inAugust;
  if (added)
    traffic.push(
      seriesOf(
        'partner / referral',
        'referral',
        overDays((i) =>
          i >= judged.from && i < judged.to
            ? overdispersed(random, usual * weekProfile[i % 7]! * added.visits, honest.dispersion)
            : 0,
        ),
        added.engaged,
        random,
      ),
    );
  const history = withTraffic(blank, traffic);
  const leads = leadsOf(random, history.traffic!.visitors, levels(random, drift), ratesOf);
  const sqls = sqlsOf(random, leads, levels(random, drift), ratesOf);
  return withSqls(withLeads(history, leads, days - 1), sqls, days - 1);
}

/** A company of which only typed daily numbers of one metric are known. */
export function typedCompany(metric: string, values: (day: number) => number): UnitHistory {
  return { ...blank, traffic: null, leads: null, sqls: null, counts: { [metric]: overDays(values) } };
}

/** Mean of a weekday that a company of one number has. */
export function usualVisits(day: number): number {
  return 175 * weekProfile[day % 7]!;
}

function overDays(draw: (day: number) => number): DailyValues {
  return Array.from({ length }, (_, i) => (i < days ? draw(i) : null));
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Levels of a stationary AR(1) in logarithms with mean 1. */
function levels(random: () => number, sd: number): Float64Array {
  const list = new Float64Array(days).fill(1);
  if (sd === 0) return list;
  let state = sd * normal(random);
  for (let i = 0; i < days; i += 1) {
    list[i] = Math.exp(state - (sd * sd) / 2);
    state = drifting * state + sd * Math.sqrt(1 - drifting ** 2) * normal(random);
  }
  return list;
}

function seriesOf(
  name: string,
  channel: string,
  visitors: DailyValues,
  engaged: number,
  random: () => number,
): TrafficSeries {
  const sessions = visitors.map((v) => v && Math.round(v * 1.18));
  const engagedSessions = sessions.map((s) => s && Math.min(s, poisson(random, s * engaged)));
  return { name, channel, visitors, sessions, engagedSessions, spend: null };
}

type Lead = Row<'leads'>;

function leadsOf(
  random: () => number,
  visitors: DailyValues,
  level: Float64Array,
  ratesOf: (day: number) => Rates,
): Lead[] {
  const leads: Lead[] = [];
  const repeatable: Lead[] = [];
  const before = new Map<number, number>();
  for (let i = 0; i < days; i += 1) {
    const rates = ratesOf(i);
    const surge = i >= lastDaysFrom && i < judged.to ? rates.lastDays : 1;
    const count = overdispersed(random, visitors[i]! * 0.05 * level[i]! * rates.leadsPerVisit * surge, 1.3);
    const date = dates[i]!;
    for (let k = 0; k < count; k += 1) {
      const minute = 420 + Math.floor(random() * 780);
      const slot = i * 1440 + Math.floor(minute / 10);
      before.set(slot, (before.get(slot) ?? 0) + 1);
      const lead = honestLead(`L${i}-${k}`, timeOf(date, minute, random), rates, repeatable, random, i);
      leads.push(lead);
    }
  }
  const { burst } = ratesOf(judged.from);
  if (burst > 0) {
    const fullest = Math.max(...[...before].filter(([slot]) => slot < judged.from * 1440).map(([, n]) => n));
    for (let k = 0; k < Math.round(burst * fullest); k += 1)
      leads.push(leadOf(`B${k}`, timeOf('2026-08-12', 660 + random() * 9, random), 'google / cpc', random));
  }
  return leads;
}

function honestLead(
  id: string,
  createdAt: string,
  rates: Rates,
  repeatable: Lead[],
  random: () => number,
  day: number,
): Lead {
  const source = quietSources[Math.floor(random() * quietSources.length)]!.name;
  const lead = leadOf(id, createdAt, source, random);
  const earlier =
    random() < rates.repeated ? repeatable[Math.floor(random() * repeatable.length)] : undefined;
  const isUnreachable = random() < rates.unreachable;
  const lateness = random();
  const lag =
    lateness < rates.late
      ? 8 + Math.floor(random() * 7)
      : lateness < rates.late + rates.afterClose
        ? 42 + Math.floor(random() * 18)
        : 0;
  const made: Lead = {
    ...lead,
    ...(earlier && { phone_last9: earlier.phone_last9, email_local_keys: nearKeys(earlier) }),
    ...(isUnreachable && { email_sign: 'malformed' as const, total_visits: 0 }),
    ...(lag > 0 && { record_entered_at: `${dates[Math.min(length, day + lag)]}T09:00:00` }),
  };
  if (!earlier) repeatable.push(made);
  return made;
}

/** Comparison keys of an address one character away from another's. */
function nearKeys(lead: Lead): string[] {
  return [...lead.email_local_keys!, ...['a', 'b', 'c', 'd', 'e'].map((c) => `${lead.lead_id}${c}`)];
}

function sqlsOf(
  random: () => number,
  leads: readonly Lead[],
  level: Float64Array,
  ratesOf: (day: number) => Rates,
): SqlCase[] {
  const origin = dayNumber(firstDay);
  const created = leads.map((lead) => dayNumber(lead.created_at.slice(0, 10)) - origin);
  const taken = new Set<string>();
  const sqls: SqlCase[] = [];
  let old = 0;
  leads.forEach((lead, i) => {
    const day = created[i]! + 1 + Math.floor(random() * 4);
    if (day >= days || lead.lead_id.startsWith('B')) return;
    const rates = ratesOf(day);
    if (random() >= 0.33 * level[created[i]!]! * rates.sqlsPerLead) return;
    while (created[old]! < created[i]! - 30) old += 1;
    const isAged = random() < rates.aged;
    const aged = isAged && old > 0 ? leads[Math.floor(random() * old)]! : lead;
    if (taken.has(aged.lead_id)) return;
    taken.add(aged.lead_id);
    sqls.push(honestSql(aged.lead_id, day, rates, random));
  });
  return sqls;
}

function honestSql(leadId: string, day: number, rates: Rates, random: () => number): SqlCase {
  const delivered = dates[day]!;
  const fate = random();
  const isAccepted = fate < rates.accepted;
  const isContested = fate >= 1 - rates.contested;
  if (random() < rates.undecided)
    return { ...sqlOf(leadId, delivered, dates[length]!, false, asOf), isOverdue: true };
  const decided = dates[day + Math.floor(random() * 6)]!;
  const sql = sqlOf(leadId, delivered, decided, isAccepted, asOf);
  if (isContested) return { ...sql, reason: null, isContested: true };
  return isAccepted && random() < rates.stamped ? { ...sql, decided_by: sql.delivered_by } : sql;
}

function timeOf(date: string, minute: number, random: () => number): string {
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  return `${date}T${two(minute / 60)}:${two(minute % 60)}:${two(random() * 60)}`;
}
