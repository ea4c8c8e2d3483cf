import type { AgreementRecord } from './agreement-record.ts';
import type { Day } from './day.ts';
import type { Estimate, Span } from './estimate.ts';
import type { Kpi, Side } from './kpi.ts';

/** What could not be told, by what is missing for it. */
export const gaps = [
  'no-spend',
  'no-sqls',
  'no-deals',
  'no-deal-links',
  'no-amounts',
  'no-goal',
  'no-wins',
  'no-guests',
] as const;
export type Gap = (typeof gaps)[number];

/** What the numbers cost and bring, and which of them are worth a bonus. Parts that could not be told are null. */
export interface Business {
  /** Days that origins, sources, shares and events are about. */
  readonly span: Span;
  readonly handOvers: HandOvers | null;
  readonly winRate: WinRates | null;
  readonly goal: RevenueGoal | null;
  readonly need: SqlNeed | null;
  readonly agreement: readonly AgreementRecord[];
  /** By origin, and last the sum over all of them. */
  readonly origins: readonly OriginResult[];
  readonly sources: readonly SourceResult[];
  readonly marketingShare: MarketingShare | null;
  readonly worth: readonly KpiWorth[];
  readonly jointKpis: readonly JointKpi[];
  readonly presale: readonly PresaleEvent[];
  readonly budgets: readonly BudgetUse[];
  readonly planDefects: readonly PlanDefect[];
  readonly gaps: readonly Gap[];
}

/** What hand-overs cost sales: month by month, and months under question against the others. */
export interface HandOvers {
  /** Oldest first, at most 13, the last one the month under way. */
  readonly months: readonly HandOverMonth[];
  /** Complete months in which the SQLs stood at review or above; null when there were none. */
  readonly raised: HandOverGroup | null;
  readonly ordinary: HandOverGroup | null;
}

/** SQLs delivered in one month, and what sales brought in it. */
export interface HandOverMonth {
  readonly month: string;
  readonly isComplete: boolean;
  readonly isRaised: boolean;
  readonly delivered: number;
  readonly accepted: number;
  /** Decided and not accepted: rejected, or returned as not ready. */
  readonly notQualified: number;
  readonly pending: number;
  /** Median hours from hand-over to rejection; null without rejections. */
  readonly hoursToReject: number | null;
  /** A twelfth of the year's revenue goal, minor units; null without a goal. */
  readonly quota: number | null;
  /** Revenue won in the month, minor units; null without deals. */
  readonly won: number | null;
}

/** Several months of hand-overs together. */
export interface HandOverGroup {
  readonly months: readonly string[];
  readonly delivered: number;
  readonly notQualified: number;
  /** Share that did not qualify, 0 to 1. */
  readonly share: Estimate;
  readonly hoursToReject: number | null;
  readonly quota: number | null;
  readonly won: number | null;
}

/** Wins of the accepted SQLs handed over in a span, within a fixed number of days. */
export interface WinRate extends Span {
  readonly accepted: number;
  readonly won: number;
  /** Null without accepted SQLs. */
  readonly rate: Estimate | null;
}

/** Win rate of accepted SQLs, an earlier span against the latest that had as long to be won. */
export interface WinRates {
  /** Days from hand-over within which a win counts, so that both spans had the same chance. */
  readonly withinDays: number;
  readonly before: WinRate;
  readonly now: WinRate;
  /** Whether the intervals leave no value in common. */
  readonly isApart: boolean;
}

/** Revenue won this year against the year's goal, minor units. */
export interface RevenueGoal {
  readonly year: string;
  readonly target: number;
  readonly won: number;
  /** Won deals without an amount, which `won` leaves out. */
  readonly withoutAmount: number;
  /** Share of the year gone, 0 to 1. */
  readonly yearElapsed: number;
  /** The year's revenue if it goes on like this. */
  readonly pace: number;
  /** What is missing today against an even year; negative when ahead. */
  readonly gap: number;
}

/** Accepted SQLs a month that the revenue goal needs: quota / (average won amount x win rate). */
export interface SqlNeed {
  /** A twelfth of the year's goal, minor units. */
  readonly quota: number;
  /** Mean amount of the deals won from SQLs, minor units. */
  readonly averageWon: number;
  /** Share of accepted SQLs won in the end. */
  readonly winRate: Estimate;
  readonly accepted: Estimate;
  /** Share of revenue that came from marketing in the span, and the SQLs a month that share of the quota needs. */
  readonly marketingShare: number;
  readonly acceptedForShare: number;
  /** Hand-overs for `acceptedForShare` at the own acceptance rate. */
  readonly deliveredForShare: number | null;
  /** Accepted a month, mean of the last three complete months. */
  readonly acceptedNow: number;
}

