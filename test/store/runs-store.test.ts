import { describe, expect, it } from 'vitest';
import type { Fault } from '../../lib/local/loopback.ts';
import { dynamoRuns, LeaseLostError, type RunRecord } from '../../lib/store/runs-store.ts';
import { dynamoWorld } from '../local/servers.ts';

async function runs(fault?: () => Fault | undefined) {
  return dynamoRuns((await dynamoWorld({ fault })).client, 'runs');
}

const request = (holder: string, now = '2026-09-01T07:00:00Z') => ({
  holder,
  kind: 'daily' as const,
  scheduledAt: '2026-09-01T07:00:00Z',
  now,
  ttlSeconds: 3600,
});

describe('the lease', () => {
  it('goes to exactly one of 20 who want it at once', async () => {
    const store = await runs();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => store.acquireLease(request(`run-${i}`))),
    );
    const winners = answers.flatMap((answer) => (answer.acquired ? [answer.lease] : []));
    expect(winners).toHaveLength(1);
    for (const answer of answers) if (!answer.acquired) expect(answer.heldBy).toEqual(winners[0]);
  });

  it('is refused until it expires, and then passes on with a higher token', async () => {
    const store = await runs();
    const first = await store.acquireLease(request('a'));
    expect(first).toMatchObject({
      acquired: true,
      lease: { token: 1, expiresAt: '2026-09-01T08:00:00.000Z' },
    });
    expect((await store.acquireLease(request('b', '2026-09-01T07:59:59.999Z'))).acquired).toBe(false);
    await store.assertLease(1);
    expect(await store.acquireLease(request('b', '2026-09-01T08:00:00Z'))).toMatchObject({
      acquired: true,
      lease: { token: 2 },
    });
    await expect(store.assertLease(1)).rejects.toBeInstanceOf(LeaseLostError);
    await store.assertLease(2);
  });

  it('is free after its release, and no token comes twice', async () => {
    const store = await runs();
    await store.acquireLease(request('a'));
    await store.releaseLease(1);
    await expect(store.assertLease(1)).rejects.toBeInstanceOf(LeaseLostError);
    expect(await store.acquireLease(request('a'))).toMatchObject({ acquired: true, lease: { token: 2 } });
  });

  it('is not released by one who lost it', async () => {
    const store = await runs();
    await store.acquireLease(request('a'));
    await store.acquireLease(request('b', '2026-09-01T09:00:00Z'));
    await store.releaseLease(1);
    await store.assertLease(2);
  });

  it('is extended for its holder, who keeps the token', async () => {
    const store = await runs();
    await store.acquireLease(request('a'));
    expect(await store.acquireLease(request('a', '2026-09-01T07:30:00Z'))).toMatchObject({
      acquired: true,
      lease: { token: 1, expiresAt: '2026-09-01T08:30:00.000Z' },
    });
  });

  it('is held when only the answer was lost', async () => {
    // The first call reads, the second one writes.
    const faults: (Fault | undefined)[] = [undefined, 'drop-response'];
    const store = await runs(() => faults.shift());
    expect(await store.acquireLease(request('a'))).toMatchObject({ acquired: true, lease: { token: 1 } });
    await store.assertLease(1);
  });

  it('cannot be asserted before the first', async () => {
    const store = await runs();
    await expect(store.assertLease(1)).rejects.toBeInstanceOf(LeaseLostError);
  });
});

describe('runs', () => {
  const run = (day: string, more: Partial<RunRecord> = {}): RunRecord => ({
    kind: 'daily',
    scheduledAt: `${day}T07:00:00Z`,
    runId: `daily-${day}`,
    asOf: day,
    status: 'succeeded',
    startedAt: `${day}T07:00:05Z`,
    endedAt: null,
    evidence: null,
    message: null,
    ...more,
  });

  it('are one per kind and scheduled time, however often it fires', async () => {
    const store = await runs();
    await store.putRun(run('2026-09-01', { status: 'running' }));
    await store.putRun(run('2026-09-01'));
    expect(await store.getRun('daily', '2026-09-01T07:00:00Z')).toEqual(run('2026-09-01'));
    expect(await store.getRun('weekly', '2026-09-01T07:00:00Z')).toBeNull();
  });

  it('tell the latest one, the latest of a status, and the latest date that succeeded in any kind', async () => {
    const store = await runs();
    expect(await store.latestRun('daily')).toBeNull();
    expect(await store.lastSuccessfulDate()).toBeNull();
    await store.putRun(run('2026-09-02', { status: 'failed' }));
    await store.putRun(run('2026-09-01'));
    expect(await store.latestRun('daily')).toMatchObject({ asOf: '2026-09-02' });
    expect(await store.latestRun('daily', 'succeeded')).toMatchObject({ asOf: '2026-09-01' });
    expect(await store.lastSuccessfulDate()).toBe('2026-09-01');
    await store.putRun(run('2026-09-03', { kind: 'weekly' }));
    expect(await store.lastSuccessfulDate()).toBe('2026-09-03');
  });
});

describe('deliveries', () => {
  const delivery = (batch: string, landedOn: string) => ({
    source: 'web',
    dataset: 'traffic',
    batch,
    key: `landing/web/traffic/dt=${landedOn}/${batch}.csv`,
    landedOn,
    rows: 3,
  });

  it('make a batch known, for its source and dataset only', async () => {
    const store = await runs();
    expect(await store.isIngested('web', 'traffic', 'abc')).toBe(false);
    await store.recordDelivery(delivery('abc', '2026-09-01'));
    await store.recordDelivery(delivery('abc', '2026-09-01'));
    expect(await store.isIngested('web', 'traffic', 'abc')).toBe(true);
    expect(await store.isIngested('web', 'leads', 'abc')).toBe(false);
    expect(await store.isIngested('web#traffic', '', 'abc')).toBe(false);
  });

  it('tell the latest date one landed on, in whatever order they come', async () => {
    const store = await runs();
    expect(await store.lastLandedDate('web', 'traffic')).toBeNull();
    for (const [batch, day] of [
      ['a', '2026-09-02'],
      ['b', '2026-09-01'],
    ] as const)
      await store.recordDelivery(delivery(batch, day));
    expect(await store.lastLandedDate('web', 'traffic')).toBe('2026-09-02');
  });
});
