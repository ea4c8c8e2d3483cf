import type { Day } from './day.ts';
import type { MessageData } from './finding.ts';
import type { Kpi } from './kpi.ts';

/** Metrics that are watched day by day, in the order they are listed. */
export const incidentMetrics = ['visitors', 'leads', 'sqls_delivered', 'leads_per_visit'] as const;
export type IncidentMetric = (typeof incidentMetrics)[number];

/** Which way a metric is off. */
export type Direction = 'spike' | 'drop';

/** Why an incident is over: back to ordinary, taken as the new level, or gone once its numbers had changed. */
export type IncidentEnding = 'ordinary' | 'new_level' | 'withdrawn';

/**
 * Contiguous days on which a metric is off: operational, never a verdict.
 *
 * `expected`, `observed` and `range` are sums over the days of [from, to) that hold the metric; for leads per visit
 * they are leads, expected of the visits of the same days.
 */
export interface Incident {
  /** `visitors.drop.2026-08-03`: the same in every run, unique in its unit. */
  readonly id: string;
  readonly unit: string;
  readonly metric: IncidentMetric;
  readonly direction: Direction;
  /** The check that judged it, and its version. */
  readonly check: string;
  readonly version: number;
  /** What was tested: single days, or weeks where days hold too little. */
  readonly level: 'day' | 'week';
  /** First day, and the day after the last one that is off. */
  readonly from: Day;
  readonly to: Day;
  readonly state: 'open' | 'closed';
  /** Null while open. */
  readonly ending: IncidentEnding | null;
  /** It rests on numbers that may still move, and on no others. */
  readonly provisional: boolean;
  /** Smallest p of its days or weeks, one-sided. */
  readonly p: number;
  readonly expected: number;
  readonly observed: number;
  /** Range in which the sum would be ordinary, both ends included. */
  readonly range: readonly [number, number];
  readonly messageId: string;
  readonly data: MessageData;
  /** One plain sentence, rendered from `messageId` and `data`. */
  readonly text: string;
  /** Sources or channels that carry most of it; null when none stands out. */
  readonly contributors: Contributors | null;
  /** The calendar entry, declared before the fact, that explains it; null when none does. */
  readonly explainedBy: Explanation | null;
  /** Date it was last judged on. */
  readonly asOf: Day;
}

/** Elements of one dimension that together carry a miss of the expectation. */
export interface Contributors {
  readonly by: 'source' | 'channel';
  /** Most surprising first. */
  readonly names: readonly string[];
  /** Part of the miss they carry; 1 is all of it. */
  readonly share: number;
}

/** A calendar entry that explains an incident. */
export interface Explanation {
  readonly kind: string;
  readonly from: Day;
  /** Last day, included. */
  readonly to: Day;
  readonly declaredOn: Day;
}

/** KPIs whose numbers a metric is made of. */
export const metricKpis: Readonly<Record<IncidentMetric, readonly Kpi[]>> = {
  visitors: ['visitors'],
  leads: ['leads'],
  sqls_delivered: ['sqls_delivered'],
  leads_per_visit: ['leads', 'visitors'],
};
