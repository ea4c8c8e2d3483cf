import type { Config } from './config.ts';
import { holidaysBetween } from './holiday-calendar.ts';
import type { HolidayList } from './holidays.ts';

/** What the handlers work with, as one document: validated and worked out where the configuration is deployed. */
export interface DeployedConfiguration {
  /** The file as it was written; kept with the evidence. */
  readonly text: string;
  readonly config: Config;
  /** Null without a country. */
  readonly holidays: HolidayList | null;
}

/** Years of holidays before and after the one of the deployment. A list is kept while two years of it are left. */
const yearsBefore = 12;
const yearsAfter = 10;
const fewestYearsLeft = 2;

/**
 * Makes the document of a configuration.
 *
 * @param year the current one; holidays are listed from 12 years before to 10 years after it.
 * @param before what is deployed already: its holidays are kept while they suffice.
 * @throws {RangeError} the country has no holiday calendar.
 */
export async function deployedConfiguration(
  text: string,
  config: Config,
  year: number,
  before: DeployedConfiguration | null = null,
): Promise<DeployedConfiguration> {
  const { country } = config;
  if (!country) return { text, config, holidays: null };
  const known = before?.holidays;
  if (known?.country === country && known.firstYear <= year && known.lastYear >= year + fewestYearsLeft)
    return { text, config, holidays: known };
  const [firstYear, lastYear] = [year - yearsBefore, year + yearsAfter];
  const days = await holidaysBetween(country, firstYear, lastYear);
  return { text, config, holidays: { country, firstYear, lastYear, days } };
}
