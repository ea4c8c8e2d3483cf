import type { Dataset } from '../model/config.ts';
import { currencyExponent } from '../model/currency.ts';
import { type Column, contractOf, isPersonal, moneyMetrics, type PlainRow } from '../model/datasets.ts';
import { type Day, isDay } from '../model/day.ts';
import { parsePeriod } from '../model/period.ts';
import { dayOfTime, type ZoneClock, zoneClock } from '../model/time.ts';
import { hasControls, noNumber, readCount, readDecimal, readMoney, textOf } from './cell.ts';
import { type Note, type Problem, shown } from './file-report.ts';
import type { NotingConsumer } from './read-file.ts';
import { RowNotes } from './row-notes.ts';
import type { TextBytes } from './text-bytes.ts';

/** What rows are read against beside their contract. */
export interface RowContext {
  /** Unit of rows that name none. */
  readonly unit: string;
  /** Time zone of a unit; null when there is no such unit, which makes the row bad. */
  readonly zone: (unit: string) => string | null;
  /** ISO 4217 code of every amount. */
  readonly currency: string;
  /** Date of reading: a later date makes a row bad, except where a column may lie ahead. */
  readonly today: Day;
  /** An earlier date makes a row bad: zero, or a year with a slip of the pen, would otherwise be where judging begins. */
  readonly earliest: Day;
}

type Value = string | number | null;
type Row = Record<string, Value>;

/** Thrown for a bad cell; caught where the row is read. */
class BadCell {
  readonly reason: string;
  readonly expected: string;
  constructor(reason: string, expected: string) {
    this.reason = reason;
    this.expected = expected;
  }
}

interface Cell {
  readonly name: string;
  readonly column: Column;
  readonly parse: (text: TextBytes, start: number, end: number, row: Row, clock: ZoneClock) => Value;
}

/** Reads records of a dataset into rows, by parsers compiled once from its contract. */
export class RowParser<D extends Dataset> implements NotingConsumer {
  readonly #cells: readonly Cell[];
  readonly #context: RowContext;
  readonly #onRow: (row: PlainRow<D>, line: number) => void;
  readonly #unit: number;
  readonly #everyUnit: boolean;
  readonly #exponent: number;
  #places: Int32Array = new Int32Array(0);
  readonly #notes = new RowNotes();
  #line = 0;

