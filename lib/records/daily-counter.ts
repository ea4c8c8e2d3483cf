import { currencyExponent } from '../model/currency.ts';
import { contractOf, type Kind } from '../model/datasets.ts';
import type { Day } from '../model/day.ts';
import { noNumber, readCount, readDate, readDecimal, readMoney, textOf } from './cell.ts';
import type { CountedPart } from './counted-series.ts';
import { type DailyDataset, DailyKeys } from './daily-keys.ts';
import { DailySums, type Measure } from './daily-sums.ts';
import { DateRows, type Place } from './date-rows.ts';
import { type Note, type Problem, shown } from './file-report.ts';
import { LastDate } from './last-date.ts';
import type { NotingConsumer } from './read-file.ts';
import { RowNotes } from './row-notes.ts';
import { countExpected, dateProblem, decimalExpected, moneyExpected, type RowContext } from './row-parser.ts';
import type { TextBytes } from './text-bytes.ts';

const numberKinds: readonly Kind[] = ['count', 'decimal', 'money', 'value'];
const decimalKind = 1;
const moneyKind = 2;
const valueKind = 3;

/** One date of the delivery. */
interface OneDate {
  readonly day: Day;
  /** Null once counted and let go, or when this pass leaves it out. */
  rows: DateRows | null;
  /** Came back after it had been let go: what was counted of it is void, another pass must count it. */
  isBack: boolean;
  good: number;
  bad: number;
  /** The file last met with it, and the rows of it there. */
  file: number;
  fileRows: number;
  lastTurn: number;
}

/**
 * Counts rows of `traffic` and `counts` by day and series, without making objects of them.
 *
 * Rows are united by natural key within a date, so a date's rows are held until it is complete. Up to
 * `heldRows` rows are held; beyond that the dates left longest ago are counted and let go. A file in the
 * order of its dates therefore needs no more than that, however large it is. When a date comes back
 * after it was let go, it is only noted ({@link DailyCounter.datesBack}): the caller reads again with
 * `only` set to some of those dates, and these are then held to the end.
 */
export class DailyCounter implements NotingConsumer {
  readonly #context: RowContext;
  readonly #columns: readonly string[];
  readonly #measures: readonly (Measure & { readonly at: number })[];
  readonly #exponent: number;
  readonly #heldRows: number;
  readonly #only: ReadonlySet<Day> | null;
  readonly #keys: DailyKeys;
  readonly #dates = new Map<number, OneDate>();
  readonly #spare: DateRows[] = [];
  readonly #numbers: Float64Array;
  readonly #kinds: Uint8Array;
  readonly #sums: DailySums;
  #seriesOfRow = new Int32Array(0);
  #measurePlaces = new Int32Array(0);
  /** Measures the file at hand has. */
  #present = new Uint8Array(0);
  /** Measures any file so far has. */
  #given = new Uint8Array(0);
  #datePlace = 0;
  readonly #lastDate = new LastDate();
  #current: OneDate | null = null;
  #turn = 0;
  #held = 0;
  #file = 0;
  readonly #notes = new RowNotes();
  readonly #counted = new Set<Day>();
  readonly #voided = new Set<Day>();
  readonly #conflicts = new Map<Day, Place[]>();
  readonly #repeated = new Map<Day, number>();

