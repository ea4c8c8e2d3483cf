import type { MessageData, Severity } from '../model/finding.ts';
import { betaBinomialUpperLimit, betaBinomialUpperTail } from '../statistics/beta-binomial.ts';
import { binomialUpperLimit, binomialUpperTail } from '../statistics/binomial.ts';
import { roundP } from '../statistics/p-value.ts';
import { fail, pass, type Result } from './check.ts';
import { passedP } from './levels.ts';

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
  /** P(so many or more) among the period's records, the own share as uncertain as its history is short. */
  readonly p: number;
  /** Records to be expected at the own share. */
  readonly expected: number;
  /** Most records that would pass at the level given. */
  readonly limit: number;
}

/**
 * Tests whether a share lies above the unit's own history, one-sided.
 *
 * The own share is learned from a finite history: the period's count is beta-binomial with the weight of that history
 * (METHODS 3 without spread between periods), so that a share that is off by chance does not pass for certain. A short
 * or clean history would make any single record improbable, so the own share never goes below `floor`, which is given
 * and not learned: there the test is binomial.
 *
 * @param floor least own share, in (0, 1).
 * @param alpha level of `limit`, in (0, 1).
 * @throws {RangeError} nothing to test (`of` is 0), or a count out of range.
 * @see Skellam (1948), JRSS-B 10(2)
 * @example shareTest({ marked: 12, of: 100, markedBefore: 2, ofBefore: 400 }, 0.01, 0.01).p // => 1.6e-9
 */
export function shareTest(counts: ShareCounts, floor: number, alpha: number): ShareTest {
  const { marked, of, markedBefore, ofBefore } = counts;
  if (of < 1) throw new RangeError(`a share needs at least one record, of was ${of}`);
  const learned = ofBefore > 0 ? markedBefore / ofBefore : 0;
  const ownShare = Math.min(1, Math.max(floor, learned));
  const isLearned = learned > floor && markedBefore < ofBefore;
  const unmarkedBefore = ofBefore - markedBefore;
  return {
    share: marked / of,
    ownShare,
    p: roundP(
      isLearned
        ? betaBinomialUpperTail(marked, of, markedBefore, unmarkedBefore)
        : binomialUpperTail(marked, of, ownShare),
    ),
    expected: of * ownShare,
    limit: isLearned
      ? betaBinomialUpperLimit(alpha, of, markedBefore, unmarkedBefore)
      : ownShare >= 1
        ? of
        : binomialUpperLimit(alpha, of, ownShare),
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

/** What a share comes to: a finding where it is large enough to matter and its p says so, else a pass. */
export function shareResult(
  test: ShareTest,
  { marked }: ShareCounts,
  isMuch: boolean,
  levels: Levels,
  { messageId, data, records }: { messageId: string; data: MessageData; records: readonly string[] },
): Result {
  const severity = isMuch ? severityOf(test.p, levels) : null;
  if (!severity) return pass(passedP(test.p, levels.watchP), data);
  return fail({
    messageId,
    severity,
    p: test.p,
    effect: test.share,
    expected: test.expected,
    observed: marked,
    range: [0, test.limit],
    data,
    records,
  });
}
