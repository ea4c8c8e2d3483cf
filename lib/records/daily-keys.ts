import { contractOf, moneyMetrics } from '../model/datasets.ts';
import { nearest } from '../model/edit-distance.ts';
import { kpis } from '../model/kpi.ts';
import { hasControls, textOf } from './cell.ts';
import { CountedSeries, seriesName } from './counted-series.ts';
import { type Problem, shown } from './file-report.ts';
import { grown, KeyTable } from './key-table.ts';
import type { RowContext } from './row-parser.ts';
import type { TextBytes } from './text-bytes.ts';

const judgedMetrics: readonly string[] = [...kpis, ...moneyMetrics];

/** Datasets read straight into daily numbers. */
export type DailyDataset = 'traffic' | 'counts';

/** The dimensions of the rows read, each combination worked out once. */
export class DailyKeys {
  readonly series: CountedSeries[] = [];
  /** By combination: its natural key without the date, equal however a row spells an absent unit; -1 when bad. */
  naturalOf = new Int32Array(1 << 9);
  /** By combination: 1 when its value is an amount of money. */
  isMoney = new Uint8Array(1 << 9);
  /** By natural key: the series it counts to, and its country's, -1 without a country. */
  seriesOf = new Int32Array(1 << 9);
  countryOf = new Int32Array(1 << 9);
  readonly #context: RowContext;
  readonly #measures: readonly string[];
  readonly #names: readonly string[];
  readonly #required: readonly boolean[];
  readonly #table: KeyTable;
  /** By combination: what to say of a metric that looks mistyped. */
  readonly hints = new Map<number, string>();
  #described = 0;
  readonly #problems = new Map<number, Problem>();
  readonly #naturalByName = new Map<string, number>();
  readonly #seriesByName = new Map<string, number>();
  #places = new Int32Array(0);

  /** @param measures names of the numbers that are counted. */
  constructor(dataset: DailyDataset, context: RowContext, measures: readonly string[]) {
    this.#measures = measures;
    const { key, columns } = contractOf(dataset);
    this.#context = context;
    this.#names = (key as readonly string[]).filter((name) => name !== 'date');
    this.#required = this.#names.map((name) => columns[name]!.required === true);
    this.#table = new KeyTable(this.#names.length);
  }

  /** Says where the columns stand in the records to come. */
  readFrom(placeOf: (column: string) => number): void {
    this.#places = Int32Array.from(this.#names, placeOf);
    this.#table.readFrom(this.#places);
  }

  /** The number of a record's combination of dimensions. */
  keyOf(text: TextBytes, bounds: Int32Array, at: number): number {
    const key = this.#table.numberOf(text, bounds, at);
    if (key === this.#described) this.#describe(key, text, bounds, at);
    return key;
  }

  /** Why rows of a combination are bad. */
  problemOf(key: number): Problem | null {
    return this.#problems.get(key) ?? null;
  }

  #describe(key: number, text: TextBytes, bounds: Int32Array, at: number): void {
    this.#described = key + 1;
    if (key === this.naturalOf.length) {
      this.naturalOf = grown(this.naturalOf, key * 2);
      this.isMoney = grown(this.isMoney, key * 2);
    }
    this.naturalOf[key] = -1;
    const texts: Record<string, string> = {};
    let problem: Problem | null = null;
    for (const [k, name] of this.#names.entries()) {
      const place = this.#places[k]!;
      const start = place < 0 ? 0 : bounds[at + place * 2]!;
      const end = place < 0 ? 0 : bounds[at + place * 2 + 1]!;
      const value = textOf(text, start, end);
      if (hasControls(text, start, end, false))
        problem ??= {
          column: name,
          reason: 'control characters',
          expected: 'text on one line',
          value: shown(value),
        };
      if (value.trim() !== '') texts[name] = value;
      else if (this.#required[k])
        problem ??= { column: name, reason: 'empty', expected: 'a value', value: null };
    }
    const { unit = this.#context.unit, country, ...dimensions } = texts;
    if (this.#context.zone(unit) === null)
      problem ??= {
        column: 'unit',
        reason: texts.unit === undefined ? 'no unit given' : `there is no unit "${shown(unit)}"`,
        expected: 'a unit of the configuration',
        value: texts.unit === undefined ? null : shown(unit),
      };
    if (problem !== null) {
      this.#problems.set(key, problem);
      return;
    }
    const series = this.#seriesOf(unit, false, dimensions);
    const natural = numberIn(
      this.#naturalByName,
      country === undefined ? `${series}` : `${series} ${country}`,
    );
    if (natural >= this.seriesOf.length) {
      this.seriesOf = grown(this.seriesOf, natural * 2);
      this.countryOf = grown(this.countryOf, natural * 2);
    }
    this.seriesOf[natural] = series;
    this.countryOf[natural] = country === undefined ? -1 : this.#seriesOf(unit, true, { country });
    this.naturalOf[key] = natural;
    const { metric } = texts;
    if (metric === undefined) return;
    this.isMoney[key] = moneyMetrics.includes(metric) ? 1 : 0;
    const meant = judgedMetrics.includes(metric) ? null : nearest(metric, judgedMetrics);
    if (meant !== null)
      this.hints.set(key, `no check reads the metric "${shown(metric)}"; did you mean "${meant}"?`);
  }

  #seriesOf(unit: string, isCountry: boolean, dimensions: Record<string, string>): number {
    const name = seriesName(unit, isCountry, dimensions);
    const number = numberIn(this.#seriesByName, name);
    if (number === this.series.length)
      this.series.push(new CountedSeries(name, unit, isCountry, dimensions, this.#measures));
    return number;
  }
}

function numberIn(numbers: Map<string, number>, name: string): number {
  let number = numbers.get(name);
  if (number === undefined) {
    number = numbers.size;
    numbers.set(name, number);
  }
  return number;
}
