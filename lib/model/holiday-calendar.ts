import type { Day } from './day.ts';
import type { IsHoliday } from './duration.ts';

/**
 * Public holidays of a country (or `country-state`), from the date-holidays tables.
 *
 * @param country ISO 3166 code, optionally with a state: `DE`, `DE-BY`, `US-NY`.
 * @throws {RangeError} the country has no calendar.
 * @example (await holidaysOf('DE'))('2026-10-03') // => true
 */
export async function holidaysOf(country: string): Promise<IsHoliday> {
  const calendar = await calendarOf(country);
  const years = new Map<string, ReadonlySet<Day>>();
  return (day) => {
    const year = day.slice(0, 4);
    let days = years.get(year);
    if (!days) {
      days = new Set(daysOf(calendar, Number(year)));
      years.set(year, days);
    }
    return days.has(day);
  };
}

/**
 * Every public holiday of two years and those between, in order.
 * @throws {RangeError} the country has no calendar.
 */
export async function holidaysBetween(country: string, firstYear: number, lastYear: number): Promise<Day[]> {
  const calendar = await calendarOf(country);
  const days: Day[] = [];
  for (let year = firstYear; year <= lastYear; year += 1) days.push(...daysOf(calendar, year));
  return days;
}

type Calendar = InstanceType<typeof import('date-holidays')['default']>;

async function calendarOf(country: string): Promise<Calendar> {
  // Loaded on demand: the tables take a quarter of a second to read and most runs have no country.
  const { default: Holidays } = await import('date-holidays');
  const [code, state] = country.split('-') as [string, string | undefined];
  if (!(code in new Holidays().getCountries()))
    throw new RangeError(
      `there is no holiday calendar "${country}"; expected an ISO 3166 code such as DE or US-NY`,
    );
  // The other types (school, bank, optional …) take most of the time to work out.
  const types: 'public'[] = ['public'];
  return state ? new Holidays(code, state, { types }) : new Holidays(code, { types });
}

function daysOf(calendar: Calendar, year: number): Day[] {
  const found = calendar.getHolidays(year).filter((h) => h.type === 'public');
  return [...new Set(found.map((h) => h.date.slice(0, 10)))].sort();
}
