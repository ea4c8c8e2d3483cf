import type { Column } from '../model/datasets.ts';

/** A column of numbers. */
export interface Measure {
  readonly name: string;
  readonly column: Column;
}

/** A mean is summed in whole millionths, so that the order of the rows cannot change the last digit. */
const millionth = 1e6;

/**
 * Sums of one date by series. Counts and amounts add up; a decimal is a mean per session and is
 * averaged, weighted by the row's sessions.
 */
export class DailySums {
  /** Series that rows were added to. */
  readonly touched: number[] = [];
  readonly #numbers: Float64Array;
  readonly #isMean: Uint8Array;
  readonly #sessions: number;
  /** A measure after the other, series by series. */
  #sums = new Float64Array(0);
  /** Sessions under a mean; 1 for any other number once a row gave one. */
  #weights = new Float64Array(0);
  #isTouched = new Uint8Array(0);
  #given: Uint8Array = new Uint8Array(0);
  #series = 0;

  constructor(measures: readonly Measure[]) {
    this.#numbers = new Float64Array(measures.length);
    this.#isMean = Uint8Array.from(measures, ({ column }) => (column.kind === 'decimal' ? 1 : 0));
    this.#sessions = measures.findIndex(({ name }) => name === 'sessions');
  }

  /**
   * Begins a date.
   * @param series number of series there are.
   * @param given the measures that rows can have, by number.
   */
  start(series: number, given: Uint8Array): void {
    this.#given = given;
    this.#series = series;
    const wanted = series * this.#numbers.length;
    if (this.#sums.length < wanted) {
      this.#sums = new Float64Array(wanted * 2);
      this.#weights = new Float64Array(wanted * 2);
      this.#isTouched = new Uint8Array(series * 2);
    }
    this.#sums.fill(0);
    this.#weights.fill(0);
    this.#isTouched.fill(0);
    this.touched.length = 0;
  }

  /**
   * Adds rows.
   * @param seriesOf the series of each row, -1 for a row that counts to none.
   * @param values an array of numbers a measure, NaN for an empty cell.
   */
  add(rows: number, seriesOf: Int32Array, values: readonly Float64Array[]): void {
    for (const k of this.#given)
      if (this.#isMean[k] === 1) this.#addMeans(k, rows, seriesOf, values[k]!, values[this.#sessions]!);
      else this.#addNumbers(k, rows, seriesOf, values[k]!);
    const isTouched = this.#isTouched;
    for (let row = 0; row < rows; row += 1) {
      const series = seriesOf[row]!;
      if (series === -1 || isTouched[series] === 1) continue;
      isTouched[series] = 1;
      this.touched.push(series);
    }
  }

  // A loop for numbers and one for means: with both in one, reading a file takes a tenth longer.
  #addNumbers(measure: number, rows: number, seriesOf: Int32Array, values: Float64Array): void {
    const sums = this.#sums;
    const weights = this.#weights;
    const from = measure * this.#series;
    for (let row = 0; row < rows; row += 1) {
      const value = values[row]!;
      if (seriesOf[row] === -1 || Number.isNaN(value)) continue;
      const at = from + seriesOf[row]!;
      sums[at] = sums[at]! + value;
      weights[at] = 1;
    }
  }

  #addMeans(
    measure: number,
    rows: number,
    seriesOf: Int32Array,
    values: Float64Array,
    sessions: Float64Array,
  ): void {
    const sums = this.#sums;
    const weights = this.#weights;
    const from = measure * this.#series;
    for (let row = 0; row < rows; row += 1) {
      const value = values[row]!;
      if (seriesOf[row] === -1 || Number.isNaN(value)) continue;
      const at = from + seriesOf[row]!;
      sums[at] = sums[at]! + Math.round(value * millionth) * sessions[row]!;
      weights[at] = weights[at]! + sessions[row]!;
    }
  }

  /** The numbers of a series, reused: NaN for what no row gave and for a mean over no sessions. */
  of(series: number): Float64Array {
    for (let k = 0; k < this.#numbers.length; k += 1) {
      const at = k * this.#series + series;
      const weight = this.#weights[at]!;
      const sum = this.#sums[at]!;
      if (weight === 0) this.#numbers[k] = Number.NaN;
      else this.#numbers[k] = this.#isMean[k] === 1 ? Math.round(sum / weight) / millionth : sum;
    }
    return this.#numbers;
  }
}