  /** @param onRow called with every good row and the line it begins on. */
  constructor(dataset: D, context: RowContext, onRow: (row: PlainRow<D>, line: number) => void) {
    const { columns } = contractOf(dataset);
    this.#context = context;
    this.#onRow = onRow;
    this.#exponent = currencyExponent(context.currency);
    this.#cells = Object.entries(columns).map(([name, column]) => ({
      name,
      column,
      parse: this.#parser(name, column),
    }));
    this.#unit = this.#cells.findIndex((cell) => cell.column.kind === 'unit');
    this.#everyUnit = this.#cells[this.#unit]?.column.everyUnit === true;
  }

  get notes(): readonly Note[] {
    return this.#notes.all;
  }

  begin(places: Int32Array): void {
    this.#places = places;
  }

  take(text: TextBytes, bounds: Int32Array, at: number, line: number): Problem | null {
    const places = this.#places;
    const cells = this.#cells;
    const row: Row = {};
    this.#line = line;
    let index = this.#unit;
    try {
      // The unit first: it names the clock that the row's times are read by.
      const unit = index === -1 ? null : this.#readUnit(text, bounds, at, places[index]!);
      const clock = zoneClock(this.#context.zone(unit ?? this.#context.unit) ?? 'UTC');
      for (index = 0; index < cells.length; index += 1) {
        const { name, column, parse } = cells[index]!;
        if (index === this.#unit) {
          row[name] = unit;
          continue;
        }
        const place = places[index]!;
        const start = place === -1 ? 0 : bounds[at + place * 2]!;
        const end = place === -1 ? 0 : bounds[at + place * 2 + 1]!;
        if (end === start) {
          if (column.required) throw new BadCell('empty', 'a value');
          row[name] = null;
        } else row[name] = parse(text, start, end, row, clock);
      }
    } catch (error) {
      if (!(error instanceof BadCell)) throw error;
      return this.#problem(error, text, bounds, at, index);
    }
    this.#onRow(row as PlainRow<D>, line);
    return null;
  }

  #problem(error: BadCell, text: TextBytes, bounds: Int32Array, at: number, index: number): Problem {
    const { name, column } = this.#cells[index]!;
    const place = this.#places[index]!;
    const isHidden = place === -1 || isPersonal(column) || column.kind === 'note';
    return {
      column: name,
      reason: error.reason,
      expected: error.expected,
      value: isHidden ? null : shown(textOf(text, bounds[at + place * 2]!, bounds[at + place * 2 + 1]!)),
    };
  }

  #readUnit(text: TextBytes, bounds: Int32Array, at: number, place: number): string | null {
    const isGiven = place !== -1 && bounds[at + place * 2 + 1]! > bounds[at + place * 2]!;
    if (!isGiven && this.#everyUnit) return null;
    const unit = isGiven
      ? textOf(text, bounds[at + place * 2]!, bounds[at + place * 2 + 1]!)
      : this.#context.unit;
    if (this.#context.zone(unit) === null)
      throw isGiven
        ? new BadCell(`there is no unit "${shown(unit)}"`, 'a unit of the configuration')
        : new BadCell('no unit given', 'a unit of the configuration');
    return unit;
  }

  #parser(name: string, column: Column): Cell['parse'] {
    const exponent = this.#exponent;
    const money = (text: TextBytes, start: number, end: number) =>
      checked(readMoney(text, start, end, exponent, column.signed === true), moneyExpected(exponent));
    const count = (text: TextBytes, start: number, end: number) =>
      checked(readCount(text, start, end), countExpected);
    switch (column.kind) {
      case 'count':
        return count;
      case 'decimal':
        return (text, start, end) => checked(readDecimal(text, start, end), decimalExpected);
      case 'money':
        return money;
      case 'value':
        return (text, start, end, row) =>
          moneyMetrics.includes(row[column.of!] as string)
            ? money(text, start, end)
            : count(text, start, end);
      case 'date':
        return (text, start, end) => {
          const day = textOf(text, start, end);
          return this.#inTime(day, day, column);
        };
      case 'time':
        return (text, start, end, _, clock) => {
          const read = clock.read(textOf(text, start, end));
          if (!read)
            throw new BadCell(
              'no such time',
              'a date YYYY-MM-DD, or with a time YYYY-MM-DDTHH:MM:SS, or with an offset',
            );
          if (read.note !== null) this.#note(name, read.note, clock.zone);
          return this.#inTime(read.value, dayOfTime(read.value), column);
        };
      case 'period':
        return (text, start, end) => {
          const period = textOf(text, start, end);
          if (!/^\d{4}-(0[1-9]|1[0-2]|Q[1-4])$/.test(period))
            throw new BadCell('no period', 'YYYY-MM or YYYY-Qn');
          return this.#inTime(period, parsePeriod(period).from, column);
        };
      case 'enum':
        return (text, start, end) => {
          const value = textOf(text, start, end);
          if (column.values!.includes(value)) return value;
          if (column.fallback !== undefined) return column.fallback;
          throw new BadCell('not in the list', `one of ${column.values!.join(', ')}`);
        };
      default:
        return (text, start, end) => {
          if (hasControls(text, start, end, column.multiline === true))
            throw new BadCell('control characters', column.multiline ? 'text' : 'text on one line');
          const value = textOf(text, start, end);
          if (value.trim() !== '') return value;
          if (column.required) throw new BadCell('blank', 'a value');
          return null;
        };
    }
  }

  #inTime(value: string, day: Day, column: Column): string {
    const problem = dateProblem(day, this.#context, column.mayBeFuture);
    if (problem) throw new BadCell(problem.reason, problem.expected);
    return value;
  }

  #note(column: string, kind: 'skipped' | 'ambiguous', zone: string): void {
    const text =
      kind === 'skipped'
        ? `local time skipped by daylight saving in ${zone}, read one hour later`
        : `local time that came twice in ${zone}, read as the earlier`;
    this.#notes.add(column, text, this.#line);
  }
}

function checked(value: number, expected: string): number {
  if (value === noNumber) throw new BadCell('not such a number', expected);
  return value;
}

/** Why a date cannot be taken, or null. `mayBeFuture`: it may lie ahead of the day of reading. */
export function dateProblem(
  date: string,
  { today, earliest }: Pick<RowContext, 'today' | 'earliest'>,
  mayBeFuture = false,
): Pick<Problem, 'reason' | 'expected'> | null {
  if (!isDay(date)) return { reason: 'no such date', expected: 'an existing date YYYY-MM-DD' };
  if (date > today && !mayBeFuture) return { reason: 'in the future', expected: `${today} at the latest` };
  return date < earliest ? { reason: 'too long ago', expected: `${earliest} at the earliest` } : null;
}

/** What a count must look like. */
export const countExpected = 'a whole number of digits only, such as 120';
/** What a decimal must look like. */
export const decimalExpected = 'a number such as 12.5';
/** What an amount must look like. */
export function moneyExpected(exponent: number): string {
  return exponent === 0
    ? 'a whole amount such as 120'
    : `an amount with at most ${exponent} decimals, such as 12.50`;
}
