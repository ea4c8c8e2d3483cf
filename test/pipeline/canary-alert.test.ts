import { describe, expect, it } from 'vitest';
import type { CanaryNote } from '../../lib/model/report.ts';
import { alert } from '../../lib/pipeline/alert.ts';
import { flag } from '../../lib/pipeline/flag.ts';
import { plan } from '../../lib/pipeline/plan.ts';
import { getJson, putJson, runKeys } from '../../lib/pipeline/run-objects.ts';
import { anSqlFlag } from '../reports/sample.ts';
import { pipelineWorld } from './world.ts';

/** A planned run whose judgements are there. */
async function judged(kind: 'daily' | 'weekly') {
  const world = await pipelineWorld();
  const { runId, token } = await plan({ kind, scheduledAt: world.clock.now }, world.ports);
  await world.judgementOf(runId, { assessments: [anSqlFlag({ period: '2025-07' })] });
  const job = { runId, token, asOf: '2025-08-20' };
  await flag(job, world.ports);
  const key = runKeys.canaries(runId);
  return { ...world, job, key, notes: await getJson<CanaryNote[]>(world.ports.data, key) };
}

describe('the canaries of a run', () => {
  it('are judged in a weekly run and leave it healthy when all are caught', async () => {
    const { notes, job, ports } = await judged('weekly');
    expect(notes!.map((n) => n.isCaught)).toEqual([true, true, true, true]);
    expect(await alert(job, ports)).toMatchObject({ isHealthy: true, troubles: [] });
  });

  it('are not judged in a daily run', async () => {
    expect((await judged('daily')).notes).toBeNull();
  });

  it('make the run unhealthy and tell the failures topic when one gets through', async () => {
    const { notes, job, key, ports, published } = await judged('weekly');
    const missed = notes!.map((n) => (n.id === 'bought-visitors' ? { ...n, isCaught: false } : n));
    await putJson(ports.data, key, missed);
    const { isHealthy, troubles } = await alert(job, ports);
    expect(isHealthy).toBe(false);
    expect(troubles).toEqual([expect.stringContaining('canary bought-visitors was not caught')]);
    expect(published.find((p) => p.topic === 'failures')?.alert.long).toContain('bought-visitors');
  });
});
