import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csv } from '../../lib/reports/csv.ts';
import { findingsCsv } from '../../lib/reports/findings-csv.ts';
import { aFinding, anAssessment, anSqlFlag, aReport } from './sample.ts';

describe('csv', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\u202e=1', '＝1'])(
    'makes %j inert with an apostrophe',
    (cell) => {
      expect(csv(['a'], [[cell]])).toMatch(/\r\n"?'/);
    },
  );

  it('leaves numbers numbers, also negative ones', () => {
    expect(csv(['a', 'b', 'c'], [[-5, 1.2e-7, null]])).toBe('a,b,c\r\n-5,1.2e-7,\r\n');
  });

  it('reads back as written by an independent reader', () => {
    const cell = fc.string({ unit: 'grapheme-ascii' }).map((s) => s.trim());
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
        const read: string[][] = parse(csv(['a', 'b'], rows));
        expect(read.slice(1).map((r) => r.map((c) => c.replace(/^'(?=[=+\-@])/, '')))).toEqual(rows);
      }),
      { seed: 20260914, numRuns: 200 },
    );
  });

  it('refuses rows of another width and numbers that are none', () => {
    expect(() => csv(['a'], [['x', 'y']])).toThrow(RangeError);
    expect(() => csv(['a'], [[Number.NaN]])).toThrow(RangeError);
  });
});

describe('findings.csv', () => {
  it('writes one line a finding of complete periods', () => {
    const report = aReport({
      assessments: [anAssessment(), anSqlFlag(), anSqlFlag({ period: '2026-09', state: 'open' })],
    });
    const rows: Record<string, string>[] = parse(findingsCsv(report), { columns: true });
    expect(rows.map((r) => r.check)).toEqual(['acceptance-shortfall', 'sqls-without-leads']);
    expect(rows[0]).toMatchObject({
      kpi: 'sqls_delivered',
      claimed: '100',
      verified: '50',
      held: '55555',
      range_low: '68',
      p: '1.2e-7',
    });
  });

  it('keeps hostile texts inert and ends long lists with how many more there are', () => {
    const finding = aFinding({
      text: '=cmd|"/c calc"!A1\n\u202Eevil',
      records: Array.from({ length: 9000 }, (_, i) => `id-${i}`),
      range: [3, Number.POSITIVE_INFINITY],
    });
    const [row]: Record<string, string>[] = parse(
      findingsCsv(aReport({ assessments: [anSqlFlag({ findings: [finding] })] })),
      { columns: true },
    );
    expect(row!.text).toBe('\'=cmd|"/c calc"!A1 evil');
    expect(row!.records!.length).toBeLessThan(32_767);
    expect(row!.records).toMatch(/and \d+ more$/);
    expect(row!.record_count).toBe('9000');
    expect(row!.range_high).toBe('');
  });
});
