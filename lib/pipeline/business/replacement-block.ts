import type { Kpi } from '../../model/kpi.ts';

/** What a configuration would say instead. */
export interface KpiBlock {
  readonly kpi: Kpi;
  /** Whole; null where nothing in the data or the configuration says one. */
  readonly target: number | null;
  /** Further settings of the KPI, each a line of YAML. */
  readonly settings?: readonly string[];
}

/** A payout without a cliff, for a KPI or for all of a plan. */
export const gradualPayout = ['payout:', '  linear: { threshold: 0.7, cap: 1.2 }'] as const;

/** Reasons to reject that most sales teams can agree on. */
export const usualReasons = [
  '  reasons:',
  '    - duplicate',
  '    - not_icp',
  '    - { code: no_intent, needsContact: true }',
  '    - bad_contact_data',
] as const;

/**
 * One KPI as a block of YAML in lines short enough for a page; TARGET where a number has still to be agreed.
 * @example kpiBlock({ kpi: 'leads', target: 300 }) // => 'kpis:\n  - kpi: leads\n    target: 300'
 */
export function kpiBlock({ kpi, target, settings = [] }: KpiBlock): string {
  const lines = [`target: ${target === null ? 'TARGET' : String(target)}`, ...settings];
  return ['kpis:', `  - kpi: ${kpi}`, ...lines.map((line) => `    ${line}`)].join('\n');
}
