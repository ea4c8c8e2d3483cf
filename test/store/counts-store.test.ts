import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fault, LoopbackCall } from '../../lib/local/loopback.ts';
import { dynamoCounts, type MonthCounts, type Restatement } from '../../lib/store/counts-store.ts';
import { dynamoWorld } from '../local/servers.ts';

const series = { unit: 'all', source: 'web', dataset: 'traffic' };

async function counts(hooks: Parameters<typeof dynamoWorld>[0] = {}) {
  const world = await dynamoWorld(hooks);
  return { ...world, store: dynamoCounts(world.client, 'counts') };
}

function month(channel: string, visitors: number, name = '2026-08'): MonthCounts {
  return {
    month: name,
    dimensions: { channel },
    days: { [`${name}-01`]: { visitors }, [`${name}-02`]: { visitors: visitors + 1, sessions: 0 } },
    batch: 'batch-1',
  };
}

describe('replaceMonth', () => {
  it('reads back what it wrote', async () => {
    const { store } = await counts();
    const wanted = [month('paid', 10), month('organic', 20)];
    await store.replaceMonth(series, '2026-08', wanted);
    expect(await store.readMonth(series, '2026-08')).toEqual([wanted[1], wanted[0]]);
    expect(await store.listSeries()).toEqual([series]);
  });

  it('writes nothing when nothing changed, whatever batch says it again', async () => {
    const calls: LoopbackCall[] = [];
    const { store } = await counts({ onRequest: (call) => calls.push(call) });
    const wanted = [month('paid', 10), month('organic', 20)];
    await store.replaceMonth(series, '2026-08', wanted);
    calls.length = 0;
    const again = wanted.map((one) => ({ ...one, batch: 'batch-2' }));
    expect(await store.replaceMonth(series, '2026-08', again)).toEqual({
      written: 0,
      deleted: 0,
      unchanged: 2,
    });
    expect(calls.map((call) => call.action)).toEqual(['Query']);
    expect(await store.readMonth(series, '2026-08')).toContainEqual(wanted[0]);
  });

  it('puts what changed, deletes what vanished and leaves the rest alone', async () => {
    const { store } = await counts();
    const kept = month('organic', 20);
    await store.replaceMonth(series, '2026-08', [month('paid', 10), kept, month('email', 5)]);
    const changed = { ...month('paid', 11), batch: 'batch-2' };
    expect(await store.replaceMonth(series, '2026-08', [changed, kept])).toEqual({
      written: 1,
      deleted: 1,
      unchanged: 1,
    });
    expect(await store.readMonth(series, '2026-08')).toEqual([kept, changed]);
  });

  it('converges when it breaks off in the middle and is repeated', async () => {
    let left = Number.POSITIVE_INFINITY;
    const fault = ({ action }: LoopbackCall): Fault | undefined =>
      action === 'BatchWriteItem' && left-- <= 0 ? { status: 400, code: 'AccessDeniedException' } : undefined;
    const { store } = await counts({ fault });
    await store.replaceMonth(series, '2026-08', [month('gone', 1)]);
    const wanted = Array.from({ length: 60 }, (_, i) => month(`c${String(i).padStart(2, '0')}`, i));
    left = 1;
    await expect(store.replaceMonth(series, '2026-08', wanted)).rejects.toThrow();
    left = Number.POSITIVE_INFINITY;
    expect(await store.replaceMonth(series, '2026-08', wanted)).toEqual({
      written: 35,
      deleted: 1,
      unchanged: 25,
    });
    expect(await store.readMonth(series, '2026-08')).toEqual(wanted);
  });

  it('is carried out once when the answer is lost', async () => {
    const faults: (Fault | undefined)[] = [undefined, undefined, 'drop-response'];
    const { store } = await counts({ fault: () => faults.shift() });
    await store.replaceMonth(series, '2026-08', [month('paid', 10)]);
    expect(faults).toEqual([]);
    expect(await store.readMonth(series, '2026-08')).toEqual([month('paid', 10)]);
  });

  it('splits a month that does not fit into one item, and joins it again', async () => {
    const { store, client } = await counts();
    const days = Object.fromEntries(
      Array.from({ length: 31 }, (_, d) => [
        `2026-08-${String(d + 1).padStart(2, '0')}`,
        Object.fromEntries(Array.from({ length: 1_000 }, (_, m) => [`metric-${m}`, d * m])),
      ]),
    );
    const large = { ...month('paid', 1), days };
    await store.replaceMonth(series, '2026-08', [large, month('paid-2', 1)]);
    const { Items } = await client.send(
      new QueryCommand({
        TableName: 'counts',
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': 'SERIES#all#web#traffic' },
        ProjectionExpression: 'sk',
      }),
    );
    expect(Items!.map(({ sk }) => sk)).toEqual([
      '2026-08#channel=paid',
      '2026-08#channel=paid#2',
      '2026-08#channel=paid#3',
      '2026-08#channel=paid#4',
      '2026-08#channel=paid-2',
    ]);
    expect(await store.readMonth(series, '2026-08')).toEqual([large, month('paid-2', 1)]);
    expect(
      (await store.replaceMonth(series, '2026-08', [month('paid', 1), month('paid-2', 1)])).deleted,
    ).toBe(3);
  });

  it('refuses another month, a foreign day, and the same dimensions twice', async () => {
    const { store } = await counts();
    const wrongs = [
      [month('paid', 1, '2026-07')],
      [{ ...month('paid', 1), days: { '2026-07-31': { visitors: 1 } } }],
      [month('paid', 1), month('paid', 2)],
    ];
    for (const wrong of wrongs)
      await expect(store.replaceMonth(series, '2026-08', wrong)).rejects.toThrow(RangeError);
  });
});

