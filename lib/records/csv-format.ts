import type { Dataset } from '../model/config.ts';
import { textOf } from './cell.ts';
import {
  type Cells,
  cellsFor,
  incomplete,
  openQuote,
  scanned,
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
    const consumer = this.#consumer;
    const delimiter = this.#delimiter;
    const columns = this.#columns;
    const limit = this.#limits.cellBytes;
    // Good rows of one line, nearly all there are, are told to the tally together.
    let good = 0;
    while (at < end) {
      const status = scanRecord(text, at, end, delimiter, isLast, limit, cells);
      if (status === scanned) {
        const next = cells.next;
        const length = cells.end - at;
        let problem: Problem | null = null;
        if (
          cells.count === columns &&
          length >= columns &&
          length <= limit &&
          cells.feeds === 0 &&
          !cells.hasDoubled
        ) {
          problem = consumer.take(text, cells.bounds, tally.line + good);
          if (problem === null) {
            good += 1;
            at = next;
            continue;
          }
        }
        tally.countGood(good);
        good = 0;
        // Spreadsheets leave rows of nothing but delimiters behind the last one.
        if (length === 0 || (length === columns - 1 && cells.count === columns)) tally.countBlank(1);
        else tally.countRow(problem ?? this.#takeUnusual(text, length), 1 + cells.feeds);
        at = next;
        continue;
      }
      tally.countGood(good);
      good = 0;
      const feedAt = text.bytes.indexOf(lineFeed, at);
      const lineEnd = feedAt === -1 || feedAt >= end ? end : feedAt + 1;
      if (status === incomplete || (lineEnd === end && !isLast && text.bytes[end - 1] !== lineFeed))
        return at;
      // A bad record ends with its first line: the next one may parse, and no line is lost.
      tally.countRow(quoteProblem(status), 1);
      this.#guard(cells.next - at, lineEnd - at);
      at = lineEnd;
    }
    tally.countGood(good);
    return at;
  }

  #takeUnusual(text: TextBytes, length: number): Problem | null {
    const cells = this.#cells;
    if (cells.count !== this.#columns)
      return problem(
        `${cells.count} cell${cells.count === 1 ? '' : 's'}`,
        `${this.#columns} cells, as in the header`,
      );
    const { bounds } = cells;
    if (length > this.#limits.cellBytes)
      for (let i = 0; i < bounds.length; i += 2)
        if (bounds[i + 1]! - bounds[i]! > this.#limits.cellBytes)
          return problem(`a cell longer than ${this.#limits.cellBytes} bytes`, 'shorter cells');
    if (cells.feeds > 0 && swallowsRows(text, cells, this.#delimiter, this.#columns))
      return problem('a quoted cell holds lines that look like rows', 'a closing quote on the line it opens');
    if (cells.hasDoubled) undouble(text, cells);
    return this.#consumer.take(text, bounds, this.#tally.line);
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
    this.#cells = cellsFor(this.#columns);
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
