import { describe, expect, it } from 'vitest';
import { verifyEvidence } from '../../lib/evidence/verify.ts';
import type { Fault, LoopbackCall } from '../../lib/local/loopback.ts';
import { alert } from '../../lib/pipeline/alert.ts';
import { runsChain } from '../../lib/pipeline/decisions.ts';
import { flag } from '../../lib/pipeline/flag.ts';
import type { EvidenceRun } from '../../lib/pipeline/manifest.ts';
import { plan } from '../../lib/pipeline/plan.ts';
import { putJson, runKeys } from '../../lib/pipeline/run-objects.ts';
import { configText, csvOf, madeCompany } from '../local/made-company.ts';
import { anAssessment, anSqlFlag } from '../reports/sample.ts';
import { pipelineWorld } from './world.ts';

const raised = anSqlFlag({ period: '2025-07' });
const later = '2025-08-21T06:00:00.000Z';

describe('alert', () => {
  it('sends what waits once, to finance, operations and the owner, and never again', async () => {
    const world = await pipelineWorld();
    const first = await world.flagged({ assessments: [raised] });
    expect(first.alert).toMatchObject({ sent: 1, isHealthy: true, troubles: [] });
    expect(world.published.map((p) => p.topic)).toEqual(['finance', 'operations', 'owner', 'chat']);
    expect(new Set(world.published.map((p) => p.alert.id)).size).toBe(1);
    expect(world.emitted).toHaveLength(1);
    world.clock.now = later;
    const second = await world.flagged({ assessments: [raised] });
    expect([second.flag.changed, second.alert.sent]).toEqual([0, 0]);
    expect(world.published).toHaveLength(4);
  });

  it('called again because its answer was lost, says the same and tells nobody twice', async () => {
    const world = await pipelineWorld();
    const { alert: first, planned } = await world.flagged({ assessments: [raised] });
    const again = await alert({ ...planned, asOf: '2025-08-20' }, world.ports);
    expect(again).toEqual({ ...first, sent: 0 });
    expect(world.published).toHaveLength(4);
    await plan({ kind: 'daily', scheduledAt: later, execution: 'next' }, world.ports);
    await expect(alert({ ...planned, asOf: '2025-08-20' }, world.ports)).rejects.toThrow('lease');
  });

  it('keeps the lease for a close that follows, and gives it up when none will', async () => {
    const world = await pipelineWorld();
    const run = async (scheduledAt: string, isJudged: boolean) => {
      const { runId, token } = await plan({ kind: 'monthly', scheduledAt }, world.ports);
      if (isJudged) await world.judgementOf(runId, { assessments: [raised] });
      const { isHealthy } = await alert({ runId, token, asOf: '2025-08-20', closeDue: true }, world.ports);
      const isHeld = await world.ports.runs.assertLease(token).then(
        () => true,
        () => false,
      );
      await world.ports.runs.releaseLease(token);
      return { isHealthy, isHeld };
    };
    expect(await run(world.clock.now, true)).toEqual({ isHealthy: true, isHeld: true });
    expect(await run(later, false)).toEqual({ isHealthy: false, isHeld: false });
  });

  it('sends again under the same id when the mark of having sent was lost', async () => {
    let isBroken = false;
    const fault = ({ service, action, resources }: LoopbackCall): Fault | undefined =>
      isBroken && service === 'dynamodb' && action === 'PutItem' && resources[0] === 'flags'
        ? { status: 400, code: 'ValidationException' }
        : undefined;
    const world = await pipelineWorld(undefined, { fault });
    const { runId, token } = await plan({ kind: 'daily', scheduledAt: world.clock.now }, world.ports);
    await world.judgementOf(runId, { assessments: [raised] });
    const job = { runId, token, asOf: '2025-08-20' };
    await flag(job, world.ports);
    isBroken = true;
    await expect(alert(job, world.ports)).rejects.toThrow();
    isBroken = false;
    expect(await alert(job, world.ports)).toMatchObject({ sent: 1 });
    expect(world.published).toHaveLength(8);
    expect(new Set(world.published.map((p) => p.alert.id)).size).toBe(1);
    expect(await world.ports.flags.pendingAlerts()).toEqual([]);
  });

  it('writes manifest and record of the run, lists them in the ledger, ends the run and gives up the lease', async () => {
    const world = await pipelineWorld();
    await world.drop('web', { 'traffic.csv': csvOf(madeCompany().traffic) });
    const { runId, token } = await world.takeIn();
    await world.judgementOf(runId, { assessments: [anAssessment({ period: '2025-07' })] });
    const job = { runId, token, asOf: '2025-08-20' };
    await flag(job, world.ports);
    const { manifest } = await alert(job, world.ports);
    const [entry] = await world.ports.ledger.read(runsChain);
    const record = (await world.ports.evidence.getJson(entry!.objects[0]!)) as EvidenceRun;
    expect(record).toMatchObject({ runId, kind: 'daily', asOf: '2025-08-20', manifest });
    expect(record.batches).toMatchObject([{ source: 'web', name: 'traffic.csv', landedOn: '2025-08-20' }]);
    expect(await world.ports.runs.getRun('daily', world.clock.now)).toMatchObject({
      status: 'succeeded',
      evidence: entry!.objects[0],
      message: null,
    });
    await expect(world.ports.runs.assertLease(token)).rejects.toThrow('lease');
    expect(await verifyEvidence(world.bucket)).toMatchObject({ broken: [], unlisted: [] });
  });

  it('records a file that landed on two days before it was taken in as one batch', async () => {
    const world = await pipelineWorld();
    const traffic = { 'traffic.csv': csvOf(madeCompany().traffic) };
    await world.drop('web', traffic);
    world.clock.now = later;
    await world.drop('web', traffic);
    const { runId, token, outcomes } = await world.takeIn();
    expect(outcomes[0]!.files).toHaveLength(2);
    const job = { runId, token, asOf: '2025-08-20' };
    await flag(job, world.ports);
    await alert(job, world.ports);
    const [entry] = await world.ports.ledger.read(runsChain);
    const record = (await world.ports.evidence.getJson(entry!.objects[0]!)) as EvidenceRun;
    expect(record.batches).toHaveLength(1);
  });

  it('gives the same manifest whenever it ran, and lists every record of a repeated step', async () => {
    const manifests = [];
    for (const start of ['2025-08-20T06:00:00.000Z', later]) {
      const world = await pipelineWorld();
      world.clock.now = start;
      const { alert: ended } = await world.flagged({ assessments: [raised] });
      manifests.push(ended.manifest);
    }
    expect(manifests[0]).toBe(manifests[1]);
  });

  it('tells operations once what was refused, not finished or not judged, and the run is unhealthy', async () => {
    const world = await pipelineWorld();
    await world.drop('web', { 'traffic.csv': 'date,source\n2025-07-01,google\n' });
    await world.drop('crm', { 'leads.csv': 'x' });
    const { runId, token, outcomes } = await world.takeIn();
    expect(outcomes.map((o) => o.status)).toEqual(['refused', 'refused']);
    // As if the function of the second delivery had never come to its end.
    await putJson(world.ports.data, runKeys.outcome(runId, 'crm', 'leads'), null);
    const job = { runId, token, asOf: '2025-08-20' };
    await flag(job, world.ports);
    const ended = await alert(job, world.ports);
    expect(ended.isHealthy).toBe(false);
    expect(ended.troubles).toEqual([
      expect.stringMatching(/^traffic\.csv: line 1, column \w+: required column/),
      'delivery of crm (leads) was not finished',
      'unit all was not judged',
    ]);
    expect(world.published.map((p) => [p.topic, p.alert.id])).toEqual([['failures', `run@${runId}@data`]]);
    expect(world.published[0]!.alert.long).toContain('traffic.csv: line 1');
    expect(await world.ports.runs.getRun('daily', world.clock.now)).toMatchObject({ status: 'unhealthy' });
  });

  it('tells operations of a check that failed', async () => {
    const world = await pipelineWorld();
    const { alert: ended } = await world.flagged({ assessments: [], errors: ['a check broke'] });
    expect(ended.troubles).toEqual(['check failed: a check broke']);
  });
});

