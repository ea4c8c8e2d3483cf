import type { Row } from '../../model/datasets.ts';
import { negativeBinomialDraw, type Random } from '../../statistics/random-draws.ts';
import { byMonth, type Calendar, day, hour, later, levels, pick } from './simulated-days.ts';
import type { DealProfile, LeadProfile, SqlProfile, SqlTemplate } from './unit-profile.ts';

/** Days in which a person who was a lead before comes back as one. */
const repeatDays = 395;

/** A lead with the day it came on and its second after the start of the span. */
export interface SimulatedLead {
  readonly row: Row<'leads'>;
  readonly index: number;
  readonly seconds: number;
}

/**
 * Leads of a quiet unit: as many as the visits of each day bring, each like one of its own.
 * @param driver visitors of each day over those expected; null where leads follow nothing.
 */
export function simulateLeads(
  unit: string,
  profile: LeadProfile,
  driver: readonly number[] | null,
  days: Calendar,
  random: Random,
): SimulatedLead[] {
  const means = levels(profile.level, random);
  const leads: SimulatedLead[] = [];
  let oldest = 0;
  for (let i = 0; i < days.length; i += 1) {
    const mean = means[i]! * (profile.followsVisits ? (driver?.[i] ?? 1) : 1);
    const count = negativeBinomialDraw(mean, profile.level.dispersion, random);
    while (oldest < leads.length && leads[oldest]!.index < i - repeatDays) oldest += 1;
    for (let k = 0; k < count; k += 1) {
      const { row, entered } = pick(profile.templates[days.weekday(i)]!, random);
      const isDate = row.created_at.length <= 10;
      // The hour is the template's; the minute is drawn, so that no moment returns by chance.
      const at = isDate ? 0 : Number(row.created_at.slice(11, 13)) * hour + random() * hour;
      const seconds = i * day + Math.floor(at);
      const id = `L${leads.length}`;
      const isRepeat = leads.length > oldest && random() < profile.repeatShare;
      const person = isRepeat
        ? leads[oldest + Math.floor(random() * (leads.length - oldest))]!.row
        : newPerson(row, id);
      leads.push({
        index: i,
        seconds,
        row: {
          ...row,
          lead_id: id,
          created_at: days.time(seconds, isDate),
          record_entered_at: later(days, seconds, entered),
          email: person.email,
          email_domain: person.email_domain,
          email_local_digits: person.email_local_digits,
          email_local_keys: person.email_local_keys,
          company_key: person.company_key,
          phone: person.phone,
          phone_last9: person.phone_last9,
          unit,
        },
      });
    }
  }
  return leads;
}

/** The fields that say who a lead is, of somebody new; company and domain stay as common as they are. */
function newPerson(row: Row<'leads'>, id: string) {
  return {
    email: row.email === null ? null : `address ${id}`,
    email_domain: row.email_domain,
    email_local_digits: null,
    email_local_keys: row.email_local_keys === null ? null : [`address ${id}`],
    company_key: row.company_key,
    phone: row.phone === null ? null : `phone ${id}`,
    phone_last9: row.phone_last9 === null ? null : `phone ${id}`,
  };
}

/** SQLs of a quiet unit, made of its leads where those are known, with what sales makes of them. */
export function simulateSqls(
  unit: string,
  profile: SqlProfile,
  leads: readonly SimulatedLead[],
  days: Calendar,
  random: Random,
): Row<'sqls'>[] {
  const acceptShare = byMonth(profile.accepted, days, random);
  const rows: Row<'sqls'>[] = [];
  const deliver = (lead: string, seconds: number, isDate: boolean) => {
    const index = Math.floor(seconds / day);
    // Nothing is handed over after the last day simulated.
    if (index >= days.length) return;
    const isAccepted = random() < acceptShare(index);
    const wanted = (isAccepted ? profile.accepts : profile.refuses)[days.weekday(index)]!;
    const other = (isAccepted ? profile.refuses : profile.accepts)[days.weekday(index)]!;
    const template = pick(wanted.length > 0 ? wanted : other, random);
    rows.push(sqlRow(`S${rows.length}`, lead, seconds, isDate, template, days, unit));
  };
  if (profile.perLead && leads.length > 0) {
    const madeShare = byMonth(profile.perLead.share, days, random);
    for (const lead of leads) {
      if (random() >= madeShare(lead.index)) continue;
      const delay = pick(profile.perLead.delays[days.weekday(lead.index)]!, random);
      const start = (lead.index + Math.max(0, delay.days)) * day;
      const at =
        start + (delay.second === null ? 0 : Math.floor(delay.second / hour) * hour + random() * hour);
      const isDate = delay.second === null;
      deliver(lead.row.lead_id, isDate ? start : Math.max(Math.floor(at), lead.seconds + 60), isDate);
    }
    return rows;
  }
  levels(profile.level, random).forEach((mean, i) => {
    for (let k = negativeBinomialDraw(mean, profile.level.dispersion, random); k > 0; k -= 1)
      deliver(`X${rows.length}`, i * day + Math.floor((8 + random() * 10) * hour), false);
  });
  return rows;
}

function sqlRow(
  id: string,
  lead: string,
  seconds: number,
  isDate: boolean,
  { row, entered, qualified, contacted, decided }: SqlTemplate,
  days: Calendar,
  unit: string,
): Row<'sqls'> {
  return {
    sql_id: id,
    lead_id: lead,
    delivered_at: days.time(seconds, isDate),
    disposition: row.disposition,
    record_entered_at: later(days, seconds, entered),
    qualified_at: later(days, seconds, qualified),
    qualified_by: row.qualified_by,
    delivered_by: row.delivered_by,
    origin: row.origin,
    reason: row.reason,
    decided_at: later(days, seconds, decided),
    decided_by: row.decided_by,
    first_contact_at: later(days, seconds, contacted),
    attempts: row.attempts,
    revisit_at: null,
    criteria_version: row.criteria_version,
    unit,
    key_version: row.key_version,
  };
}

/** Deals of a quiet unit, each like one of its own. */
export function simulateDeals(
  unit: string,
  profile: DealProfile,
  days: Calendar,
  random: Random,
): Row<'deals'>[] {
  const rows: Row<'deals'>[] = [];
  levels(profile.level, random).forEach((mean, i) => {
    for (let k = negativeBinomialDraw(mean, profile.level.dispersion, random); k > 0; k -= 1) {
      const { row, won, lost } = pick(profile.templates, random);
      const seconds = i * day + Math.floor((8 + random() * 10) * hour);
      rows.push({
        ...row,
        deal_id: `D${rows.length}`,
        created_at: days.time(seconds, row.created_at.length <= 10),
        won_at: later(days, seconds, won),
        lost_at: later(days, seconds, lost),
        sql_id: null,
        contact_email: null,
        unit,
      });
    }
  });
  return rows;
}
