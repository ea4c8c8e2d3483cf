import type { Plan } from '../../model/config.ts';
import { datasetOf, type Kpi } from '../../model/kpi.ts';

/**
 * The KPI of a plan that a finding about `kpi` belongs to: itself, else the nearest of the same dataset
 * in the plan (SPEC 7), else null: it is then listed without one.
 *
 * @example attachTo(planWithAcceptedOnly, 'sqls_delivered') // => 'sqls_accepted'
 */
export function attachTo(plan: Plan, kpi: Kpi | null): Kpi | null {
  if (kpi === null) return null;
  const own = plan.kpis.map((k) => k.kpi);
  if (own.includes(kpi)) return kpi;
  return own.find((other) => datasetOf(other) === datasetOf(kpi)) ?? null;
}
