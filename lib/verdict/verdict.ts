import { type Finding, severityRank } from '../model/finding.ts';
import type { Verdict } from '../model/flag.ts';
import type { Side } from '../model/kpi.ts';

/** Limits of the verdict; shares and probabilities without unit. */
export interface VerdictPolicy {
  /** Two families at or below this p raise to review. */
  readonly corroborationP: number;
  /** False suspects allowed per plan-year. */
  readonly falseSuspectsPerYear: number;
  /** Most that the limit for a combined p may be. */
  readonly suspectP: number;
  /** Proof weighs as review from this many records and this share of the claim. */
  readonly proofReview: { readonly records: number; readonly share: number };
  /** The same for duplicate leads, of which honest months hold some. */
  readonly duplicateReview: { readonly records: number; readonly share: number };
  /** Proof weighs as suspect from this many records and this share of the claim. */
  readonly proofSuspect: { readonly records: number; readonly share: number };
  /** Most of a period's days that may be missing or refused. */
  readonly missingShare: number;
}

/** SPEC 8. */
export const verdictPolicy: VerdictPolicy = {
  corroborationP: 0.01,
  falseSuspectsPerYear: 0.1,
  suspectP: 1e-3,
  proofReview: { records: 3, share: 0.02 },
  duplicateReview: { records: 5, share: 0.05 },
  proofSuspect: { records: 3, share: 0.05 },
  missingShare: 0.1,
};

/** What is known about one KPI of one plan when its verdict is given. */
export interface VerdictInput {
  readonly side: Side;
  /** Findings of both sides attached to the KPI. */
  readonly findings: readonly Finding[];
  /** p of every check of the KPI that returned one, passed ones too. */
  readonly pValues: readonly number[];
  readonly claimed: number | null;
  /** Units proven by a finding (records, or claimed above counted), and whether taking them off changes the pay. */
  provenUnits(finding: Finding): number;
  changesPayout(finding: Finding): boolean;
  /** Assessments of the plan in a year: units x KPIs x periods. */
  readonly assessmentsPerYear: number;
  /** Factor on the limit for a combined p from the calibration; null when there is none. */
  readonly calibration: number | null;
  /** Missing or refused days over the days of the period, 0 to 1; null when nothing was delivered. */
  readonly missingShare: number | null;
  /** Whether a primary check of the KPI gave a result. */
  readonly isPrimaryRun: boolean;
}

/** A verdict with its findings re-weighed and the reasons that a reader is told. */
export interface VerdictOutput {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  readonly reasons: readonly string[];
  /** min(1, m x min p) over the m checks that returned a p; null when none did. */
  readonly combinedP: number | null;
}

const weightless: ReadonlySet<string> = new Set(['digits', 'budget', 'none']);

/** Checks that see volume move and nothing else: whatever their families, they are one kind of evidence. */
const volumeAlone: ReadonlySet<string> = new Set([
  'traffic-spike',
  'leads-without-traffic',
  'sqls-without-leads',
  'source-mix-shift',
]);

/** Findings that see no more than many records at one time; what else their checks find is evidence of its own. */
const crowdAlone: ReadonlySet<string> = new Set(['period-end-surge surge', 'lead-burst burst']);

/** The kind of evidence a finding is, for corroboration. */
function kindOf({ check, messageId, family }: Finding): string {
  return volumeAlone.has(check) || crowdAlone.has(`${check} ${messageId}`) ? 'volume' : family;
}

/** Findings of a side that weigh, notes and supporting families left out. */
function weightyOf(findings: readonly Finding[], side: Side): Finding[] {
  return findings.filter((f) => f.side === side && f.severity !== 'note' && !weightless.has(f.family));
}

/** What statistics alone say against one KPI of a period. */
export interface Suspicion {
  /** min(1, m x min p) over the m checks that returned a p; null when none did. */
  readonly combinedP: number | null;
  /** Kinds of evidence with a finding that weighs enough to agree with another; two are needed. */
  readonly kinds: number;
  /** Whether a finding rests on a baseline free of periods under review. */
  readonly isOpen: boolean;
}

/**
 * Weighs findings and p-values of a side for a statistical suspicion (SPEC 8 (a)).
 *
 * @param pValues p of every check of the side that returned one, passed ones too.
 * @example suspicionOf(findings, 'marketing', [0.2, 1e-5, 0.7], verdictPolicy).combinedP // => 3e-5
 */
