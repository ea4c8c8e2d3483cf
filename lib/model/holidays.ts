import type { Day } from './day.ts';
import type { IsHoliday } from './duration.ts';

/** No holidays at all: the calendar of a unit without a country. */
export const noHolidays: IsHoliday = () => false;

/**
 * Public holidays of a country (or `country-state`), from the date-holidays tables.
 *
 * @param country ISO 3166 code, optionally with a state: `DE`, `DE-BY`, `US-NY`.
 * @throws {RangeError} the country has no calendar.
 * @example (await holidaysOf('DE'))('2026-10-03') // => true
 */
export async function holidaysOf(country: string): Promise<IsHoliday> {
  // Loaded on demand: the tables take a quarter of a second to read and most runs have no country.
  const { default: Holidays } = await import('date-holidays');
  const [code, state] = country.split('-') as [string, string | undefined];
  if (!(code in new Holidays().getCountries()))
    throw new RangeError(
      `there is no holiday calendar "${country}"; expected an ISO 3166 code such as DE or US-NY`,
    );
  const calendar = state ? new Holidays(code, state) : new Holidays(code);
  const years = new Map<string, ReadonlySet<Day>>();
  return (day) => {
    const year = day.slice(0, 4);
    let days = years.get(year);
    if (!days) {
      const found = calendar.getHolidays(Number(year)).filter((h) => h.type === 'public');
      days = new Set(found.map((h) => h.date.slice(0, 10)));
      years.set(year, days);
    }
    return days.has(day);
  };
}
