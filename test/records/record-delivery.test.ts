import { describe, expect, it } from 'vitest';
import { KeyedHash } from '../../lib/records/keyed-hash.ts';
import { Pseudonymiser } from '../../lib/records/pseudonymise.ts';
import { readRecords } from '../../lib/records/record-delivery.ts';
import { context, file, manyLeads } from './reading.ts';

const pseudonymise = new Pseudonymiser({
  hash: new KeyedHash(Buffer.alloc(32, 1)),
  version: 'v1',
  country: () => null,
});
const options = { context, pseudonymise };
const header = 'lead_id,created_at';

describe('readRecords', () => {
  it('counts equal rows of several files once', async () => {
    const files = [
      file('a', `${header}\n1,2026-08-01\n2,2026-08-02\n`),
      file('b', `created_at,lead_id\n2026-08-02,2\n2026-08-03,3\n`),
    ];
    const { rows, repeated, range } = await readRecords('leads', files, options);
    expect(rows.map((r) => r.lead_id)).toEqual(['1', '2', '3']);
    expect(repeated).toBe(1);
    expect(range).toEqual({ from: '2026-08-01', to: '2026-08-03' });
  });

  it('sets all rows of one id with other values aside, whatever the order of the files', async () => {
    const a = file('a', `${header}\n${manyLeads(60).join('\n')}\n`);
    const b = file('b', `${header}\nL7,2026-08-02\n`);
    for (const files of [
      [a, b],
      [b, a],
    ]) {
      const { rows, quarantine, refusedDays } = await readRecords('leads', files, options);
      expect(rows).toHaveLength(59);
      expect(quarantine.rows.map((r) => [r.file, r.line])).toEqual([
        ['a', 9],
        ['b', 2],
      ]);
      expect(Object.values(refusedDays).reduce((x, y) => x + y, 0)).toBe(2);
    }
  });

  it('keeps every differing row of an SQL: its decision history', async () => {
    const content = [
      'sql_id,lead_id,delivered_at,disposition,decided_at',
      '1,9,2026-08-01,pending,',
      '1,9,2026-08-01,accepted,2026-08-02',
      '1,9,2026-08-01,rejected,2026-08-02',
      '1,9,2026-08-01,accepted,2026-08-02',
    ].join('\n');
    const { rows, repeated } = await readRecords('sqls', [file('s', content)], options);
    expect(rows).toHaveLength(3);
    expect(repeated).toBe(1);
  });

  it('keeps every version of a claim, and sets two values of one version aside', async () => {
    const content = (values: [number, number]) =>
      `period,kpi,value,reported_at,version\n2026-08,leads,${values[0]},2026-09-01,1\n2026-08,leads,${values[1]},2026-09-02,2\n`;
    const claims = await readRecords('claims', [file('c', content([1, 2]))], options);
    expect(claims.rows.map((r) => r.value)).toEqual([1, 2]);
    const both = await readRecords('claims', [file('c', content([1, 2])), file('d', content([1, 3]))], {
      ...options,
      limits: { badShare: 0.9 },
    });
    expect(both.rows.map((r) => r.value)).toEqual([1]);
  });

  it('takes nothing of a refused file and names its dates', async () => {
    const bad = file('bad', `${header}\n1,2026-08-09\nx,y\n`);
    const { rows, refusedDays, files } = await readRecords(
      'leads',
      [file('a', `${header}\n2,2026-08-01\n`), bad],
      options,
    );
    expect(rows.map((r) => r.lead_id)).toEqual(['2']);
    expect(refusedDays).toEqual({ '2026-08-09': 1 });
    expect(files[1]!.refused?.line).toBe(3);
  });
});
