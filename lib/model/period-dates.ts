import { type Config, type Dataset, type Plan, settlingOf } from './config.ts';
import type { Day } from './day.ts';
import { addBusinessDays, addDuration, type IsHoliday, parseDuration } from './duration.ts';
import { datasetOf, type Kpi } from './kpi.ts';
import type { Period } from './period.ts';

/** Dates that follow from a plan's policy for one period. */
export interface PeriodDates {
  readonly ripeOn: Day;
  /** A decision is due then: two business days before the pay date. */
  readonly due: Day;
  readonly payOn: Day;
}

/**
 * When a period of one plan KPI is ripe, when a decision on it is due, and when it is paid.
 *
 * ripe = end + settling of the KPI's datasets, + `decideWithin` if it reads SQLs; pay = end + `payAfter`.
 * @example periodDates(config, plan, 'leads', parsePeriod('2026-08'), noHolidays).payOn // => '2026-09-16' with P15D
 */
export function periodDates(
  config: Config,
  plan: Plan,
  kpi: Kpi,
  period: Period,
  isHoliday: IsHoliday,
): PeriodDates {
  const wanted: Dataset[] = [datasetOf(kpi), 'counts'];
  let ripeOn = period.to;
  for (const settling of settlingOf(config, wanted)) {
    const settled = addDuration(period.to, settling, isHoliday);
    if (settled > ripeOn) ripeOn = settled;
  }
  if (datasetOf(kpi) === 'sqls')
    ripeOn = addDuration(ripeOn, parseDuration(config.agreement.decideWithin), isHoliday);
  const payOn = addDuration(period.to, parseDuration(plan.payAfter), isHoliday);
  return { ripeOn, due: addBusinessDays(payOn, -2, isHoliday), payOn };
}
