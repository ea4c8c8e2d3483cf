import { describe, expect, it } from 'vitest';
import type { Fault } from '../../lib/local/loopback.ts';
import { type AssessmentRecord, dynamoFlags } from '../../lib/store/flags-store.ts';
import { VersionConflictError } from '../../lib/store/table.ts';
import { dynamoWorld } from '../local/servers.ts';

const key = { plan: 'director', kpi: 'sqls_delivered', unit: 'all', period: '2026-08' };

const assessment: AssessmentRecord = {
  ...key,
  verdict: 'review',
  due: '2026-09-14',
  isOpen: true,
  ledgerSeq: 3,
  version: 1,
  told: { verdict: 'review', held: 55555 },
  document: { findings: [{ p: 1e-200, text: 'does not reconcile' }], score: null },
};

async function flags(fault?: () => Fault | undefined) {
  const world = await dynamoWorld({ fault });
  return { ...world, store: dynamoFlags(world.client, 'flags') };
}

describe('assessments', () => {
  it('come back as they were, p-values below 1e-130 too', async () => {
    const { store } = await flags();
    expect(await store.getAssessment(key)).toBeNull();
    await store.putAssessment(assessment);
    expect(await store.getAssessment(key)).toEqual(assessment);
  });

  it('follow version by version; a second writer of the same version conflicts loudly', async () => {
    const { store } = await flags();
    await store.putAssessment(assessment);
    const second = { ...assessment, version: 2, verdict: 'suspect' };
    await store.putAssessment(second);
    const loser = { ...assessment, version: 2, verdict: 'clear' };
    await expect(store.putAssessment(loser)).rejects.toBeInstanceOf(VersionConflictError);
    await expect(store.putAssessment({ ...loser, version: 4 })).rejects.toBeInstanceOf(VersionConflictError);
    await expect(store.putAssessment({ ...loser, version: 1 })).rejects.toBeInstanceOf(VersionConflictError);
    expect(await store.getAssessment(key)).toEqual(second);
  });

  it('have one winner of ten who write the first version', async () => {
    const { store } = await flags();
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, i) => store.putAssessment({ ...assessment, document: i })),
    );
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });

  it('are no conflict when the same is written again, as after a lost answer', async () => {
    const faults: (Fault | undefined)[] = ['drop-response'];
    const { store } = await flags(() => faults.shift());
    await store.putAssessment(assessment);
    await store.putAssessment(assessment);
    expect((await store.getAssessment(key))!.version).toBe(1);
  });

  it('are listed whole, page after page, in order', async () => {
    const { store } = await flags();
    // Does not compress: 1.5 MB of it need two pages.
    const noise = (seed: number) =>
      Array.from({ length: 20_000 }, (_, i) =>
        Math.sin(seed * 1e6 + i * 7.13)
          .toString(36)
          .slice(-6),
      ).join('');
    const periods = Array.from({ length: 18 }, (_, i) => `20${10 + i}-01`);
    for (const period of [...periods].reverse())
      await store.putAssessment({ ...assessment, period, document: noise(Number(period.slice(0, 4))) });
    expect((await store.listAssessments()).map((one) => one.period)).toEqual(periods);
  });

  it('refuse a document that does not fit, even packed', async () => {
    const { store } = await flags();
    const document = Array.from({ length: 100_000 }, (_, i) => Math.sin(i));
    await expect(store.putAssessment({ ...assessment, document })).rejects.toThrow(RangeError);
  });
});

describe('open flags', () => {
  it('are listed by due date until they are decided', async () => {
    const { store } = await flags();
    const others = [
      { ...assessment, kpi: 'leads', due: '2026-09-10' },
      { ...assessment, kpi: 'visitors', isOpen: false },
      { ...assessment, kpi: 'sessions', due: '2026-10-14' },
    ];
    for (const one of [assessment, ...others]) await store.putAssessment(one);
    const due = async () => (await store.listOpenFlags('2026-09-14')).map((one) => one.kpi);
    expect(await due()).toEqual(['leads', 'sqls_delivered']);
    expect((await store.listOpenFlags('2026-09-14'))[1]).toEqual({
      ...key,
      verdict: 'review',
      due: '2026-09-14',
      version: 1,
    });
    await store.putAssessment({ ...assessment, version: 2, isOpen: false });
    expect(await due()).toEqual(['leads']);
  });
});

describe('history', () => {
  it('is read in order; the same step again is none, another under its number conflicts', async () => {
    const { store } = await flags();
    const step = (seq: number) => ({ seq, at: '2026-09-03T07:00:00Z', kind: 'opened', document: { seq } });
    for (const seq of [10, 9, 100, 9]) await store.appendHistory(key, step(seq));
    expect(await store.readHistory(key)).toEqual([step(9), step(10), step(100)]);
    await expect(store.appendHistory(key, { ...step(9), kind: 'cleared' })).rejects.toBeInstanceOf(
      VersionConflictError,
    );
    await expect(store.appendHistory(key, step(0))).rejects.toThrow(RangeError);
  });
});

describe('incidents', () => {
  it('are kept by unit; the same incident is written over', async () => {
    const { store } = await flags();
    await store.putIncident({ unit: 'all', id: 'visitors#2026-08-03', document: { days: 1 } });
    await store.putIncident({ unit: 'all', id: 'visitors#2026-08-03', document: { days: 2 } });
    await store.putIncident({ unit: 'emea', id: 'visitors#2026-08-03', document: { days: 9 } });
    expect(await store.listIncidents('all')).toEqual([
      { unit: 'all', id: 'visitors#2026-08-03', document: { days: 2 } },
    ]);
  });
});

describe('the outbox', () => {
  const alert = (id: string) => ({ id, document: { subject: id } });
  const sent = (id: string, at = '2026-09-20T05:00:00.000Z') => ({
    id,
    at,
    asOf: '2026-09-20',
    subject: id,
    topics: ['operations'],
    within: null,
  });

  it('holds an alert until it is sent, and never again', async () => {
    const { store } = await flags();
    for (const id of ['b@1', 'a@1', 'a@1']) await store.putAlert(alert(id));
    expect(await store.pendingAlerts()).toEqual([alert('a@1'), alert('b@1')]);
    await store.markSent(sent('a@1'));
    await store.putAlert(alert('a@1'));
    expect(await store.pendingAlerts()).toEqual([alert('b@1')]);
  });

  it('does not hand out an alert again when marking it broke off half way', async () => {
    let isBroken = false;
    const { client } = await dynamoWorld({
      fault: ({ action }) =>
        isBroken && action === 'BatchWriteItem' ? { status: 400, code: 'AccessDeniedException' } : undefined,
    });
    const store = dynamoFlags(client, 'flags');
    await store.putAlert(alert('a@1'));
    isBroken = true;
    await expect(store.markSent(sent('a@1'))).rejects.toThrow();
    isBroken = false;
    expect(await store.pendingAlerts()).toEqual([]);
  });

  it('tells what was sent, oldest first, as it was marked the first time', async () => {
    const { store } = await flags();
    await store.markSent(sent('b@1', '2026-09-21T05:00:00.000Z'));
    await store.markSent(sent('c@1'));
    await store.markSent({ ...sent('b@1', '2026-09-22T05:00:00.000Z'), within: 'digest' });
    expect(await store.sentAlerts()).toEqual([sent('c@1'), sent('b@1', '2026-09-21T05:00:00.000Z')]);
  });
});
