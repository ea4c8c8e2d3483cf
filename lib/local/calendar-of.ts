import type { Config } from '../model/config.ts';
import type { IsHoliday } from '../model/duration.ts';
import { holidaysOf } from '../model/holiday-calendar.ts';
import { noHolidays } from '../model/holidays.ts';
import { UserError } from './stage.ts';

/**
 * The organisation's holiday calendar; none without a country.
 * @throws {UserError} there is no calendar of the country.
 */
export async function calendarOf(config: Config): Promise<IsHoliday> {
  if (!config.country) return noHolidays;
  try {
    return await holidaysOf(config.country);
  } catch (error) {
    throw new UserError(`country: ${(error as Error).message}`);
  }
}
