import { dayNumber } from '../../model/day.ts';
import { type DailyValues, isAccepted, type UnitHistory } from '../../model/history.ts';
import { datasetOf, type Kpi } from '../../model/kpi.ts';
import { dailyOf } from '../../verdict/cohort.ts';

/** Days after the last closed deal on which none still counts as zero. */
const quietDays = 7;

/** Sum of seven days; null where one is missing. */
export function weekSum(values: DailyValues, from: number): number | null {
  let sum = 0;
  for (let i = from; i < from + 7; i += 1) {
    const value = values[i];
    if (value === null || value === undefined) return null;
    sum += value;
  }
  return sum;
}

/** Daily values of a KPI, also of those that only records tell. */
export function outcomeDaily(history: UnitHistory, kpi: Kpi): DailyValues | null {
  const tally = (daily: DailyValues, rows: readonly { readonly on: string; readonly value: number }[]) => {
    const origin = dayNumber(history.firstDay);
    const values = daily.map((v) => (v === null ? null : 0)) as (number | null)[];
    for (const { on, value } of rows) {
      const index = dayNumber(on.slice(0, 10)) - origin;
      if (index >= 0 && index < values.length) values[index] = (values[index] ?? 0) + value;
    }
    return values;
  };
  if (kpi === 'sqls_accepted' && history.sqls)
    return tally(
      history.sqls.daily,
      history.sqls.rows.filter(isAccepted).map((s) => ({ on: s.delivered_at, value: 1 })),
    );
  if (history.deals && datasetOf(kpi) === 'deals') {
    const { rows, daily } = history.deals;
    if (kpi === 'opportunities') return daily;
    return tally(
      wonDays(history),
      rows
        .filter((d) => d.stage === 'won')
        .map((d) => ({ on: d.won_at ?? d.created_at, value: kpi === 'revenue' ? (d.amount ?? 0) : 1 })),
    );
  }
  return dailyOf(history, kpi);
}

/** Days on which a win can be told: from the first deal on, for a deal is won long after it began. */
function wonDays(history: UnitHistory): DailyValues {
  const { rows, first, last, daily } = history.deals!;
  const origin = dayNumber(history.firstDay);
  const closed = rows
    .flatMap((d) => d.won_at ?? d.lost_at ?? [])
    .map((t) => dayNumber(t.slice(0, 10)) - origin);
  const end = closed.reduce((most, i) => Math.max(most, i + quietDays), last);
  return daily.map((_, i) => (i < first || i > end ? null : 0));
}
