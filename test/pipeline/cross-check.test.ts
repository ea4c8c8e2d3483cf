import { describe, expect, it } from 'vitest';
import type { Assessment } from '../../lib/model/flag.ts';
import { crossCheck, type JudgementObject } from '../../lib/pipeline/cross-check.ts';
import { getJson, runKeys } from '../../lib/pipeline/run-objects.ts';
import { configText, csvOf, filesOf, judgedOn, madeCompany, overclaiming } from '../local/made-company.ts';
import { pipelineWorld } from './world.ts';

const company = overclaiming(madeCompany());

/** A world that took in the company, and the job of its unit. */
async function taken(text = configText) {
  const world = await pipelineWorld(text);
  const files = filesOf(company);
  for (const { id, dataset } of world.ports.config.sources)
    if (files[`${dataset}.csv`]) await world.drop(id, { [`${dataset}.csv`]: files[`${dataset}.csv`]! });
  const { runId, token } = await world.takeIn();
  const job = { runId, token, asOf: judgedOn, unit: 'all' };
  const judgement = () => getJson<JudgementObject>(world.ports.data, runKeys.judgement(runId, 'all'));
  return { ...world, job, judgement };
}

describe('cross-check', () => {
  it('writes an evidence object for every judgement, and the same again when it is repeated', async () => {
    const { ports, job, judgement } = await taken();
    const summary = await crossCheck(job, ports);
    expect(summary).toEqual({ unit: 'all', assessments: 3, errors: 0 });
    const first = (await judgement())!;
    for (const a of first.assessments) {
      const { evidence: _evidence, ...said } = a;
      expect(await ports.evidence.getJson(a.evidence!)).toEqual({ ...said, evidence: null });
    }
    await crossCheck(job, ports);
    expect(await judgement()).toEqual(first);
  });

  it('digests what it saw by dataset and month', async () => {
    const { ports, job, judgement } = await taken();
    await crossCheck(job, ports);
    const { inputs } = (await judgement())!;
    expect(inputs.map((i) => i.dataset)).toEqual(
      ['claims', 'leads', 'sqls', 'traffic'].flatMap((d) => Array.from({ length: 7 }, () => d)),
    );
    expect(new Set(inputs.map((i) => i.digest)).size).toBe(28);
  });

  it('goes on when a check throws, and keeps what it came to as an error', async () => {
    const { ports, job, judgement } = await taken();
    const policies = new Map(ports.policies);
    policies.delete('claim-mismatch');
    policies.delete('traffic-spike');
    const summary = await crossCheck(job, { ...ports, policies });
    expect(summary).toMatchObject({ assessments: 3, errors: 2 });
    const { errors, assessments } = (await judgement())!;
    expect(errors.map((e) => e.slice(0, e.indexOf(':'))).sort()).toEqual([
      'claim-mismatch in unit all, 2025-07',
      'traffic-spike in unit all, 2025-07',
    ]);
    const ofCheck = (a: Assessment, check: string) => a.outcomes.find((o) => o.check === check)?.status;
    expect(assessments.map((a) => ofCheck(a, 'claim-mismatch'))).toEqual(['error', 'error', 'error']);
    const visitors = assessments.find((a) => a.kpi === 'visitors')!;
    expect(ofCheck(visitors, 'traffic-spike')).toBe('error');
    expect(ofCheck(visitors, 'traffic-without-leads')).toBe('pass');
  });

  it('judges nothing without the lease', async () => {
    const { ports, job } = await taken();
    await ports.runs.releaseLease(job.token);
    await expect(crossCheck(job, ports)).rejects.toThrow('lease');
  });

  it('takes records over counts of the same metric and says that they differ', async () => {
    const { ports, job, drop, takeIn, judgement, clock } = await taken(
      configText.replace(
        '  - { id: claimed',
        '  - { id: typed, kind: drop, dataset: counts }\n  - { id: claimed',
      ),
    );
    await ports.runs.releaseLease(job.token);
    clock.now = '2025-08-20T07:00:00.000Z';
    const july = Array.from({ length: 31 }, (_, i) => ({
      date: `2025-07-${String(i + 1).padStart(2, '0')}`,
      metric: 'leads',
      value: 9,
    }));
    await drop('typed', { 'counts.csv': csvOf(july) });
    const { runId, token, outcomes } = await takeIn();
    expect(outcomes[0]).toMatchObject({ status: 'ingested', quarantined: 0 });
    await crossCheck({ ...job, runId, token }, ports);
    const object = (await getJson<JudgementObject>(ports.data, runKeys.judgement(runId, 'all')))!;
    const leads = company.leads.filter((l) => String(l.created_at).startsWith('2025-07')).length;
    const judged = object.assessments.find((a) => a.kpi === 'leads')!;
    expect(judged.counted).toBe(leads);
    const found = [...judged.findings, ...object.unattached.map((u) => u.finding)];
    expect(found.filter((f) => f.check === 'coverage').map((f) => f.text)).toEqual([
      expect.stringContaining(String(leads)),
    ]);
    expect(await judgement()).toBeNull();
  });
});
