import { inflateRawSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { statementCsv } from '../../lib/reports/statement-csv.ts';
import { statementHtml } from '../../lib/reports/statement-html.ts';
import { statementXlsx } from '../../lib/reports/statement-xlsx.ts';
import { anSqlFlag } from './sample.ts';
import { aStatement, flag, hostileStatement as hostile } from './statement-sample.ts';

/** Files of a zip by name. */
function unzipped(zip: Uint8Array): Map<string, string> {
  const bytes = Buffer.from(zip);
  const files = new Map<string, string>();
  let at = bytes.readUInt32LE(bytes.lastIndexOf(Buffer.from('PK\x05\x06')) + 16);
  while (bytes.readUInt32LE(at) === 0x02014b50) {
    const [size, nameLength, extra, comment] = [
      bytes.readUInt32LE(at + 20),
      bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30),
      bytes.readUInt16LE(at + 32),
    ];
    const local = bytes.readUInt32LE(at + 42);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(from, from + size);
    const content = bytes.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : packed;
    files.set(bytes.toString('utf8', at + 46, at + 46 + nameLength), content.toString());
    at += 46 + nameLength + extra + comment;
  }
  return files;
}

const rows = (text: string) => parse(text, { columns: true }) as Record<string, string>[];
/** A workbook's cells, all of them text or numbers. */
function cellsOf(files: Map<string, string>) {
  const sheets = [...files].filter(([name]) => name.startsWith('xl/worksheets/sheet'));
  const shared = [...(files.get('xl/sharedStrings.xml') ?? '').matchAll(/<si>(.*?)<\/si>/gs)].map((m) =>
    m[1]!
      .replace(/<[^>]+>/g, '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&')
      .replaceAll('&quot;', '"'),
  );
  return { xml: sheets.map(([, xml]) => xml).join(''), shared };
}

/** Control characters and marks of reading direction that a text still holds. */
const unseenIn = (text: string) => ['\u0000', '\u202e'].filter((mark) => text.includes(mark));

describe('a statement', () => {
  it('says first what can be paid and what is held', async () => {
    const page = await statementHtml(aStatement());
    expect(page).toMatch(
      /<h1>.*USD 1,111\.12.* of the .*USD 1,666\.67.* claimed for August 2026 can be paid; .*USD 555\.55.* is held for a decision that was due 2026-09-14\./,
    );
    for (const part of [
      '310 (crm, 2026-09-01)',
      'SQL-2301',
      'not accepted by sales',
      'reply of Dana (marketing)',
      'Signature',
      'the whole share from 100 on',
    ])
      expect(page).toContain(part);
  });

  it('holds one line a KPI, with claimed, counted, control total, verified and the money in major units', () => {
    const [visitors, leads, sqls] = rows(statementCsv(aStatement())['statement.csv']!);
    expect(visitors).toMatchObject({ kpi: 'visitors', claimed: '5120', payable: '555.56', held: '0' });
    expect(leads).toMatchObject({ claimed: '312', counted: '310', control_total: '310 (crm, 2026-09-01)' });
    expect(sqls).toMatchObject({
      removed: '50',
      verified_low: '50',
      verified_point: '50',
      verified_high: '50',
      verdict: 'suspect',
      payout_claimed: '555.55',
      payable: '0',
      held: '555.55',
      refused: '0',
    });
  });

  it('names every record that was taken off with its rule, in CSV and workbook', async () => {
    const files = statementCsv(aStatement());
    const records = rows(files['records.csv']!);
    expect(records).toHaveLength(50);
    expect(records[49]).toMatchObject({ rule: 'not_accepted', effect: 'taken off', record: 'SQL-2350' });
    expect(rows(files['decisions.csv']!)).toMatchObject([{ step: 'reply', flag: flag.replaceAll('|', '/') }]);
    const { shared } = cellsOf(unzipped(await statementXlsx(aStatement())));
    for (const { record } of records) expect(shared).toContain(record);
  });

  it('is the same file for the same statement, whenever it is written', async () => {
    const first = await statementXlsx(aStatement());
    await new Promise((done) => setTimeout(done, 2100));
    expect(Buffer.compare(Buffer.from(await statementXlsx(aStatement())), Buffer.from(first))).toBe(0);
  });
});

describe('hostile names', () => {
  it('stay text in the page, and are cut', async () => {
    const page = await statementHtml(hostile);
    expect(page).not.toMatch(/<script|<img|onerror=alert\(1\)>/);
    expect(unseenIn(page)).toEqual([]);
    expect(page).toContain('&lt;script&gt;');
    expect(page.length).toBeLessThan(200_000);
  });

  it('become no formula, no markup and no control character in the workbook', async () => {
    const files = unzipped(await statementXlsx(hostile));
    const { xml, shared } = cellsOf(files);
    expect(xml).not.toMatch(/<f[ >/]/);
    // Every cell is a reference to a shared text or a number.
    for (const [, attributes] of xml.matchAll(/<c ([^>]*)>/g))
      expect(attributes).toMatch(/^r="[A-Z]+\d+"( s="\d+")?( t="[snb]")?$/);
    expect([...files.values()].join('')).not.toContain('<script');
    expect(unseenIn([...files.values()].join(''))).toEqual([]);
    for (const name of ['=1+1', '+cmd|calc', '-2+3', '@SUM(A1)', 'x'.repeat(10_000)])
      expect(shared).toContain(name);
    expect(Math.max(...shared.map((text) => text.length))).toBeLessThanOrEqual(30_000);
  });

  it('are told apart from formulas in every CSV file', () => {
    for (const text of Object.values(statementCsv(hostile)))
      for (const row of parse(text) as string[][])
        for (const cell of row) expect([cell.match(/^[=+\-@\t\r]/), unseenIn(cell)]).toEqual([null, []]);
  });
});

describe('20,000 records', () => {
  it('are all in the CSV and the workbook, in seconds, and the page stays below 1 MB', async () => {
    const records = Array.from({ length: 20_000 }, (_, i) => `SQL-${100_000 + i}/LEAD-${200_000 + i}`);
    const large = aStatement({
      lines: [
        {
          assessment: anSqlFlag({
            removals: [{ rule: 'not_accepted', count: records.length, records, memo: false }],
          }),
          controlTotals: [],
          share: 1,
          rule: null,
        },
      ],
    });
    const started = performance.now();
    const workbook = await statementXlsx(large);
    const page = await statementHtml(large);
    const files = statementCsv(large);
    const seconds = (performance.now() - started) / 1000;
    expect(rows(files['records.csv']!)).toHaveLength(20_000);
    expect(unzipped(workbook).get('xl/worksheets/sheet3.xml')!.match(/<row /g)).toHaveLength(20_001);
    expect(page.length).toBeLessThan(1_000_000);
    expect(workbook.length).toBeLessThan(3_000_000);
    expect(seconds).toBeLessThan(15);
  });
});
