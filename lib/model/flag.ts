import type { Day } from './day.ts';
import type { Finding, Outcome } from './finding.ts';
import type { Kpi, Side } from './kpi.ts';

export const verdicts = ['clear', 'watch', 'review', 'suspect', 'unable_to_certify'] as const;
export type Verdict = (typeof verdicts)[number];

/** Labels that readers see. */
export const verdictLabels: Readonly<Record<Verdict, string>> = {
  clear: 'certified',
  watch: 'certified, noted',
  review: 'needs a decision',
  suspect: 'does not reconcile',
  unable_to_certify: 'cannot certify',
};

/** Id of the built-in plan that carries what marketing and sales owe each other; it pays no money. */
export const agreementPlan = 'agreement';

/** Whether a verdict holds pay for a decision. */
export function isRaised(verdict: Verdict | null): boolean {
  return verdict === 'review' || verdict === 'suspect';
}

/** What the checks leave of a claim, in units of the KPI; null when it could not be counted. */
export interface Verified {
  readonly low: number;
  readonly point: number;
  readonly high: number;
}

/** The money that follows a verdict, integer minor units; payable + held + refused = claimed. */
export interface Money {
  readonly currency: string;
  readonly claimed: number;
  readonly payable: number;
  readonly held: number;
  readonly refused: number;
  /** Part of `held` that only waits for undecided records: pay(high) - pay(low). */
  readonly waiting: number;
}

/** One group of units taken off a claim, with the records when they are known. */
export interface Removal {
  readonly rule:
    | 'duplicate'
    | 'out_of_order'
    | 'not_accepted'
    | 'pending'
    | 'source_excess'
    | 'probable_duplicate';
  readonly count: number;
  /** Record ids, or "source / medium" names for visitors. */
  readonly records: readonly string[];
  /** True when it is shown only and changes nothing. */
  readonly memo: boolean;
}

/** What of a judgement alerts tell: another verdict, or other money, is worth another one. */
export interface Told {
  readonly verdict: Verdict;
  /** Money held, minor units. */
  readonly held: number;
}

/** A source, with how much of what does not reconcile it carries. */
export interface Contributor {
  /** "source / medium", or "(not known)". */
  readonly name: string;
  /** Disputed records of it, or units above what it usually brings. */
  readonly count: number;
  /** Part of all that is disputed, or of all that rose or fell, 0 to 1. */
  readonly share: number;
  /** Its part of everything counted in the period, 0 to 1; null where nothing was counted by source. */
  readonly ofAll: number | null;
}

/** Where a period stands (SPEC 8). */
export type PeriodState = 'open' | 'ended' | 'ripe' | 'sealed';

/** A person's decision on a flag (SPEC 9). */
export interface Decision {
  readonly kind: 'cleared' | 'confirmed' | 'partly_confirmed';
  /** `partly_confirmed`: the value given. `cleared`: what was claimed and counted then, the most it makes count. */
  readonly value: number | null;
  readonly reason: string;
  readonly at: Day;
}

/** The judgement of one (plan, KPI, unit, period), complete: what the store keeps and reports read. */
export interface Assessment {
  readonly plan: string;
  readonly planTitle: string;
  readonly side: Side;
  readonly kpi: Kpi;
  readonly unit: string;
  readonly period: string;
  readonly state: PeriodState;
  readonly verdict: Verdict;
  /** Why a verdict is `unable_to_certify`, or what limits it; empty otherwise. */
  readonly reasons: readonly string[];
  readonly atRipe: Verdict | null;
  readonly raisedOn: Day | null;
  /** 0 (nothing reconciles) to 100; null when too little ran to score. */
  readonly score: number | null;
  /** Share of the weight of the check families that could be judged, 0 to 1. */
  readonly assessed: number;
  /** `sha256:` of the policy in force. */
  readonly policy: string;
  readonly target: number;
  readonly claimed: number | null;
  readonly claimedFrom: 'claims' | 'counted' | 'awaiting_claim';
  readonly counted: number | null;
  /** How visitors were counted; null for other KPIs. */
  readonly basis: 'monthly_unique' | 'daily_unique_sum' | null;
  readonly verified: Verified | null;
  readonly removals: readonly Removal[];
  readonly money: Money;
  /** Whether the target would be missed without the disputed units; null when the claim misses it anyway. */
  readonly pivotal: boolean | null;
  readonly findings: readonly Finding[];
  readonly outcomes: readonly Outcome[];
  /** Sources that carry most of what does not reconcile, largest first, at most three; empty where nothing tells. */
  readonly contributors: readonly Contributor[];
  /** Date the data is ripe, date a decision is due, date of pay. */
  readonly ripeOn: Day;
  readonly due: Day;
  readonly payOn: Day;
  readonly decision: Decision | null;
  /** `sha256:` of the evidence object of this judgement. */
  readonly evidence: string | null;
}

/** Identity of an assessment. */
export function assessmentKey(of: Pick<Assessment, 'plan' | 'kpi' | 'unit' | 'period'>): string {
  return `${of.plan}|${of.kpi}|${of.unit}|${of.period}`;
}
