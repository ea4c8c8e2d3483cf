import { dayNumber } from '../model/day.ts';
import { isAccepted } from '../model/history.ts';
import type { Kpi } from '../model/kpi.ts';
import type { CheckInput } from './check.ts';
import { noDay, recordDays } from './record-days.ts';

/** One record a KPI counts, with the day it counts for and the day it was entered. */
export interface EnteredRecord {
  readonly id: string;
  /** Index of its own day in the unit's history. */
  readonly day: number;
  /** Index of the day it was entered; its own day where nobody kept it. */
  readonly enteredOn: number;
  readonly isKept: boolean;
}

/**
 * The records a plan KPI counts, of the whole history, with the day each was entered.
 *
 * @returns null for KPIs that count no leads or SQLs, or without their records.
 * @example enteredRecords(input, 'leads')?.filter((r) => r.enteredOn - r.day > 7).length
 */
export function enteredRecords(input: CheckInput, kpi: Kpi): readonly EnteredRecord[] | null {
  const { history, pay } = input;
  const origin = dayNumber(history.firstDay);
  const wanted = pay?.plan.countsOrigins as readonly string[] | undefined;
  const counts = (origin: string | null) => !wanted || origin === null || wanted.includes(origin);
  const list: EnteredRecord[] = [];
  const add = (id: string, day: number, entered: number) =>
    list.push({
      id,
      day: day - origin,
      enteredOn: Math.max(day, entered === noDay ? day : entered) - origin,
      isKept: entered !== noDay,
    });
  if (kpi === 'leads' && history.leads) {
    const { rows } = history.leads;
    const days = recordDays(rows, 'created_at');
    const entered = recordDays(rows, 'record_entered_at');
    rows.forEach((lead, i) => {
      if (counts(lead.origin)) add(lead.lead_id, days[i]!, entered[i]!);
    });
    return list;
  }
  if ((kpi === 'sqls_delivered' || kpi === 'sqls_accepted') && history.sqls) {
    const { rows } = history.sqls;
    const days = recordDays(rows, 'delivered_at');
    const entered = recordDays(rows, 'record_entered_at');
    rows.forEach((sql, i) => {
      if ((kpi === 'sqls_delivered' || isAccepted(sql)) && counts(sql.origin))
        add(`${sql.sql_id}/${sql.lead_id}`, days[i]!, entered[i]!);
    });
    return list;
  }
  return null;
}
