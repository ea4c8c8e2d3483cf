import type * as z from 'zod';
import type { Agreement, Dataset, Plan, PlanKpi } from '../model/config.ts';
import type { Day } from '../model/day.ts';
import type { Family, MessageData, Severity } from '../model/finding.ts';
import type { UnitHistory } from '../model/history.ts';
import type { Kpi, Side } from '../model/kpi.ts';
import type { Period } from '../model/period.ts';
import type { PolicyChange } from '../model/policy-change.ts';

/** What a check may look at: one unit and period, as known at `history.asOf`. */
export interface CheckInput {
  readonly history: UnitHistory;
  readonly period: Period;
  /** Index of the period's first day in every DailyValues (may be negative), and of the day after its last. */
  readonly from: number;
  readonly to: number;
  /** Days that may train a baseline of this KPI: before the period, final, and not in a period under review. */
  isBaselineDay(kpi: Kpi, index: number): boolean;
  /** Days of the period that are final (settled) for this KPI; the others are provisional. */
  isFinal(kpi: Kpi, index: number): boolean;
  /** Baseline had to include periods under review because too little was left otherwise. */
  readonly poisoned: ReadonlySet<Kpi>;
  readonly agreement: Agreement;
  /** Date the period was sealed; null while it is not. */
  readonly sealedOn: Day | null;
  /** Sources of which nothing came since the period's last day, though it was expected by now. */
  readonly late: readonly LateSource[];
  /** The period is not over: `period` and `to` end with the last day that is final and told of by every dataset. */
  readonly isOpen: boolean;
  /** Plan and KPI judged, for checks of scope `kpi`; null for checks of scope `unit`. */
  readonly pay: PayContext | null;
}

/** A source whose batch for the end of a period is overdue. */
export interface LateSource {
  readonly source: string;
  readonly dataset: Dataset;
  /** How often it is expected, a duration. */
  readonly every: string;
  /** When its newest batch landed; null when none ever did. */
  readonly landedOn: Day | null;
}

/** What a plan claims, for the checks that are about a claim. */
export interface PayContext {
  readonly plan: Plan;
  readonly planKpi: PlanKpi;
  readonly claimed: number | null;
  /** Date of the latest claim; null without one. */
  readonly claimedOn: string | null;
  /** Counted as known when the claim was made, and now; null when it cannot be reconstructed. */
  readonly countedThen: number | null;
  readonly counted: number | null;
  /** Counted values of earlier periods of this plan KPI, oldest first. */
  readonly earlier: readonly { readonly period: string; readonly counted: number }[];
  /** Changes of the plan's policy recorded inside the period. */
  readonly drift: readonly PolicyDrift[];
}

/** A change of policy: when it was recorded, and what it changed. */
export interface PolicyDrift {
  readonly on: Day;
  readonly changes: readonly PolicyChange[];
}

/** What `evaluate` reports of a failed check; identity and wording are added by the runner. */
export interface Failure {
  readonly messageId: string;
  readonly severity: Severity;
  readonly kpi?: Kpi;
  readonly p?: number | null;
  readonly effect?: number | null;
  readonly expected?: number | null;
  readonly observed?: number | null;
  readonly range?: readonly [number, number] | null;
  readonly data: MessageData;
  readonly proof?: boolean;
  readonly records?: readonly string[];
  readonly sources?: readonly string[];
}

/** Result of `evaluate`; a check may report several failures (one per KPI or source). */
export type Result =
  | { readonly status: 'pass'; readonly p: number | null; readonly data: MessageData }
  | { readonly status: 'fail'; readonly failures: readonly Failure[] }
  | {
      readonly status: 'insufficient_data' | 'not_applicable';
      readonly reason: string;
      readonly data: MessageData;
    };

/** A check: id, version, family, side, wording, policy and one pure function. */
export interface Check<P = unknown> {
  readonly id: string;
  readonly version: number;
  readonly family: Family;
  readonly side: Side;
  /** `unit`: once per unit and period. `kpi`: once per plan KPI, with `pay` given. */
  readonly scope: 'unit' | 'kpi';
  /** The KPI findings attach to; null when each failure names its own. */
  readonly kpi: Kpi | null;
  /** KPIs that a check of scope `unit` without one of its own judges: what it passes counts for them. */
  readonly judges?: readonly Kpi[];
  /** It judges how a period ended, or what was claimed: there is nothing to judge while it is open. */
  readonly needsWholePeriod?: true;
  /** The question of SPEC 7 it answers. */
  readonly question: string;
  /** Sentence templates by message id; `{name}` is taken from `data`. */
  readonly messages: Readonly<Record<string, string>>;
  /** Up to three ordinary explanations. */
  readonly innocent: readonly string[];
  /** What would clear it. */
  readonly clears: string;
  /** Limits with their defaults; parsing `{}` gives the defaults. */
  readonly policy: z.ZodType<P>;
  evaluate(input: CheckInput, policy: P): Result;
}

/** Declares a check; only ties the type of the policy to `evaluate`. */
export function defineCheck<P>(check: Check<P>): Check<P> {
  return check;
}

/** A passed check. */
export function pass(p: number | null = null, data: MessageData = {}): Result {
  return { status: 'pass', p, data };
}

/** A failed check. */
export function fail(...failures: readonly Failure[]): Result {
  return { status: 'fail', failures };
}

/** Too little data to tell: never a pass. `reason` in kebab-case. */
export function insufficientData(reason: string, data: MessageData = {}): Result {
  return { status: 'insufficient_data', reason, data };
}

/** Nothing here for this check to judge. */
export function notApplicable(reason: string, data: MessageData = {}): Result {
  return { status: 'not_applicable', reason, data };
}
