import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../lib/model/config-file.ts';
import { deployedConfiguration } from '../../lib/model/deployed-configuration.ts';
import { holidaysOf } from '../../lib/model/holiday-calendar.ts';
import { holidaysIn } from '../../lib/model/holidays.ts';

const text = readFileSync(
  new URL('../../examples/marketing-director/bonafide.yaml', import.meta.url),
  'utf8',
);
const reading = readConfig(text, 'bonafide.yaml');
if ('errors' in reading) throw new RangeError(reading.errors[0]!.message);
const { config } = reading;

describe('a deployed configuration', () => {
  it('says as JSON what the file says', async () => {
    const deployed = await deployedConfiguration(text, config, 2026);
    expect(JSON.parse(JSON.stringify(deployed))).toEqual(deployed);
    expect(deployed).toMatchObject({ text, config });
  });

  it('knows the holidays of the country, from 12 years before to 10 years after, and no others', async () => {
    const { holidays } = await deployedConfiguration(text, config, 2026);
    const [listed, calendar] = [holidaysIn(holidays!), await holidaysOf('DE')];
    for (const day of ['2014-01-01', '2026-10-03', '2026-10-04', '2027-03-26', '2036-12-25', '2036-12-24'])
      expect([day, listed(day)]).toEqual([day, calendar(day)]);
    expect([listed('2013-12-25'), listed('2037-01-01')]).toEqual([false, false]);
  });

  it('keeps the holidays it has while two years are left, and works them out again after that', async () => {
    const before = await deployedConfiguration(text, config, 2026);
    expect((await deployedConfiguration(text, config, 2034, before)).holidays).toBe(before.holidays);
    expect((await deployedConfiguration(text, config, 2035, before)).holidays?.lastYear).toBe(2045);
    const other = { ...config, country: 'FR' };
    expect((await deployedConfiguration(text, other, 2026, before)).holidays?.country).toBe('FR');
  });

  it('has none without a country, and refuses one without a calendar', async () => {
    const { country: _country, ...without } = config;
    expect((await deployedConfiguration(text, without, 2026)).holidays).toBeNull();
    await expect(deployedConfiguration(text, { ...config, country: 'XX' }, 2026)).rejects.toThrow(
      /no holiday calendar "XX"/,
    );
  });
});
