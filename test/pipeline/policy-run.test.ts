import { describe, expect, it } from 'vitest';
import { digestOfJson } from '../../lib/model/canonical-json.ts';
import type { Config } from '../../lib/model/config.ts';
import type { Assessment } from '../../lib/model/flag.ts';
import { crossCheck } from '../../lib/pipeline/cross-check.ts';
import { policiesChain, runsChain } from '../../lib/pipeline/decisions.ts';
import { documentOf } from '../../lib/pipeline/find-assessment.ts';
import { flag } from '../../lib/pipeline/flag.ts';
import { policyDigests, policyDocument } from '../../lib/pipeline/judging/policy.ts';
import { plan } from '../../lib/pipeline/plan.ts';
import { filesOf, madeCompany } from '../local/made-company.ts';
import { anSqlFlag } from '../reports/sample.ts';
import { pipelineWorld } from './world.ts';

const files = filesOf(madeCompany());

async function takenWorld() {
  const world = await pipelineWorld();
  for (const { id, dataset } of world.ports.config.sources)
    await world.drop(id, { [`${dataset}.csv`]: files[`${dataset}.csv`]! });
  const stored = async () => (await world.ports.flags.listAssessments()).map(documentOf);
  /** A run by another configuration, an hour after the one before. */
  const runBy = async (config: Config, asOf: string): Promise<Assessment[]> => {
    world.clock.now = new Date(Date.parse(world.clock.now) + 4 * 3_600_000).toISOString();
    const ports = { ...world.ports, config };
    const { runId, token } = await plan({ kind: 'daily', scheduledAt: world.clock.now }, ports);
    await crossCheck({ runId, token, asOf, unit: 'all' }, ports);
    await flag({ runId, token, asOf }, ports);
    await world.ports.runs.releaseLease(token);
    return stored();
  };
  return { ...world, stored, runBy };
}
const lowered = (config: Config): Config => ({
  ...config,
  plans: config.plans.map((p) => ({
    ...p,
    kpis: p.kpis.map((k) => (k.kpi === 'leads' ? { ...k, target: 10 } : k)),
  })),
});
const leads = (all: readonly Assessment[]) => all.find((a) => a.kpi === 'leads' && a.period === '2025-07')!;

describe('the policy in the run that judges by it', () => {
  it('is evidence under the digest every assessment carries, recorded once on the judging date', async () => {
    const world = await takenWorld();
    await world.wholeRun('2025-08-20');
    const { config, policies, ledger, evidence } = world.ports;
    const [entry, ...more] = await ledger.read(policiesChain);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ id: 'policy-1', at: '2025-08-20T00:00:00Z', kind: 'policy' });
    const [policy] = entry!.objects;
    expect((await world.stored()).map((a) => a.policy)).toEqual([policy, policy, policy]);
    const kept = await evidence.getJson(policy!);
    expect(digestOfJson(kept)).toBe(policy);
    expect(kept).toEqual(JSON.parse(JSON.stringify(policyDocument(config, policies, config.plans[0]!))));
  });

  it('changes nothing when it runs again: same judgements, same ledger, same manifest', async () => {
    const world = await takenWorld();
    const first = await world.wholeRun('2025-08-20');
    world.clock.now = '2025-08-20T12:00:00.000Z';
    const second = await world.wholeRun('2025-08-20');
    expect(second.flag.changed).toBe(0);
    expect(await world.ports.ledger.read(policiesChain)).toHaveLength(1);
    expect(await world.ports.ledger.read(runsChain)).toHaveLength(2);
    expect(second.alert.manifest).toBe(first.alert.manifest);
  });

  it('keeps the target of a period that is over when the plan is changed, and says nothing changed', async () => {
    const world = await takenWorld();
    await world.wholeRun('2025-08-20');
    const before = await world.stored();
    const after = await world.runBy(lowered(world.ports.config), '2025-08-20');
    expect(after).toEqual(before);
    expect(await world.ports.ledger.read(policiesChain)).toHaveLength(2);
  });

  it('shows a change inside the period it does not apply to, with the key and both values', async () => {
    const world = await takenWorld();
    await world.wholeRun('2025-07-02');
    const during = lowered(world.ports.config);
    await world.runBy(during, '2025-07-15');
    const july = leads(await world.runBy(during, '2025-08-20'));
    expect(july.target).toBe(70);
    expect(july.policy).toBe(
      policyDigests(world.ports.config, world.ports.policies)(world.ports.config.plans[0]!),
    );
    const found = july.findings.find((f) => f.check === 'definition-drift');
    expect(found).toMatchObject({
      severity: 'watch',
      data: { changes: ['plan.kpis.leads.target 70 -> 10'] },
    });
    expect(found!.text).toBe(
      'The policy was changed on 2025-07-15, inside the period, which is judged without the change: plan.kpis.leads.target 70 -> 10. It is in force from the next period on.',
    );
    const visitors = (await world.stored()).find((a) => a.kpi === 'visitors' && a.period === '2025-07')!;
    expect(visitors.findings.some((f) => f.check === 'definition-drift')).toBe(false);
  });

  it('takes back the flag of an open period that is found no more', async () => {
    const world = await pipelineWorld();
    const open = anSqlFlag({ period: '2025-08', state: 'open' });
    await world.flagged({ assessments: [open] }, '2025-08-19');
    world.clock.now = '2025-08-21T06:00:00.000Z';
    await world.flagged({ assessments: [] }, '2025-07-31');
    const stored = async () => documentOf((await world.ports.flags.listAssessments())[0]!);
    expect((await stored()).verdict).toBe('suspect');
    world.clock.now = '2025-08-21T12:00:00.000Z';
    await world.flagged({ assessments: [] }, '2025-08-20');
    expect(await stored()).toMatchObject({ verdict: 'clear', findings: [], state: 'open' });
    expect(await world.ports.flags.listOpenFlags('9999-12-31')).toEqual([]);
  });
});
