import { dayNumber } from '../model/day.ts';
import { isAccepted } from '../model/history.ts';
import { binomialLowerTail } from '../statistics/binomial.ts';
import { roundP } from '../statistics/p-value.ts';
import type { CheckInput } from './check.ts';
import { recordDays } from './record-days.ts';

/** What became of the records of a period's last days, beside the usual. */
export interface CohortFate {
  /** Share that came to something, 0 to 1. */
  readonly fateShare: number;
  readonly usualFate: number;
  /** P(so few or fewer) at the usual share. */
  readonly p: number;
}

/**
 * SQLs of the last days that sales accepts, pending ones taken as accepted, against all earlier ones decided.
 *
 * @param first index of the first of the last days.
 * @returns null without SQLs on one of the sides.
 */
export function sqlFate(input: CheckInput, first: number): CohortFate | null {
  const { rows } = input.history.sqls!;
  const origin = dayNumber(input.history.firstDay);
  const days = recordDays(rows, 'delivered_at');
  let good = 0;
  let all = 0;
  let usualGood = 0;
  let usualAll = 0;
  rows.forEach((sql, i) => {
    const day = days[i]! - origin;
    if (sql.isContested || day >= input.to) return;
    if (day >= first) {
      all += 1;
      if (isAccepted(sql) || sql.decidedOn === null) good += 1;
    } else if (sql.decidedOn !== null && (day >= input.from || input.isBaselineDay('sqls_delivered', day))) {
      usualAll += 1;
      if (isAccepted(sql)) usualGood += 1;
    }
  });
  return fateOf(good, all, usualGood, usualAll);
}

/**
 * Leads of the last days that become an SQL, against all earlier leads.
 *
 * Every lead is given as many days as the SQL records reach beyond the period: where they end with it, nobody knows yet
 * what became of its last leads.
 *
 * @param first index of the first of the last days.
 * @param fateDays most days a lead is given to become an SQL.
 * @returns null without SQL records after the period, or without leads on one of the sides.
 */
export function leadFate(input: CheckInput, first: number, fateDays: number): CohortFate | null {
  const { leads, sqls, firstDay } = input.history;
  if (!sqls || sqls.rows.length === 0) return null;
  const origin = dayNumber(firstDay);
  const delivered = new Map<string, number>();
  const sqlDays = recordDays(sqls.rows, 'delivered_at');
  const givenDays = Math.min(fateDays, sqlDays[sqls.rows.length - 1]! - origin + 1 - input.to);
  if (givenDays < 1) return null;
  sqls.rows.forEach((sql, i) => {
    if (!delivered.has(sql.lead_id)) delivered.set(sql.lead_id, sqlDays[i]!);
  });
  const days = recordDays(leads!.startOf ?? leads!.rows, 'created_at');
  let good = 0;
  let all = 0;
  let usualGood = 0;
  let usualAll = 0;
  leads!.rows.forEach((lead, i) => {
    const day = days[i]! - origin;
    if (day >= input.to) return;
    const isUsual = day < first && (day >= input.from || input.isBaselineDay('leads', day));
    if (!isUsual && day < first) return;
    const on = delivered.get(lead.lead_id);
    const isGood = on !== undefined && on - days[i]! <= givenDays;
    if (isUsual) {
      usualAll += 1;
      if (isGood) usualGood += 1;
    } else {
      all += 1;
      if (isGood) good += 1;
    }
  });
  return fateOf(good, all, usualGood, usualAll);
}

function fateOf(good: number, all: number, usualGood: number, usualAll: number): CohortFate | null {
  if (all === 0 || usualAll === 0) return null;
  const usualFate = usualGood / usualAll;
  return { fateShare: good / all, usualFate, p: roundP(binomialLowerTail(good, all, usualFate)) };
}
