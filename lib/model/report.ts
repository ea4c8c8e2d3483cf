import type { Business } from './business.ts';
import type { Day } from './day.ts';
import type { Assessment, Verdict } from './flag.ts';
import type { Incident } from './incident.ts';
import type { Kpi } from './kpi.ts';

/**
 * Everything the weekly report says, as plain JSON: pages, tables and texts derive from it and add nothing.
 */
export interface WeeklyReport {
  readonly organisation: string;
  /** Date the report speaks of; nothing known later is in it. */
  readonly asOf: Day;
  /** ISO 8601 week of `asOf`, `2026-W38`. */
  readonly week: string;
  readonly currency: string;
  readonly timezone: string;
  /** Judgements of all complete periods; those of the latest period are the headline. */
  readonly assessments: readonly Assessment[];
  readonly openPeriods: readonly OpenPeriod[];
  readonly funnel: readonly UnitFunnel[];
  /** The funnel of all units together; null before the first complete week. */
  readonly trend: FunnelTrend | null;
  readonly flags: FlagStanding;
  /** Changes of final numbers seen in the last 35 days, the latest first, and how many there are in all. */
  readonly restatements: { readonly latest: readonly RestatementNote[]; readonly count: number };
  readonly coverage: readonly Coverage[];
  /** How often the checks raise a clean month; null before a calibration. */
  readonly calibration: Calibration | null;
  /** Known faults pushed through the same code; empty in a run that is not weekly. */
  readonly canaries: readonly CanaryNote[];
  readonly calendar: readonly CalendarNote[];
  /** Days on which a metric was off, open or of the last 35 days; never about pay. */
  readonly incidents: readonly Incident[];
  /** Wording of every check of the run, by id. */
  readonly checks: readonly CheckNote[];
  /** What the numbers cost and bring; null when nothing of it could be worked out. */
  readonly business: Business | null;
  readonly inputs: readonly InputNote[];
  readonly controlTotals: readonly ControlTotal[];
  readonly run: RunNote;
}

/** One KPI of a period that has not ended: month to date, never a verdict. */
export interface OpenPeriod {
  readonly plan: string;
  readonly planTitle: string;
  readonly kpi: Kpi;
  readonly unit: string;
  readonly period: string;
  readonly target: number;
  /** Counted on final days; null when none is final yet. */
  readonly counted: number | null;
  readonly finalDays: number;
  /** Days of the whole period. */
  readonly days: number;
  /** Value at the period's end if the final days' rate goes on; null when none is final yet. */
  readonly pace: number | null;
}

/** The funnel of one unit, at most the last 26 complete weeks, oldest first. */
export interface UnitFunnel {
  readonly unit: string;
  readonly weeks: readonly FunnelWeek[];
  /** Stretches that a raised assessment is about, half open. */
  readonly flagged: readonly { readonly kpi: Kpi; readonly from: Day; readonly to: Day }[];
}

/** Sums of one week, Monday to Sunday; null where a day of the week is missing. */
export interface FunnelWeek {
  readonly monday: Day;
  readonly visitors: number | null;
  readonly leads: number | null;
  /** SQLs delivered in the week. */
  readonly sqls: number | null;
  /** Those of them accepted by `asOf`. */
  readonly accepted: number | null;
  /** Deals won in the week; null where no source delivers deals. */
  readonly won: number | null;
}

/** Stages of the funnel, in order. */
export const stages = ['visitors', 'leads', 'sqls', 'accepted', 'won'] as const;
export type Stage = (typeof stages)[number];

/** One stage over the last 13 complete weeks against the weeks before. */
export interface FunnelStage {
  readonly stage: Stage;
  /** Sum of the weeks without a missing day; null when there is none. */
  readonly total: number | null;
  /** Mean of a week, now and in the weeks before (at most 52); null without weeks. */
  readonly weekly: number | null;
  readonly weeklyBefore: number | null;
  /** Each of the 13 weeks with the mean of the weeks before as 100; null where it cannot be told. */
  readonly index: readonly (number | null)[];
  /** Of the stage before, over weeks both have; null for the first stage. */
  readonly conversion: number | null;
  readonly conversionBefore: number | null;
}

