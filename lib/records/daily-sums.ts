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
  readonly #measures: readonly Measure[];
  readonly #isMean: Uint8Array;
  readonly #sessions: number;
  #sums = new Float64Array(0);
  #weights = new Float64Array(0);
  #isTouched = new Uint8Array(0);

  constructor(measures: readonly Measure[]) {
    this.#measures = measures;
    this.#isMean = Uint8Array.from(measures, ({ column }) => (column.kind === 'decimal' ? 1 : 0));
    this.#sessions = measures.findIndex(({ name }) => name === 'sessions');
  }

  /** Begins a date. @param series number of series there are. */
  start(series: number): void {
    const wanted = series * this.#measures.length;
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
    const width = isMean.length;
    const from = row * width;
    const to = series * width;
    for (let k = 0; k < width; k += 1) {
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

  /** The numbers of a series; absent what no row gave, and a mean over no sessions. */
  of(series: number): Record<string, number> {
    const named: Record<string, number> = {};
    for (const [k, { name }] of this.#measures.entries()) {
      const at = series * this.#measures.length + k;
      const weight = this.#weights[at]!;
      if (weight > 0)
        named[name] =
          this.#isMean[k] === 1 ? Math.round(this.#sums[at]! / weight) / millionth : this.#sums[at]!;
    }
    return named;
  }
}
