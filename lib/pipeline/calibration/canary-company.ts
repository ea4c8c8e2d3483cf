import type { Row } from '../../model/datasets.ts';
import { type Day, dayNumber, weekday } from '../../model/day.ts';
import type { DailyLevel, LeadTemplate, SourceProfile, SqlTemplate, UnitProfile } from './unit-profile.ts';

const firstDay = '2024-01-01';
const week = [1.15, 1.17, 1.16, 1.14, 1.05, 0.7, 0.63];
const still = { persistence: 0, deviation: 0 };
const hours = [8, 9, 10, 11, 12, 13, 14, 15, 16, 17];

/** A small company where nothing happens, written by hand: 5,100 visitors, 310 leads and 100 SQLs a month. */
export function quietProfile(until: Day): UnitProfile {
  const days = dayNumber(until) - dayNumber(firstDay) + 1;
  const level = (mean: number, dispersion: number): DailyLevel => ({
    means: Array.from({ length: days }, (_, i) => mean * week[weekday(dayNumber(firstDay) + i) - 1]!),
    dispersion,
    shocks: { persistence: 0.7, deviation: 0.05 },
  });
  const leads: LeadTemplate[] = hours.map((hour) => ({
    row: leadAt(hour),
    entered: { seconds: 60, isDate: false },
  }));
  const sqls = (disposition: 'accepted' | 'rejected'): SqlTemplate[] =>
    [1, 2, 3].map((daysAfter) => ({
      row: sqlOf(disposition),
      entered: { seconds: 60, isDate: false },
      qualified: null,
      contacted: { seconds: daysAfter * 86_400 - 3600, isDate: false },
      decided: { seconds: daysAfter * 86_400, isDate: false },
    }));
  const everyDay = <T>(list: T): T[] => new Array<T>(7).fill(list);
  return {
    unit: 'canary',
    firstDay,
    days,
    visits: {
      level: level(168, 2),
      hasEngagement: true,
      sources: [
        source('google', 'organic', 'organic', 0.55, 0.62),
        source('(direct)', '(none)', 'direct', 0.25, 0.55),
        source('newsletter', 'email', 'email', 0.2, 0.68),
      ],
    },
    counts: [],
    leads: {
      level: level(10.2, 1.2),
      followsVisits: true,
      templates: everyDay(leads),
      repeatShare: 0.005,
    },
    sqls: {
      perLead: {
        share: { share: 0.33, rho: 0.002 },
        delays: everyDay([1, 2, 3, 4].map((n) => ({ days: n, second: 10 * 3600 }))),
      },
      level: level(3.3, 1),
      accepted: { share: 0.8, rho: 0.002 },
      accepts: everyDay(sqls('accepted')),
      refuses: everyDay(sqls('rejected')),
    },
    deals: null,
  };
}

function source(
  name: string,
  medium: string,
  channel: string,
  share: number,
  engaged: number,
): SourceProfile {
  return {
    source: name,
    medium,
    channel,
    weekdayShares: new Array<number>(7).fill(share),
    dispersion: 1.5,
    shocks: still,
    sessionsPerVisitor: 1.2,
    engaged: { share: engaged, rho: 0 },
  };
}

function leadAt(hour: number): Row<'leads'> {
  return {
    lead_id: '',
    created_at: `${firstDay}T${String(hour).padStart(2, '0')}:00:00`,
    record_entered_at: null,
    source: 'google',
    medium: 'organic',
    channel: 'organic',
    origin: 'marketing',
    form: 'contact',
    email: 'made',
    email_domain: `domain ${hour}`,
    email_local_digits: null,
    email_local_keys: ['made'],
    email_sign: 'ok',
    company_key: `company ${hour}`,
    phone: null,
    phone_last9: null,
    phone_sign: null,
    total_visits: 3,
    time_on_site_sec: 120,
    unit: 'canary',
    key_version: 'canary',
  };
}

function sqlOf(disposition: 'accepted' | 'rejected'): Row<'sqls'> {
  return {
    sql_id: '',
    lead_id: '',
    delivered_at: firstDay,
    disposition,
    record_entered_at: null,
    qualified_at: null,
    qualified_by: null,
    delivered_by: 'marketing',
    origin: 'marketing',
    reason: disposition === 'rejected' ? 'not_icp' : null,
    decided_at: null,
    decided_by: 'sales',
    first_contact_at: null,
    attempts: 1,
    revisit_at: null,
    criteria_version: null,
    unit: 'canary',
    key_version: 'canary',
  };
}
