import type { Day } from '../model/day.ts';
import type { SeriesDays } from '../model/unit-data.ts';

/** What a series is called: the same for the same unit and dimensions. */
export function seriesName(
  unit: string,
  isCountry: boolean,
  dimensions: Readonly<Record<string, string>>,
): string {
  return JSON.stringify([unit, isCountry, dimensions]);
}

/** Daily numbers of one series while they are counted: a column a measure, an eighth of the room of objects. */
export class CountedSeries {
  /** Whose numbers they are, as text. */
  readonly name: string;
  readonly unit: string;
  readonly isCountry: boolean;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly #names: readonly string[];
  readonly #days: Day[] = [];
  /** Per measure its numbers by day, NaN where it has none; null while it never had one. */
  readonly #columns: (number[] | null)[];

  /** @param names names of the measures. */
  constructor(
    name: string,
    unit: string,
    isCountry: boolean,
    dimensions: Record<string, string>,
    names: readonly string[],
  ) {
    this.name = name;
    this.unit = unit;
    this.isCountry = isCountry;
    this.dimensions = dimensions;
    this.#names = names;
    this.#columns = names.map(() => null);
  }

  /** Adds a day. @param numbers a number a measure; NaN for none. */
  add(day: Day, numbers: Float64Array): void {
    for (let k = 0; k < numbers.length; k += 1) {
      const number = numbers[k]!;
      if (this.#columns[k] === null && !Number.isNaN(number))
        this.#columns[k] = this.#days.map(() => Number.NaN);
      this.#columns[k]?.push(number);
    }
    this.#days.push(day);
  }

  /** The days that are not in `voided`, with the numbers they have. */
  entries(voided: ReadonlySet<Day>): [Day, Record<string, number>][] {
    const held = this.#columns.flatMap((column, k) =>
      column === null ? [] : [{ name: this.#names[k]!, column }],
    );
    const entries: [Day, Record<string, number>][] = [];
    for (let at = 0; at < this.#days.length; at += 1) {
      const day = this.#days[at]!;
      if (voided.has(day)) continue;
      const numbers: Record<string, number> = {};
      for (const { name, column } of held) if (!Number.isNaN(column[at]!)) numbers[name] = column[at]!;
      entries.push([day, numbers]);
    }
    return entries;
  }

  /** Whether it has a day that is not in `voided`. */
  hasDays(voided: ReadonlySet<Day>): boolean {
    return this.#days.some((day) => !voided.has(day));
  }
}

/** A series as it was counted, with the days of it that do not stand. */
export interface CountedPart {
  readonly series: CountedSeries;
  readonly voided: ReadonlySet<Day>;
}

/** One series from its parts, which hold different days. Its days are made when they are first asked for. */
export function seriesDays(parts: readonly CountedPart[]): SeriesDays {
  let days: SeriesDays['days'] | null = null;
  return {
    dimensions: parts[0]!.series.dimensions,
    get days() {
      if (days === null) {
        const entries = parts.flatMap(({ series, voided }) => series.entries(voided));
        days = Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
      }
      return days;
    },
  };
}
