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
  /** What -> `sha256:`: configuration, manifest, ledger head. */
  readonly digests: Readonly<Record<string, string>>;
}

/** What the numbers cost sales, what they bring, and which of them are worth a bonus. */
export interface Business {
  readonly handOver: HandOver | null;
  /** Wins per accepted SQL, an earlier span against the latest. */
  readonly winRate: { readonly then: WinRate; readonly now: WinRate } | null;
  /** Revenue won this year against the yearly goal, minor units. */
  readonly goal: {
    readonly year: string;
    readonly target: number;
    readonly won: number;
    readonly yearElapsed: number;
  } | null;
  /** Both halves of the agreement in the latest period; null entries are not agreed. */
  readonly agreement: AgreementKept | null;
  readonly origins: readonly OriginResult[];
  /** Share of won deals with a marketing lead as origin, and with any marketing touch. */
  readonly marketingShare: {
    readonly sourced: number;
    readonly touched: number | null;
    readonly won: number;
  } | null;
  /** How well each KPI foretells accepted SQLs and revenue. */
  readonly predictions: readonly Prediction[];
}

/** What hand-overs cost sales in one period. */
export interface HandOver {
  readonly period: string;
  readonly delivered: number;
  /** Decided and not accepted. */
  readonly notQualified: number;
  /** Median hours from delivery to rejection; null without rejections. */
  readonly hoursToReject: number | null;
  /** Accepted SQLs against the number agreed a period; null when none is agreed. */
  readonly accepted: number;
  readonly acceptedGoal: number | null;
}

/** Wins of the accepted SQLs delivered in one span. */
export interface WinRate {
  readonly from: Day;
  readonly to: Day;
  readonly accepted: number;
  readonly won: number;
}

/** Shares of the period's hand-overs, 0 to 1; null when there was nothing to measure. */
export interface AgreementKept {
  readonly period: string;
  readonly acceptedShare: number | null;
  readonly floor: number | null;
  readonly decidedInTime: number | null;
  readonly contactedInTime: number | null;
  readonly overdue: number;
  readonly contested: number;
}

/** Cost and speed of customers by where they came from; money in minor units. */
export interface OriginResult {
  readonly origin: string;
  readonly won: number;
  readonly revenue: number;
  readonly spend: number | null;
  /** Median days from the deal's start to its win; null without wins. */
  readonly daysToWin: number | null;
}

/** Rank correlation of period-to-period changes, with its 95 % interval; null values when history is too short. */
export interface Prediction {
  readonly kpi: Kpi;
  readonly outcome: 'sqls_accepted' | 'revenue';
  readonly rho: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly pairs: number;
  readonly label: 'useful' | 'weak predictor' | 'undetermined' | 'history too short';
}
