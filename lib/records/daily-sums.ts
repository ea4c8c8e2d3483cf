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
  #sums = new Float64Array(0);
  #weights = new Float64Array(0);
  #isTouched = new Uint8Array(0);
  #given: Uint8Array = new Uint8Array(0);

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

  /** Adds row number `row` of `values` to a series; NaN is an empty cell. */
  add(series: number, values: Float64Array, row: number): void {
    const sums = this.#sums;
    const weights = this.#weights;
    const isMean = this.#isMean;
    const given = this.#given;
    const width = isMean.length;
    const from = row * width;
    const to = series * width;
    for (let i = 0; i < given.length; i += 1) {
      const k = given[i]!;
      const value = values[from + k]!;
      if (Number.isNaN(value)) continue;
      const weight = isMean[k] === 1 ? values[from + this.#sessions]! : 1;
      const amount = isMean[k] === 1 ? Math.round(value * millionth) * weight : value;
      sums[to + k] = sums[to + k]! + amount;
      weights[to + k] = weights[to + k]! + weight;
    }
    if (this.#isTouched[series] === 0) {
      this.#isTouched[series] = 1;
      this.touched.push(series);
    }
  }

  /** The numbers of a series, reused: NaN for what no row gave and for a mean over no sessions. */
  of(series: number): Float64Array {
    for (let k = 0; k < this.#numbers.length; k += 1) {
      const at = series * this.#numbers.length + k;
      const weight = this.#weights[at]!;
      const sum = this.#sums[at]!;
      if (weight === 0) this.#numbers[k] = Number.NaN;
      else this.#numbers[k] = this.#isMean[k] === 1 ? Math.round(sum / weight) / millionth : sum;
    }
    return this.#numbers;
  }
}
