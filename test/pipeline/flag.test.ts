import { describe, expect, it } from 'vitest';
import type { Fault, LoopbackCall } from '../../lib/local/loopback.ts';
import { flagsChain } from '../../lib/pipeline/decisions.ts';
import { documentOf } from '../../lib/pipeline/find-assessment.ts';
import { flag } from '../../lib/pipeline/flag.ts';
import { plan } from '../../lib/pipeline/plan.ts';
import { anAssessment, anSqlFlag } from '../reports/sample.ts';
import { pipelineWorld } from './world.ts';

const period = '2025-07';
const clear = anAssessment({ period });
const raised = anSqlFlag({ period });
const asOf = '2025-08-20';

/** Plans a run at a later time than the one before and writes the judgement it flags. */
async function planned(world: Awaited<ReturnType<typeof pipelineWorld>>, assessments: (typeof clear)[]) {
  world.clock.now = new Date(Date.parse(world.clock.now) + 3_600_000).toISOString();
  const { runId, token } = await plan({ kind: 'daily', scheduledAt: world.clock.now }, world.ports);
  await world.judgementOf(runId, { assessments });
  return { runId, token, asOf };
}

describe('flag', () => {
  it('appends what is new to the ledger, projects it, and puts alerts of flags into the outbox', async () => {
    const world = await pipelineWorld();
    const { flags, ledger } = world.ports;
    const summary = await flag(await planned(world, [clear, raised]), world.ports);
    expect(summary).toEqual({ assessments: 2, changed: 2, raised: 1, uncertified: 0 });
    const [entry, ...more] = await ledger.read(flagsChain);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ id: 'judgement-1', at: '2025-08-20T00:00:00Z', kind: 'judgement' });
    expect(entry!.body).toMatchObject({
      transitions: [
        { flag: 'marketing-director|visitors|all|2025-07', from: null, to: 'clear' },
        { flag: 'marketing-director|sqls_delivered|all|2025-07', from: null, to: 'suspect' },
      ],
    });
    const stored = await flags.listAssessments();
    expect(stored.map((r) => [r.kpi, r.version, r.ledgerSeq, r.isOpen])).toEqual([
      ['sqls_delivered', 1, 1, true],
      ['visitors', 1, 1, false],
    ]);
    for (const record of stored) expect(entry!.objects).toContain(documentOf(record).evidence);
    expect(await flags.listOpenFlags('9999-12-31')).toMatchObject([
      { kpi: 'sqls_delivered', due: raised.due },
    ]);
    expect((await flags.pendingAlerts()).map((a) => a.id)).toEqual([
      expect.stringMatching(/^marketing-director@sqls_delivered@all@2025-07@1\.suspect\./),
    ]);
    expect(await flags.readHistory(raised)).toHaveLength(1);
  });

  it('changes nothing when nothing changed, in this run and in the next', async () => {
    const world = await pipelineWorld();
    const job = await planned(world, [clear, raised]);
    await flag(job, world.ports);
    const before = await world.ports.flags.listAssessments();
    expect(await flag(job, world.ports)).toMatchObject({ changed: 0 });
    await world.ports.runs.releaseLease(job.token);
    expect(await flag(await planned(world, [clear, raised]), world.ports)).toMatchObject({ changed: 0 });
    expect(await world.ports.ledger.read(flagsChain)).toHaveLength(1);
    expect(await world.ports.flags.listAssessments()).toEqual(before);
  });

  it('gives the same chain from the same evidence, whenever it ran', async () => {
    const heads = [];
    for (const start of ['2025-08-20T06:00:00.000Z', '2025-09-01T09:00:00.000Z']) {
      const world = await pipelineWorld();
      world.clock.now = start;
      await flag(await planned(world, [clear, raised]), world.ports);
      heads.push(await world.ports.ledger.head(flagsChain));
    }
    expect(heads[0]).toEqual(heads[1]);
  });

  it.each(['PutItem', 'BatchWriteItem'])(
    'brings the table up to the ledger after a run broken off in any %s, then writes what is new',
    async (action) => {
      let left = Number.POSITIVE_INFINITY;
      const fault = (call: LoopbackCall): Fault | undefined => {
        if (call.service !== 'dynamodb' || call.action !== action || call.resources[0] !== 'flags') return;
        left -= 1;
        return left < 0 ? { status: 400, code: 'ValidationException' } : undefined;
      };
      // Undisturbed: two alerts, two histories, two flags.
      const second = anSqlFlag({ period, kpi: 'sqls_accepted', verdict: 'review' });
      const quiet = await pipelineWorld();
      await flag(await planned(quiet, [raised, second]), quiet.ports);
      for (let writes = 0; writes < 6; writes += 1) {
        left = Number.POSITIVE_INFINITY;
        const world = await pipelineWorld(undefined, { fault });
        const job = await planned(world, [raised, second]);
        left = writes;
        await flag(job, world.ports).catch(() => undefined);
        left = Number.POSITIVE_INFINITY;
        await world.ports.runs.releaseLease(job.token);
        await flag(await planned(world, [raised, second]), world.ports);
        expect(await world.ports.ledger.read(flagsChain)).toEqual(await quiet.ports.ledger.read(flagsChain));
        expect(await world.ports.flags.listAssessments()).toEqual(await quiet.ports.flags.listAssessments());
        expect(await world.ports.flags.pendingAlerts()).toEqual(await quiet.ports.flags.pendingAlerts());
        expect(await world.ports.flags.readHistory(raised)).toEqual(
          await quiet.ports.flags.readHistory(raised),
        );
        if (action !== 'PutItem') break;
      }
    },
  );

  it('projects a ledger ahead of the table before it appends what a later run found', async () => {
    let isBroken = false;
    const fault = ({ service, action }: LoopbackCall): Fault | undefined =>
      isBroken && service === 'dynamodb' && action === 'PutItem'
        ? { status: 400, code: 'ValidationException' }
        : undefined;
    const world = await pipelineWorld(undefined, { fault });
    const job = await planned(world, [raised]);
    isBroken = true;
    await expect(flag(job, world.ports)).rejects.toThrow();
    isBroken = false;
    expect(await world.ports.ledger.read(flagsChain)).toHaveLength(1);
    expect(await world.ports.flags.listAssessments()).toEqual([]);
    await world.ports.runs.releaseLease(job.token);
    const milder = { ...raised, verdict: 'review' as const };
    await flag(await planned(world, [milder]), world.ports);
    const [record] = await world.ports.flags.listAssessments();
    expect(record).toMatchObject({ verdict: 'review', version: 2, ledgerSeq: 2 });
    const history = await world.ports.flags.readHistory(raised);
    expect(history.map((h) => h.document)).toMatchObject([
      { from: null, to: 'suspect' },
      { from: 'suspect', to: 'review' },
    ]);
    expect(await world.ports.flags.pendingAlerts()).toHaveLength(2);
  });

  it('alerts about new flags of the last 35 days, and about changes of older ones', async () => {
    const world = await pipelineWorld();
    const old = anSqlFlag({ period: '2025-03' });
    const first = await planned(world, [old, raised]);
    await flag(first, world.ports);
    const pending = async () => (await world.ports.flags.pendingAlerts()).map((a) => a.id.split('@')[3]);
    expect(await pending()).toEqual(['2025-07']);
    await world.ports.runs.releaseLease(first.token);
    const changed = { ...old, verdict: 'review' as const };
    await flag(await planned(world, [changed, raised]), world.ports);
    expect(await pending()).toEqual(['2025-03', '2025-07']);
  });

  it('clears a flag of the agreement that is no longer judged, and keeps its history', async () => {
    const world = await pipelineWorld();
    const agreement = anSqlFlag({ period, plan: 'agreement', kpi: 'sqls_accepted', side: 'sales' });
    const first = await planned(world, [agreement, clear]);
    await flag(first, world.ports);
    await world.ports.runs.releaseLease(first.token);
    await flag(await planned(world, [clear]), world.ports);
    const record = (await world.ports.flags.getAssessment(agreement))!;
    expect(record).toMatchObject({ verdict: 'clear', isOpen: false, version: 2 });
    expect(await world.ports.flags.readHistory(agreement)).toHaveLength(2);
  });

  it('writes nothing without the lease', async () => {
    const world = await pipelineWorld();
    const job = await planned(world, [raised]);
    await expect(flag({ ...job, token: job.token + 1 }, world.ports)).rejects.toThrow('lease');
    expect(await world.ports.ledger.read(flagsChain)).toEqual([]);
  });
});
