import { describe, expect, it } from 'vitest';
import type { Row } from '../../lib/model/datasets.ts';
import { KeyedHash } from '../../lib/records/keyed-hash.ts';
import { Pseudonymiser } from '../../lib/records/pseudonymise.ts';
import { readRecords } from '../../lib/records/record-delivery.ts';
import {
  canonicalRow,
  mergeRecords,
  parseRecords,
  type RecordBatch,
} from '../../lib/records/records-at-rest.ts';
import { context, file } from './reading.ts';

const pseudonymise = new Pseudonymiser({
  hash: new KeyedHash(Buffer.alloc(32, 1)),
  version: 'v1',
  country: () => null,
});
const upsert = (arrivedOn: string): RecordBatch => ({ arrivedOn, mode: 'upsert', range: null });

async function leads(...lines: string[]): Promise<readonly Row<'leads'>[]> {
  return (
    await readRecords('leads', [file('l', `lead_id,created_at,origin\n${lines.join('\n')}\n`)], {
      context,
      pseudonymise,
    })
  ).rows;
}
async function sqls(...lines: string[]): Promise<readonly Row<'sqls'>[]> {
  const content = `sql_id,lead_id,delivered_at,disposition,decided_at,reason\n${lines.join('\n')}\n`;
  return (await readRecords('sqls', [file('s', content)], { context, pseudonymise })).rows;
}
function applied(months: ReadonlyMap<string, Uint8Array>, changed: ReadonlyMap<string, Uint8Array | null>) {
  const next = new Map(months);
  for (const [month, bytes] of changed) {
    if (bytes) next.set(month, bytes);
    else next.delete(month);
  }
  return next;
}

describe('mergeRecords', () => {
  it('keeps records by month, sorted by id, in the same bytes whatever the order of rows', async () => {
    const rows = await leads('b,2026-08-02,', 'a,2026-08-02,', 'c,2026-07-31T23:59:59,');
    const { months } = mergeRecords('leads', new Map(), rows, upsert('2026-08-03'));
    expect([...months.keys()]).toEqual(['2026-07', '2026-08']);
    expect(parseRecords('leads', months.get('2026-08')!).map((r) => r.lead_id)).toEqual(['a', 'b']);
    const again = mergeRecords('leads', new Map(), [...rows].reverse(), upsert('2026-08-03'));
    expect(again.months).toEqual(months);
  });

  it('changes nothing when a batch is merged again later', async () => {
    const rows = await leads('a,2026-08-02,', 'b,2026-09-02,');
    const first = mergeRecords('leads', new Map(), rows, upsert('2026-09-03'));
    const second = mergeRecords('leads', applied(new Map(), first.months), rows, upsert('2026-09-09'));
    expect(second).toEqual({ months: new Map(), restatements: [] });
  });

  it('leaves no copy of a record behind that changes its month, and says what was restated', async () => {
    const kept = applied(
      new Map(),
      mergeRecords('leads', new Map(), await leads('a,2026-08-02,marketing'), upsert('2026-08-03')).months,
    );
    const { months, restatements } = mergeRecords(
      'leads',
      kept,
      await leads('a,2026-07-30,marketing'),
      upsert('2026-09-01'),
    );
    expect(months.get('2026-08')).toBeNull();
    expect(parseRecords('leads', months.get('2026-07')!)).toMatchObject([
      { lead_id: 'a', seen_at: '2026-08-03', removed_at: null },
    ]);
    expect(restatements).toEqual([
      {
        id: '["a"]',
        date: '2026-08-02',
        unit: 'all',
        field: 'created_at',
        old: '2026-08-02',
        new: '2026-07-30',
      },
    ]);
  });

  it('does not call a value given for the first time a restatement', async () => {
    const kept = applied(
      new Map(),
      mergeRecords('leads', new Map(), await leads('a,2026-08-02,'), upsert('2026-08-03')).months,
    );
    expect(
      mergeRecords('leads', kept, await leads('a,2026-08-02,sales'), upsert('2026-09-01')).restatements,
    ).toEqual([]);
  });

  it('removes ids that vanish inside the range of a snapshot, and only there', async () => {
    const kept = applied(
      new Map(),
      mergeRecords(
        'leads',
        new Map(),
        await leads('a,2026-08-02,', 'b,2026-08-03,', 'c,2026-07-01,'),
        upsert('2026-08-04'),
      ).months,
    );
    const rows = await leads('a,2026-08-02,', 'd,2026-08-05,');
    const snapshot: RecordBatch = {
      arrivedOn: '2026-08-06',
      mode: 'snapshot',
      range: { from: '2026-08-02', to: '2026-08-05' },
    };
    const { months, restatements } = mergeRecords('leads', kept, rows, snapshot);
    expect([...months.keys()]).toEqual(['2026-08']);
    expect(parseRecords('leads', months.get('2026-08')!).map((r) => [r.lead_id, r.removed_at])).toEqual([
      ['a', null],
      ['b', '2026-08-06'],
      ['d', null],
    ]);
    expect(restatements).toMatchObject([
      { field: 'removed_at', old: null, new: '2026-08-06', date: '2026-08-03' },
    ]);
    const back = mergeRecords(
      'leads',
      applied(kept, months),
      await leads('b,2026-08-03,'),
      upsert('2026-08-09'),
    );
    expect(back.restatements).toMatchObject([{ field: 'removed_at', old: '2026-08-06', new: null }]);
  });

  it('keeps the decision history of an SQL beside its last entry, in the month of that', async () => {
    const kept = applied(
      new Map(),
      mergeRecords('sqls', new Map(), await sqls('1,9,2026-08-01,pending,,'), upsert('2026-08-02')).months,
    );
    const { months, restatements } = mergeRecords(
      'sqls',
      kept,
      await sqls('1,9,2026-07-31,rejected,2026-08-05,not_icp'),
      upsert('2026-08-06'),
    );
    expect(months.get('2026-08')).toBeNull();
    expect(parseRecords('sqls', months.get('2026-07')!).map((r) => r.disposition)).toEqual([
      'rejected',
      'pending',
    ]);
    expect(restatements).toMatchObject([{ field: 'delivered_at', old: '2026-08-01', new: '2026-07-31' }]);
  });

  it('replaces the dates a spend batch holds', async () => {
    const spend = async (...lines: string[]) =>
      (
        await readRecords('spend', [file('s', `date,amount,budget\n${lines.join('\n')}\n`)], {
          context,
          pseudonymise,
        })
      ).rows;
    const kept = applied(
      new Map(),
      mergeRecords(
        'spend',
        new Map(),
        await spend('2026-08-01,10,sales', '2026-08-02,20,sales'),
        upsert('2026-08-03'),
      ).months,
    );
    const { months } = mergeRecords('spend', kept, await spend('2026-08-02,25,sales'), upsert('2026-08-04'));
    const amounts = parseRecords('spend', months.get('2026-08')!).map((r) => [r.amount, r.removed_at]);
    expect(amounts.sort()).toEqual([
      [1000, null],
      [2000, '2026-08-04'],
      [2500, null],
    ]);
  });
});

describe('canonicalRow', () => {
  it('is free of when a record arrived', async () => {
    const rows = await leads('a,2026-08-02,');
    const at = (day: string) =>
      parseRecords('leads', mergeRecords('leads', new Map(), rows, upsert(day)).months.get('2026-08')!).map(
        canonicalRow,
      );
    expect(at('2026-08-03')).toEqual(at('2026-08-09'));
  });
});
