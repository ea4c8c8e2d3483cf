import * as z from 'zod';

/** Every KPI a plan can pay on. */
export const kpis = [
  'visitors',
  'sessions',
  'engaged_sessions',
  'leads',
  'sqls_delivered',
  'sqls_accepted',
  'opportunities',
  'deals_won',
  'revenue',
] as const;
export type Kpi = (typeof kpis)[number];
export const kpiSchema = z.enum(kpis);

/** Whether a name is a KPI's. */
export function isKpi(name: unknown): name is Kpi {
  return kpis.some((kpi) => kpi === name);
}

/** Whose pay a plan is, or whose work a finding is about. */
export type Side = 'marketing' | 'sales';

/** Where a customer came from. */
export const origins = ['marketing', 'prospecting', 'sales', 'partner', 'pr', 'customer'] as const;

/** The dataset a KPI is counted from. */
export function datasetOf(kpi: Kpi): 'traffic' | 'leads' | 'sqls' | 'deals' {
  if (kpi === 'visitors' || kpi === 'sessions' || kpi === 'engaged_sessions') return 'traffic';
  if (kpi === 'leads') return 'leads';
  return kpi === 'sqls_delivered' || kpi === 'sqls_accepted' ? 'sqls' : 'deals';
}

/** Whether a KPI counts records (leads, SQLs, deals) and not visits. */
export function isRecordKpi(kpi: Kpi): boolean {
  return datasetOf(kpi) !== 'traffic';
}
