import type { Dataset } from '../model/config.ts';
import { textOf } from './cell.ts';
import {
  type Cells,
  cellsFor,
  incomplete,
  openQuote,
  scanned,
  scanPlain,
  scanRecord,
  strayQuote,
  swallowsRows,
  undouble,
} from './csv.ts';
import { type Limits, type Problem, refuse } from './file-report.ts';
import { columnOf, columnPlaces, type Renames } from './header.ts';
import type { RowConsumer, Tally } from './tally.ts';
import type { TextFormat } from './text-buffer.ts';
import type { TextBytes } from './text-bytes.ts';

const delimiters: readonly (readonly [byte: number, name: string])[] = [
  [44, ','],
  [59, ';'],
  [9, 'tab'],
];
const foreign: readonly (readonly [byte: number, name: string])[] = [
  [124, '|'],
  [58, ':'],
  [32, 'a blank'],
];
const lineFeed = 10;
const most = 4096;
/** Cells scanned before they are taken: with their text they stay in the nearest cache. */
const scannedCells = 2048;

/** RFC 4180 text with a header line: finds the delimiter and the columns, then hands on record by record. */
export class CsvFormat implements TextFormat {
  readonly #dataset: Dataset;
  readonly #renames: Renames;
  readonly #limits: Limits;
  readonly #tally: Tally;
  readonly #consumer: RowConsumer;
  #delimiter = 0;
  #columns = 0;
  #cells: Cells = cellsFor(0);
  /** Bytes looked at again after quotes that led nowhere. */
  #again = 0;
  #seen = 0;

  constructor(dataset: Dataset, renames: Renames, limits: Limits, tally: Tally, consumer: RowConsumer) {
    this.#dataset = dataset;
    this.#renames = renames;
    this.#limits = limits;
    this.#tally = tally;
    this.#consumer = consumer;
  }

