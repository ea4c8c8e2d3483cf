import type { Day } from '../model/day.ts';
import { parseDuration } from '../model/duration.ts';

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** Name of a month, 1 to 12. */
export function monthName(month: number): string {
  return months[month - 1] ?? String(month);
}

/**
 * A date in few letters, the year only where it is not the reader's.
 * @example dayText('2026-09-14', '2026-09-20') // => '14 Sep'
 */
export function dayText(day: Day, asOf: Day): string {
  const text = `${Number(day.slice(8, 10))} ${monthName(Number(day.slice(5, 7))).slice(0, 3)}`;
  return day.slice(0, 4) === asOf.slice(0, 4) ? text : `${text} ${day.slice(0, 4)}`;
}

/** A length of time in words. @example durationText('2bd') // => '2 business days' */
export function durationText(text: string): string {
  const of = (count: number, one: string) =>
    count === 0 ? [] : [`${count} ${one}${count === 1 ? '' : 's'}`];
  const duration = parseDuration(text);
  const parts =
    'businessDays' in duration
      ? of(duration.businessDays, 'business day')
      : [...of(duration.months, 'month'), ...of(duration.days, 'day'), ...of(duration.hours, 'hour')];
  return parts.length === 0 ? 'no time' : parts.join(' and ');
}

/** A period in words. @example periodText('2026-08') // => 'August 2026' */
export function periodText(period: string): string {
  const year = period.slice(0, 4);
  return period.includes('Q')
    ? `${period.slice(5)} ${year}`
    : `${monthName(Number(period.slice(5, 7)))} ${year}`;
}
