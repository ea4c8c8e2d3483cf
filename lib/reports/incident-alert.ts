import type { Incident } from '../model/incident.ts';
import type { Alert } from './alert.ts';
import { dayText } from './date-text.ts';
import { causesText, daysText, metricNames } from './incident-text.ts';
import { chanceText, numberText, rangeText, shareText } from './number-text.ts';
import { asciiLine, plainText } from './plain-text.ts';

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
  readonly deviation: { readonly units: number; readonly share: number | null };
  /** One sentence. */
  readonly cause: string;
  readonly next: string;
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
  const about = incidentAbout(incident);
  const id = `${about}@${event}`;
  const innocent = check.innocent.slice(0, 3);
  const next = nextStep(incident, event);
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
    `Observed: ${numberText(observed)}${deviationText(incident)}`,
    `Worst ${level}: ${chanceText(p).replace('periods', `${level}s`)}`,
    ...(incident.provisional ? ['Provisional: these numbers may still move.'] : []),
    ...(event === 'closed' ? [endingText(incident)] : []),
    ...(causes ? [causes] : []),
    '',
    `Ordinary explanations: ${plainText(innocent.join('; '), 500)}`,
    `What would clear it: ${plainText(check.clears, 300)}`,
    '',
    `Next: ${next}`,
    'No pay is held and no verdict changes because of it.',
    'Report: reports/weekly/latest/report.html',
    `Incident: ${plainText(id, 300)}`,
    '',
  ];
  return {
    id,
    about,
    sequence: event === 'open' ? 0 : 1,
    topics: ['operations', 'chat'],
    plan: null,
    subject,
    long: long.join('\n'),
    short: plainText(
      `${plainText(organisation, 30)}: ${what}${event === 'closed' ? ` ${endingText(incident)}` : ''}`,
      160,
    ),
    next,
    keywords: [metricNames[metric], incident.direction, event],
    json: {
      schema: 'bonafide/alert/1',
      kind: 'incident',
      id,
      organisation,
      subject,
      event,
      deviation: {
        units: observed - expected,
        share: expected === 0 ? null : (observed - expected) / expected,
      },
      cause: incident.text,
      next,
      innocent,
      clears: check.clears,
      incident,
    },
  };
}

/** What the alerts about an incident have in common, and what `bonafide snooze` silences. */
export function incidentAbout({ unit, id }: Pick<Incident, 'unit' | 'id'>): string {
  return `incident@${unit}@${id}`;
}

/** What is to be done about an incident, one sentence. */
function nextStep({ direction, contributors }: Incident, event: IncidentEvent): string {
  if (event === 'closed')
    return 'nothing; note in the calendar what it was, so that nobody looks for it again.';
  const where = contributors
    ? `look at ${plainText(contributors.names.join(', '), 120)} first`
    : 'look at site, forms and tags';
  return direction === 'drop'
    ? `${where}; what was planned belongs in the calendar before it begins ("bonafide note").`
    : `${where}: do leads and engagement move with it? What was planned belongs in the calendar ("bonafide note").`;
}

/** @example deviationText(incident) // => ' (-255, -88 %)' */
function deviationText({ expected, observed }: Incident): string {
  if (expected === 0) return '';
  const sign = observed < expected ? '-' : '+';
  const off = Math.abs(observed - expected);
  return ` (${sign}${numberText(off)}, ${sign}${shareText(off / expected)})`;
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
