import { dayNumber } from '../model/day.ts';
import type { DailyValues, UnitHistory } from '../model/history.ts';
import { periodOf } from '../model/period.ts';
import type { CheckInput } from './check.ts';

/** Periods before the judged one all of whose days may train, as index ranges. */
export function earlierPeriods(
  input: CheckInput,
  kpi: 'leads' | 'sqls_delivered',
): { from: number; to: number }[] {
  const origin = dayNumber(input.history.firstDay);
  const length = input.period.id.includes('Q') ? 'quarter' : 'month';
  const covered = (kpi === 'leads' ? input.history.leads! : input.history.sqls!).first;
  const list: { from: number; to: number }[] = [];
  let to = input.from;
  while (to > 0) {
    const period = periodOf(dayBefore(origin + to), length);
    const from = dayNumber(period.from) - origin;
    if (from < covered) break;
    let isUsed = true;
    for (let i = from; i < to && isUsed; i += 1) isUsed = input.isBaselineDay(kpi, i);
    if (isUsed) list.push({ from, to });
    to = from;
  }
  return list;
}

function dayBefore(number: number): string {
  return new Date((number - 1) * 86_400_000).toISOString().slice(0, 10);
}

function isBusinessDay(history: UnitHistory, index: number): boolean {
  return (history.firstWeekday - 1 + index) % 7 < 5 && history.holidays[index] !== true;
}

/** Index of the first of the last business days of [from, to). */
export function lastBusinessDays(history: UnitHistory, from: number, to: number, count: number): number {
  let left = count;
  let index = to;
  while (left > 0 && index > from) {
    index -= 1;
    if (isBusinessDay(history, index)) left -= 1;
  }
  return index;
}

/** Index of the day after the first business days from `from` on. */
export function firstBusinessDays(history: UnitHistory, from: number, count: number): number {
  let left = count;
  let index = from;
  while (left > 0) {
    if (isBusinessDay(history, index)) left -= 1;
    index += 1;
  }
  return index;
}

/** Sum over the days of [from, to); missing ones add nothing. */
export function sumBetween(values: DailyValues, from: number, to: number): number {
  let total = 0;
  for (let i = Math.max(0, from); i < to; i += 1) total += values[i] ?? 0;
  return total;
}
