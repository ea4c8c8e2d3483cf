import type { FlagAct } from './decision.ts';
import type { Assessment } from './flag.ts';
import type { Kpi, Side } from './kpi.ts';

/** A total given beside the data, to hold what was counted against. */
export interface ControlTotal {
  readonly unit: string | null;
  readonly metric: string;
  /** In units of the metric; money in minor units. */
  readonly value: number;
  readonly source: string | null;
  readonly extractedAt: string | null;
}

/** One KPI of one unit. */
export interface StatementLine {
  readonly assessment: Assessment;
  readonly controlTotals: readonly ControlTotal[];
  /** The KPI's share of the plan's money at its target, minor units; null when the plan is no longer configured. */
  readonly share: number | null;
  /** How its pay follows from its value. */
  readonly rule: string | null;
}

/** A change of a sealed period with its effect on pay, which is paid or taken back with a later period. */
export interface TrueUp {
  /** Number in the chain of restatements. */
  readonly seq: number;
  readonly recordedOn: string;
  /** `plan|kpi|unit|period`. */
  readonly flag: string;
  readonly plan: string;
  readonly kpi: Kpi;
  readonly unit: string;
  readonly period: string;
  /** A decision after sealing, or numbers that changed. */
  readonly cause: 'decision' | 'restated';
  readonly currency: string;
  /** Before and after; money in minor units. */
  readonly claimed: readonly [number | null, number | null];
  readonly counted: readonly [number | null, number | null];
  readonly payable: readonly [number, number];
  readonly held: readonly [number, number];
  /** `sha256:` of the judgement after. */
  readonly evidence: string;
}

/** What finance signs: one plan and period, with everything its money rests on. */
export interface Statement {
  readonly schema: 'bonafide/statement/1';
  readonly organisation: string;
  readonly plan: string;
  readonly planTitle: string;
  readonly side: Side;
  readonly period: string;
  readonly currency: string;
  /** Judging date. */
  readonly asOf: string;
  /** `draft` until the period is sealed. */
  readonly state: 'draft' | 'sealed';
  readonly due: string;
  readonly payOn: string;
  /** Whether each KPI is paid for itself, or none unless all are met. */
  readonly combine: 'each' | 'all' | null;
  readonly lines: readonly StatementLine[];
  /** What people did about its flags, oldest first. */
  readonly acts: readonly FlagAct[];
  /** Changes of the plan's sealed periods that were recorded since the close before, oldest first. */
  readonly trueUps: readonly TrueUp[];
  /** Digests, versions and limits, by name. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
}
