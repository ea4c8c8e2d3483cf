import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { parquetWriteBuffer, type SchemaElement } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { readFile } from '../../lib/records/read-file.ts';
import { RowParser } from '../../lib/records/row-parser.ts';
import { context, manyLeads, pieces, readText } from './reading.ts';

const header = 'lead_id,created_at';
const trafficHeader = 'date,source,medium,channel,unique_visitors,sessions';
const trafficRows = Array.from(
  { length: 40 },
  (_, i) => `2026-08-${String((i % 28) + 1).padStart(2, '0')},s${i},cpc,paid,10,12`,
);

/** A leads file of good rows with some lines put in after the first. */
function leadsWith(...lines: string[]): string {
  const [first, ...rest] = manyLeads();
  return `${[header, first, ...lines, ...rest].join('\n')}\n`;
}

describe('a file that is not what it should be', () => {
  it('refuses an empty file', async () => {
    const { report } = await readText('leads', '');
    expect(report.refused).toMatchObject({ line: 1, reason: 'an empty file' });
  });

  it('refuses a file of blank lines', async () => {
    expect((await readText('leads', '\n\n')).report.refused?.reason).toBe('nothing but blank lines');
  });

  it('takes a header without rows as no rows, and says so', async () => {
    const { rows, report } = await readText('leads', `${header}\n`);
    expect(rows).toEqual([]);
    expect(report).toMatchObject({
      refused: null,
      lines: { total: 1, header: 1, good: 0 },
      notes: [{ text: 'a header and no rows' }],
    });
  });

  it('refuses an unknown column by name, with the nearest known one', async () => {
    const { report } = await readText('leads', `lead_id,created_at,emial\n1,2026-08-01,x\n`);
    expect(report.refused).toMatchObject({ line: 1, column: 'emial', reason: 'unknown column "emial"' });
    expect(report.refused?.expected).toContain('"email"?');
  });

  it('refuses a header with a missing required column by name', async () => {
    const { report } = await readText('leads', 'lead_id,email\n1,x\n');
    expect(report.refused).toMatchObject({
      column: 'created_at',
      reason: 'required column "created_at" missing',
    });
  });

  it('refuses a header with a duplicated column', async () => {
    const { report } = await readText('leads', 'lead_id,created_at,email,email\n1,2026-08-01,a,b\n');
    expect(report.refused?.reason).toBe('column "email" is there twice (columns 3 and 4)');
  });

  it('refuses a claims file with both period and month', async () => {
    const { report } = await readText(
      'claims',
      'period,month,kpi,value,reported_at\n2026-08,2026-08,leads,1,2026-09-01\n',
    );
    expect(report.refused?.reason).toContain('"period" is there twice');
  });

  it('refuses a column without a name', async () => {
    const { report } = await readText('leads', 'lead_id,created_at,\n1,2026-08-01,\n');
    expect(report.refused?.reason).toBe('column 3 has no name');
  });

  it('reads columns by name in any order', async () => {
    const { rows } = await readText('leads', 'created_at,lead_id\n2026-08-01,7\n');
    expect(rows).toMatchObject([{ lead_id: '7', created_at: '2026-08-01', email: null }]);
  });

  it('renames listed columns and leaves out those renamed to null', async () => {
    const columns = { Id: 'lead_id', Created: 'created_at', Colour: null };
    const { rows, report } = await readText('leads', 'Id,Colour,Created\n7,red,2026-08-01\n', { columns });
    expect(report.refused).toBeNull();
    expect(rows).toMatchObject([{ lead_id: '7', created_at: '2026-08-01' }]);
  });

  it('throws for a renaming that leads nowhere', async () => {
    await expect(readText('leads', `${header}\n`, { columns: { a: 'nowhere' } })).rejects.toThrow(RangeError);
  });

  it.each([[';'], ['\t']])('accepts %j between cells', async (delimiter) => {
    const { rows } = await readText(
      'leads',
      `lead_id,created_at,email\n7,2026-08-01,a@b.de\n`.replaceAll(',', delimiter),
    );
    expect(rows).toMatchObject([{ lead_id: '7', email: 'a@b.de' }]);
  });

  it('refuses lines that end with a carriage return alone, and says so', async () => {
    const { report } = await readText('leads', `${header}\r7,2026-08-01\r`);
    expect(report.refused).toMatchObject({
      reason: 'the header cannot be read: a carriage return inside a cell',
      expected: 'lines that end with LF or CRLF',
    });
  });

  it('refuses a JSON array by name', async () => {
    const { report } = await readText('leads', '[{"lead_id":"7","created_at":"2026-08-01"}]');
    expect(report.refused).toMatchObject({ reason: 'a JSON array' });
  });

  it('refuses another delimiter by name', async () => {
    const { report } = await readText('leads', 'lead_id|created_at\n7|2026-08-01\n');
    expect(report.refused?.reason).toBe('cells are separated by "|"');
  });

  it('refuses a file without a header', async () => {
    const { report } = await readText('leads', '7,2026-08-01\n8,2026-08-01\n');
    expect(report.refused?.reason).toBe('unknown column "7"');
  });

  it('passes over a byte order mark', async () => {
    expect((await readText('leads', `\ufeff${header}\n7,2026-08-01\n`)).rows).toHaveLength(1);
  });

  it('refuses Latin-1 by name and line', async () => {
    const text = Buffer.from('lead_id,created_at,company\n1,2026-08-01,ok\n2,2026-08-01,Müller\n', 'latin1');
    expect((await readText('leads', text)).report.refused).toMatchObject({
      line: 3,
      reason: expect.stringContaining('Latin-1'),
    });
  });

  it.each([
    ['utf16le', '\ufeff'],
    ['utf16le', ''],
  ] as const)('refuses UTF-16 by name (%s, mark %j)', async (encoding, mark) => {
    const { report } = await readText('leads', Buffer.from(`${mark}${header}\n7,2026-08-01\n`, encoding));
    expect(report.refused?.reason).toContain('UTF-16');
  });

  it('refuses a ZIP archive by name', async () => {
    expect(
      (await readText('leads', Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0]))).report.refused?.reason,
    ).toContain('ZIP');
  });

  it('refuses an endless line in bounded memory, digest and size complete', async () => {
    const chunk = new Uint8Array(1 << 20).fill(97);
    const hash = createHash('sha256');
    async function* endless() {
      for (let i = 0; i < 300; i += 1) {
        hash.update(chunk);
        yield chunk;
      }
    }
    const before = process.memoryUsage().arrayBuffers;
    const parser = new RowParser('leads', context, () => {});
    const report = await readFile(endless(), { dataset: 'leads', name: 'endless' }, parser, () => {});
    expect(report.refused?.reason).toContain('longer than 4194304 bytes');
    expect(report).toMatchObject({ bytes: 300 << 20, sha256: hash.digest('hex') });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 << 20);
  });

  it('sets a row with a cell over 1 MB aside', async () => {
    const { bad, rows } = await readText('leads', leadsWith(`${'x'.repeat((1 << 20) + 1)},2026-08-01`));
    expect(bad).toMatchObject([{ line: 3, reason: 'a cell longer than 1048576 bytes' }]);
    expect(rows).toHaveLength(40);
  });

  it('refuses a file with more than 5 % bad lines whole', async () => {
    const at = (bad: number) =>
      `${[header, ...manyLeads(100 - bad), ...Array(bad).fill('x,2026-02-30')].join('\n')}\n`;
    expect((await readText('leads', at(5))).report.refused).toBeNull();
    const { refused } = (await readText('leads', at(6))).report;
    expect(refused).toMatchObject({
      line: 96,
      column: 'created_at',
      reason: '6 of 100 lines are bad; the first: no such time',
    });
  });
});

