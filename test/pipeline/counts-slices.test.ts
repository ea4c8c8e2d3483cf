import { describe, expect, it } from 'vitest';
import { loadUnit } from '../../lib/pipeline/load-unit.ts';
import { csvOf, type Line, madeCompany } from '../local/made-company.ts';
import { pipelineWorld } from './world.ts';

const { traffic } = madeCompany();
const days = (from: string, to: string) =>
  traffic.filter((t) => String(t.date) >= from && String(t.date) < to);
const google = '["channel","organic","medium","organic","source","google"]';

/** A world that takes in one delivery after the other, each on a date of arrival. */
async function arriving() {
  const world = await pipelineWorld();
  return {
    ...world,
    async arrive(date: string, lines: readonly Line[]) {
      world.clock.now = `${date}T06:00:00.000Z`;
      await world.drop('web', { 'export.csv': csvOf(lines) });
      const { outcomes, token } = await world.takeIn();
      await world.ports.runs.releaseLease(token);
      const { data } = await world.ports.counts.listSeries().then(() => loadUnit('all', world.ports));
      const series = data.traffic[0]?.series ?? [];
      const visitors = (source: string, day: string) =>
        series.find((s) => s.dimensions.source === source)?.days[day]?.unique_visitors ?? null;
      return { outcome: outcomes[0]!, restatements: data.restatements, visitors };
    },
  };
}

const google1 = days('2025-07-01', '2025-07-02')[0]!;
const was = Number(google1.unique_visitors);

describe('a delivery of daily counts', () => {
  it('replaces the days it holds and leaves the others', async () => {
    const { arrive } = await arriving();
    await arrive('2025-07-10', days('2025-07-01', '2025-07-06'));
    const { visitors } = await arrive('2025-07-11', days('2025-07-05', '2025-07-11'));
    for (const line of days('2025-07-01', '2025-07-11'))
      expect(visitors(String(line.source), String(line.date))).toBe(line.unique_visitors);
  });

  it('notes a final number that changes, with old and new, once', async () => {
    const { arrive } = await arriving();
    await arrive('2025-07-10', days('2025-07-01', '2025-07-06'));
    const corrected = [{ ...google1, unique_visitors: was + 5 }, days('2025-07-01', '2025-07-02')[1]!];
    const { restatements, visitors, outcome } = await arrive('2025-07-12', corrected);
    expect(visitors('google', '2025-07-01')).toBe(was + 5);
    expect(outcome.restatements).toBe(1);
    expect(restatements).toMatchObject([
      {
        dataset: 'traffic',
        date: '2025-07-01',
        series: google,
        metric: 'unique_visitors',
        old: was,
        new: was + 5,
        seenOn: '2025-07-12',
      },
    ]);
    expect((await arrive('2025-07-13', [...corrected].reverse())).restatements).toEqual(restatements);
  });

  it('does not note one that was still provisional', async () => {
    const { arrive } = await arriving();
    // Four days of settling: 1 July is final from 5 July on.
    await arrive('2025-07-04', days('2025-07-01', '2025-07-04'));
    const changed = days('2025-07-01', '2025-07-04').map((t) => ({ ...t, unique_visitors: 9 }));
    expect((await arrive('2025-07-20', changed)).restatements).toEqual([]);
    const later = changed.map((t) => ({ ...t, unique_visitors: 8 }));
    expect((await arrive('2025-07-21', later)).restatements).toHaveLength(6);
  });

  it('takes away a series that a delivered day no longer holds, and notes that it went', async () => {
    const { arrive } = await arriving();
    await arrive('2025-07-10', days('2025-07-01', '2025-07-06'));
    const without = days('2025-07-01', '2025-07-02').filter((t) => t.source !== 'google');
    const { visitors, restatements } = await arrive('2025-07-12', without);
    expect(visitors('google', '2025-07-01')).toBeNull();
    expect(visitors('google', '2025-07-02')).not.toBeNull();
    expect(restatements.find((r) => r.metric === 'unique_visitors')).toMatchObject({ old: was, new: null });
  });

  it('calls a day that comes late no restatement', async () => {
    const { arrive } = await arriving();
    await arrive('2025-07-20', [...days('2025-07-01', '2025-07-03'), ...days('2025-07-04', '2025-07-06')]);
    const { visitors, restatements } = await arrive('2025-07-21', days('2025-07-03', '2025-07-04'));
    expect(visitors('google', '2025-07-03')).not.toBeNull();
    expect(restatements).toEqual([]);
  });
});
