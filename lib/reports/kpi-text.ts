import type { Assessment } from '../model/flag.ts';
import type { Kpi } from '../model/kpi.ts';
import { plainText } from './plain-text.ts';

/** Names of KPIs that readers see. */
export const kpiNames: Readonly<Record<Kpi, string>> = {
  visitors: 'Visitors',
  sessions: 'Sessions',
  engaged_sessions: 'Engaged sessions',
  leads: 'Leads',
  sqls_delivered: 'SQLs',
  sqls_accepted: 'Accepted SQLs',
  opportunities: 'Opportunities',
  deals_won: 'Deals won',
  revenue: 'Revenue',
};

/** Name of a KPI with its unit, which the only unit `all` does not need. */
export function metricName(of: Pick<Assessment, 'kpi' | 'unit'>): string {
  return of.unit === 'all' ? kpiNames[of.kpi] : `${kpiNames[of.kpi]}, ${plainText(of.unit, 64)}`;
}