describe('gzip', () => {
  const text = `${header}\n${manyLeads(5000).join('\n')}\n`;
  const packed = gzipSync(text);

  it('is told by its first bytes, and the digest is of the packed file', async () => {
    const { rows, report } = await readText('leads', packed, { size: 1000 });
    expect(rows).toHaveLength(5000);
    expect(report.sha256).toBe(createHash('sha256').update(packed).digest('hex'));
  });

  it('is read when one byte comes at a time', async () => {
    expect((await readText('leads', gzipSync(`${header}\n7,2026-08-01\n`), { size: 1 })).rows).toHaveLength(
      1,
    );
  });

  it('is refused when truncated', async () => {
    expect((await readText('leads', packed.subarray(0, packed.length - 9))).report.refused?.reason).toContain(
      'truncated',
    );
  });

  it('is refused with a wrong checksum, digest and size of the whole file', async () => {
    const wrong = Uint8Array.from(packed);
    wrong[wrong.length - 8]! ^= 1;
    const { report } = await readText('leads', wrong, { size: 100 });
    expect(report.refused?.reason).toContain('checksum');
    expect(report).toMatchObject({
      bytes: wrong.length,
      sha256: createHash('sha256').update(wrong).digest('hex'),
    });
  });

  it('of several members is read as one file, a row cut between them included', async () => {
    const cut = text.length - 7;
    const members = Buffer.concat([gzipSync(text.slice(0, cut)), gzipSync(text.slice(cut)), gzipSync('')]);
    expect((await readText('leads', members, { size: 100 })).rows).toHaveLength(5000);
  });

  it('is refused with something else after its end, but for the zeros of a tape', async () => {
    const { report } = await readText('leads', Buffer.concat([packed, Buffer.from('more')]), { size: 100 });
    expect(report.refused?.reason).toContain('gzip');
    const padded = await readText('leads', Buffer.concat([packed, Buffer.alloc(512)]), { size: 100 });
    expect(padded.rows).toHaveLength(5000);
  });

  it('of nothing is an empty file', async () => {
    expect((await readText('leads', gzipSync(''))).report.refused?.reason).toBe('an empty file');
  });

  it('is refused when damaged in the middle', async () => {
    const wrong = Uint8Array.from(packed);
    for (let i = 200; i < 260; i += 1) wrong[i]! ^= 0x55;
    const { report } = await readText('leads', wrong, { size: 100 });
    expect(report.refused?.reason).toContain('gzip');
    expect(report.bytes).toBe(wrong.length);
  });
});

