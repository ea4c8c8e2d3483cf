import type { Day } from './day.ts';
import type { IsHoliday } from './duration.ts';

/** Public holidays worked out beforehand, because the tables of all countries are larger than everything else. */
export interface HolidayList {
  /** As in the configuration: `DE`, `US-NY`. */
  readonly country: string;
  readonly firstYear: number;
  readonly lastYear: number;
  readonly days: readonly Day[];
}

/** No holidays at all: the calendar of a unit without a country. */
export const noHolidays: IsHoliday = () => false;

/** The calendar of a list. A day outside its years is none: nothing is judged or paid that long ago or ahead. */
export function holidaysIn({ days }: HolidayList): IsHoliday {
  const listed = new Set(days);
  return (day) => listed.has(day);
}
