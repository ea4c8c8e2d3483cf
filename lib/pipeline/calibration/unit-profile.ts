import type { Row } from '../../model/datasets.ts';
import type { Day } from '../../model/day.ts';
import type { LogShocks } from '../../statistics/log-shocks.ts';

/** What a quiet unit is like: everything a simulation of it draws from. Plain data, fitted or written by hand. */
export interface UnitProfile {
  readonly unit: string;
  /** Day of index 0, and the number of days simulated. */
  readonly firstDay: Day;
  readonly days: number;
  /** Null without traffic by source. */
  readonly visits: {
    readonly level: DailyLevel;
    readonly sources: readonly SourceProfile[];
    readonly hasEngagement: boolean;
  } | null;
  /** Metrics of which only numbers are given, in an order in which each follows an earlier one or none. */
  readonly counts: readonly CountProfile[];
  readonly leads: LeadProfile | null;
  readonly sqls: SqlProfile | null;
  readonly deals: DealProfile | null;
}

/** A daily count: its mean by day of the span, its noise and its slow ups and downs. */
export interface DailyLevel {
  readonly means: readonly number[];
  /** Variance over mean around the moving level, >= 1. */
  readonly dispersion: number;
  readonly shocks: LogShocks;
}

/** A share that moves between months: beta distributed with mean `share` and intra-month correlation `rho`. */
export interface MovingShare {
  readonly share: number;
  readonly rho: number;
}

/** One `source / medium` of the traffic. */
export interface SourceProfile {
  readonly source: string;
  readonly medium: string;
  readonly channel: string;
  /** Its share of the unit's visitors on Monday .. Sunday. */
  readonly weekdayShares: readonly number[];
  readonly dispersion: number;
  readonly shocks: LogShocks;
  readonly sessionsPerVisitor: number;
  /** Engaged sessions of its sessions, moving between weeks. */
  readonly engaged: MovingShare;
}

/** A metric of dataset `counts`. */
export interface CountProfile {
  readonly metric: string;
  readonly level: DailyLevel;
  /** Metric whose count of the same day it rises and falls with; null for none. */
  readonly follows: string | null;
}

/** A time after another one, in seconds; `isDate` where only dates are kept. Null: never, or not kept. */
export type Lag = { readonly seconds: number; readonly isDate: boolean } | null;

/** Leads: how many a day, and what single ones look like, by weekday Monday .. Sunday. */
export interface LeadProfile {
  readonly level: DailyLevel;
  /** Whether their number follows the visitors of the day. */
  readonly followsVisits: boolean;
  readonly templates: readonly (readonly LeadTemplate[])[];
  /** Share of leads whose person was a lead before. */
  readonly repeatShare: number;
}

export interface LeadTemplate {
  readonly row: Row<'leads'>;
  readonly entered: Lag;
}

/** SQLs: from which leads or how many a day, how long after, and what sales makes of them. */
export interface SqlProfile {
  /** SQLs per lead and delays by weekday of the lead; null where the leads behind them are not known. */
  readonly perLead: {
    readonly share: MovingShare;
    readonly delays: readonly (readonly SqlDelay[])[];
  } | null;
  /** SQLs a day, for units whose leads are not known. */
  readonly level: DailyLevel;
  readonly accepted: MovingShare;
  /** By weekday of delivery, Monday .. Sunday. */
  readonly accepts: readonly (readonly SqlTemplate[])[];
  readonly refuses: readonly (readonly SqlTemplate[])[];
}

/** Days from a lead to its delivery, and the second of the day it was delivered at; null where only dates are kept. */
export interface SqlDelay {
  readonly days: number;
  readonly second: number | null;
}

export interface SqlTemplate {
  readonly row: Row<'sqls'>;
  readonly entered: Lag;
  readonly qualified: Lag;
  readonly contacted: Lag;
  readonly decided: Lag;
}

export interface DealProfile {
  readonly level: DailyLevel;
  readonly templates: readonly { readonly row: Row<'deals'>; readonly won: Lag; readonly lost: Lag }[];
}