describe('lines', () => {
  it('accepts LF and CRLF in one file', async () => {
    const { rows, report } = await readText(
      'leads',
      `${header}\r\n1,2026-08-01\n2,2026-08-01\r\n\r\n3,2026-08-01`,
    );
    expect(rows.map((r) => r.lead_id)).toEqual(['1', '2', '3']);
    expect(report.lines).toEqual({ total: 5, header: 1, blank: 1, good: 3, bad: 0 });
  });

  it('numbers physical lines through quoted line breaks', async () => {
    const text = `lead_id,created_at,company\n1,2026-08-01,"A\nB\nC"\n2,2026-08-01,D\n`;
    const { lines, report } = await readText('leads', text);
    expect(lines).toEqual([2, 5]);
    expect(report.lines).toEqual({ total: 5, header: 1, blank: 0, good: 4, bad: 0 });
  });

  it('ends a bad record at the next line that parses', async () => {
    const { bad, rows, report } = await readText(
      'leads',
      leadsWith('"a"b,2026-08-01', 'ok1,2026-08-01', '"open,2026-08-01', 'ok2,2026-08-01'),
    );
    expect(bad.map((b) => [b.line, b.lines])).toEqual([
      [3, 1],
      [5, 1],
    ]);
    expect(rows.map((r) => r.lead_id)).toEqual(expect.arrayContaining(['ok1', 'ok2']));
    expect(report.lines).toEqual({ total: 45, header: 1, blank: 0, good: 42, bad: 2 });
  });

  it('loses one line to one stray quote near the top of many good rows', async () => {
    const rows = Array.from({ length: 100_000 }, (_, i) => `L${i},2026-08-01`);
    rows[3] = '"L3,2026-08-01';
    const { report, bad } = await readText('leads', `${header}\n${rows.join('\n')}\n`);
    expect(bad).toMatchObject([{ line: 5, reason: 'a quote that never closes' }]);
    expect(report.lines).toEqual({ total: 100_001, header: 1, blank: 0, good: 99_999, bad: 1 });
  });

  it('sees rows between two stray quotes that make one cell of them', async () => {
    const rows = manyLeads(200).map((row) => `${row},x`);
    rows[3] = 'L3,2026-08-01,"x';
    rows[8] = 'L8,2026-08-01",x';
    const text = `lead_id,created_at,company\n${rows.join('\n')}\n`;
    const { bad, report } = await readText('leads', text);
    expect(bad).toMatchObject([{ line: 5, lines: 6, reason: '4 cells' }]);
    expect(report.lines).toMatchObject({ good: 194, bad: 6 });
    const matched = rows.slice();
    matched[8] = 'x"';
    const swallowed = await readText('leads', `lead_id,created_at,company\n${matched.join('\n')}\n`);
    expect(swallowed.bad).toMatchObject([
      { line: 5, lines: 6, reason: 'a quoted cell holds lines that look like rows' },
    ]);
  });

  it('takes rows of nothing but delimiters for blank lines', async () => {
    const { report } = await readText('leads', `lead_id,created_at,email\n1,2026-08-01,\n,,\n`);
    expect(report.lines).toEqual({ total: 3, header: 1, blank: 1, good: 1, bad: 0 });
  });

  it('sets a row with another number of cells aside', async () => {
    const { bad } = await readText('leads', leadsWith('7', '8,2026-08-01,x'));
    expect(bad.map((b) => b.reason)).toEqual(['1 cell', '3 cells']);
  });

  it('gives the same result however the file is cut', async () => {
    const text = `\ufefflead_id,created_at,company\r\n${manyLeads().join(',"Ä ""x"" €\nß"\r\n')},"open\n`;
    const whole = await readText('leads', text);
    for (const size of [1, 2, 3, 7, 64]) expect(await readText('leads', text, { size })).toEqual(whole);
    expect(whole.rows[0]!.company).toBe('Ä "x" €\nß');
  });

  it('conserves lines under 10,000 seeded mutations', async () => {
    const rows = trafficRows
      .slice(0, 12)
      .map((row, i) => (i % 3 === 0 ? row.replace('paid', '"paid, ""x"""') : row));
    const valid = Buffer.from(`${trafficHeader}\n${rows.join('\r\n')}\n\n`);
    const edit = fc.record({
      at: fc.nat(valid.length),
      cut: fc.nat(6),
      put: fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'x', '1', ';', '\0', 'é'), maxLength: 4 }),
      size: fc.integer({ min: 1, max: 400 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
        let bytes: Buffer = valid;
        for (const { at, cut, put } of edits)
          bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(put), bytes.subarray(at + cut)]);
        const { report } = await readText('traffic', bytes, {
          size: edits[0]!.size,
          limits: { badShare: 1 },
        });
        const { total, header: head, blank, good, bad } = report.lines;
        if (report.refused === null) expect(head + blank + good + bad).toBe(total);
        const feeds =
          bytes.filter((byte) => byte === 10).length + (bytes.length > 0 && bytes.at(-1) !== 10 ? 1 : 0);
        if (report.refused === null) expect(total).toBe(feeds);
        expect(report.refused?.reason ?? '').not.toContain('accounted for');
      }),
      { seed: 1, numRuns: 10_000 },
    );
  }, 120_000);
});