/** The whole company's funnel. */
export interface FunnelTrend {
  /** Mondays of the weeks, oldest first. */
  readonly mondays: readonly Day[];
  readonly weeksBefore: number;
  /** Earlier weeks left out because they are under question. */
  readonly leavesOut: number;
  readonly stages: readonly FunnelStage[];
  /** The stage whose conversion fell most against before, by more than a tenth; null when none did. */
  readonly lostMost: Stage | null;
}

/** Where the flags stand this week. Money in minor units. */
export interface FlagStanding {
  /** Open flags by days since they were raised. */
  readonly open: readonly {
    /** `to` is null for the last band. */
    readonly fromDays: number;
    readonly toDays: number | null;
    readonly count: number;
    readonly held: number;
  }[];
  /** Raised, cleared, confirmed in the seven days to `asOf`, and over all. */
  readonly week: FlagCounts;
  readonly all: FlagCounts;
}

export interface FlagCounts {
  readonly raised: number;
  readonly cleared: number;
  /** Confirmed in whole or in part. */
  readonly confirmed: number;
}

/** A final number that changed, as it stands in the report. */
export interface RestatementNote {
  readonly unit: string;
  readonly dataset: string;
  readonly date: Day;
  readonly series: string;
  readonly metric: string;
  readonly old: number | null;
  readonly new: number | null;
  readonly seenOn: Day;
}

/** Rows a judgement rests on, by dataset. */
export interface InputNote {
  readonly unit: string;
  readonly dataset: string;
  readonly rows: number;
  /** `sha256:` over the digests of its months. */
  readonly digest: string;
}

/** A control total of a source against what was counted. */
export interface ControlTotal {
  readonly unit: string;
  readonly period: string;
  readonly metric: string;
  readonly source: string;
  readonly total: number;
  /** Null where nothing of the kind is counted. */
  readonly counted: number | null;
}

/** What one source delivered for one unit. */
export interface Coverage {
  readonly unit: string;
  readonly source: string;
  readonly dataset: string;
  /** First and last date with data; null before the first file. */
  readonly from: Day | null;
  readonly to: Day | null;
  /** Dates from first to last, both included. */
  readonly days: number;
  /** Dates of those without data. */
  readonly missing: number;
  readonly quarantinedRows: number;
  readonly refusedFiles: readonly { readonly name: string; readonly message: string }[];
  readonly lastArrival: Day | null;
  /** Numbers up to this date, included, are final; null when none is. */
  readonly settledUntil: Day | null;
}

/** Result of replaying history and simulated plan-years through the same checks. */
export interface Calibration {
  readonly date: Day;
  /** Factor it puts on the limit of a statistical suspicion, at most 1. */
  readonly factor: number;
  /** False suspects per plan-year seen, and the upper bound of their rate at a one-sided confidence. */
  readonly rate: number;
  readonly upperBound: number;
  readonly confidence: number;
  readonly planYears: number;
  /** Why it no longer holds; null while it does. */
  readonly problem: string | null;
}

/** A made month with a known fault, judged by the code that judges real data. */
export interface CanaryNote {
  readonly id: string;
  readonly what: string;
  readonly isCaught: boolean;
  /** Null when it could not be judged at all. */
  readonly verdict: Verdict | null;
}

/** One entry of the company's calendar, and what it explains. */
export interface CalendarNote {
  readonly unit: string | null;
  readonly from: Day;
  /** Last day, included. */
  readonly to: Day;
  readonly kind: string;
  readonly note: string;
  /** Channel, source or metric it is limited to; empty for all. */
  readonly scope: string;
  /** Date it was declared; null when undated. */
  readonly declaredOn: Day | null;
  /** Checks it explains; empty when it explains nothing. */
  readonly explains: readonly string[];
  /** One sentence: why it explains, or does not. */
  readonly reason: string;
}

/** Wording of one check, as the check itself gives it. */
export interface CheckNote {
  readonly id: string;
  readonly version: number;
  readonly question: string;
  readonly innocent: readonly string[];
  readonly clears: string;
}

/** What produced the report, for whoever redoes it. */
export interface RunNote {
  readonly id: string;
  /** `sha256:` of the policies in force in the judged periods. */
  readonly policies: readonly string[];
  /** Component -> version. */
  readonly versions: Readonly<Record<string, string>>;
  /** Check -> its parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What -> `sha256:`: configuration, manifest, ledger head. */
  readonly digests: Readonly<Record<string, string>>;
}
