import type { Kpi, Side } from './kpi.ts';

/** Checks of one kind; digits never count as evidence of their own. */
export const families = [
  'records',
  'quality',
  'volume',
  'mix',
  'timing',
  'digits',
  'budget',
  'none',
] as const;
export type Family = (typeof families)[number];

/** How much a finding weighs. `note` carries no weight at all. */
export type Severity = 'note' | 'watch' | 'review';

/** Numbers and names that a message is rendered from, and an auditor can redo the check with. */
export type MessageData = Readonly<
  Record<string, number | string | boolean | null | readonly (string | number)[]>
>;

/** A failed check: what did not reconcile, with the numbers that say so. */
export interface Finding {
  readonly check: string;
  readonly version: number;
  readonly family: Family;
  readonly severity: Severity;
  readonly side: Side;
  /** True only for record-level proof (SPEC 8 (b)). */
  readonly proof: boolean;
  /** The KPI it attaches to before a plan's own KPIs are known. */
  readonly kpi: Kpi | null;
  /** p of the test, null for a check that counts and does not test. */
  readonly p: number | null;
  /** Size of the effect, dimensionless: a ratio or a share, as the page of the check says. */
  readonly effect: number | null;
  readonly expected: number | null;
  readonly observed: number | null;
  /** Range in which the observed value would pass, both ends included. */
  readonly range: readonly [number, number] | null;
  readonly messageId: string;
  readonly data: MessageData;
  /** One plain sentence, rendered from `messageId` and `data`. */
  readonly text: string;
  /** Ids of the records that show it; empty when none do. */
  readonly records: readonly string[];
  /** Traffic sources it names ("source / medium"); empty when none. */
  readonly sources: readonly string[];
  /** Flagged although the baseline had to include periods under review, so it stays at review. */
  readonly capped: boolean;
}

/** What a check came to. "Could not tell" is an outcome with a reason. */
export type Outcome =
  | { readonly check: string; readonly status: 'pass'; readonly p: number | null; readonly data: MessageData }
  | { readonly check: string; readonly status: 'fail'; readonly finding: Finding }
  | {
      readonly check: string;
      readonly status: 'insufficient_data';
      readonly reason: string;
      readonly data: MessageData;
    }
  | {
      readonly check: string;
      readonly status: 'not_applicable';
      readonly reason: string;
      readonly data: MessageData;
    }
  | { readonly check: string; readonly status: 'error'; readonly reason: string };

/** Order of severities, for the highest of several. */
export const severityRank: Readonly<Record<Severity, number>> = { note: 0, watch: 1, review: 2 };
