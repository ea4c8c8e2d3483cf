import type { Config, Plan, PlanKpi } from '../../model/config.ts';
import { addDays, type Day } from '../../model/day.ts';
import type { IsHoliday } from '../../model/duration.ts';
import { completePeriods, type Period, periodOf } from '../../model/period.ts';
import { type PeriodDates, periodDates } from '../../model/period-dates.ts';

/** One judgement to make: a plan KPI and period, as known on a date. */
export interface Judging {
  readonly plan: Plan;
  readonly planKpi: PlanKpi;
  readonly period: Period;
  readonly dates: PeriodDates;
  readonly date: Day;
  /** Whether the period is not over on that date. */
  readonly isOpen: boolean;
}

/**
 * `all`: when ripe, when its decision was due, and as of the last date. `ripe`: once, when all KPIs of the plan were.
 * `running`: as `all`, and the open period as of the last date.
 */
export type JudgingDates = 'all' | 'ripe' | 'running';

/**
 * Every judgement of a plan up to a date: each complete period when it was ripe, when its decision was
 * due, and as of the date itself (SPEC 12), oldest date first, older periods first on one date.
 *
 * @param from first day any KPI of the plan has data, or `start`.
 * @example judgings(config, plan, '2024-09-01', '2026-09-20', noHolidays).length
 */
export function judgings(
  config: Config,
  plan: Plan,
  from: Day,
  asOf: Day,
  isHoliday: IsHoliday,
  which: JudgingDates = 'all',
): Judging[] {
  const complete = completePeriods(from, asOf, plan.period);
  const last = periodOf(asOf, plan.period);
  const isOpen = which === 'running' && from <= asOf && addDays(last.to, -1) > asOf;
  const list = [...complete, ...(isOpen ? [last] : [])].flatMap((period) => {
    const kpis = plan.kpis.map((planKpi) => ({
      planKpi,
      dates: periodDates(config, plan, planKpi.kpi, period, isHoliday),
    }));
    if (isOpen && period === last)
      return kpis.map(({ planKpi, dates }) => ({ plan, planKpi, period, dates, date: asOf, isOpen }));
    const allRipe = kpis
      .map(({ dates }) => dates.ripeOn)
      .sort()
      .at(-1)!;
    return kpis.flatMap(({ planKpi, dates }) => {
      const wanted = which === 'ripe' ? [allRipe] : [dates.ripeOn, dates.due, asOf];
      const on = [...new Set(wanted)].filter((date) => date <= asOf);
      return on.map((date) => ({ plan, planKpi, period, dates, date, isOpen: false }));
    });
  });
  return list.sort(byDate);
}

/** Order of judging: by date, then period, so that a later period knows what was found in earlier ones. */
export function byDate(a: Judging, b: Judging): number {
  if (a.date !== b.date) return a.date < b.date ? -1 : 1;
  return a.period.from === b.period.from ? 0 : a.period.from < b.period.from ? -1 : 1;
}
