import { describe, expect, it } from 'vitest';
import type { AgreementDocument } from '../../lib/model/agreement-record.ts';
import { report } from '../../lib/pipeline/report.ts';
import { filesOf, judgedOn, madeCompany, overclaiming } from '../local/made-company.ts';
import { pipelineWorld } from './world.ts';

describe('the weekly report', () => {
  it('lies at the keys of its week and at latest, whole and the same every time', async () => {
    const world = await pipelineWorld();
    const files = filesOf(overclaiming(madeCompany()));
    for (const { id, dataset } of world.ports.config.sources)
      await world.drop(id, { [`${dataset}.csv`]: files[`${dataset}.csv`]! });
    const { runId, token, alert } = await world.wholeRun(judgedOn, 'weekly');
    expect(alert).toMatchObject({ isHealthy: true });
    const job = { runId, token, asOf: judgedOn };
    const { prefix, bytes } = await report(job, world.ports);
    expect(prefix).toBe('reports/weekly/2025-W34/');
    expect(bytes).toBeLessThan(1_000_000);
    const names = ['findings.csv', 'report.html', 'report.json'];
    expect(await world.ports.reports.list('reports/weekly/')).toEqual(
      [prefix!, 'reports/weekly/latest/'].flatMap((place) => names.map((name) => `${place}${name}`)),
    );
    const read = async () =>
      Promise.all(
        (await world.ports.reports.list('reports/weekly/')).map(async (key) =>
          Buffer.from((await world.ports.reports.get(key))!).toString(),
        ),
      );
    const first = await read();
    expect(first.slice(0, 3)).toEqual(first.slice(3));
    expect(first[1]).toContain('2 of 3 July bonus metrics can be certified');
    await report(job, world.ports);
    // Leadership gets one message a week, however often the report is written.
    const told = world.published.filter((p) => p.topic === 'leadership');
    expect(told.map((p) => p.alert.id)).toEqual(['report@2025-W34']);
    expect(told[0]!.alert.long).toContain('2 of 3 July bonus metrics can be certified');
    expect(told[0]!.alert.long).toContain('Report: reports/weekly/2025-W34/report.html');
    expect(world.emitted.filter(({ json }) => json.kind === 'report')).toHaveLength(1);
    expect(await read()).toEqual(first);
  });

  it('is left to the weekly run; every run writes the agreement page', async () => {
    const world = await pipelineWorld();
    const files = filesOf(madeCompany());
    await world.drop('sales', { 'sqls.csv': files['sqls.csv']! });
    const { runId, token } = await world.takeIn('daily');
    const { prefix } = await report({ runId, token, asOf: '2025-07-20' }, world.ports);
    expect(prefix).toBeNull();
    expect(await world.ports.reports.list('reports/')).toEqual([
      'reports/agreement/latest/agreement.html',
      'reports/agreement/latest/agreement.json',
    ]);
    const json = Buffer.from(
      (await world.ports.reports.get('reports/agreement/latest/agreement.json'))!,
    ).toString();
    const { records } = JSON.parse(json) as AgreementDocument;
    expect(records.map((r) => r.month)).toEqual(['2025-06', '2025-07']);
    for (const r of records)
      expect(r.accepted + r.rejected + r.returned + r.pending, r.month).toBe(r.delivered);
  });

  it('is written before anything was taken in', async () => {
    const { ports } = await pipelineWorld();
    const { bytes } = await report({ runId: 'weekly-1', token: 0, asOf: judgedOn }, ports);
    expect(bytes).toBeGreaterThan(0);
  });
});
