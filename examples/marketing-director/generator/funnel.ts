import { addDays, type Day } from '../../../lib/model/day.ts';
import { addWorkingSeconds, dayAt, formTime, isoTime, isWorkday, type Moment, moment } from './clock.ts';
import { openRegister, type Person } from './people.ts';
import { openRandom, type Random } from './random.ts';
import { boughtSource, exportedOn, gamedMonths, lastDay, monthOf, seeds } from './story.ts';
import type { TrafficDay, Visit } from './traffic.ts';

/** A form that was filled in. */
export interface Lead {
  readonly id: string;
  readonly createdAt: Moment;
  readonly source: string;
  readonly medium: string;
  readonly channel: string;
  readonly form: string;
  readonly person: Person;
  /** The same person filled in another form before. */
  readonly isRepeat: boolean;
  readonly totalVisits: number;
  readonly secondsOnSite: number;
}
/** A lead handed over to sales, with what sales decided by the day of the export. */
export interface Sql {
  readonly id: string;
  readonly lead: Lead;
  readonly deliveredAt: Moment;
  readonly deliveredBy: string;
  readonly disposition: 'accepted' | 'rejected' | 'pending';
  readonly reason: string;
  readonly decidedAt: Moment | null;
  readonly decidedBy: string;
  readonly firstContactAt: Moment | null;
}
/** An opportunity of sales. */
export interface Deal {
  readonly id: string;
  readonly createdAt: Moment;
  readonly stage: 'open' | 'won' | 'lost';
  readonly person: Person;
  readonly origin: string;
  readonly sqlId: string;
  readonly closedOn: Day | null;
  readonly lostReason: string;
  readonly amount: number;
  readonly owner: string;
}

type LeadDraft = Omit<Lead, 'id'>;
const hour = 3_600;

/** Leads of the real visits; of the bought ones hardly any. One in 200 people comes back with a second form. */
export function drawLeads(visits: readonly Visit[], traffic: readonly TrafficDay[]): Lead[] {
  const random = openRandom(`leads|${seeds.leads}`);
  const nextPerson = openRegister(openRandom(`people|${seeds.people}`));
  const drafts: LeadDraft[] = [];
  const add = (day: Day, from: { source: string; medium: string; channel: string }) => {
    const lead = leadDraft(day, from, nextPerson(), random);
    drafts.push(lead);
    if (!random.chance(0.005)) return;
    const later = addDays(day, random.integer(1, 20));
    const form = lead.form === 'contact' ? 'demo' : 'contact';
    if (later <= lastDay)
      drafts.push({ ...leadDraft(later, from, lead.person, random), form, isRepeat: true });
  };
  for (const { date, habit, visitors } of visits)
    for (let n = random.binomial(visitors, habit.leadRate); n > 0; n--) add(date, habit);
  for (const row of traffic.filter((r) => r.source === boughtSource.source))
    for (let n = random.binomial(row.uniqueVisitors, 0.001); n > 0; n--) add(row.date, row);
  drafts.sort((a, b) => a.createdAt - b.createdAt);
  return drafts.map((draft, i) => ({ ...draft, id: `L-${100_001 + i}` }));
}

function leadDraft(
  day: Day,
  { source, medium, channel }: { source: string; medium: string; channel: string },
  person: Person,
  random: Random,
): LeadDraft {
  const totalVisits = 1 + random.poisson(1.4);
  return {
    createdAt: moment(day, formTime(random)),
    source,
    medium,
    channel,
    form: random.weighted({ whitepaper: 38, contact: 27, demo: 20, webinar: 15 }),
    person,
    isRepeat: false,
    totalVisits,
    secondsOnSite: Math.round(totalVisits * Math.exp(4.6 + 0.6 * random.normal())),
  };
}

/**
 * Hand-overs: one lead in six is ready some days after it came. In the gamed months the rest, up to the month's goal,
 * is taken from the other leads of the same days, ready or not.
 */
export function drawSqls(leads: readonly Lead[]): Sql[] {
  const random = openRandom(`sqls|${seeds.sqls}`);
  const candidates = leads
    .filter((lead) => !lead.isRepeat)
    .map((lead) => ({
      lead,
      deliveredAt: deliveryOf(lead, random),
      isReady: random.chance(0.166),
      draw: random.uniform(),
    }))
    .filter(({ deliveredAt }) => dayAt(deliveredAt) < exportedOn);
  const chosen = candidates.filter((c) => c.isReady);
  for (const [month, goal] of Object.entries(gamedMonths)) {
    const ofMonth = candidates.filter((c) => monthOf(dayAt(c.deliveredAt)) === month);
    const others = ofMonth.filter((c) => !c.isReady).sort((a, b) => a.draw - b.draw);
    chosen.push(...others.slice(0, goal.sqls - (ofMonth.length - others.length)));
  }
  chosen.sort((a, b) => a.deliveredAt - b.deliveredAt);
  return chosen.map((c, i) => ({ id: `S-${5_001 + i}`, ...decide(c, random) }));
}

