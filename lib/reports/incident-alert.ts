import type { Incident } from '../model/incident.ts';
import { type Alert, asciiLine } from './alert.ts';
import { dayText } from './date-text.ts';
import { causesText, daysText, metricNames } from './incident-text.ts';
import { chanceText, numberText, rangeText } from './number-text.ts';
import { plainText } from './plain-text.ts';

/** What an alert about an incident tells: that it opened, or that it is over. */
export type IncidentEvent = 'open' | 'closed';

/** What else an alert about an incident says. */
export interface IncidentAlertContext {
  readonly organisation: string;
  /** Wording of the check that judged it. */
  readonly check: { readonly innocent: readonly string[]; readonly clears: string };
}

/** The machine's rendering of an alert about an incident. */
export interface IncidentAlertDocument {
  readonly schema: 'bonafide/alert/1';
  readonly kind: 'incident';
  readonly id: string;
  readonly organisation: string;
  readonly subject: string;
  readonly event: IncidentEvent;
  readonly innocent: readonly string[];
  readonly clears: string;
  readonly incident: Incident;
}

const endings = { ordinary: 'OVER', new_level: 'NEW LEVEL', withdrawn: 'WITHDRAWN' } as const;

/**
 * One alert about an incident, for operations. Its id is the same for every telling of the same event, so an incident
 * alerts twice at most.
 * @example incidentAlert(incident, 'open', context).id // => 'incident@all@visitors.drop.2026-08-03@open'
 */
export function incidentAlert(
  incident: Incident,
  event: IncidentEvent,
  { organisation, check }: IncidentAlertContext,
): Alert {
  const id = `incident@${incident.unit}@${incident.id}@${event}`;
  const subject = subjectOf(incident, event);
  const { metric, unit, expected, observed, range, level, p } = incident;
  const causes = causesText(incident, incident.asOf);
  const what = `${metricNames[metric]} ${incident.direction} ${daysText(incident, incident.asOf)}: ${numberText(observed)}, expected ${numberText(expected)}.`;
  const long = [
    subject,
    '',
    plainText(incident.text, 500),
    `${plainText(organisation, 120)}${unit === 'all' ? '' : `, ${plainText(unit, 64)}`}.`,
    '',
    `Expected: ${numberText(expected)} (ordinary range ${rangeText(range, '-')})`,
    `Observed: ${numberText(observed)}`,
    `Worst ${level}: ${chanceText(p).replace('periods', `${level}s`)}`,
    ...(incident.provisional ? ['Provisional: these numbers may still move.'] : []),
    ...(event === 'closed' ? [endingText(incident)] : []),
    ...(causes ? [causes] : []),
    '',
    `Ordinary explanations: ${plainText(check.innocent.join('; '), 500)}`,
    `What would clear it: ${plainText(check.clears, 300)}`,
    '',
    'No pay is held and no verdict changes because of it.',
    `Incident: ${id}`,
    '',
  ];
  return {
    id,
    topics: ['operations'],
    plan: null,
    subject,
    long: long.join('\n'),
    short: plainText(
      `${plainText(organisation, 30)}: ${what}${event === 'closed' ? ` ${endingText(incident)}` : ''}`,
      160,
    ),
    json: {
      schema: 'bonafide/alert/1',
      kind: 'incident',
      id,
      organisation,
      subject,
      event,
      innocent: check.innocent,
      clears: check.clears,
      incident,
    },
  };
}

/** @example '[DROP] Visitors since 2026-08-03: 12, expected 95, ordinary 60-135' */
function subjectOf(incident: Incident, event: IncidentEvent): string {
  const { direction, ending, provisional, metric, unit, observed, expected, range } = incident;
  const tags = [
    direction.toUpperCase(),
    ...(event === 'closed' ? [endings[ending ?? 'ordinary']] : []),
    ...(provisional ? ['PROVISIONAL'] : []),
  ];
  const name = `${metricNames[metric]}${unit === 'all' ? '' : ` ${unit}`}`;
  const when = event === 'open' ? `since ${incident.from}` : daysText(incident, '');
  return asciiLine(
    `[${tags.join(', ')}] ${name} ${when}: ${numberText(observed)}, expected ${numberText(expected)}, ordinary ${rangeText(range, '-')}`,
    100,
  );
}

function endingText({ ending, asOf }: Incident): string {
  if (ending === 'new_level')
    return 'It has lasted so long that its level is taken as the new one; later days are held against it.';
  if (ending === 'withdrawn')
    return `Withdrawn on ${dayText(asOf, '')}: the numbers have changed and are ordinary.`;
  return 'It is over: the metric is back in its ordinary range.';
}
