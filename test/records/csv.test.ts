import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellsFor, openQuote, scanned, scanRecord, strayQuote, undouble } from '../../lib/records/csv.ts';
import { textBytes } from '../../lib/records/text-bytes.ts';

/** All records of a text, or the status of the first that cannot be scanned. */
function records(text: string, delimiter = ','): string[][] | number {
  const written = Buffer.from(text);
  const read = textBytes(written.length);
  read.bytes.set(written);
  const cells = cellsFor(64);
  const all: string[][] = [];
  for (let at = 0; at < written.length; at = cells.next) {
    const status = scanRecord(read, at, written.length, delimiter.charCodeAt(0), true, 1 << 20, cells);
    if (status !== scanned) return status;
    if (cells.hasDoubled) undouble(read, cells);
    const { bounds, count } = cells;
    all.push(
      Array.from({ length: count }, (_, i) =>
        Buffer.from(read.bytes.subarray(bounds[i * 2], bounds[i * 2 + 1])).toString(),
      ),
    );
  }
  return all;
}

const cell = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.string({ unit: fc.constantFrom('"', ',', ';', '\n', '\r\n', 'a', 'é', '€', ' '), maxLength: 8 }),
);

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