function deliveryOf(lead: Lead, random: Random): Moment {
  let day = addDays(dayAt(lead.createdAt), random.integer(1, 8));
  while (!isWorkday(day)) day = addDays(day, 1);
  return moment(day, random.integer(9 * hour, 17 * hour - 1));
}

/** Sales decides within two working days but for one case in thirty. */
function decide(c: { lead: Lead; deliveredAt: Moment; isReady: boolean }, random: Random): Omit<Sql, 'id'> {
  const hours = random.chance(1 / 30) ? random.between(17, 30) : random.between(0.5, 14);
  const decidedAt = addWorkingSeconds(c.deliveredAt, Math.round(hours * hour));
  const isAccepted = random.chance(c.isReady ? 0.83 : 0.09);
  const reason = isAccepted ? '' : rejection(c.isReady, random);
  const hadContact = isAccepted || reason === 'no_intent' || reason === 'no_timing';
  const contactAfter = Math.round(hours * hour * random.between(0.2, 0.9));
  const base = {
    lead: c.lead,
    deliveredAt: c.deliveredAt,
    deliveredBy: random.weighted({ 'mkt-1': 3, 'mkt-2': 2 }),
  };
  const decidedBy = random.pick(['sdr-1', 'sdr-2', 'sdr-3', 'sdr-4']);
  if (dayAt(decidedAt) >= exportedOn)
    return {
      ...base,
      disposition: 'pending',
      reason: '',
      decidedAt: null,
      decidedBy: '',
      firstContactAt: null,
    };
  return {
    ...base,
    disposition: isAccepted ? 'accepted' : 'rejected',
    reason,
    decidedAt,
    decidedBy,
    firstContactAt: hadContact ? addWorkingSeconds(c.deliveredAt, contactAfter) : null,
  };
}

/** One rejection in fourteen of an honest hand-over is left without a reason. */
function rejection(isReady: boolean, random: Random): string {
  if (!isReady) return random.weighted({ not_icp: 42, no_intent: 34, bad_contact_data: 14, no_timing: 10 });
  if (random.chance(1 / 14)) return '';
  return random.weighted({ not_icp: 30, no_timing: 28, no_intent: 26, bad_contact_data: 16 });
}

/** Deals out of accepted SQLs, and those that sales, partners and customers bring themselves. */
export function drawDeals(sqls: readonly Sql[], months: readonly string[]): Deal[] {
  const random = openRandom(`deals|${seeds.deals}`);
  const nextPerson = openRegister(openRandom(`prospects|${seeds.people}`));
  const drafts: Omit<Deal, 'id'>[] = [];
  for (const sql of sqls) {
    if (sql.disposition !== 'accepted' || sql.decidedAt === null || !random.chance(0.6)) continue;
    const createdAt = addWorkingSeconds(sql.decidedAt, random.integer(hour, 80 * hour));
    drafts.push(dealDraft(createdAt, sql.lead.person, 'marketing', sql.id, random));
  }
  for (const month of months)
    for (let n = random.poisson(9); n > 0; n--) {
      const createdAt = addWorkingSeconds(moment(`${month}-01`, 0), random.integer(0, 160 * hour));
      const origin = random.weighted({ sales: 40, prospecting: 25, customer: 20, partner: 15 });
      drafts.push(dealDraft(createdAt, { ...nextPerson(), email: '' }, origin, '', random));
    }
  return drafts
    .filter((deal) => dayAt(deal.createdAt) < exportedOn)
    .sort((a, b) => a.createdAt - b.createdAt)
    .map((deal, i) => ({ ...deal, id: `D-${1_001 + i}` }));
}

function dealDraft(
  createdAt: Moment,
  person: Person,
  origin: string,
  sqlId: string,
  random: Random,
): Omit<Deal, 'id'> {
  const closedOn = addDays(dayAt(createdAt), random.integer(14, 85));
  // Since summer 2026 sales spends its days on leads that were never ready, and closes less of the good ones.
  const isWon = random.chance(dayAt(createdAt) < '2026-05-15' ? 0.22 : 0.15);
  const lostReason = random.weighted({ price: 3, competitor: 3, no_budget: 2, no_decision: 4 });
  const isClosed = closedOn < exportedOn;
  return {
    createdAt,
    stage: isClosed ? (isWon ? 'won' : 'lost') : 'open',
    person,
    origin,
    sqlId,
    closedOn: isClosed ? closedOn : null,
    lostReason: isClosed && !isWon ? lostReason : '',
    amount: 100 * Math.round(95 * Math.exp(0.55 * random.normal())),
    owner: random.pick(['ae-1', 'ae-2', 'ae-3']),
  };
}

/** `2026-08-31T16:04:09`, or empty for null. */
export const timeOrEmpty = (at: Moment | null): string => (at === null ? '' : isoTime(at));
