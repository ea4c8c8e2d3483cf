/**
 * Calendar dates as `YYYY-MM-DD` strings and as day numbers (days since 1970-01-01).
 *
 * A date here belongs to a unit's own time zone; nothing in this file knows zones.
 */

/** A calendar date, `YYYY-MM-DD`. Compares correctly as a string. */
export type Day = string;

const pattern = /^(\d{4})-(\d{2})-(\d{2})$/;

/**
 * Day number of a calendar date (proleptic Gregorian), days since 1970-01-01.
 *
 * @throws {RangeError} `day` is not an existing date written `YYYY-MM-DD`.
 * @see Howard Hinnant, "chrono-compatible low-level date algorithms" (days_from_civil)
 * @example dayNumber('1970-01-02') // => 1
 */
export function dayNumber(day: Day): number {
  const year = digitsOf(day, 0, 4);
  const month = digitsOf(day, 5, 7);
  const date = digitsOf(day, 8, 10);
  const isWritten = day.length === 10 && day[4] === '-' && day[7] === '-';
  if (!isWritten || year < 0 || month < 0 || date < 0)
    throw new RangeError(`expected a date YYYY-MM-DD, got "${day}"`);
  if (month < 1 || month > 12 || date < 1 || date > daysInMonth(year, month))
    throw new RangeError(`there is no date ${day}`);
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yoe = y - era * 400;
  const doy = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + date - 1;
  return era * 146_097 + yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy - 719_468;
}

/** Number written in a text from one place to another; -1 where another character stands between. */
function digitsOf(text: string, from: number, to: number): number {
  let number = 0;
  for (let i = from; i < to; i += 1) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    number = number * 10 + digit;
  }
  return number;
}

// A judgement asks for the same few thousand dates over and over.
const dates = new Map<number, Day>();

/** Date of a day number; inverse of {@link dayNumber}. @example dayOf(0) // => '1970-01-01' */
export function dayOf(number: number): Day {
  const known = dates.get(number);
  if (known !== undefined) return known;
  const date = new Date(number * 86_400_000).toISOString().slice(0, 10);
  dates.set(number, date);
  return date;
}

/** Days in a month, 28 to 31. @example daysInMonth(2024, 2) // => 29 */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Whether a string is an existing date written `YYYY-MM-DD`. */
export function isDay(value: string): boolean {
  const match = pattern.exec(value);
  if (!match) return false;
  const month = Number(match[2]);
  const date = Number(match[3]);
  return month >= 1 && month <= 12 && date >= 1 && date <= daysInMonth(Number(match[1]), month);
}

/** The date `count` days after `day` (before it when negative). @example addDays('2026-08-31', 1) // => '2026-09-01' */
export function addDays(day: Day, count: number): Day {
  return dayOf(dayNumber(day) + count);
}

/** Weekday of a day number, 1 Monday to 7 Sunday. @example weekday(dayNumber('2026-11-22')) // => 7 */
export function weekday(number: number): number {
  return ((((number + 3) % 7) + 7) % 7) + 1;
}

/**
 * Adds calendar months, clipping to the last day of the target month.
 * @example addMonths('2026-01-31', 1) // => '2026-02-28'
 */
export function addMonths(day: Day, months: number): Day {
  const total = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + months;
  const year = Math.floor(total / 12);
  const month = total - year * 12 + 1;
  const date = Math.min(Number(day.slice(8, 10)), daysInMonth(year, month));
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
}

/**
 * Name of the ISO 8601 week a date lies in, and that week's Monday.
 * @example isoWeek('2026-08-31') // => { name: '2026-W36', monday: '2026-08-31' }
 */
export function isoWeek(day: Day): { name: string; monday: Day } {
  const number = dayNumber(day);
  const monday = number - weekday(number) + 1;
  const year = Number(dayOf(monday + 3).slice(0, 4));
  const fourth = dayNumber(`${year}-01-04`);
  const week = Math.floor((monday - (fourth - weekday(fourth) + 1)) / 7) + 1;
  return { name: `${year}-W${String(week).padStart(2, '0')}`, monday: dayOf(monday) };
}
