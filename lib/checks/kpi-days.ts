import { dayNumber } from '../model/day.ts';
import { type DailyValues, isAccepted, type UnitHistory } from '../model/history.ts';
import type { Kpi } from '../model/kpi.ts';
import { noDay, recordDays } from './record-days.ts';

/**
 * Daily counts of a KPI, by the date it counts for: from traffic or records, else from `counts`.
 *
 * @returns null where nothing holds it, and for revenue, which is an amount and no count.
 * @example kpiDays(history, 'sqls_accepted')?.[31] // => 4
 */
export function kpiDays(history: UnitHistory, kpi: Kpi): DailyValues | null {
  const { traffic, leads, sqls, deals } = history;
  if (kpi === 'visitors' && traffic) return traffic.visitors;
  if (kpi === 'sessions' && traffic) return traffic.sessions;
  if (kpi === 'engaged_sessions' && traffic) return traffic.engagedSessions;
  if (kpi === 'leads' && leads) return leads.daily;
  if (kpi === 'sqls_delivered' && sqls) return sqls.daily;
  if (kpi === 'sqls_accepted' && sqls)
    return counted(history, sqls.daily, sqls.rows, 'delivered_at', isAccepted);
  if (kpi === 'opportunities' && deals) return deals.daily;
  if (kpi === 'deals_won' && deals)
    return counted(history, deals.daily, deals.rows, 'won_at', (d) => d.stage === 'won');
  return kpi === 'revenue' ? null : (history.counts[kpi] ?? null);
}

function counted<R extends object>(
  history: UnitHistory,
  covered: DailyValues,
  rows: readonly R[],
  column: keyof R & string,
  isCounted: (row: R) => boolean,
): DailyValues {
  const origin = dayNumber(history.firstDay);
  const values = covered.map((v) => (v === null ? null : 0));
  const days = recordDays(rows, column);
  rows.forEach((row, i) => {
    const day = days[i]! - origin;
    if (days[i] !== noDay && isCounted(row) && (values[day] ?? null) !== null) values[day]! += 1;
  });
  return values;
}
