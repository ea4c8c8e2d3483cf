import { type Day, dayNumber, dayOf } from '../../../lib/model/day.ts';
import { isBusinessDay } from '../../../lib/model/duration.ts';
import type { Random } from './random.ts';

/** A local time in Berlin, in seconds since 1970-01-01 00:00 of that wall clock. */
export type Moment = number;

const hour = 3_600;
const opens = 9 * hour;
const closes = 17 * hour;

/** Nationwide holidays of Germany; written out, so that a new table of holidays does not change the example. */
const holidays: ReadonlySet<Day> = new Set([
  ...['2024-10-03', '2024-12-25', '2024-12-26'],
  ...['2025-01-01', '2025-04-18', '2025-04-21', '2025-05-01', '2025-05-29', '2025-06-09', '2025-10-03'],
  ...['2025-12-25', '2025-12-26', '2026-01-01', '2026-04-03', '2026-04-06', '2026-05-01', '2026-05-14'],
  ...['2026-05-25', '2026-10-03'],
]);

export const isHoliday = (day: Day): boolean => holidays.has(day);
export const isWorkday = (day: Day): boolean => isBusinessDay(day, isHoliday);
export const dayAt = (moment: Moment): Day => dayOf(Math.floor(moment / 86_400));
export const moment = (day: Day, seconds: number): Moment => dayNumber(day) * 86_400 + seconds;

/** `2026-08-31T16:04:09`: without an offset, therefore in the unit's time zone. */
export const isoTime = (at: Moment): string => new Date(at * 1_000).toISOString().slice(0, 19);

/** Moves on by working time: Monday to Friday, 9 to 17, no holidays. A start outside of it waits for the next opening. */
export function addWorkingSeconds(from: Moment, seconds: number): Moment {
  let left = seconds;
  let at = from;
  for (;;) {
    const day = dayAt(at);
    const start = Math.max(at, moment(day, opens));
    const end = moment(day, closes);
    if (isWorkday(day) && start + left < end) return start + left;
    if (isWorkday(day) && start < end) left -= end - start;
    at = moment(day, 24 * hour);
  }
}

/** A time of the day at which people fill in forms; none between 0 and 6, when clocks change. */
export function formTime(random: Random): number {
  const hours = {
    6: 1,
    7: 2,
    8: 5,
    9: 9,
    10: 11,
    11: 10,
    12: 7,
    13: 8,
    14: 10,
    15: 9,
    16: 7,
    17: 5,
    18: 3,
    19: 3,
    20: 3,
    21: 2,
    22: 1,
  };
  return Number(random.weighted(hours as Record<string, number>)) * hour + random.integer(0, hour - 1);
}
