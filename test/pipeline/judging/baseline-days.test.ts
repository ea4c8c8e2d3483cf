import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configSchema } from '../../../lib/model/config.ts';
import { dayNumber } from '../../../lib/model/day.ts';
import { noHolidays } from '../../../lib/model/holidays.ts';
import type { Kpi } from '../../../lib/model/kpi.ts';
import { parsePeriod } from '../../../lib/model/period.ts';
import { baselineOf } from '../../../lib/pipeline/judging/baseline-days.ts';
import { quietHistory } from '../../fixtures/generators.ts';
import { configText } from '../../local/made-company.ts';

const config = configSchema.parse(parse(configText));
// 2026-01-05 to 2026-06-30.
const history = quietHistory({ seed: 1, days: 177 });
const index = (day: string) => dayNumber(day) - dayNumber(history.firstDay);
const input = (period: string, raised: Partial<Record<Kpi, string[]>> = {}) =>
  baselineOf(config, history, parsePeriod(period), (kpi) => new Set(raised[kpi]), noHolidays, null);

describe('the days that may train a baseline', () => {
  it('end before the period, and the period is half open', () => {
    const june = input('2026-06');
    expect([june.from, june.to]).toEqual([index('2026-06-01'), index('2026-07-01')]);
    expect(june.isBaselineDay('leads', index('2026-05-31'))).toBe(true);
    expect(june.isBaselineDay('leads', index('2026-06-01'))).toBe(false);
    expect(june.isBaselineDay('leads', -1)).toBe(false);
  });

  it('are final at the judging date: traffic four days later, leads at once', () => {
    const { isFinal } = input('2026-06');
    expect(history.asOf).toBe('2026-06-30');
    expect(isFinal('visitors', index('2026-06-26'))).toBe(true);
    expect(isFinal('visitors', index('2026-06-27'))).toBe(false);
    expect(isFinal('leads', index('2026-06-30'))).toBe(true);
  });

  it('leave out a period at review of the same dataset, and no other', () => {
    const june = input('2026-06', { visitors: ['2026-04'] });
    expect(june.isBaselineDay('visitors', index('2026-03-31'))).toBe(true);
    expect(june.isBaselineDay('visitors', index('2026-04-01'))).toBe(false);
    expect(june.isBaselineDay('visitors', index('2026-04-30'))).toBe(false);
    expect(june.isBaselineDay('visitors', index('2026-05-01'))).toBe(true);
    expect(june.isBaselineDay('leads', index('2026-04-15'))).toBe(true);
    expect([...june.poisoned]).toEqual([]);
  });

  it('hold every day again, and say so, when fewer than 56 would be left', () => {
    const raised = { visitors: ['2026-01', '2026-02', '2026-03', '2026-04'] };
    const june = input('2026-06', raised);
    expect(june.isBaselineDay('visitors', index('2026-04-15'))).toBe(true);
    expect([...june.poisoned]).toEqual(['visitors']);
    // March left: 31 + May 31 = 62 days.
    expect([...input('2026-06', { visitors: ['2026-01', '2026-02', '2026-04'] }).poisoned]).toEqual([]);
  });

  it('are none before the first day of the data', () => {
    const january = input('2026-01');
    expect(january.from).toBe(-4);
    expect(january.isBaselineDay('leads', 0)).toBe(false);
    expect([...january.poisoned]).toEqual([]);
  });
});
