import { describe, expect, it } from 'vitest';
import { loadUnit } from '../../lib/pipeline/load-unit.ts';
import { configText, csvOf, type Line, madeCompany } from '../local/made-company.ts';
import { pipelineWorld } from './world.ts';

const { leads } = madeCompany();
const june = leads.filter((l) => String(l.created_at).startsWith('2025-06'));
const july = leads.filter((l) => String(l.created_at).startsWith('2025-07'));

/** A world whose source of leads takes in one delivery after the other. */
async function arriving(mode: 'upsert' | 'snapshot') {
  const world = await pipelineWorld(configText.replace('dataset: leads', `dataset: leads, mode: ${mode}`));
  return {
    ...world,
    async arrive(date: string, lines: readonly Line[]) {
      world.clock.now = `${date}T06:00:00.000Z`;
      await world.drop('crm', { 'export.csv': csvOf(lines) });
      const { outcomes, token } = await world.takeIn();
      await world.ports.runs.releaseLease(token);
      const { data, inputs } = await loadUnit('all', world.ports);
      return {
        outcome: outcomes[0]!,
        ids: data.records.leads.map((l) => l.lead_id).sort(),
        restatements: data.restatements,
        inputs,
      };
    },
  };
}
const idsOf = (lines: readonly Line[]) => lines.map((l) => String(l.lead_id)).sort();

describe('a delivery of records', () => {
  it('adds to what is there, and the same again changes nothing', async () => {
    const { arrive } = await arriving('upsert');
    await arrive('2025-07-02', june);
    const { ids, inputs } = await arrive('2025-08-02', [...july, june[0]!]);
    expect(ids).toEqual(idsOf([...june, ...july]));
    const again = await arrive('2025-08-03', [...july].reverse());
    expect(again.outcome).toMatchObject({ changed: 0, restatements: 0 });
    expect(again.inputs).toEqual(inputs);
  });

  it('moves a record whose date changed to its new month, and notes old and new', async () => {
    const { arrive, ports } = await arriving('upsert');
    await arrive('2025-08-02', [...june, ...july]);
    const moved = { ...june[0]!, created_at: '2025-07-15T10:00:00' };
    const { ids, restatements } = await arrive('2025-08-03', [moved]);
    expect(ids).toEqual(idsOf([...june, ...july]));
    expect(restatements).toMatchObject([{ dataset: 'leads', metric: 'created_at', seenOn: '2025-08-03' }]);
    expect(restatements[0]!.series).toContain(String(june[0]!.lead_id));
    expect(restatements[0]!.new! - restatements[0]!.old!).toBeGreaterThan(14);
    expect(await ports.data.list('records/')).toHaveLength(2);
  });

  it('takes nothing away in mode upsert', async () => {
    const { arrive } = await arriving('upsert');
    await arrive('2025-08-02', july);
    expect((await arrive('2025-08-03', july.slice(5))).ids).toEqual(idsOf(july));
  });

  it('takes away in mode snapshot what vanished inside its range, notes it, and takes it back', async () => {
    const { arrive } = await arriving('snapshot');
    await arrive('2025-07-02', june);
    await arrive('2025-08-02', july);
    const gone = july[7]!;
    const less = await arrive(
      '2025-08-03',
      july.filter((l) => l !== gone),
    );
    // June lies outside the range of the snapshot and stays.
    expect(less.ids).toEqual(idsOf([...june, ...july.filter((l) => l !== gone)]));
    expect(less.restatements).toMatchObject([{ metric: 'removed_at', old: null, seenOn: '2025-08-03' }]);
    expect(less.restatements[0]!.series).toContain(String(gone.lead_id));
    const back = await arrive('2025-08-04', july);
    expect(back.ids).toEqual(idsOf([...june, ...july]));
    expect(back.restatements.map((r) => r.seenOn).sort()).toEqual(['2025-08-03', '2025-08-04']);
  });
});
