import { describe, expect, it } from 'vitest';
import { fail } from '../../lib/pipeline/fail.ts';
import { plan } from '../../lib/pipeline/plan.ts';
import { pipelineWorld } from './world.ts';

const scheduledAt = '2025-08-20T06:00:00.000Z';
const job = { kind: 'daily' as const, scheduledAt };

describe('fail', () => {
  it('records the run as failed, tells operations why, and gives up the lease, so that the next one can start', async () => {
    const { ports, published } = await pipelineWorld();
    const { runId, token } = await plan({ ...job, execution: 'one' }, ports);
    const error = { Error: 'VersionConflictError', Cause: 'version 2 was written by another run' };
    expect(await fail({ ...job, token, error }, ports)).toEqual({ runId });
    expect(await ports.runs.getRun('daily', scheduledAt)).toMatchObject({
      status: 'failed',
      endedAt: scheduledAt,
      message: 'VersionConflictError: version 2 was written by another run',
    });
    expect(published.map((p) => [p.topic, p.alert.id])).toEqual([['failures', `run@${runId}@failure`]]);
    expect(published[0]!.alert.long).toContain('version 2 was written by another run');
    const next = await plan({ kind: 'weekly', scheduledAt, execution: 'two' }, ports);
    expect(next.token).toBeGreaterThan(token);
  });

  it('leaves the lease of another run alone', async () => {
    const { ports, published } = await pipelineWorld();
    const { token } = await plan({ ...job, execution: 'one' }, ports);
    const other = { kind: 'weekly' as const, scheduledAt: '2025-08-20T06:30:00.000Z' };
    await fail({ ...other, error: { Error: 'LeaseHeldError', Cause: 'run one is at work' } }, ports);
    await fail({ ...other, token: token - 1 }, ports);
    await ports.runs.assertLease(token);
    expect(await ports.runs.getRun('daily', scheduledAt)).toMatchObject({ status: 'running' });
    expect(published.map((p) => p.alert.id)).toEqual(
      Array.from({ length: 2 }, () => 'run@weekly-20250820T063000000Z@failure'),
    );
  });

  it('does not call a run failed for which a second execution waited in vain', async () => {
    const { ports, published } = await pipelineWorld();
    await plan({ ...job, execution: 'one' }, ports);
    await fail({ ...job, error: { Error: 'LeaseHeldError', Cause: 'run one is at work' } }, ports);
    expect(await ports.runs.getRun('daily', scheduledAt)).toMatchObject({ status: 'running' });
    expect(published).toHaveLength(1);
  });

  it('tells what a function said, not the JSON it came in', async () => {
    const { ports } = await pipelineWorld();
    await plan({ ...job, execution: 'one' }, ports);
    const Cause = JSON.stringify({ errorType: 'RangeError', errorMessage: 'no such unit', trace: ['at'] });
    await fail({ ...job, error: { Error: 'RangeError', Cause } }, ports);
    expect(await ports.runs.getRun('daily', scheduledAt)).toMatchObject({
      message: 'RangeError: no such unit',
    });
  });

  it('says so of a run whose error is not known', async () => {
    const { ports, published } = await pipelineWorld();
    await fail(job, ports);
    expect(published[0]!.alert.long).toContain('the run broke off');
  });
});