  consume(text: TextBytes, from: number, end: number, isLast: boolean): number {
    let at = from;
    this.#seen += end - from;
    if (this.#columns === 0) {
      at = this.#readHeader(text, at, end, isLast);
      if (this.#columns === 0) return at;
    }
    const cells = this.#cells;
    const tally = this.#tally;
    const delimiter = this.#delimiter;
    while (at < end) {
      const records = scanPlain(text, at, end, delimiter, this.#columns, cells);
      if (records > 0) {
        this.#takePlain(text, records);
        at = cells.next;
        continue;
      }
      const status = scanRecord(text, at, end, delimiter, isLast, this.#limits.cellBytes, cells);
      if (status === scanned) {
        this.#takeOne(text, cells.end - at);
        at = cells.next;
        continue;
      }
      const feedAt = text.bytes.indexOf(lineFeed, at);
      const lineEnd = feedAt === -1 || feedAt >= end ? end : feedAt + 1;
      if (status === incomplete || (lineEnd === end && !isLast && text.bytes[end - 1] !== lineFeed))
        return at;
      // A bad record ends with its first line: the next one may parse, and no line is lost.
      tally.countRow(quoteProblem(status), 1);
      this.#guard(cells.next - at, lineEnd - at);
      at = lineEnd;
    }
    return at;
  }

  /** Takes records as `scanPlain` left them; good ones are told to the tally together. */
  #takePlain(text: TextBytes, records: number): void {
    const { bounds } = this.#cells;
    const tally = this.#tally;
    const columns = this.#columns;
    const width = columns * 2;
    let good = 0;
    for (let at = 0; at < records * width; at += width) {
      const length = bounds[at + width - 1]! - bounds[at]!;
      const isBlank = length < columns;
      const problem = isBlank ? null : this.#takeCells(text, at, length, tally.line + good);
      if (!isBlank && problem === null) {
        good += 1;
        continue;
      }
      tally.countGood(good);
      good = 0;
      if (isBlank) tally.countBlank(1);
      else tally.countRow(problem, 1);
    }
    tally.countGood(good);
  }

  /** Takes the record `scanRecord` left. @param length its bytes, quotes included. */
  #takeOne(text: TextBytes, length: number): void {
    const cells = this.#cells;
    const { count, feeds } = cells;
    const columns = this.#columns;
    let bad: Problem | null = null;
    // Spreadsheets leave rows of nothing but delimiters behind the last one.
    if (length === 0 || (length === columns - 1 && count === columns)) {
      this.#tally.countBlank(1);
      return;
    }
    if (count !== columns)
      bad = problem(`${count} cell${count === 1 ? '' : 's'}`, `${columns} cells, as in the header`);
    else if (feeds > 0 && swallowsRows(text, cells, this.#delimiter, columns))
      bad = problem('a quoted cell holds lines that look like rows', 'a closing quote on the line it opens');
    else {
      if (cells.hasDoubled) undouble(text, cells);
      bad = this.#takeCells(text, 0, length, this.#tally.line);
    }
    this.#tally.countRow(bad, 1 + feeds);
  }

  #takeCells(text: TextBytes, at: number, length: number, line: number): Problem | null {
    const { bounds } = this.#cells;
    const limit = this.#limits.cellBytes;
    if (length > limit)
      for (let i = at; i < at + this.#columns * 2; i += 2)
        if (bounds[i + 1]! - bounds[i]! > limit)
          return problem(`a cell longer than ${limit} bytes`, 'shorter cells');
    return this.#consumer.take(text, bounds, at, line);
  }

  /** Every unclosed quote costs a look ahead of up to a cell's limit; a file of nothing else is not read on. */
  #guard(looked: number, used: number): void {
    this.#again += looked - used;
    if (this.#again > (64 << 20) + 8 * this.#seen)
      refuse(
        this.#tally.line,
        null,
        'too many quotes that never close',
        'a closing quote for every opening one',
      );
  }

  #readHeader(text: TextBytes, from: number, end: number, isLast: boolean): number {
    let at = from;
    const cells = cellsFor(most);
    while (at < end) {
      const first = scanRecord(text, at, end, delimiters[0]![0], isLast, this.#limits.cellBytes, cells);
      if (first === incomplete) return at;
      if (first !== scanned || cells.end !== at) break;
      this.#tally.countBlank(1);
      at = cells.next;
    }
    if (at >= end) return at;
    const { line } = this.#tally;
    let best: { byte: number; names: string[]; known: number } | null = null;
    for (const [byte] of delimiters) {
      const names = this.#namesBy(byte, text, at, end, isLast, cells);
      const known = names.filter((name) => columnOf(this.#dataset, name, this.#renames) !== undefined).length;
      if (
        names.length > 0 &&
        (!best || known > best.known || (known === best.known && names.length > best.names.length))
      )
        best = { byte, names, known };
    }
    if (!best) {
      const status = scanRecord(text, at, end, delimiters[0]![0], isLast, this.#limits.cellBytes, cells);
      const { reason, expected } = quoteProblem(status);
      refuse(line, null, `the header cannot be read: ${reason}`, expected);
    }
    if (best.names.length === 1) this.#refuseDelimiter(text, at, end, isLast, cells, best.names[0]!);
    const places = columnPlaces(this.#dataset, best.names, this.#renames, line);
    this.#namesBy(best.byte, text, at, end, isLast, cells);
    this.#tally.countHeader(1 + cells.feeds);
    this.#delimiter = best.byte;
    this.#columns = best.names.length;
    this.#cells = cellsFor(this.#columns, Math.ceil(scannedCells / this.#columns));
    this.#consumer.begin(places);
    return cells.next;
  }

  #namesBy(byte: number, text: TextBytes, at: number, end: number, isLast: boolean, cells: Cells): string[] {
    if (scanRecord(text, at, end, byte, isLast, this.#limits.cellBytes, cells) !== scanned) return [];
    if (cells.count > most) refuse(this.#tally.line, null, `${cells.count} columns`, `at most ${most}`);
    return Array.from({ length: cells.count }, (_, i) =>
      textOf(text, cells.bounds[i * 2]!, cells.bounds[i * 2 + 1]!)
        .replaceAll('""', '"')
        .trim(),
    );
  }

  #refuseDelimiter(
    text: TextBytes,
    at: number,
    end: number,
    isLast: boolean,
    cells: Cells,
    header: string,
  ): void {
    for (const [byte, name] of foreign) {
      const names = this.#namesBy(byte, text, at, end, isLast, cells);
      if (names.filter((n) => columnOf(this.#dataset, n, this.#renames) !== undefined).length > 1)
        refuse(
          this.#tally.line,
          null,
          `cells are separated by "${name}"`,
          'cells separated by ",", ";" or tab',
        );
    }
    if (columnOf(this.#dataset, header, this.#renames) === undefined)
      refuse(
        this.#tally.line,
        null,
        'the first line holds no column of the dataset',
        'a header line, cells separated by ",", ";" or tab',
      );
  }
}

function problem(reason: string, expected: string): Problem {
  return { column: null, reason, expected, value: null };
}

function quoteProblem(status: number): Problem {
  if (status === openQuote)
    return problem('a quote that never closes', 'a closing quote before the cell ends');
  if (status === strayQuote)
    return problem('a quote inside a cell', 'quotes around the whole cell, doubled inside it');
  return problem('a carriage return inside a cell', 'lines that end with LF or CRLF');
}