describe('cells', () => {
  const traffic = (cells: string, extra = '') =>
    `${trafficHeader}${extra && ',spend'}\n${[...trafficRows.map((r) => r + (extra && ',')), cells].join('\n')}\n`;

  it.each([
    '10.5',
    '1e3',
    '0x10',
    '1_000',
    ' 7',
    '7 ',
    'nan',
    '-1',
    '+1',
    '1,000'.replace(',', '.'),
    '1e309',
    '٣',
    '9007199254740992',
    '',
    '5\0',
  ])('refuses %j as a count', async (text) => {
    const { bad, rows } = await readText('traffic', traffic(`2026-08-01,s,m,c,${text},1`));
    expect(rows).toHaveLength(40);
    expect(bad).toMatchObject([{ line: 42, column: 'unique_visitors' }]);
  });

  it.each([
    ['0', 0],
    ['007', 7],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('reads %s as a count', async (text, value) => {
    const { rows } = await readText('traffic', traffic(`2026-08-01,s,m,c,${text},1`));
    expect(rows.at(-1)!.unique_visitors).toBe(value);
  });

  it.each([
    ['0.0', 0],
    ['12', 1200],
    ['12.5', 1250],
    ['12.50', 1250],
    ['0.07', 7],
  ])('reads %s dollars exactly', async (text, cents) => {
    const { rows } = await readText('traffic', traffic(`2026-08-01,s,m,c,1,1,${text}`, 'x'));
    expect(rows.at(-1)!.spend).toBe(cents);
  });

  it.each(['12.345', '0.000', '.5', '5.', '-1', '1e2', '1,5'.replace(',', ' '), '1e309'])(
    'refuses %j as dollars',
    async (text) => {
      const { bad } = await readText('traffic', traffic(`2026-08-01,s,m,c,1,1,${text}`, 'x'));
      expect(bad).toMatchObject([{ column: 'spend', value: text }]);
    },
  );

  it('reads amounts by the exponent of their currency', async () => {
    const yen = { ...context, currency: 'JPY' };
    expect(
      (await readText('spend', 'date,amount,budget\n2026-08-01,120,sales\n', { context: yen })).rows[0]!
        .amount,
    ).toBe(120);
    const dinar = { ...context, currency: 'KWD' };
    expect(
      (await readText('spend', 'date,amount,budget\n2026-08-01,-1.234,sales\n', { context: dinar })).rows[0]!
        .amount,
    ).toBe(-1234);
  });

  it('takes a fraction where a decimal may stand', async () => {
    const { rows } = await readText('leads', 'lead_id,created_at,time_on_site_sec\n1,2026-08-01,12.5\n');
    expect(rows[0]!.time_on_site_sec).toBe(12.5);
  });

  it.each(['2026-02-30', '2026-13-01', '2026-8-1', '01.08.2026', '2026-08-01T00:00:00', '2026-11-23'])(
    'refuses %s as a date',
    async (text) => {
      const { bad } = await readText('traffic', traffic(`${text},s,m,c,1,1`));
      expect(bad).toMatchObject([{ column: 'date', value: text }]);
    },
  );

  it.each(['1970-01-01', '1899-12-30', '0026-08-01'])('refuses a date nobody counted on: %s', async (day) => {
    expect((await readText('traffic', traffic(`${day},s,m,c,1,1`))).bad).toMatchObject([
      { column: 'date', reason: 'too long ago', expected: '1990-01-01 at the earliest' },
    ]);
    const leads = await readText('leads', `${header}\n7,${day}\n8,1990-01-01\n`);
    expect(leads.bad).toMatchObject([{ column: 'created_at', reason: 'too long ago' }]);
  });

  it('takes today, and a later date only where a column may lie ahead', async () => {
    expect((await readText('traffic', traffic('2026-11-22,s,m,c,1,1'))).bad).toEqual([]);
    const { rows } = await readText('calendar', 'date_from,date_to,kind\n2026-12-01,2026-12-05,trade_show\n');
    expect(rows).toMatchObject([{ kind: 'other', unit: null }]);
  });

  it('reads times with an offset into the zone of the row', async () => {
    const { rows } = await readText(
      'leads',
      'lead_id,created_at,unit\n1,2026-08-01T23:30:00Z,berlin\n2,2026-08-01 23:30:05,berlin\n3,2026-08-01T01:00+02:00,\n',
    );
    expect(rows.map((r) => r.created_at)).toEqual([
      '2026-08-02T01:30:00',
      '2026-08-01T23:30:05',
      '2026-07-31T23:00:00',
    ]);
  });

  it('reads a local time skipped by daylight saving one hour later, an ambiguous one as it stands, and notes both', async () => {
    const { rows, report } = await readText(
      'leads',
      'lead_id,created_at,unit\n1,2026-03-29T02:30:00,berlin\n2,2026-10-25T02:30:00,berlin\n',
    );
    expect(rows.map((r) => r.created_at)).toEqual(['2026-03-29T03:30:00', '2026-10-25T02:30:00']);
    expect(report.lines).toMatchObject({ good: 2, bad: 0 });
    expect(report.notes).toMatchObject([
      { line: 2, column: 'created_at', count: 1 },
      { line: 3, count: 1 },
    ]);
  });

  it('keeps a formula as text', async () => {
    const { rows } = await readText('leads', 'lead_id,created_at,form\n1,2026-08-01,"=HYPERLINK(""x"")"\n');
    expect(rows[0]!.form).toBe('=HYPERLINK("x")');
  });

  it('is strict about lists', async () => {
    const sql = (d: string) =>
      `sql_id,lead_id,delivered_at,disposition\n${Array.from({ length: 30 }, (_, i) => `${i},1,2026-08-01,accepted`).join('\n')}\n1,1,2026-08-01,${d}\n`;
    const { bad } = await readText('sqls', sql('Accepted'));
    expect(bad).toMatchObject([
      {
        column: 'disposition',
        value: 'Accepted',
        expected: 'one of pending, accepted, rejected, returned, disqualified',
      },
    ]);
  });

  it('sets a row of a unit that is not configured aside', async () => {
    const { bad } = await readText(
      'leads',
      `lead_id,created_at,unit\n${manyLeads()
        .map((r) => `${r},all`)
        .join('\n')}\n9,2026-08-01,mars\n`,
    );
    expect(bad).toMatchObject([{ column: 'unit', reason: 'there is no unit "mars"' }]);
  });

  it('shows no personal value in a bad row, and at most 200 characters of others', async () => {
    const { bad } = await readText(
      'leads',
      `lead_id,created_at,email,source\n${manyLeads()
        .map((r) => `${r},,`)
        .join('\n')}\n1,2026-08-01,a\u0007@b.de,\n2,2026-08-01,,${'x'.repeat(300)}\u0007\n`,
    );
    expect(bad.map((b) => [b.column, b.value?.length ?? null])).toEqual([
      ['email', null],
      ['source', 200],
    ]);
  });

  it('reads claims by month or period, revenue as money', async () => {
    const { rows } = await readText(
      'claims',
      'month,kpi,value,reported_at\n2026-08,leads,300,2026-09-01\n2026-Q3,revenue,10.50,2026-10-01\n',
    );
    expect(rows).toMatchObject([
      { period: '2026-08', value: 300 },
      { period: '2026-Q3', value: 1050 },
    ]);
  });
});

describe('JSON Lines', () => {
  const line = (i: number) => JSON.stringify({ lead_id: `L${i}`, created_at: '2026-08-01', total_visits: i });
  const good = Array.from({ length: 40 }, (_, i) => line(i));

  it('reads fields by name, null and absent ones as empty', async () => {
    const { rows } = await readText(
      'leads',
      '{"lead_id":"1","created_at":"2026-08-01","email":null,"total_visits":3}\n\n{"created_at":"2026-08-02","lead_id":"2"}',
    );
    expect(rows).toMatchObject([
      { lead_id: '1', email: null, total_visits: 3 },
      { lead_id: '2', total_visits: null },
    ]);
  });

  it.each([
    '{"lead_id":"1"',
    '[1]',
    '{"lead_id":"1","created_at":"2026-08-01","total_visits":1e3}',
    '{"lead_id":"1","lead_id":"2","created_at":"2026-08-01"}',
    '{"lead_id":{"a":1},"created_at":"2026-08-01"}',
  ])('sets %s aside', async (text) => {
    const { bad, report } = await readText('leads', [...good, text].join('\n'));
    expect(bad).toMatchObject([{ line: 41 }]);
    expect(report.lines).toEqual({ total: 41, header: 0, blank: 0, good: 40, bad: 1 });
  });

  it('refuses an unknown field by name and line', async () => {
    const { report } = await readText('leads', `${good[0]}\n{"lead_id":"1","creatd_at":"x"}\n`);
    expect(report.refused).toMatchObject({ line: 2, column: 'creatd_at' });
  });
});

describe('Parquet', () => {
  it('reads typed columns by the same rules', async () => {
    const buffer = parquetWriteBuffer({
      columnData: [
        { name: 'lead_id', data: Array.from({ length: 40 }, (_, i) => `L${i}`), type: 'STRING' },
        {
          name: 'created_at',
          data: Array.from({ length: 40 }, () => new Date('2026-08-01T10:00:00Z')),
          type: 'TIMESTAMP',
        },
        {
          name: 'total_visits',
          data: Array.from({ length: 40 }, (_, i) => (i === 3 ? -1 : i)),
          type: 'INT32',
        },
      ],
    });
    const { rows, bad, report } = await readText('leads', new Uint8Array(buffer));
    expect(rows[0]).toMatchObject({ lead_id: 'L0', created_at: '2026-08-01T10:00:00', total_visits: 0 });
    expect(bad).toMatchObject([{ line: 4, column: 'total_visits', value: '-1' }]);
    expect(report.lines).toEqual({ total: 40, header: 0, blank: 0, good: 39, bad: 1 });
  });

  it('reads decimals exactly, whole numbers beyond 2^53 as ids, local times as they stand, and null as empty', async () => {
    const amounts = Array.from({ length: 60 }, (_, i) => (i === 1 ? null : i + 0.29));
    const columns = [
      { name: 'deal_id', type: 'INT64' },
      {
        name: 'created_at',
        type: 'INT64',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MICROS' },
      },
      { name: 'stage', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
      { name: 'amount', type: 'INT64', converted_type: 'DECIMAL', scale: 4, precision: 18 },
      { name: 'won_at', type: 'INT32', converted_type: 'DATE' },
    ].map((c) => ({ ...c, repetition_type: 'OPTIONAL' }));
    const schema = [{ name: 'root', num_children: columns.length }, ...columns] as SchemaElement[];
    const data: Record<string, unknown[]> = {
      deal_id: amounts.map((_, i) => (i === 0 ? 9007199254740993n : BigInt(i))),
      created_at: amounts.map(() => new Date('2026-08-01T10:00:00Z')),
      stage: amounts.map(() => 'won'),
      amount: amounts,
      won_at: amounts.map((_, i) => (i === 2 ? null : new Date('2026-08-02'))),
    };
    const buffer = parquetWriteBuffer({
      schema,
      columnData: columns.map(({ name }) => ({ name, data: data[name]! })),
    });
    const { rows, bad } = await readText('deals', new Uint8Array(buffer), {
      context: { ...context, zone: () => 'Europe/Berlin' },
    });
    expect(bad).toEqual([]);
    expect(rows.map((r) => r.amount)).toEqual(amounts.map((a) => (a === null ? null : Math.round(a * 100))));
    expect(rows[0]).toMatchObject({
      deal_id: '9007199254740993',
      created_at: '2026-08-01T10:00:00',
      won_at: '2026-08-02',
    });
    expect(rows[2]).toMatchObject({ won_at: null });
  });

  it('refuses a damaged file', async () => {
    expect((await readText('leads', Buffer.from('PAR1 and nothing PAR1'))).report.refused?.reason).toContain(
      'Parquet',
    );
  });
});

describe('readFile', () => {
  it('passes on what the input throws', async () => {
    async function* broken() {
      yield* pieces(`${header}\n`);
      throw new Error('gone');
    }
    const parser = new RowParser('leads', context, () => {});
    await expect(readFile(broken(), { dataset: 'leads', name: 'x' }, parser, () => {})).rejects.toThrow(
      'gone',
    );
  });
});
