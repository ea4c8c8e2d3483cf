import { dayNumber } from '../model/day.ts';
import { cutColumn, cutOf } from '../model/row-cut.ts';

const known = new WeakMap<readonly object[], Map<string, Int32Array>>();

/**
 * Day numbers (days since 1970-01-01) of one time column of a list of records, read once per list.
 *
 * Rows of a history never change, so the list itself is the key and the result is dropped with it.
 *
 * @param rows records in any order; faster when neighbours share a date.
 * @param column a column of times `YYYY-MM-DD...`.
 * @returns one whole number a row; -2147483648 where the column is empty.
 * @throws {RangeError} a time does not begin with an existing date.
 * @example recordDays([{ created_at: '1970-01-02T09:00:00' }], 'created_at')[0] // => 1
 */
export function recordDays<R extends object>(rows: readonly R[], column: keyof R & string): Int32Array {
  let columns = known.get(rows);
  if (!columns) {
    columns = new Map();
    known.set(rows, columns);
  }
  const held = columns.get(column);
  if (held) return held;
  const { all } = cutOf(rows);
  const days = all === rows ? readDays(rows, column) : cutColumn(rows, () => recordDays(all, column));
  columns.set(column, days);
  return days;
}

function readDays<R extends object>(rows: readonly R[], column: keyof R & string): Int32Array {
  const days = new Int32Array(rows.length);
  let text = '';
  let day = 0;
  for (let i = 0; i < rows.length; i += 1) {
    const time = rows[i]![column] as string | null;
    if (time === null) {
      days[i] = noDay;
      continue;
    }
    if (!time.startsWith(text) || text === '') {
      text = time.slice(0, 10);
      day = dayNumber(text);
    }
    days[i] = day;
  }
  return days;
}

/** Says what {@link recordDays} of a column would read, where it is known already. */
export function noteDays<R extends object>(
  rows: readonly R[],
  column: keyof R & string,
  days: Int32Array,
): void {
  const columns = known.get(rows) ?? new Map<string, Int32Array>();
  known.set(rows, columns);
  columns.set(column, days);
}

const knownSeconds = new WeakMap<readonly object[], Map<string, Float64Array>>();

/**
 * Seconds since 1970-01-01 of one time column, by the unit's own clock; NaN where it is empty or a mere date.
 * @example recordSeconds([{ created_at: '1970-01-02T00:00:01' }], 'created_at')[0] // => 86401
 */
export function recordSeconds<R extends object>(rows: readonly R[], column: keyof R & string): Float64Array {
  let columns = knownSeconds.get(rows);
  if (!columns) {
    columns = new Map();
    knownSeconds.set(rows, columns);
  }
  const held = columns.get(column);
  if (held) return held;
  const { all } = cutOf(rows);
  const seconds =
    all === rows ? readSeconds(rows, column) : cutColumn(rows, () => recordSeconds(all, column));
  columns.set(column, seconds);
  return seconds;
}

function readSeconds<R extends object>(rows: readonly R[], column: keyof R & string): Float64Array {
  const days = recordDays(rows, column);
  const seconds = new Float64Array(rows.length).fill(Number.NaN);
  for (let i = 0; i < rows.length; i += 1) {
    const time = rows[i]![column] as string | null;
    if (time === null) continue;
    seconds[i] = secondsAt(time, days[i]!);
  }
  return seconds;
}

/** Seconds since 1970-01-01 of a time on a known day; NaN for a mere date. */
export function secondsAt(time: string, day: number): number {
  if (time.length <= 10) return Number.NaN;
  return day * 86_400 + twoDigits(time, 11) * 3600 + twoDigits(time, 14) * 60 + twoDigits(time, 17);
}

/** Two digits of a time; the reader made sure that they are there. */
function twoDigits(time: string, at: number): number {
  return time.charCodeAt(at) * 10 + time.charCodeAt(at + 1) - 528;
}

/**
 * How many of ascending numbers lie below a limit: the place of the first row of a day.
 * @example countBelow(Int32Array.of(1, 2, 2, 5), 2) // => 1
 */
export function countBelow(ascending: Int32Array, limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Day number of an empty time. */
export const noDay = -2147483648;
