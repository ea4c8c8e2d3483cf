import * as z from 'zod';
import { dayNumber } from '../model/day.ts';
import type { SqlCase } from '../model/history.ts';
import { defineCheck, fail, insufficientData, notApplicable, pass } from './check.ts';
import { leadPlaces } from './lead-places.ts';
import { countBelow, recordDays } from './record-days.ts';

const faultKinds = ['withoutLead', 'beforeLead', 'beforeQualified', 'decidedBefore'] as const;

/** SQLs whose own dates contradict the way from lead to decision: shown record by record. */
export const funnelOrder = defineCheck({
  id: 'funnel-order',
  version: 1,
  family: 'records',
  side: 'marketing',
  scope: 'unit',
  kpi: 'sqls_delivered',
  question: 'Are the records sound?',
  messages: {
    outOfOrder:
      '{wrong} of {sqls} SQLs are out of order: {withoutLead} without a lead, {beforeLead} before their lead, {beforeQualified} before they were qualified, {decidedBefore} decided before they were handed over.',
  },
  innocent: [
    'two systems whose clocks or time zones differ by more than a day',
    'leads that were merged or deleted after they had been handed over',
    'dates typed by hand, or filled in by an import',
  ],
  clears: 'the lead behind each SQL, or the corrected date with the system it was taken from',
  policy: z.strictObject({
    toleranceDays: z.int().min(0).default(1).describe('days that clocks of two systems may differ by'),
    coveredDays: z
      .int()
      .min(0)
      .default(90)
      .describe('days that leads must reach back before a hand-over for its missing lead to count'),
    lateDays: z
      .int()
      .min(0)
      .default(30)
      .describe('days after a hand-over in which its lead may still be entered'),
  }),
  evaluate({ history, from, to }, { toleranceDays, coveredDays, lateDays }) {
    if (!history.sqls) return notApplicable('no-sql-records');
    const { rows } = history.sqls;
    const delivered = recordDays(rows, 'delivered_at');
    const origin = dayNumber(history.firstDay);
    const { leads } = history;
    const leadOf = leads && leadPlaces(rows, leads);
    const coveredFrom = history.leads ? origin + history.leads.first + coveredDays : Number.POSITIVE_INFINITY;
    const enteredBy = dayNumber(history.asOf) - lateDays;
    const counts = { withoutLead: 0, beforeLead: 0, beforeQualified: 0, decidedBefore: 0 };
    const records: string[] = [];
    let sqls = 0;
    let comparable = 0;
    for (let i = countBelow(delivered, origin + from); i < countBelow(delivered, origin + to); i += 1) {
      const day = delivered[i]!;
      const sql = rows[i]!;
      const lead = leadOf?.[i] ?? -1;
      const created = lead < 0 ? undefined : leads!.rows[lead]!.created_at;
      sqls += 1;
      const isLeadDue = leads !== null && day >= coveredFrom && day <= enteredBy;
      if (created !== undefined || isLeadDue || sql.qualified_at !== null || sql.decided_at !== null)
        comparable += 1;
      // The lead's clock may be another system's; hand-over and decision are kept by one and the same.
      const faults = {
        withoutLead: created === undefined && isLeadDue,
        beforeLead: created !== undefined && daysBefore(sql.delivered_at, created) > toleranceDays,
        beforeQualified:
          sql.qualified_at !== null && daysBefore(sql.delivered_at, sql.qualified_at) > toleranceDays,
        decidedBefore:
          sql.decided_at !== null &&
          isDecided(sql) &&
          daysBefore(sql.decided_at, sql.delivered_at) > toleranceDays,
      };
      let isFaulty = false;
      for (const fault of faultKinds) {
        if (!faults[fault]) continue;
        counts[fault] += 1;
        isFaulty = true;
      }
      if (isFaulty) records.push(`${sql.sql_id}/${sql.lead_id}`);
    }
    const data = { sqls, wrong: records.length, ...counts };
    if (sqls === 0) return insufficientData('no-sqls-in-period');
    if (records.length === 0)
      return comparable > 0
        ? pass(null, data)
        : leads === null
          ? notApplicable('no-dates-to-compare')
          : insufficientData('no-dates-to-compare', data);
    return fail({
      messageId: 'outOfOrder',
      severity: 'watch',
      proof: true,
      effect: records.length / sqls,
      expected: 0,
      observed: records.length,
      range: [0, 0],
      data,
      records,
    });
  },
});

function isDecided(sql: SqlCase): boolean {
  return sql.disposition !== 'pending';
}

/** Whole calendar days that `time` lies before `other`; 0 or less when it does not. */
function daysBefore(time: string, other: string): number {
  if (time >= other) return 0;
  return dayNumber(other.slice(0, 10)) - dayNumber(time.slice(0, 10));
}
