import type { Day } from '../../model/day.ts';
import type { Verdict } from '../../model/flag.ts';
import type { Kpi } from '../../model/kpi.ts';

/** One judgement of the replay that stands at review or above and so is not counted as quiet. */
export interface SetAside {
  readonly plan: string;
  readonly kpi: Kpi;
  readonly unit: string;
  readonly period: string;
  readonly verdict: Verdict;
}

/** A simulated judgement that statistics call suspicious, or nearly do. */
export interface NearSuspect {
  readonly plan: string;
  readonly kpi: Kpi;
  readonly unit: string;
  readonly period: string;
  /** Number of the simulated company, from 0. */
  readonly company: number;
  readonly combinedP: number;
  readonly kinds: number;
  /** Factor on the limit from which it is a suspect. */
  readonly factor: number;
}

/** The evidence of a calibration. */
export interface CalibrationResult {
  readonly schema: 'bonafide/calibration/1';
  /** Date up to which history was replayed. */
  readonly date: Day;
  /** Factor on the limit of a combined p, at most 1. */
  readonly factor: number;
  /** False suspects per plan-year with that factor, and the upper bound of their rate. */
  readonly rate: number;
  readonly upperBound: number;
  readonly confidence: number;
  /** False suspects allowed per plan-year. */
  readonly budget: number;
  readonly planYears: number;
  readonly falseSuspects: number;
  /** The same before scaling. */
  readonly unscaled: { readonly falseSuspects: number; readonly rate: number };
  /** Judgements of ripe periods replayed, and those of them at review or above. */
  readonly replayed: number;
  readonly setAside: readonly SetAside[];
  readonly simulated: readonly {
    readonly unit: string;
    readonly companies: number;
    readonly judgements: number;
    /** Simulated judgements at review: what people would look at in vain. */
    readonly reviews: number;
  }[];
  /** Units whose history holds too little to simulate from. */
  readonly leftOut: readonly string[];
  readonly nearest: readonly NearSuspect[];
  /** `sha256:` of the policy of each plan, and versions of the checks, that it holds for. */
  readonly policies: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, number>>;
}