export function suspicionOf(
  findings: readonly Finding[],
  side: Side,
  pValues: readonly number[],
  { corroborationP }: VerdictPolicy,
): Suspicion {
  // Two or three records at watch are ordinary: they are taken off, but agree with nothing.
  const weighty = weightyOf(findings, side).filter(
    (f) => (f.p !== null && f.p <= corroborationP) || (f.severity === 'review' && (f.proof || f.p === null)),
  );
  return {
    combinedP: pValues.length === 0 ? null : Math.min(1, pValues.length * Math.min(...pValues)),
    kinds: new Set(weighty.map(kindOf)).size,
    isOpen: weighty.some((f) => !f.capped),
  };
}

/** Largest combined p of a suspect, before calibration: the budget shared by a year's assessments. */
export function suspectLimit(assessmentsPerYear: number, policy: VerdictPolicy): number {
  return Math.min(policy.falseSuspectsPerYear / assessmentsPerYear, policy.suspectP);
}

/** Raises a finding of proof to review where SPEC 8 says so; other findings stay as they are. */
function weighProof(finding: Finding, input: VerdictInput, policy: VerdictPolicy): Finding {
  if (!finding.proof || finding.side !== input.side || finding.severity === 'review') return finding;
  const units = input.provenUnits(finding);
  // Honest months hold a few duplicates: fewer are taken off without a review, even where the pay hangs on one.
  const isDuplicate = finding.check === 'duplicate-leads';
  const limit = isDuplicate ? policy.duplicateReview : policy.proofReview;
  const isMuch = units >= limit.records && units >= limit.share * (input.claimed ?? 0);
  const isReview = units > 0 && (isMuch || (!isDuplicate && input.changesPayout(finding)));
  return isReview ? { ...finding, severity: 'review' } : finding;
}

/**
 * The verdict on one plan KPI (SPEC 8): the highest finding of the plan's own side, raised by
 * corroboration, by the combined p with a calibration, or by material proof; `unable_to_certify` when
 * too little could be judged and nothing stands at review.
 *
 * @example
 * verdictOf({ ...nothingFound, isPrimaryRun: false }, verdictPolicy).verdict // => 'unable_to_certify'
 */
export function verdictOf(input: VerdictInput, policy: VerdictPolicy): VerdictOutput {
  const findings = input.findings.map((f) => weighProof(f, input, policy));
  const own = findings.filter((f) => f.side === input.side && f.severity !== 'note');
  const weighty = weightyOf(findings, input.side);
  const reasons: string[] = [];

  let rank = own.reduce((most, f) => Math.max(most, severityRank[f.severity]), 0);
  const corroborating = new Set(
    weighty.filter((f) => f.p !== null && f.p <= policy.corroborationP).map(kindOf),
  );
  if (rank < 2 && corroborating.size >= 2) {
    rank = 2;
    reasons.push(`findings of two kinds agree (${[...corroborating].join(', ')})`);
  }

  const isProven = own.some((f) => {
    // Proof too small to be reviewed on its own is no ground for more.
    if (!f.proof || f.severity !== 'review') return false;
    const units = input.provenUnits(f);
    const { records, share } = policy.proofSuspect;
    return (
      units > 0 && (input.changesPayout(f) || (units >= records && units >= share * (input.claimed ?? 0)))
    );
  });
  const { combinedP, kinds, isOpen } = suspicionOf(findings, input.side, input.pValues, policy);
  const isUnlikely =
    combinedP !== null &&
    kinds >= 2 &&
    isOpen &&
    combinedP <= suspectLimit(input.assessmentsPerYear, policy) * (input.calibration ?? 1);
  let verdict: Verdict = rank >= 2 ? 'review' : rank === 1 ? 'watch' : 'clear';
  if (isProven) verdict = 'suspect';
  else if (isUnlikely && rank >= 1) {
    if (input.calibration !== null) verdict = 'suspect';
    else reasons.push('not calibrated yet: statistics alone stop at review');
  }

  if (verdict === 'clear' || verdict === 'watch') {
    if (input.missingShare === null) reasons.push('no data were delivered');
    else if (input.missingShare > policy.missingShare)
      reasons.push(`${Math.round(input.missingShare * 100)} % of the days are missing or refused`);
    if (!input.isPrimaryRun) reasons.push('no primary check had enough data');
    if (input.missingShare === null || input.missingShare > policy.missingShare || !input.isPrimaryRun)
      verdict = 'unable_to_certify';
  }
  return { verdict, findings, reasons, combinedP };
}
