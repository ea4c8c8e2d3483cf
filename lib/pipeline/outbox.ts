import type { Day } from '../model/day.ts';
import type { Alert } from '../reports/alert.ts';
import { type Digest, digestOf, mostAlertsAlone } from '../reports/alert-digest.ts';
import type { Ports } from './ports.ts';
import { snoozesChain, snoozesOn } from './snooze.ts';

type OutboxPorts = Pick<Ports, 'config' | 'flags' | 'ledger' | 'publish' | 'emit' | 'now'>;

/**
 * Sends what waits in the outbox, at least once and always under the same id.
 *
 * What is snoozed waits on. Of several alerts about one flag only the newest goes out. More than ten alerts go out as a
 * digest: it is put into the outbox first, then its members are marked as sent within it, then it is sent, so that a
 * repeat of a broken-off step sends the same digest. Machines get an event for every alert, digest or not.
 *
 * @returns how many alerts were told, those within a digest included.
 */
export async function sendWaiting(asOf: Day, ports: OutboxPorts): Promise<number> {
  const { alerts, digests } = await waiting(ports);
  const inDigest = new Set(digests.flatMap(({ members }) => members));
  const snoozes = snoozesOn(asOf, await ports.ledger.read(snoozesChain));
  const awake = alerts
    .filter(({ id, about }) => inDigest.has(id) || !snoozes.has(about))
    .sort((a, b) => (a.about === b.about ? a.sequence - b.sequence : a.about < b.about ? -1 : 1));
  const newest = awake.filter((alert, i) => {
    const next = awake[i + 1];
    return alert.json.kind !== 'flag' || next?.about !== alert.about || inDigest.has(alert.id);
  });
  for (const alert of awake)
    if (!newest.includes(alert))
      await mark(alert, asOf, newest.findLast(({ about }) => about === alert.about)!.id, ports);

  // One about the pipeline itself never waits behind a list of numbers.
  const listed = newest.filter((alert) => !inDigest.has(alert.id) && alert.topics.includes('operations'));
  if (listed.length > mostAlertsAlone) {
    const digest = digestOf(listed, ports.config.organisation, asOf);
    await ports.flags.putAlert({ id: digest.id, document: digest });
    digests.push(digest);
  }
  for (const digest of digests) await sendDigest(digest, newest, asOf, ports);

  const told = new Set(digests.flatMap(({ members }) => members));
  for (const alert of newest)
    if (!told.has(alert.id)) {
      await tell(alert, ports);
      await mark(alert, asOf, null, ports);
    }
  return newest.length;
}

/** Publishes an alert to its readers and tells machines of it. */
export async function tell(alert: Alert, ports: Pick<Ports, 'publish' | 'emit'>): Promise<void> {
  for (const topic of alert.topics) await ports.publish(topic, alert);
  await ports.emit(alert);
}

async function sendDigest(
  digest: Digest,
  alerts: readonly Alert[],
  asOf: Day,
  ports: OutboxPorts,
): Promise<void> {
  for (const alert of alerts)
    if (digest.members.includes(alert.id)) {
      await ports.emit(alert);
      await mark(alert, asOf, digest.id, ports);
    }
  for (const message of digest.messages)
    for (const topic of message.topics) await ports.publish(topic, message);
  await ports.flags.markSent({
    id: digest.id,
    at: ports.now().toISOString(),
    asOf,
    subject: digest.messages[0]?.subject ?? '',
    topics: [...new Set(digest.messages.flatMap(({ topics }) => topics))],
    within: null,
  });
}

async function waiting({ flags }: Pick<Ports, 'flags'>): Promise<{ alerts: Alert[]; digests: Digest[] }> {
  const alerts: Alert[] = [];
  const digests: Digest[] = [];
  for (const { document } of await flags.pendingAlerts()) {
    const held = document as Alert | Digest;
    if ('messages' in held) digests.push(held);
    else alerts.push(held);
  }
  return { alerts, digests };
}

async function mark(
  { id, subject, topics }: Alert,
  asOf: Day,
  within: string | null,
  { flags, now }: Pick<Ports, 'flags' | 'now'>,
): Promise<void> {
  await flags.markSent({ id, at: now().toISOString(), asOf, subject, topics, within });
}
