import type { LateSource } from '../../checks/check.ts';
import type { Config } from '../../model/config.ts';
import { addDays, type Day } from '../../model/day.ts';
import { addDuration, type IsHoliday, parseDuration } from '../../model/duration.ts';
import type { Period } from '../../model/period.ts';

/**
 * Sources with an `expect:` whose batch for the end of a period is overdue: none landed since its last day, and the
 * time between two batches has passed.
 *
 * @param landed when the newest batch of each source landed, by id; a source that never delivered has none.
 * @param asOf judging date, which must itself lie after the day the batch was due: the hour is not looked at.
 * @example missedBatches(config, new Map([['crm', '2026-08-31']]), august, '2026-09-02', noHolidays)[0].source // => 'crm'
 */
export function missedBatches(
  config: Config,
  landed: ReadonlyMap<string, Day>,
  period: Period,
  asOf: Day,
  isHoliday: IsHoliday,
): LateSource[] {
  const lastDay = addDays(period.to, -1);
  return config.sources.flatMap(({ id, dataset, expect }) => {
    if (!expect || addDuration(lastDay, parseDuration(expect.every), isHoliday) >= asOf) return [];
    const landedOn = landed.get(id) ?? null;
    return landedOn !== null && landedOn > lastDay
      ? []
      : [{ source: id, dataset, every: expect.every, landedOn }];
  });
}
