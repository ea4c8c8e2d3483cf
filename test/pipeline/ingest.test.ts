import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Fault, LoopbackCall } from '../../lib/local/loopback.ts';
import { ingest } from '../../lib/pipeline/ingest.ts';
import { loadUnit } from '../../lib/pipeline/load-unit.ts';
import { plan } from '../../lib/pipeline/plan.ts';
import { type Delivery, getJson } from '../../lib/pipeline/run-objects.ts';
import { csvOf, madeCompany } from '../local/made-company.ts';
import { pipelineWorld } from './world.ts';

const { traffic, leads } = madeCompany();
const july = traffic.filter((t) => String(t.date) >= '2025-07-01');
const changed = july.map((t) => (t.date === '2025-07-03' ? { ...t, unique_visitors: 7 } : t));

/** A world with the traffic of July taken in, and its lease given up. */
async function julyTaken(hooks = {}) {
  const world = await pipelineWorld(undefined, hooks);
  await world.drop('web', { 'traffic.csv': csvOf(july) });
  const { token, outcomes } = await world.takeIn();
  await world.ports.runs.releaseLease(token);
  world.clock.now = '2025-08-21T06:00:00.000Z';
  return { ...world, first: outcomes[0]! };
}

describe('ingest', () => {
  it('changes nothing when the same rows come again in another file', async () => {
    const { drop, takeIn, ports, first } = await julyTaken();
    const before = await loadUnit('all', ports);
    await drop('web', { 'again.csv': csvOf([...july].reverse(), ';') });
    const { outcomes } = await takeIn();
    expect([first.status, first.files[0]!.rows]).toEqual(['ingested', 62]);
    expect(outcomes[0]).toMatchObject({ status: 'ingested', changed: 0, restatements: 0 });
    expect(await loadUnit('all', ports)).toEqual(before);
  });

  it('ends in the same state when it is broken off before it notes the files, and notes a change once', async () => {
    let isBroken = false;
    const fault = ({ service, action, resources }: LoopbackCall): Fault | undefined =>
      isBroken && service === 'dynamodb' && action === 'PutItem' && resources[0] === 'runs'
        ? { status: 400, code: 'ValidationException' }
        : undefined;
    const { ports, clock, drop } = await julyTaken({ fault });
    await drop('web', { 'traffic.csv': csvOf(changed) });
    const planned = await plan({ kind: 'daily', scheduledAt: clock.now }, ports);
    const [delivery] = (await getJson<Delivery[]>(ports.data, planned.deliveriesKey))!;
    const job = { runId: planned.runId, token: planned.token, delivery: delivery! };
    isBroken = true;
    await expect(ingest(job, ports)).rejects.toThrow();
    const broken = await loadUnit('all', ports);
    isBroken = false;
    await ingest(job, ports);
    const whole = await loadUnit('all', ports);
    expect(whole).toEqual(broken);
    const noted = whole.data.restatements.map((r) => [r.date, r.series, r.metric, r.new]);
    expect(noted.sort()).toEqual([
      ['2025-07-03', '["channel","email","medium","email","source","newsletter"]', 'unique_visitors', 7],
      ['2025-07-03', '["channel","organic","medium","organic","source","google"]', 'unique_visitors', 7],
    ]);
  });

  it('leaves the counts as they were when a file is refused, takes in the others, and tries it again', async () => {
    const { ports, drop, takeIn, first } = await julyTaken();
    const before = await loadUnit('all', ports);
    const bad = csvOf(changed).replaceAll('2025-07-0', '2025-13-0');
    const june = traffic.filter((t) => String(t.date).startsWith('2025-06'));
    await drop('web', { 'bad.csv': bad, 'june.csv': csvOf(june) });
    const { outcomes, token } = await takeIn();
    await ports.runs.releaseLease(token);
    expect(outcomes[0]).toMatchObject({ status: 'partly_refused', quarantined: 18 });
    expect(outcomes[0]!.files.map((f) => [f.name, f.rows])).toEqual([['june.csv', 60]]);
    expect(outcomes[0]!.refused).toEqual([
      {
        name: 'bad.csv',
        message:
          'bad.csv: line 2, column date: 18 of 62 lines are bad; the first: no such date; expected at most 5 % bad lines; an existing date YYYY-MM-DD',
      },
    ]);
    const ofJuly = (loaded: typeof before) => loaded.inputs.filter((i) => i.month === '2025-07');
    const after = await loadUnit('all', ports);
    expect(ofJuly(after)).toEqual(ofJuly(before));
    expect(after.data.restatements).toEqual([]);
    expect(first.refused).toEqual([]);
    const again = await takeIn();
    expect(again.outcomes[0]).toMatchObject({ status: 'refused', files: [], changed: 0 });
  });

  it('sets both rows aside where two files of one delivery disagree', async () => {
    const { drop, takeIn } = await julyTaken();
    const others = traffic.filter((t) => String(t.date).startsWith('2025-06'));
    const one = { ...july[0]!, unique_visitors: 1, sessions: 1, engaged_sessions: 1 };
    await drop('web', { 'a.csv': csvOf([july[0]!, ...others]), 'b.csv': csvOf([one, ...others]) });
    const { outcomes, runId } = await takeIn();
    expect(outcomes[0]).toMatchObject({ status: 'ingested', quarantined: 2 });
    expect(runId).toBe('daily-20250821T060000000Z');
  });

  it('keeps no address, phone or name of a person, neither in records nor in quarantine', async () => {
    const { ports, drop, takeIn } = await pipelineWorld();
    const secret = 'anna.muster@firma.example';
    const rows = leads.slice(0, 60).map((l, i) => ({ ...l, email: i === 3 ? secret : l.email! }));
    const bad = { ...rows[5]!, created_at: '2025-02-30', email: secret };
    await drop('crm', { 'leads.csv': csvOf([...rows, bad]) });
    const { outcomes } = await takeIn();
    expect(outcomes[0]).toMatchObject({ status: 'ingested', quarantined: 1 });
    const kept = [];
    for (const key of [...(await ports.data.list('records/')), ...(await ports.data.list('quarantine/'))]) {
      const bytes = (await ports.data.get(key))!;
      kept.push((key.endsWith('.gz') ? gunzipSync(bytes) : Buffer.from(bytes)).toString());
    }
    expect(kept.join('')).toContain('"lead_id":"L-10003"');
    expect(kept.join('')).not.toMatch(/@|anna|muster/i);
  });

  it('refuses a delivery of a source the configuration does not have, and one without the lease', async () => {
    const { ports } = await pipelineWorld();
    const { runId, token } = await plan({ kind: 'daily', scheduledAt: '2025-08-20T06:00:00Z' }, ports);
    const delivery = { source: 'other', dataset: 'traffic', arrivedOn: '2025-08-20', files: [] };
    await expect(ingest({ runId, token, delivery }, ports)).rejects.toThrow(
      'the configuration has no source other of traffic',
    );
    await expect(ingest({ runId, token: token + 1, delivery }, ports)).rejects.toThrow('lease');
  });
});
