import * as z from 'zod';
import { type CheckInput, insufficientData, notApplicable, type Result } from './check.ts';
import { windowDays } from './levels.ts';
import { type Pairing, type RateExcess, rateExcess, rateRelation } from './rate-relation.ts';
import { leadSeries, sqlSeries } from './unit-series.ts';

/** Limits of the fit, shared by the checks that hold SQLs against leads. */
export const sqlsPerLeadLimits = {
  windowDays,
  lagDays: z.int().min(0).default(0).describe('days by which SQLs follow their leads'),
  blockDays: z.int().min(1).default(7).describe('days of the history summed before the rate is fitted'),
  minExpected: z.number().min(1).default(10).describe('least SQLs expected of the leads of the period'),
  minBaselineDays: z.int().min(2).default(56).describe('least days of the history with leads and SQLs'),
};

/** SQLs of a period held against its leads. */
export interface SqlsPerLead extends RateExcess {
  readonly observed: number;
  readonly leads: number;
}

/**
 * Tests whether a period's SQLs per lead lie above own history.
 *
 * @param limits `watchP` is the level of the test, a probability; `minBaselineSqls` counts SQLs of the history.
 * @returns the test, whose data hold the leads, the expected SQLs and the limit of ordinary ones beside the sizes of
 *   the history; or what a check reports where there is nothing, or too little, to test.
 */
export function sqlsPerLead(
  input: CheckInput,
  limits: Pairing & {
    readonly watchP: number;
    readonly minRatio: number;
    readonly minExcess: number;
    readonly minExpected: number;
    readonly minBaselineSqls: number;
    readonly minBaselineDays: number;
  },
): SqlsPerLead | Result {
  const leads = leadSeries(input.history);
  const sqls = sqlSeries(input.history);
  if (!leads || !sqls) return notApplicable(leads ? 'no-sqls' : 'no-leads');
  const relation = rateRelation(input, sqls, leads, limits);
  const { baselineEvents, baselineExposure, baselineDays, newEvents: observed, newExposure } = relation;
  const sizes = { baselineDays, baselineSqls: baselineEvents, baselineLeads: baselineExposure };
  if (baselineDays < limits.minBaselineDays) return insufficientData('few-days', sizes);
  if (baselineEvents < limits.minBaselineSqls) return insufficientData('few-sqls', sizes);
  if (newExposure === 0) return insufficientData('no-leads-in-period', sizes);

  const excess = rateExcess(relation, limits);
  const { expected } = excess;
  if (expected < limits.minExpected) return insufficientData('few-expected-sqls', { ...sizes, expected });
  return { ...excess, observed, leads: newExposure, data: { ...sizes, ...excess.data, leads: newExposure } };
}