describe('what the keepers of the pipeline are told', () => {
  const expecting = configText.replace('{ id: web,', "{ id: web, expect: { every: P1D, by: '06:00' },");

  it('is once that a source is late, and again when it is late anew', async () => {
    const world = await pipelineWorld(expecting);
    const late = () => world.published.filter((p) => p.alert.json.kind === 'late').map((p) => p.alert.id);
    await world.drop('web', { 'traffic.csv': csvOf(madeCompany().traffic) });
    await world.wholeRun('2025-08-20');
    expect(late()).toEqual([]);
    for (const day of ['22', '23']) {
      world.clock.now = `2025-08-${day}T06:00:00.000Z`;
      await world.flagged({}, `2025-08-${day}`);
    }
    expect(late()).toEqual(['late@web@traffic@2025-08-20']);
    expect(world.published.filter((p) => p.alert.json.kind === 'late').map((p) => p.topic)).toEqual([
      'failures',
    ]);
    await world.drop('web', { 'more.csv': csvOf(madeCompany().traffic.slice(0, 9)) });
    await world.wholeRun('2025-08-23');
    world.clock.now = '2025-08-26T06:00:00.000Z';
    await world.flagged({}, '2025-08-26');
    expect(late()).toEqual(['late@web@traffic@2025-08-20', 'late@web@traffic@2025-08-23']);
  });

  it('is that far more rows were set aside than before; the run stays healthy', async () => {
    const world = await pipelineWorld();
    const traffic = csvOf(madeCompany().traffic);
    const rows = traffic.trim().split('\n').length - 1;
    const bad = (count: number) => '2025-08-19,a,b,c,many,1\n'.repeat(count);
    const told = () => world.published.filter((p) => p.topic === 'failures').map((p) => p.alert.long);
    const most = Math.ceil(rows * 0.03);
    for (const [day, count] of [
      ['20', 4],
      ['21', most],
      ['22', most],
    ] as const) {
      world.clock.now = `2025-08-${day}T06:00:00.000Z`;
      await world.drop('web', { [`traffic-${day}.csv`]: `${traffic}${bad(count)}` });
      const { alert: ended } = await world.wholeRun(`2025-08-${day}`);
      expect(ended.isHealthy).toBe(true);
    }
    expect(told()).toHaveLength(1);
    expect(told()[0]).toContain(`web (traffic): ${most} of ${rows + most} rows were set aside (3 %)`);
  });
});
