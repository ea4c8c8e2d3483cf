import type { Day } from '../model/day.ts';
import type { Family, Finding, Severity } from '../model/finding.ts';
import { type Assessment, isRaised, type Verdict, type Verified } from '../model/flag.ts';
import { type Kpi, kpis, type Side } from '../model/kpi.ts';

/** One failed check as `flags.json` writes it. */
export interface FlagFinding {
  readonly check: string;
  readonly family: Family;
  readonly severity: Severity;
  readonly side: Side;
  readonly proof: boolean;
  readonly p: number | null;
  readonly effect: number | null;
  readonly expected: number | null;
  readonly observed: number | null;
  readonly range: readonly [number, number] | null;
  readonly messageId: string;
  readonly text: string;
  readonly evidence: string | null;
}

/** One judged number as `flags.json` writes it. Money in minor units. */
export interface Flag {
  readonly plan: string;
  readonly kpi: Kpi;
  readonly unit: string;
  readonly period: string;
  readonly verdict: Verdict;
  readonly atRipe: Verdict | null;
  readonly raisedOn: Day | null;
  readonly score: number | null;
  readonly assessed: number;
  readonly policy: string;
  readonly claimed: number | null;
  readonly claimedFrom: Assessment['claimedFrom'];
  readonly counted: number | null;
  readonly verified: Verified | null;
  readonly money: { currency: string; claimed: number; payable: number; held: number; refused: number };
  readonly findings: readonly FlagFinding[];
}

/** The document `flags.json`, schema `bonafide/flags/1` (SPEC 12). */
export interface FlagsDocument {
  readonly schema: 'bonafide/flags/1';
  readonly asOf: Day;
  readonly organisation: string;
  readonly flags: readonly Flag[];
}

/**
 * Judgements as `flags.json`: every plan, KPI, unit and complete period once, clear ones too, and what is raised
 * in a period that is still open; ordered by period, plan, unit and KPI, so that the same judgements give the same bytes.
 *
 * @throws {RangeError} two judgements are of the same plan, KPI, unit and period.
 */
export function flagsDocument(
  assessments: readonly Assessment[],
  { organisation, asOf }: { readonly organisation: string; readonly asOf: Day },
): FlagsDocument {
  const told = assessments.filter((a) => a.state !== 'open' || isRaised(a.verdict));
  const seen = new Set<string>();
  for (const a of told) {
    const key = `${a.plan}, ${a.kpi}, ${a.unit}, ${a.period}`;
    if (seen.has(key)) throw new RangeError(`judged twice: ${key}`);
    seen.add(key);
  }
  return { schema: 'bonafide/flags/1', asOf, organisation, flags: told.sort(inOrder).map(toFlag) };
}

function inOrder(a: Assessment, b: Assessment): number {
  const by = (x: string, y: string) => (x < y ? -1 : x > y ? 1 : 0);
  return (
    by(a.period, b.period) ||
    by(a.plan, b.plan) ||
    by(a.unit, b.unit) ||
    kpis.indexOf(a.kpi) - kpis.indexOf(b.kpi)
  );
}

/** One judgement as `flags.json` and alerts write it. */
export function toFlag(a: Assessment): Flag {
  const { currency, claimed, payable, held, refused } = a.money;
  return {
    plan: a.plan,
    kpi: a.kpi,
    unit: a.unit,
    period: a.period,
    verdict: a.verdict,
    atRipe: a.atRipe,
    raisedOn: a.raisedOn,
    score: a.score,
    assessed: a.assessed,
    policy: a.policy,
    claimed: a.claimed,
    claimedFrom: a.claimedFrom,
    counted: a.counted,
    verified: a.verified && { low: a.verified.low, point: a.verified.point, high: a.verified.high },
    money: { currency, claimed, payable, held, refused },
    findings: a.findings.map((f) => toFlagFinding(f, a.evidence)),
  };
}

function toFlagFinding(f: Finding, evidence: string | null): FlagFinding {
  return {
    check: f.check,
    family: f.family,
    severity: f.severity,
    side: f.side,
    proof: f.proof,
    p: f.p,
    effect: f.effect,
    expected: f.expected,
    observed: f.observed,
    range: f.range,
    messageId: f.messageId,
    text: f.text,
    evidence,
  };
}