describe('readRange', () => {
  it('holds both end months and no neighbour, in order', async () => {
    const { store } = await counts();
    const months = ['2025-12', '2026-01', '2026-02', '2026-03'];
    for (const name of months) await store.replaceMonth(series, name, [month('paid', 1, name)]);
    await store.replaceMonth({ ...series, source: 'web2' }, '2026-01', [month('other', 1, '2026-01')]);
    const found = await store.readRange(series, '2026-01', '2026-02');
    expect(found.map((one) => one.month)).toEqual(['2026-01', '2026-02']);
  });

  it('goes through every page of a long answer', async () => {
    const { store } = await counts();
    const wanted = Array.from({ length: 400 }, (_, i) => ({
      ...month(`${String(i).padStart(3, '0')}${'x'.repeat(500)}`, i),
      days: Object.fromEntries(
        Array.from({ length: 28 }, (_, d) => [
          `2026-08-${String(d + 1).padStart(2, '0')}`,
          Object.fromEntries(Array.from({ length: 8 }, (_, m) => [`metric-${m}`, d * m])),
        ]),
      ),
    }));
    await store.replaceMonth(series, '2026-08', wanted);
    expect(await store.readMonth(series, '2026-08')).toEqual(wanted);
  });

  it('gives back any dimensions, and keeps apart what differs', async () => {
    const { store } = await counts();
    const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 500, maxLength: 900 }));
    const dimensions = fc.dictionary(fc.constantFrom('channel', 'source', 'a|b', 'a=b', 'a#2'), text);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(dimensions, {
          maxLength: 6,
          selector: (one) => JSON.stringify(Object.entries(one).sort()),
        }),
        async (all) => {
          const wanted = all.map((one) => ({ ...month('x', 1), dimensions: { ...one } }));
          await store.replaceMonth(series, '2026-08', wanted);
          const found = await store.readMonth(series, '2026-08');
          expect(found).toHaveLength(wanted.length);
          for (const one of wanted) expect(found).toContainEqual(one);
        },
      ),
      { seed: 20260822, numRuns: 30 },
    );
  });
});

describe('restatements', () => {
  it('keeps the first of the same change and lists a unit by date', async () => {
    const { store } = await counts();
    const change: Restatement = {
      ...series,
      date: '2026-08-03',
      dimensions: { channel: 'paid' },
      metric: 'visitors',
      old: 10,
      new: 12,
      firstSeen: '2026-09-01',
      batch: 'b2',
    };
    const earlier = { ...change, date: '2026-08-01', old: null };
    await store.putRestatement(change);
    await store.putRestatement({ ...change, firstSeen: '2026-09-09', batch: 'b3' });
    await store.putRestatement(earlier);
    await store.putRestatement({ ...change, unit: 'emea' });
    expect(await store.readRestatements('all')).toEqual([earlier, change]);
  });
});
