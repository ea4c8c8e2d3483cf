import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cellsFor,
  openQuote,
  scanned,
  scanPlain,
  scanRecord,
  strayQuote,
  undouble,
} from '../../lib/records/csv.ts';
import { textBytes } from '../../lib/records/text-bytes.ts';

/** All records of a text, or the status of the first that cannot be scanned. */
function records(text: string, delimiter = ','): string[][] | number {
  const written = Buffer.from(text);
  const read = textBytes(written.length);
  read.bytes.set(written);
  const cells = cellsFor(64);
  const all: string[][] = [];
  const texts = (bounds: Int32Array, from: number, count: number) =>
    Array.from({ length: count }, (_, i) =>
      Buffer.from(read.bytes.subarray(bounds[from + i * 2], bounds[from + i * 2 + 1])).toString(),
    );
  for (let at = 0; at < written.length; at = cells.next) {
    const status = scanRecord(read, at, written.length, delimiter.charCodeAt(0), true, 1 << 20, cells);
    if (status !== scanned) return status;
    if (cells.hasDoubled) undouble(read, cells);
    all.push(texts(cells.bounds, 0, cells.count));
    // As many as can be scanned together, of as many cells as that one had.
    const columns = cells.count;
    const together = cellsFor(columns, 3);
    const from = cells.next;
    const count = scanPlain(read, from, written.length, delimiter.charCodeAt(0), columns, together);
    for (let r = 0; r < count; r += 1) all.push(texts(together.bounds, r * columns * 2, columns));
    cells.next = together.next;
  }
  return all;
}

const cell = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.string({ unit: fc.constantFrom('"', ',', ';', '\n', '\r\n', 'a', 'é', '€', ' '), maxLength: 8 }),
);

describe('scanPlain', () => {
  it('finds the cells that scanRecord finds, in any bytes, valid or not', () => {
    const odd = fc.constantFrom('"', '\r', ',', '\n', '\r\n', '""');
    // Long and few, so that rows begin alike, and end alike where the cells after are shorter.
    const even = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', '1', ' ', '!', '-', '\u0001', 'é'), maxLength: 6 }),
      fc.constantFrom('2026-11-28', 'google', 'organic', 'organic search', 'x'),
    );
    const written = fc.record({
      columns: fc.integer({ min: 1, max: 3 }),
      from: fc.nat({ max: 3 }),
      feed: fc.constantFrom('\n', '\r\n'),
      cells: fc.array(fc.oneof({ arbitrary: even, weight: 30 }, { arbitrary: odd, weight: 1 }), {
        maxLength: 36,
      }),
    });
    let together = 0;
    fc.assert(
      fc.property(written, ({ columns, from, feed, cells }) => {
        const text = cells.map((cell, i) => cell + ((i + 1) % columns === 0 ? feed : ',')).join('');
        const written = Buffer.from(text);
        const read = textBytes(written.length);
        read.bytes.set(written);
        const end = written.length;
        const plain = cellsFor(columns, 40);
        const one = cellsFor(columns);
        const count = scanPlain(read, from, end, 44, columns, plain);
        one.next = from;
        for (let r = 0; r < count; r += 1) {
          const status = scanRecord(read, one.next, end, 44, false, 1 << 20, one);
          const bounds = plain.bounds.subarray(r * columns * 2, (r + 1) * columns * 2);
          expect([status, one.count, one.feeds, one.hasDoubled, ...one.bounds]).toEqual([
            ...[scanned, columns, 0, false],
            ...bounds,
          ]);
        }
        expect(plain.next).toBe(one.next);
        together += count;
      }),
      { seed: 20_261_128, numRuns: 4_000 },
    );
    expect(together).toBeGreaterThan(4_000);
  });
});

describe('scanRecord', () => {
  it('finds the same cells as csv-parse in any valid file', () => {
    const table = fc.integer({ min: 1, max: 5 }).chain((width) =>
      fc.record({
        rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), {
          minLength: 1,
          maxLength: 6,
        }),
        isQuoted: fc.boolean(),
        delimiter: fc.constantFrom(',', ';', '\t'),
        feed: fc.constantFrom('\n', '\r\n'),
        isClosed: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(table, ({ rows, isQuoted, delimiter, feed, isClosed }) => {
        const written = (text: string) =>
          isQuoted || /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
        const text = rows.map((row) => row.map(written).join(delimiter)).join(feed) + (isClosed ? feed : '');
        const oracle = parse(text, {
          delimiter,
          relax_column_count: true,
          skip_empty_lines: false,
          record_delimiter: ['\n', '\r\n'],
        });
        // csv-parse gives no record for an empty last line; ours begins none either.
        expect(records(text, delimiter)).toEqual(oracle);
      }),
      { seed: 20_261_122, numRuns: 2_000 },
    );
  });

  const folder = new URL('../../node_modules/csv-spectrum/', import.meta.url);
  // This one has a bare quote inside an unquoted cell, which RFC 4180 does not allow.
  const bare = 'location_coordinates.csv';
  it(`refuses csv-spectrum's ${bare}`, () => {
    expect(records(readFileSync(new URL(`csvs/${bare}`, folder), 'utf8'))).toBe(strayQuote);
  });
  for (const name of readdirSync(new URL('csvs/', folder)).filter((n) => n !== bare))
    it(`reads csv-spectrum's ${name}`, () => {
      const text = readFileSync(new URL(`csvs/${name}`, folder), 'utf8');
      const wanted = JSON.parse(
        readFileSync(new URL(`json/${name.replace('.csv', '.json')}`, folder), 'utf8'),
      );
      const [header, ...rows] = records(text) as string[][];
      const objects = rows.map((row) => Object.fromEntries(row.map((value, i) => [header![i], value])));
      expect(JSON.parse(JSON.stringify(objects).replaceAll('\\r\\n', '\\n'))).toEqual(
        JSON.parse(JSON.stringify(wanted).replaceAll('\\r\\n', '\\n')),
      );
    });

  it('refuses text after a closing quote', () => expect(records('"a"b,c\n')).toBe(strayQuote));
  it('refuses a quote inside an unquoted cell', () => expect(records('a"b,c\n')).toBe(strayQuote));
  it('refuses a quote that never closes', () => expect(records('"a,b\nc,d\n')).toBe(openQuote));
  it('reads empty and quoted empty cells alike', () => expect(records(',"",\n')).toEqual([['', '', '']]));
});