/** Leads, customers, cost and speed of one origin; money in minor units. */
export interface OriginResult {
  /** An origin of SPEC 5, `not stated`, or `all`. */
  readonly origin: string;
  /** Null where the dataset is missing. */
  readonly leads: number | null;
  readonly accepted: number | null;
  readonly won: number | null;
  readonly revenue: number | null;
  /** Without presale; null where no booking says. */
  readonly cost: number | null;
  readonly presaleCost: number | null;
  readonly perLead: Estimate | null;
  readonly perAccepted: Estimate | null;
  readonly perCustomer: Estimate | null;
  readonly perCustomerWithPresale: Estimate | null;
  /** Median days from the lead (else the deal's opening) to the win; null without wins. */
  readonly daysToWin: number | null;
}

/** Visits, leads and cost of one traffic source, `source / medium`. */
export interface SourceResult {
  readonly source: string;
  readonly firstSeen: Day;
  readonly visitors: number;
  /** Null where engagement is not measured. */
  readonly engagedShare: number | null;
  /** Spend on it, minor units; null where none is booked. */
  readonly spend: number | null;
  readonly leads: number | null;
  readonly accepted: number | null;
  readonly perLead: Estimate | null;
  readonly perAccepted: Estimate | null;
  /** Whether a finding at review names it. */
  readonly isQuestioned: boolean;
}

/** Marketing's part in the deals won. */
export interface MarketingShare {
  readonly won: number;
  readonly sourced: number;
  /** Sourced, or with a marketing lead before the deal began; null where nothing links deals to leads. */
  readonly touched: number | null;
  readonly revenue: number;
  readonly sourcedRevenue: number;
}

export const worthLabels = ['useful', 'weak predictor', 'undetermined', 'history too short'] as const;
export type WorthLabel = (typeof worthLabels)[number];

/** How well week-to-week changes of a KPI foretell those of an outcome (METHODS 13). */
export interface Prediction {
  readonly kpi: Kpi;
  readonly outcome: 'sqls_accepted' | 'revenue';
  /** Spearman's rank correlation with its interval; null when history is too short or hardly varies. */
  readonly rho: Estimate | null;
  /** Fluff index, 0 (foretells it wholly) to 100 (not at all). */
  readonly fluff: Estimate | null;
  /** Weeks compared. */
  readonly pairs: number;
  /** Days between KPI and outcome: the median time of the stages between. */
  readonly lagDays: number;
  readonly label: WorthLabel;
}

/** Whether a KPI that is paid on is worth it: fluff foretells one outcome weakly at best and none well. */
export interface KpiWorth {
  readonly kpi: Kpi;
  readonly worth: 'useful' | 'fluff' | 'undetermined' | 'history too short';
  readonly predictions: readonly Prediction[];
}

/** A KPI that both sides could be paid on together. */
export interface JointKpi {
  readonly kpi: Kpi;
  readonly origins: readonly string[];
  readonly why: string;
  /** Median of the last complete months that nothing was held against; null with fewer than three. */
  readonly usual: number | null;
  readonly months: number;
  /** A month that the revenue goal needs; null without a goal. */
  readonly needed: number | null;
  /** Plans that pay on it already. */
  readonly inPlans: readonly string[];
  /** Block for the plan. */
  readonly yaml: string;
}

/** An event, what it cost and what its guests brought; money in minor units. */
export interface PresaleEvent {
  readonly event: string;
  readonly on: Day | null;
  readonly guests: number;
  /** Guests known as lead, SQL or company. */
  readonly identified: number;
  /** Of them, with sales already: an accepted SQL or an open deal before the event. */
  readonly withSales: number;
  readonly cost: number | null;
  /** Budgets charged. */
  readonly budgets: readonly string[];
  /** Deals with guests won after the event. */
  readonly won: number;
  readonly revenue: number;
  /** Whether revenue had reached the cost after so many days; null while they are not over. */
  readonly breakEven: readonly { readonly days: number; readonly isReached: boolean | null }[];
  readonly breakEvenOn: Day | null;
}

/** A budget of the configuration and what was booked on it; minor units. */
export interface BudgetUse {
  readonly id: string;
  readonly budget: string;
  readonly owner: string | null;
  readonly period: string;
  readonly amount: number;
  readonly booked: number;
  /** Share of the period gone, 0 to 1. */
  readonly elapsed: number;
}

/** Something about a plan that should be settled before anybody's numbers are judged by it. */
export interface PlanDefect {
  readonly rule: string;
  readonly plan: string;
  readonly planTitle: string;
  readonly side: Side;
  /** Null where it concerns the plan as a whole. */
  readonly kpi: Kpi | null;
  /** What is wrong, why it matters, in one sentence. */
  readonly text: string;
  /** Where it shows, in the configuration or in history. */
  readonly evidence: string;
  /** A block that could stand in the configuration instead; empty where none can be given. */
  readonly yaml: string;
}
