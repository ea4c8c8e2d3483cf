import * as z from 'zod';
import type { Direction } from '../model/incident.ts';
import { windowDays } from './levels.ts';

/** What one day or week held of a metric, and what own history explains of it. */
export interface StepFigures {
  readonly observed: number;
  readonly expected: number;
  /** Variance over mean of the expectation, >= 1. */
  readonly dispersion: number;
  /** Series of the unit that share its false alerts, >= 1. */
  readonly series: number;
}

/**
 * How a day or week stands: `opens` an incident by itself, `holds` one that is open, is `calm`, or `cannot_tell`
 * because nothing it could hold would look off.
 */
export interface Standing {
  readonly standing: 'opens' | 'holds' | 'calm' | 'cannot_tell';
  /** One-sided p in the check's direction. */
  readonly p: number;
}

/** Limits that both directions share. */
export const sharedLimits = {
  falseAlerts: z
    .number()
    .positive()
    .max(30)
    .default(0.5)
    .describe('false alerts a unit may see in a month in this direction'),
  windowDays,
  calmP: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.05)
    .describe('p above which a day or week of an open incident is ordinary again, a probability'),
  calmDays: z
    .int()
    .min(1)
    .default(2)
    .describe('ordinary days in a row that close an incident; one ordinary week closes one of weeks'),
  newLevelDays: z
    .int()
    .min(28)
    .default(56)
    .describe('days after which an incident is closed and its level taken as the new one'),
  minWeekDays: z.int().min(1).max(7).default(4).describe('least days a week must hold to be tested'),
  minBaselineWeeks: z
    .int()
    .min(2)
    .default(8)
    .describe('least weeks of history with leads and visits, for leads per visit'),
  minBaselineLeads: z.number().min(1).default(50).describe('least leads of the history, for leads per visit'),
  minExpectedLeads: z
    .number()
    .min(1)
    .default(10)
    .describe('least expected leads of a week, for leads per visit'),
} as const;

/** Limits of one direction that the search for incidents needs. */
export type IncidentLimits = z.output<z.ZodObject<typeof sharedLimits>> & {
  /** Least mean a day for days to be tested; below it weeks are. */
  readonly minDailyMean: number;
};

/** A check of single days and weeks, whatever period they lie in: what is off is an incident, never a finding. */
export interface IncidentCheck<P extends IncidentLimits = IncidentLimits> {
  readonly id: string;
  readonly version: number;
  readonly direction: Direction;
  /** The question of SPEC 7 it answers. */
  readonly question: string;
  /** Sentence templates by message id; `{name}` is taken from `data`. */
  readonly messages: Readonly<Record<'day' | 'days' | 'rate', string>>;
  /** Up to three ordinary explanations. */
  readonly innocent: readonly string[];
  /** What would clear it. */
  readonly clears: string;
  /** Limits with their defaults; parsing `{}` gives the defaults. */
  readonly policy: z.ZodType<P>;
  /** Kinds of calendar entries that can explain it. */
  readonly explainedBy: readonly string[];
  evaluate(figures: StepFigures, policy: P): Standing;
}

/** Declares a check of days; only ties the type of the policy to `evaluate`. */
export function defineIncidentCheck<P extends IncidentLimits>(check: IncidentCheck<P>): IncidentCheck<P> {
  return check;
}

/**
 * Largest p that opens an incident: a fixed number of false alerts per unit and month, shared by its series, each
 * tested once a day.
 * @example openingP(0.5, 4) // => 1 / 240
 */
export function openingP(falseAlerts: number, series: number): number {
  return falseAlerts / (30 * series);
}
