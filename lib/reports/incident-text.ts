import { addDays } from '../model/day.ts';
import type { Incident, IncidentMetric } from '../model/incident.ts';
import { dayText } from './date-text.ts';
import { kpiNames } from './kpi-text.ts';
import { shareText } from './number-text.ts';
import { plainText } from './plain-text.ts';

/** Names of watched metrics that readers see. */
export const metricNames: Readonly<Record<IncidentMetric, string>> = {
  visitors: kpiNames.visitors,
  leads: kpiNames.leads,
  sqls_delivered: kpiNames.sqls_delivered,
  leads_per_visit: 'Leads per visit',
};

/** Its days, in few letters. @example daysText(incident, '2026-09-20') // => '3 Aug to 5 Aug' */
export function daysText({ from, to }: Incident, asOf: string): string {
  const last = addDays(to, -1);
  return from === last ? dayText(from, asOf) : `${dayText(from, asOf)} to ${dayText(last, asOf)}`;
}

/** Where an incident stands, in a few words. @example standingText(incident) // => 'open, provisional' */
export function standingText({ state, ending, provisional, explainedBy }: Incident): string {
  const endings = { ordinary: 'over', new_level: 'taken as the new level', withdrawn: 'withdrawn' };
  const where = state === 'open' ? 'open' : endings[ending ?? 'ordinary'];
  return [where, ...(provisional ? ['provisional'] : []), ...(explainedBy ? ['explained'] : [])].join(', ');
}

/** What carries an incident, and what explains it; empty when nothing is known. */
export function causesText({ contributors, explainedBy }: Incident, asOf: string): string {
  const parts: string[] = [];
  if (contributors)
    parts.push(
      `Mostly ${contributors.by} ${contributors.names.map((name) => plainText(name, 60)).join(', ')} (${shareText(Math.min(1, contributors.share))} of it).`,
    );
  if (explainedBy)
    parts.push(
      `Explained by ${explainedBy.kind.replaceAll('_', ' ')} from ${dayText(explainedBy.from, asOf)} to ${dayText(explainedBy.to, asOf)}, declared on ${dayText(explainedBy.declaredOn, asOf)}.`,
    );
  return parts.join(' ');
}
