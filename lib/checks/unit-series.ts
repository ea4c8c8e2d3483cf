import type { UnitHistory } from '../model/history.ts';
import type { DailySeries } from './rate-relation.ts';

/** Visits of a unit: sessions, or visitors where nothing else is given; null without traffic. */
export function visitSeries(history: UnitHistory): DailySeries | null {
  const values = history.traffic?.sessions ?? history.counts.sessions ?? history.counts.visitors;
  return values ? { kpi: 'visitors', values } : null;
}

/** Leads of a unit, from records or else from counts; null without leads. */
export function leadSeries(history: UnitHistory): DailySeries | null {
  const values = history.leads?.daily ?? history.counts.leads;
  return values ? { kpi: 'leads', values } : null;
}

/** SQLs delivered in a unit, from records or else from counts; null without SQLs. */
export function sqlSeries(history: UnitHistory): DailySeries | null {
  const values = history.sqls?.daily ?? history.counts.sqls_delivered;
  return values ? { kpi: 'sqls_delivered', values } : null;
}
