import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configSchema } from '../../../lib/model/config.ts';
import { noHolidays } from '../../../lib/model/holidays.ts';
import { judgings } from '../../../lib/pipeline/judging/judging-dates.ts';
import { configText } from '../../local/made-company.ts';

const config = configSchema.parse(parse(configText));
const plan = config.plans[0]!;
const dates = (asOf: string, from = '2025-06-10') =>
  judgings(config, plan, from, asOf, noHolidays).map((j) => [j.date, j.period.id, j.planKpi.kpi]);

describe('judgings', () => {
  it('are when a period was ripe, when its decision was due, and as of the date, oldest first', () => {
    // Traffic settles four days, SQLs have two business days; pay on the 16th, due two business days before.
    expect(dates('2025-08-20', '2025-07-01')).toEqual([
      ['2025-08-01', '2025-07', 'leads'],
      ['2025-08-05', '2025-07', 'visitors'],
      ['2025-08-05', '2025-07', 'sqls_delivered'],
      ['2025-08-14', '2025-07', 'visitors'],
      ['2025-08-14', '2025-07', 'leads'],
      ['2025-08-14', '2025-07', 'sqls_delivered'],
      ['2025-08-20', '2025-07', 'visitors'],
      ['2025-08-20', '2025-07', 'leads'],
      ['2025-08-20', '2025-07', 'sqls_delivered'],
    ]);
  });

  it('hold no date after the judging date, and each date once', () => {
    expect(dates('2025-08-05', '2025-07-01')).toEqual([
      ['2025-08-01', '2025-07', 'leads'],
      ['2025-08-05', '2025-07', 'visitors'],
      ['2025-08-05', '2025-07', 'leads'],
      ['2025-08-05', '2025-07', 'sqls_delivered'],
    ]);
  });

  it('take older periods first on one date, so that a later one knows what was found', () => {
    const last = dates('2025-08-20').filter(([date]) => date === '2025-08-20');
    expect(last.map(([, period]) => period)).toEqual([
      '2025-06',
      '2025-06',
      '2025-06',
      '2025-07',
      '2025-07',
      '2025-07',
    ]);
  });

  it('are none of a period that is not over, and begin with the one its first day lies in', () => {
    expect(dates('2025-07-30', '2025-07-01')).toEqual([]);
    expect(dates('2025-07-31', '2025-07-31').map(([, period]) => period)).toEqual([
      '2025-07',
      '2025-07',
      '2025-07',
    ]);
  });
});
