import type { Day } from './day.ts';
import type { Estimate, Span } from './estimate.ts';

/** Both halves of the agreement in one unit over one span. Shares run from 0 to 1, null where nothing was measured. */
export interface AgreementRecord extends Span {
  readonly unit: string;
  /** `2026-08`. */
  readonly month: string;
  readonly isComplete: boolean;
  readonly delivered: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly returned: number;
  readonly pending: number;
  /** Accepted of decided. */
  readonly acceptedShare: Estimate | null;
  readonly floor: number | null;
  readonly acceptedPerMonth: number | null;
  /** Deliveries above the capacity agreed for their day; null when none is agreed. */
  readonly aboveCapacity: number | null;
  /** Decided within the time agreed, of those whose time is over or who were decided. */
  readonly decidedInTime: number | null;
  readonly hoursToDecide: number | null;
  /** Contacted within the time agreed; null when none is agreed or no contact is kept. */
  readonly contactedInTime: number | null;
  readonly hoursToContact: number | null;
  readonly overdue: number;
  readonly contested: number;
  readonly reasons: readonly RejectionReason[];
  /** Undecided SQLs, the oldest first, at most 20. */
  readonly undecided: readonly UndecidedSql[];
}

/** Rejections with one reason. */
export interface RejectionReason {
  /** Empty where none was stated. */
  readonly reason: string;
  readonly count: number;
  readonly isAgreed: boolean;
}

/** An SQL that sales has not decided. */
export interface UndecidedSql {
  readonly sqlId: string;
  readonly deliveredOn: Day;
  readonly due: Day;
  readonly isOverdue: boolean;
  readonly isContacted: boolean;
}

/** The document of the agreement page, the same for both sides. */
export interface AgreementDocument {
  readonly schema: 'bonafide/agreement/1';
  readonly organisation: string;
  readonly asOf: Day;
  readonly timezone: string;
  /** Who answers for each side; null where the configuration names nobody. */
  readonly owners: { readonly marketing: string | null; readonly sales: string | null };
  readonly terms: AgreementTerms;
  readonly records: readonly AgreementRecord[];
}

/** What was agreed, as the configuration says it; null where it says nothing. */
export interface AgreementTerms {
  readonly decideWithin: string;
  readonly contactWithin: string | null;
  readonly attempts: number | null;
  readonly floor: number | null;
  readonly capacityPerDay: number | null;
  readonly acceptedPerMonth: number | null;
  /** Null: any stated reason. */
  readonly reasons: readonly { readonly code: string; readonly needsContact: boolean }[] | null;
  /** Version of the criteria of an SQL, and their text. */
  readonly criteria: { readonly version: string; readonly text: string } | null;
  readonly from: Day | null;
}
