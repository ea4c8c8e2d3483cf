import { dayNumber } from '../model/day.ts';

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
  columns.set(column, days);
  return days;
}

/** Day number of an empty time. */
export const noDay = -2147483648;
