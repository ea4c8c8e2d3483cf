import { createHash } from 'node:crypto';
import type { Day } from '../model/day.ts';
import type { Alert, AlertTopic } from './alert.ts';
import { asciiLine, plainText } from './plain-text.ts';

/** More alerts than this in one run go out as a digest. */
export const mostAlertsAlone = 10;

/** The machine's rendering of a digest. */
export interface DigestDocument {
  readonly schema: 'bonafide/alert/1';
  readonly kind: 'digest';
  readonly id: string;
  readonly organisation: string;
  readonly subject: string;
  readonly next: string;
  readonly alerts: readonly { readonly id: string; readonly subject: string }[];
}

/** Many alerts of one run as one message to each kind of reader. */
export interface Digest {
  readonly id: string;
  /** Ids of the alerts it holds. */
  readonly members: readonly string[];
  /** One message to each kind of reader, listing what that reader would have got. */
  readonly messages: readonly Alert[];
}

const mostLines = 100;

/**
 * Joins the alerts of a run: finance and operations get one message each, a plan's owner one with what is about that
 * plan alone. The same alerts give the same ids.
 *
 * @param alerts at least one, in the order they are listed.
 * @example digestOf(alerts, 'Acme', '2026-09-20').messages.map((m) => m.topics) // => [['finance'], ['operations', 'chat'], ['owner']]
 */
export function digestOf(alerts: readonly Alert[], organisation: string, asOf: Day): Digest {
  const members = alerts.map(({ id }) => id);
  const id = `digest@${asOf}@${hashOf(members)}`;
  const messages: Alert[] = [];
  const add = (name: string, topics: readonly AlertTopic[], plan: string | null, own: readonly Alert[]) => {
    if (own.length > 0) messages.push(messageOf(`${id}@${name}`, topics, plan, own, organisation, asOf));
  };
  const to = (topic: AlertTopic) => alerts.filter(({ topics }) => topics.includes(topic));
  add('finance', ['finance'], null, to('finance'));
  add('operations', ['operations', 'chat'], null, to('operations'));
  for (const plan of new Set(to('owner').map((alert) => alert.plan)))
    if (plan !== null)
      add(
        `owner-${plan}`,
        ['owner'],
        plan,
        to('owner').filter((alert) => alert.plan === plan),
      );
  return { id, members, messages };
}

function messageOf(
  id: string,
  topics: readonly AlertTopic[],
  plan: string | null,
  alerts: readonly Alert[],
  organisation: string,
  asOf: Day,
): Alert {
  const subject = asciiLine(`[DIGEST] ${asOf}: ${alerts.length} alerts in one run`, 100);
  const next = 'see the weekly report for all of them, or "bonafide explain" for one.';
  const listed = alerts.slice(0, mostLines);
  const left = alerts.length - listed.length;
  return {
    id,
    about: id,
    sequence: 0,
    topics,
    plan,
    subject,
    long: [
      subject,
      '',
      `${plainText(organisation, 120)}.`,
      '',
      ...listed.map((alert) => `- ${alert.subject}`),
      ...(left > 0 ? [`- and ${left} more`] : []),
      '',
      `Next: ${next}`,
      'Report: reports/weekly/latest/report.html',
      `Digest: ${id}`,
      '',
    ].join('\n'),
    short: plainText(
      `${plainText(organisation, 30)}: ${alerts.length} alerts in one run; first ${alerts[0]!.subject}`,
      160,
    ),
    next,
    keywords: ['digest'],
    json: {
      schema: 'bonafide/alert/1',
      kind: 'digest',
      id,
      organisation,
      subject,
      next,
      alerts: listed.map((alert) => ({ id: alert.id, subject: alert.subject })),
    },
  };
}

function hashOf(ids: readonly string[]): string {
  return createHash('sha256').update(ids.toSorted().join('\n')).digest('hex').slice(0, 12);
}