  constructor(dataset: DailyDataset, context: RowContext, heldRows: number, only: ReadonlySet<Day> | null) {
    const { columns } = contractOf(dataset);
    this.#context = context;
    this.#columns = Object.keys(columns);
    this.#measures = Object.entries(columns).flatMap(([name, column], at) =>
      numberKinds.includes(column.kind) ? [{ name, column, at }] : [],
    );
    this.#exponent = currencyExponent(context.currency);
    this.#heldRows = heldRows;
    this.#only = only;
    this.#keys = new DailyKeys(
      dataset,
      context,
      this.#measures.map(({ name }) => name),
    );
    this.#kinds = Uint8Array.from(this.#measures, ({ column }) => numberKinds.indexOf(column.kind));
    this.#sums = new DailySums(this.#measures);
    this.#numbers = new Float64Array(this.#measures.length);
  }

  /** Says which file the next rows are of. */
  startFile(file: number): void {
    this.#file = file;
    this.#notes.clear();
  }

  get notes(): readonly Note[] {
    return this.#notes.all;
  }

  begin(places: Int32Array): void {
    this.#measurePlaces = Int32Array.from(this.#measures, ({ at }) => places[at]!);
    this.#present = Uint8Array.from([...this.#measures.keys()].filter((k) => this.#measurePlaces[k] !== -1));
    this.#given = Uint8Array.from(new Set([...this.#given, ...this.#present]));
    this.#numbers.fill(Number.NaN);
    this.#datePlace = places[this.#columns.indexOf('date')]!;
    this.#keys.readFrom((column) => places[this.#columns.indexOf(column)]!);
  }

  take(text: TextBytes, bounds: Int32Array, at: number, line: number): Problem | null {
    const start = bounds[at + this.#datePlace * 2]!;
    const end = bounds[at + this.#datePlace * 2 + 1]!;
    if (!this.#lastDate.isSame(text, start, end)) this.#turnTo(text, start, end);
    const date = this.#current;
    if (date === null) return this.#badDate(text, bounds, at);
    const problem = this.#add(date, text, bounds, at, line);
    if (date.file !== this.#file) {
      date.file = this.#file;
      date.fileRows = 0;
    }
    date.fileRows += 1;
    if (problem === null) date.good += 1;
    else date.bad += 1;
    return problem;
  }

  #add(date: OneDate, text: TextBytes, bounds: Int32Array, at: number, line: number): Problem | null {
    const keys = this.#keys;
    const key = keys.keyOf(text, bounds, at);
    const natural = keys.naturalOf[key]!;
    if (natural === -1) return keys.problemOf(key);
    if (keys.hints.size > 0 && keys.hints.has(key)) this.#notes.add('metric', keys.hints.get(key)!, line);
    const isMoneyKey = keys.isMoney[key] === 1;
    const measures = this.#measures;
    const measurePlaces = this.#measurePlaces;
    const numbers = this.#numbers;
    const kinds = this.#kinds;
    const present = this.#present;
    for (let i = 0; i < present.length; i += 1) {
      const k = present[i]!;
      const place = at + measurePlaces[k]! * 2;
      const start = bounds[place]!;
      const end = bounds[place + 1]!;
      let value = Number.NaN;
      if (start !== end) {
        const kind = kinds[k]!;
        if (kind === decimalKind) value = readDecimal(text, start, end);
        else if (kind === moneyKind || (isMoneyKey && kind === valueKind))
          value = readMoney(text, start, end, this.#exponent, false);
        else value = readCount(text, start, end);
        if (value === noNumber) return this.#badNumber(k, isMoneyKey, text, bounds, at);
      } else if (measures[k]!.column.required) return this.#badNumber(k, isMoneyKey, text, bounds, at);
      numbers[k] = value;
    }
    const { rows } = date;
    if (rows !== null) {
      rows.add(natural, numbers, this.#given, this.#file, line);
      this.#held += 1;
    } else if (this.#only === null) date.isBack = true;
    return null;
  }

  /** Rows of the file just read, by date: what is refused when the file is. */
  daysOfFile(): Record<Day, number> {
    const days: Record<Day, number> = {};
    for (const date of this.#dates.values()) if (date.file === this.#file) days[date.day] = date.fileRows;
    return days;
  }

  /** Counts every date still held. Call once, after the last file. */
  finish(): void {
    for (const date of this.#dates.values()) {
      if (date.rows !== null) this.#count(date);
      if (date.isBack) this.void(date.day);
    }
  }

  /** Dates that came back after they were let go, with their rows. */
  get datesBack(): readonly { day: Day; rows: number }[] {
    return [...this.#dates.values()].flatMap((d) => (d.isBack ? [{ day: d.day, rows: d.good }] : []));
  }

  /** Forgets what was counted of a date. */
  void(day: Day): void {
    this.#voided.add(day);
    this.#counted.delete(day);
    this.#conflicts.delete(day);
    this.#repeated.delete(day);
  }

  /** Bad rows by date, as far as their date could be read. */
  get badDays(): readonly (readonly [Day, number])[] {
    return [...this.#dates.values()].flatMap((d) => (d.bad > 0 ? [[d.day, d.bad] as const] : []));
  }

  get conflicts(): ReadonlyMap<Day, readonly Place[]> {
    return this.#conflicts;
  }

  /** Rows equal to another of the same key. */
  get repeated(): number {
    return [...this.#repeated.values()].reduce((sum, rows) => sum + rows, 0);
  }

  /** What was counted, one entry a series; two counters' entries of one series hold different dates. */
  get counted(): readonly CountedPart[] {
    const voided = this.#voided;
    return this.#keys.series.filter((series) => series.hasDays(voided)).map((series) => ({ series, voided }));
  }

  /** Dates with at least one good row. */
  get days(): ReadonlySet<Day> {
    return this.#counted;
  }

  #turnTo(text: TextBytes, start: number, end: number): void {
    this.#turn += 1;
    const before = this.#current;
    if (before !== null) before.lastTurn = this.#turn;
    this.#current = null;
    this.#lastDate.remember(text, start, end);
    const figures = readDate(text, start, end);
    if (figures === -1) return;
    let date = this.#dates.get(figures) ?? null;
    if (date === null) {
      const day = textOf(text, start, end);
      if (dateProblem(day, this.#context) === null) {
        const rows = this.#only === null || this.#only.has(day) ? this.#room(before?.rows?.size ?? 0) : null;
        date = { day, rows, isBack: false, good: 0, bad: 0, file: -1, fileRows: 0, lastTurn: this.#turn };
        this.#dates.set(figures, date);
      }
    }
    this.#current = date;
    if (this.#held > this.#heldRows && this.#only === null) this.#letGo();
  }

  #room(expected: number): DateRows {
    return this.#spare.pop() ?? new DateRows(this.#measures.length, expected);
  }

  /** Counts the dates left longest ago until few enough rows are held. */
  #letGo(): void {
    const open = [...this.#dates.values()].filter((d) => d.rows !== null && d !== this.#current);
    open.sort((a, b) => a.lastTurn - b.lastTurn);
    for (const date of open) {
      if (this.#held <= this.#heldRows / 2) return;
      this.#count(date);
    }
  }

  #count(date: OneDate): void {
    const rows = date.rows!;
    const conflicts = [...rows.conflicts()];
    if (conflicts.length > 0) this.#conflicts.set(date.day, conflicts);
    this.#repeated.set(date.day, rows.rows - rows.size - (conflicts.length - rows.conflictingKeys));
    this.#sums.start(this.#keys.series.length, this.#given);
    const { keys, conflicting, size } = rows;
    const { seriesOf, countryOf, series: all } = this.#keys;
    const sums = this.#sums;
    if (this.#seriesOfRow.length < size) this.#seriesOfRow = new Int32Array(size * 2);
    const ofRow = this.#seriesOfRow;
    for (const of of [seriesOf, countryOf]) {
      for (let row = 0; row < size; row += 1) ofRow[row] = conflicting[row] === 1 ? -1 : of[keys[row]!]!;
      sums.add(size, ofRow, rows.columns(this.#given));
    }
    for (const series of sums.touched) all[series]!.add(date.day, sums.of(series));
    if (sums.touched.length > 0) this.#counted.add(date.day);
    this.#held -= rows.rows;
    rows.clear();
    this.#spare.push(rows);
    date.rows = null;
  }

  #badDate(text: TextBytes, bounds: Int32Array, at: number): Problem {
    const value = cellText(text, bounds, at + this.#datePlace * 2);
    const { reason, expected } = dateProblem(value, this.#context)!;
    return bad('date', reason, expected, value);
  }

  #badNumber(measure: number, isMoneyKey: boolean, text: TextBytes, bounds: Int32Array, at: number): Problem {
    const { name, column } = this.#measures[measure]!;
    const value = cellText(text, bounds, at + this.#measurePlaces[measure]! * 2);
    const isMoney = column.kind === 'money' || isMoneyKey;
    const plain = column.kind === 'decimal' ? decimalExpected : countExpected;
    return bad(name, 'not such a number', isMoney ? moneyExpected(this.#exponent) : plain, value);
  }
}

function cellText(text: TextBytes, bounds: Int32Array, at: number): string {
  return textOf(text, bounds[at]!, bounds[at + 1]!);
}

function bad(column: string, reason: string, expected: string, text: string): Problem {
  return { column, reason: text === '' ? 'empty' : reason, expected, value: shown(text) };
}
