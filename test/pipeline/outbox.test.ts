import { describe, expect, it } from 'vitest';
import type { Fault, LoopbackCall } from '../../lib/local/loopback.ts';
import { sendWaiting } from '../../lib/pipeline/outbox.ts';
import { recordSnooze, snoozesChain } from '../../lib/pipeline/snooze.ts';
import type { Alert } from '../../lib/reports/alert.ts';
import { flagAlert } from '../../lib/reports/flag-alert.ts';
import { incidentAlert } from '../../lib/reports/incident-alert.ts';
import { anIncident, anSqlFlag, aReport } from '../reports/sample.ts';
import { pipelineWorld } from './world.ts';

const { checks } = aReport();
const flag = (plan: string, sequence = 1, held = 55555) =>
  flagAlert(anSqlFlag({ plan, money: { ...anSqlFlag().money, held } }), {
    organisation: 'Acme',
    previous: null,
    sequence,
    checks,
    earlier: [],
  });
const drop = checks.find((c) => c.id === 'metric-drop') ?? { innocent: ['an outage'], clears: 'the numbers' };
const incident = (event: 'open' | 'closed', from = '2026-08-03') =>
  incidentAlert(anIncident({ from }), event, { organisation: 'Acme', check: drop });
const asOf = '2026-09-01';
const at = '2026-09-01T06:00:00.000Z';

/** A world whose outbox holds some alerts. */
async function holding(alerts: readonly Alert[], fault?: (call: LoopbackCall) => Fault | undefined) {
  const world = await pipelineWorld(undefined, { fault });
  const put = async (...more: readonly Alert[]) => {
    for (const alert of more) await world.ports.flags.putAlert({ id: alert.id, document: alert });
  };
  await put(...alerts);
  const to = (topic: string) => world.published.filter((p) => p.topic === topic).map((p) => p.alert.id);
  return { ...world, put, to };
}

describe('the outbox', () => {
  it('sends the opening of an incident before its end', async () => {
    const { ports, to } = await holding([incident('closed'), incident('open')]);
    expect(await sendWaiting(asOf, ports)).toBe(2);
    expect(to('operations')).toEqual([incident('open').id, incident('closed').id]);
  });

  it('sends of several changes of one flag the newest, and marks the others as told within it', async () => {
    const { ports, to } = await holding([flag('a', 10, 1), flag('a', 9, 2), flag('b')]);
    expect(await sendWaiting(asOf, ports)).toBe(2);
    expect(to('finance')).toEqual([flag('a', 10, 1).id, flag('b').id]);
    const sent = await ports.flags.sentAlerts();
    expect(sent.find(({ id }) => id === flag('a', 9, 2).id)?.within).toBe(flag('a', 10, 1).id);
    expect(await ports.flags.pendingAlerts()).toEqual([]);
  });
});

describe('a snooze', () => {
  const about = flag('a').about;
  const snooze = { about, until: '2026-09-08', reason: 'known, being corrected', by: 'Ada' };

  it('keeps alerts back up to its date, stands in the ledger, and lets the newest out then', async () => {
    const { ports, put, to } = await holding([flag('a', 1), flag('b')]);
    await recordSnooze(snooze, at, ports);
    await sendWaiting(asOf, ports);
    expect(to('finance')).toEqual([flag('b').id]);
    await put(flag('a', 2, 1));
    await sendWaiting('2026-09-07', ports);
    expect(to('finance')).toEqual([flag('b').id]);
    await sendWaiting('2026-09-08', ports);
    expect(to('finance')).toEqual([flag('b').id, flag('a', 2, 1).id]);
    expect((await ports.ledger.read(snoozesChain)).map(({ kind, body }) => [kind, body])).toEqual([
      ['snooze', snooze],
    ]);
  });

  it('is ended, or prolonged, by the next one about the same', async () => {
    const { ports, to } = await holding([flag('a')]);
    await recordSnooze(snooze, at, ports);
    await recordSnooze({ ...snooze, until: asOf }, '2026-09-01T07:00:00.000Z', ports);
    await sendWaiting(asOf, ports);
    expect(to('finance')).toEqual([flag('a').id]);
  });

  it('needs a reason and a name', async () => {
    const { ports } = await holding([]);
    await expect(recordSnooze({ ...snooze, reason: ' ' }, at, ports)).rejects.toThrow(RangeError);
    await expect(recordSnooze({ ...snooze, by: '' }, at, ports)).rejects.toThrow(RangeError);
  });
});

describe('a digest', () => {
  const ten = Array.from({ length: 9 }, (_, i) => flag(`plan-${i}`)).concat(incident('open'));
  const eleven = [...ten, flag('plan-9')];

  it('is not made of ten alerts', async () => {
    const { ports, to } = await holding(ten);
    expect(await sendWaiting(asOf, ports)).toBe(10);
    expect(to('operations')).toHaveLength(10);
  });

  it('takes the place of eleven: one message a kind of reader, each alert marked as sent within it', async () => {
    const { ports, published, emitted, to } = await holding(eleven);
    expect(await sendWaiting(asOf, ports)).toBe(11);
    expect([to('finance'), to('operations'), to('chat')].map((ids) => ids.length)).toEqual([1, 1, 1]);
    expect(to('owner')).toHaveLength(10);
    const ofPlan = published.find((p) => p.topic === 'owner' && p.alert.plan === 'plan-3')!.alert;
    expect(ofPlan.long).toContain(flag('plan-3').subject);
    expect(JSON.stringify(ofPlan)).not.toContain('plan-4');
    expect(published.find((p) => p.topic === 'finance')!.alert.json).toMatchObject({
      kind: 'digest',
      alerts: Array.from({ length: 10 }, () => expect.anything()),
    });
    // Machines are told of each.
    expect(emitted.map(({ id }) => id).sort()).toEqual(eleven.map(({ id }) => id).sort());
    const sent = await ports.flags.sentAlerts();
    const digest = sent.find(({ within }) => within === null)!.id;
    expect(sent.filter(({ within }) => within === digest)).toHaveLength(11);
    expect(await ports.flags.pendingAlerts()).toEqual([]);
    expect(await sendWaiting(asOf, ports)).toBe(0);
  });

  it('is sent again the same when it broke off between its members', async () => {
    let puts = Number.POSITIVE_INFINITY;
    const fault = ({ service, action }: LoopbackCall): Fault | undefined => {
      if (service !== 'dynamodb' || action !== 'PutItem') return undefined;
      puts -= 1;
      return puts < 0 ? { status: 400, code: 'ValidationException' } : undefined;
    };
    const { ports, to } = await holding(eleven, fault);
    puts = 4;
    await expect(sendWaiting(asOf, ports)).rejects.toThrow();
    puts = Number.POSITIVE_INFINITY;
    expect(to('operations')).toEqual([]);
    await sendWaiting(asOf, ports);
    const undisturbed = await holding(eleven);
    await sendWaiting(asOf, undisturbed.ports);
    expect(to('operations')).toEqual(undisturbed.to('operations'));
    expect(await ports.flags.pendingAlerts()).toEqual([]);
  });
});
