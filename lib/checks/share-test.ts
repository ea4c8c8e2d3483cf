import type { Severity } from '../model/finding.ts';
import { binomialUpperLimit, binomialUpperTail } from '../statistics/binomial.ts';
import { roundP } from '../statistics/p-value.ts';

/** Records with a trait: in the period, and on the unit's own baseline days. */
export interface ShareCounts {
  readonly marked: number;
  readonly of: number;
  readonly markedBefore: number;
  readonly ofBefore: number;
}

/** A share held against the unit's own earlier one. */
export interface ShareTest {
  /** Share of the period, 0 to 1. */
  readonly share: number;
  /** Own earlier share or the floor, whichever is larger. */
  readonly ownShare: number;
  /** P(X >= marked) of a binomial with `of` trials and the own share. */
  readonly p: number;
  /** Records to be expected at the own share. */
  readonly expected: number;
  /** Most records that would pass at the level given. */
  readonly limit: number;
}

/**
 * Tests whether a share lies above the unit's own history, one-sided and exact (binomial).
 *
 * A short or clean history would make any single record improbable, so the own share never goes below `floor`.
 *
 * @param floor least own share, in (0, 1).
 * @param alpha level of `limit`, in (0, 1).
 * @throws {RangeError} nothing to test (`of` is 0), or a count out of range.
 * @example shareTest({ marked: 12, of: 100, markedBefore: 2, ofBefore: 400 }, 0.01, 0.01).p // => 1.6e-9
 */
export function shareTest(counts: ShareCounts, floor: number, alpha: number): ShareTest {
  const { marked, of, markedBefore, ofBefore } = counts;
  if (of < 1) throw new RangeError(`a share needs at least one record, of was ${of}`);
  const ownShare = Math.min(1, Math.max(floor, ofBefore > 0 ? markedBefore / ofBefore : 0));
  return {
    share: marked / of,
    ownShare,
    p: roundP(binomialUpperTail(marked, of, ownShare)),
    expected: of * ownShare,
    limit: ownShare >= 1 ? of : binomialUpperLimit(alpha, of, ownShare),
  };
}

/** Levels of p at which a finding is watched and at which it needs a decision. */
export interface Levels {
  readonly watchP: number;
  readonly reviewP: number;
}

/** Severity of a p whose effect gate is passed; null when it is no finding. */
export function severityOf(p: number, { watchP, reviewP }: Levels): Severity | null {
  if (p <= reviewP) return 'review';
  return p <= watchP ? 'watch' : null;
}
