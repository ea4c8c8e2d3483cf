import { isDeepStrictEqual } from 'node:util';
import { incidentChecks } from '../checks/incidents.ts';
import { addDays, type Day } from '../model/day.ts';
import type { Incident } from '../model/incident.ts';
import { type IncidentEvent, incidentAlert } from '../reports/incident-alert.ts';
import { incidentDays } from './judging/incidents.ts';
import type { Ports } from './ports.ts';

/**
 * Brings the stored incidents of a unit up to those found, first the alerts into the outbox, then the incident.
 *
 * An open one that is found no more, because its numbers changed or none came for weeks, is closed as withdrawn. A
 * run for a date before the one an incident was judged on leaves it alone. Repeated, it changes nothing.
 */
export async function putIncidents(
  unit: string,
  found: readonly Incident[],
  asOf: Day,
  ports: Pick<Ports, 'config' | 'flags'>,
): Promise<void> {
  const stored = (await ports.flags.listIncidents(unit)).map(incidentIn);
  const known = new Map(stored.map((incident) => [incident.id, incident]));
  const ids = new Set(found.map(({ id }) => id));
  const withdrawn = stored
    .filter(({ state, id }) => state === 'open' && !ids.has(id))
    .map((incident): Incident => ({ ...incident, state: 'closed', ending: 'withdrawn', asOf }));
  for (const incident of [...found, ...withdrawn]) {
    const previous = known.get(incident.id) ?? null;
    if (previous && previous.asOf > asOf) continue;
    for (const event of eventsOf(incident, previous, asOf)) {
      const check = incidentChecks.find(({ id }) => id === incident.check)!;
      const alert = incidentAlert(incident, event, { organisation: ports.config.organisation, check });
      await ports.flags.putAlert({ id: alert.id, document: alert });
    }
    if (!isDeepStrictEqual(previous, JSON.parse(JSON.stringify(incident))))
      await ports.flags.putIncident({ unit, id: incident.id, document: incident });
  }
}

/** The incident kept in a record. */
export function incidentIn(record: { readonly document: unknown }): Incident {
  return record.document as Incident;
}

/** Whether a report on a date speaks of an incident: open by then, or over for no more than 35 days. */
export function isInView({ from, to, state }: Incident, asOf: Day): boolean {
  return from <= asOf && (state === 'open' || to > addDays(asOf, -incidentDays));
}

/** What has to be told of an incident: an explained one nothing, an old one only the end of what was told before. */
function eventsOf(incident: Incident, previous: Incident | null, asOf: Day): IncidentEvent[] {
  if (incident.explainedBy) return [];
  const isRecent = incident.from >= addDays(asOf, -incidentDays);
  const events: IncidentEvent[] = isRecent ? ['open'] : [];
  if (incident.state === 'closed' && (isRecent || previous?.state === 'open')) events.push('closed');
  return events;
}
