import { addDays, addMonths, type Day, dayNumber, weekday } from './day.ts';

/** A length of calendar time, or a number of business days. */
export type Duration =
  | { readonly months: number; readonly days: number; readonly hours: number }
  | { readonly businessDays: number };

/** Tells whether a date is a public holiday of the unit's calendar. */
export type IsHoliday = (day: Day) => boolean;

const iso = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?)?$/;

/**
 * Reads an ISO 8601 duration down to hours (`P15D`, `P1M`, `PT24H`) or business days (`2bd`).
 * @throws {RangeError} the text is neither.
 * @example parseDuration('2bd') // => { businessDays: 2 }
 */
export function parseDuration(text: string): Duration {
  const business = /^(\d+)bd$/.exec(text);
  if (business) return { businessDays: Number(business[1]) };
  const match = iso.exec(text);
  if (!match || text === 'P' || text.endsWith('T'))
    throw new RangeError(
      `expected an ISO 8601 duration such as P15D, or business days such as 2bd, got "${text}"`,
    );
  const [years, months, weeks, days, hours] = match.slice(1).map((part) => Number(part ?? 0));
  return { months: years! * 12 + months!, days: weeks! * 7 + days!, hours: hours! };
}

/** Whether a date is a business day: Monday to Friday and no holiday. */
export function isBusinessDay(day: Day, isHoliday: IsHoliday): boolean {
  return weekday(dayNumber(day)) <= 5 && !isHoliday(day);
}

/**
 * The date a duration after `day`; hours count as started days.
 *
 * Business days step to the n-th business day after `day`; 0 of them is `day` itself.
 * @example addDuration('2026-08-28', { businessDays: 2 }, () => false) // => '2026-09-01'
 */
export function addDuration(day: Day, duration: Duration, isHoliday: IsHoliday): Day {
  if ('businessDays' in duration) return addBusinessDays(day, duration.businessDays, isHoliday);
  return addDays(addMonths(day, duration.months), duration.days + Math.ceil(duration.hours / 24));
}

/** The n-th business day after `day` (before it when negative); 0 is `day` itself. */
export function addBusinessDays(day: Day, count: number, isHoliday: IsHoliday): Day {
  const step = count < 0 ? -1 : 1;
  let left = Math.abs(count);
  let at = day;
  while (left > 0) {
    at = addDays(at, step);
    if (isBusinessDay(at, isHoliday)) left -= 1;
  }
  return at;
}
