import type { Config, Plan } from '../../model/config.ts';
import type { Day } from '../../model/day.ts';
import type { IsHoliday } from '../../model/duration.ts';
import type { Finding } from '../../model/finding.ts';
import type { Assessment, Decision } from '../../model/flag.ts';
import type { UnitData } from '../../model/unit-data.ts';
import type { JudgingDates } from './judging-dates.ts';
import type { PolicyBook } from './policy-book.ts';
import type { Policies } from './run-checks.ts';
import type { Weighing } from './weighing.ts';

/** Everything the judgement of one unit rests on. */
export interface JudgeInput {
  readonly config: Config;
  readonly policies: Policies;
  /** Digest of the policy the configuration states for a plan. */
  policyDigest(plan: Plan): string;
  /** Policies recorded; left out: the configuration as it stands is in force for every period. */
  readonly book?: PolicyBook;
  readonly data: UnitData;
  /** Judging date, inclusive. */
  readonly asOf: Day;
  /** Dates each period is judged on; left out: `all`. */
  readonly dates?: JudgingDates;
  readonly isHoliday: IsHoliday;
  /** Factor on the limit of a combined p, where no policies are recorded; null without a calibration. */
  readonly calibration: number | null;
  /** When the newest batch of each source landed, by id; left out where that is not known, as in a replay. */
  readonly landed?: ReadonlyMap<string, Day>;
  /** Decisions taken, by `plan|kpi|unit|period`. */
  readonly decisions: ReadonlyMap<string, Decision>;
  /** Dates on which periods were sealed, by id. */
  readonly sealed: ReadonlyMap<string, Day>;
}

/** The judgement of one unit: its assessments, and findings that belong to no plan KPI. */
export interface UnitJudgement {
  readonly unit: string;
  readonly assessments: readonly Assessment[];
  /** What `acrossUnits` needs to hold the units against each other; empty for plans of fewer than five. */
  readonly weighings: readonly Weighing[];
  readonly unattached: readonly { readonly period: string; readonly finding: Finding }[];
  /** Checks that threw, with unit, period and reason, each once: the run is not healthy then. */
  readonly errors: readonly string[];
}
