/**
 * The last part of a judgement: from what was gathered about one KPI to its verdict, verified value and money. What was
 * gathered is plain data, so that a judgement can be weighed again where findings count less than they seemed to.
 */
import { checks } from '../../checks/index.ts';
import type { Payout } from '../../model/config.ts';
import type { Day } from '../../model/day.ts';
import type { Finding, Outcome } from '../../model/finding.ts';
import { type Assessment, isRaised, type Money, type Verdict } from '../../model/flag.ts';
import { integrityScore } from '../../verdict/integrity-score.ts';
import { splitMoney } from '../../verdict/money.ts';
import { payOf } from '../../verdict/pay.ts';
import { type VerdictInput, verdictOf, verdictPolicy } from '../../verdict/verdict.ts';
import type { VerifiedOutput } from '../../verdict/verified-value.ts';

/** Parts of an assessment that no finding changes. */
type Fixed = Omit<
  Assessment,
  | 'verdict'
  | 'reasons'
  | 'atRipe'
  | 'raisedOn'
  | 'score'
  | 'assessed'
  | 'verified'
  | 'removals'
  | 'money'
  | 'pivotal'
  | 'findings'
  | 'evidence'
>;

/** Everything one judgement of a KPI rests on. */
export interface Gathered {
  readonly date: Day;
  readonly fixed: Fixed;
  /** Said before the reasons of the verdict. */
  readonly said: readonly string[];
  readonly findings: readonly Finding[];
  /** Units a finding proves, and whether taking them off changes the pay, in the order of `findings`. */
  readonly proven: readonly { readonly units: number; readonly changesPayout: boolean }[];
  readonly weighed: Omit<VerdictInput, 'side' | 'findings' | 'provenUnits' | 'changesPayout'>;
  readonly currency: string;
  readonly payout: Payout;
  /** Pay at the target, minor units. */
  readonly share: number;
  readonly isRipe: boolean;
}

/** The verified value that follows from weighed findings. */
export type VerifiedBy = (findings: readonly Finding[], verdict: Verdict) => VerifiedOutput;

/**
 * Weighs what was gathered.
 *
 * @param previous the judgement at an earlier date, for `atRipe` and `raisedOn`; null for the first.
 */
export function weigh(
  gathered: Gathered,
  verifiedBy: VerifiedBy,
  previous: Pick<Assessment, 'atRipe' | 'raisedOn'> | null,
): Assessment {
  const { fixed, date, findings, proven } = gathered;
  const placeOf = (finding: Finding) => findings.findIndex((f) => sameFinding(f, finding));
  const weighed = verdictOf(
    {
      ...gathered.weighed,
      side: fixed.side,
      findings,
      provenUnits: (finding) => proven[placeOf(finding)]?.units ?? 0,
      changesPayout: (finding) => proven[placeOf(finding)]?.changesPayout ?? false,
    },
    verdictPolicy,
  );
  const { verdict } = weighed;
  const out = verifiedBy(weighed.findings, verdict);
  const pay = (value: number) => payOf(gathered.payout, gathered.share, fixed.target, value);
  const { claimed, decision } = fixed;
  const { gross, proven: taken, verified } = out;
  const { currency, isRipe } = gathered;
  const money = splitMoney({
    currency,
    pay,
    claimed,
    gross,
    proven: taken,
    verified,
    verdict,
    isRipe,
    decision,
  });
  const asked = claimed === null ? 0 : pay(claimed);
  const all: Outcome[] = [
    ...fixed.outcomes,
    ...findings.map((finding) => ({ check: finding.check, status: 'fail', finding }) as const),
  ];
  const scored = integrityScore(
    all.filter((o) => checks.find((c) => c.id === o.check)?.side === fixed.side),
    checks,
  );
  return {
    ...fixed,
    verdict,
    reasons: [...gathered.said, ...weighed.reasons],
    ...standing(previous, { date, ripeOn: fixed.ripeOn, verdict }),
    score: scored.score,
    assessed: scored.assessed,
    verified,
    removals: out.removals,
    money,
    pivotal: asked === 0 || verified === null ? null : pay(verified.low) < asked,
    findings: weighed.findings,
    evidence: null,
  };
}

/** Verdict at the date of ripeness, and the first date it stood at review or above, with one more judgement. */
export function standing(
  previous: Pick<Assessment, 'atRipe' | 'raisedOn'> | null,
  { date, ripeOn, verdict }: { readonly date: Day; readonly ripeOn: Day; readonly verdict: Verdict },
): Pick<Assessment, 'atRipe' | 'raisedOn'> {
  return {
    atRipe: date === ripeOn ? verdict : (previous?.atRipe ?? null),
    raisedOn: previous?.raisedOn ?? (isRaised(verdict) ? date : null),
  };
}

/** Whether two are one finding, whatever severity it was given since. */
function sameFinding(a: Finding, b: Finding): boolean {
  return (
    a === b || (a.check === b.check && a.kpi === b.kpi && a.messageId === b.messageId && a.text === b.text)
  );
}

/** What one judgement at one date leaves for the comparison with other units. */
export interface Weighing {
  readonly plan: string;
  readonly kpi: string;
  readonly unit: string;
  readonly period: string;
  readonly date: Day;
  readonly ripeOn: Day;
  /** As weighed for the unit alone. */
  readonly verdict: Verdict;
  /** Money as it stands for the KPI alone, and whether the plan pays only when every KPI is met. */
  readonly money: Money;
  readonly isJoint: boolean;
  /** p of every check that gave a result; 1 where it passed without one. */
  readonly p: Readonly<Record<string, number>>;
  /** What is needed to weigh it again; null where nothing statistical stands at review. */
  readonly again: {
    readonly gathered: Gathered;
    /** As weighed alone, and where no statistical finding stood at review. */
    readonly disputed: VerifiedOutput;
    readonly undisputed: VerifiedOutput;
  } | null;
}

/** Whether a finding stands at review by statistics alone. */
export function isStatistical({ severity, proof, p }: Finding): boolean {
  return severity === 'review' && !proof && p !== null;
}

/** Findings of some checks at watch, where statistics alone had put them at review. */
export function demoted(findings: readonly Finding[], isOne: (check: string) => boolean): Finding[] {
  return findings.map((f) => (isStatistical(f) && isOne(f.check) ? { ...f, severity: 'watch' } : f));
}

/** p by check: the least of its findings, of its pass, or 1 where it passed without one. */
export function pByCheck(outcomes: readonly Outcome[], findings: readonly Finding[]): Record<string, number> {
  const byCheck: Record<string, number> = {};
  const note = (check: string, p: number) => {
    byCheck[check] = Math.min(byCheck[check] ?? 1, p);
  };
  for (const o of outcomes) if (o.status === 'pass') note(o.check, o.p ?? 1);
  for (const f of findings) if (f.p !== null) note(f.check, f.p);
  return byCheck;
}
