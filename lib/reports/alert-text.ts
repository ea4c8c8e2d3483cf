import { type Finding, severityRank } from '../model/finding.ts';
import { type Assessment, type Contributor, verdictLabels } from '../model/flag.ts';
import type { CheckNote } from '../model/report.ts';
import { dayText, periodText } from './date-text.ts';
import type { FlagAlertContext, FlagAlertDocument } from './flag-alert.ts';
import { metricName } from './kpi-text.ts';
import { moneyText } from './money-text.ts';
import { kpiValueText, numberText, rangeText, shareText } from './number-text.ts';
import { listText, plainText } from './plain-text.ts';

const mostFindings = 6;
const mostExplanations = 3;

/** Findings by weight: proof, then severity, then p; ties keep their order. */
export function strongestFirst(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      Number(b.proof) - Number(a.proof) ||
      severityRank[b.severity] - severityRank[a.severity] ||
      (a.p ?? 1) - (b.p ?? 1),
  );
}

/** The finding that says most about the plan's own side; null without one. */
export function leadFinding(a: Assessment): Finding | null {
  return strongestFirst(a.findings.filter((f) => f.side === a.side))[0] ?? null;
}

/** What was claimed and what is left of it; where acceptance is what falls short, in those words. */
export function claimText(a: Assessment): string {
  const value = (v: number) => kpiValueText(a.kpi, v, a.money.currency);
  const claimed = a.claimed === null ? 'no claim yet' : `${value(a.claimed)} claimed`;
  const lead = leadFinding(a);
  if (a.claimed !== null && lead?.check === 'acceptance-shortfall' && lead.observed !== null)
    return `${claimed}, ${value(lead.observed)} accepted`;
  return `${claimed}, ${a.verified ? value(a.verified.point) : 'none'} verified`;
}

/** Ordinary explanations of a finding, at most three. */
export function innocentOf(finding: Finding, checks: readonly CheckNote[]): readonly string[] {
  return (checks.find((c) => c.id === finding.check)?.innocent ?? []).slice(0, mostExplanations);
}

/** Where more is said: the report's key in the bucket of reports, the command that explains, the evidence's digest. */
export function linksOf(a: Assessment): FlagAlertDocument['links'] {
  return {
    report: 'reports/weekly/latest/report.html',
    explain: `bonafide explain ${[a.plan, a.kpi, a.unit, a.period].map((part) => plainText(part, 64)).join('/')}`,
    evidence: a.evidence,
  };
}

/** Sources with their share. @example contributorsText([{ name: 'ads / cpc', count: 41, share: 0.82, ofAll: 0.3 }]) // => 'ads / cpc 41 (82 %; of all 30 %)' */
export function contributorsText(contributors: readonly Contributor[]): string {
  return contributors
    .map(({ name, count, share, ofAll }) => {
      const beside = ofAll === null ? '' : `; of all ${shareText(ofAll)}`;
      return `${plainText(name, 60)} ${numberText(Math.round(count))} (${shareText(share)}${beside})`;
    })
    .join(', ');
}

/** The mail: what, how much, by when, why, and what to do. */
export function flagLongText(a: Assessment, context: FlagAlertContext, subject: string, id: string): string {
  const money = (minor: number) => moneyText(minor, a.money.currency);
  const value = (v: number | null) => (v === null ? 'none' : kpiValueText(a.kpi, v, a.money.currency));
  const range =
    a.verified && a.verified.low !== a.verified.high
      ? ` (${value(a.verified.low)} to ${value(a.verified.high)})`
      : '';
  const before = context.previous;
  const links = linksOf(a);
  const findings = strongestFirst(a.findings).slice(0, mostFindings);
  return [
    subject,
    '',
    `${metricName(a)}, ${periodText(a.period)}: ${verdictLabels[a.verdict]}.`,
    `${plainText(context.organisation, 120)}, ${plainText(a.planTitle, 120)}.`,
    '',
    `Claimed: ${value(a.claimed)}, target ${value(a.target)}`,
    `Verified: ${value(a.verified?.point ?? null)}${range}`,
    `Held: ${money(a.money.held)} of ${money(a.money.claimed)}${pivotText(a)}`,
    `Decision due: ${dayText(a.due, '')}, pay date ${dayText(a.payOn, '')}`,
    ...(before ? [`Before: ${verdictLabels[before.verdict]}, ${money(before.held)} held`] : []),
    ...(context.earlier.length > 0 ? [`Raised before: ${listText(context.earlier.toReversed(), 4)}`] : []),
    ...(a.reasons.length > 0 ? ['', ...a.reasons.map((r) => `- ${plainText(r, 300)}`)] : []),
    ...(a.contributors.length > 0 ? ['', `Carried mostly by: ${contributorsText(a.contributors)}`] : []),
    ...findings.flatMap((f) => ['', ...findingLines(f, context)]),
    '',
    `Next: ${nextStep(a)}`,
    `Why: ${links.explain}`,
    `Report: ${links.report}`,
    ...(links.evidence ? [`Evidence: ${links.evidence}`] : []),
    `Flag: ${plainText(id, 300)}`,
    '',
  ].join('\n');
}

function pivotText(a: Assessment): string {
  if (a.money.claimed === 0 || a.pivotal === null) return '';
  return a.pivotal
    ? '; without the disputed units the target is missed'
    : '; the target is met without the disputed units too';
}

function findingLines(f: Finding, { checks }: FlagAlertContext): string[] {
  const note = checks.find((c) => c.id === f.check);
  const innocent = innocentOf(f, checks);
  const range = f.range ? ` (ordinary range ${rangeText(f.range, '-')})` : '';
  const expected =
    f.expected === null ? range && `Expected${range}. ` : `Expected ${numberText(f.expected)}${range}. `;
  const contributors = f.sources.length > 0 ? f.sources : f.records;
  return [
    `${plainText(f.text, 500)} [${f.check}]`,
    ...(expected || f.observed !== null ? [`  ${expected}${observedText(f)}`.trimEnd()] : []),
    ...(innocent.length > 0 ? [`  Ordinary explanations: ${plainText(innocent.join('; '), 500)}`] : []),
    ...(note ? [`  What would clear it: ${plainText(note.clears, 300)}`] : []),
    ...(contributors.length > 0 ? [`  Named: ${listText(contributors, 3)}`] : []),
  ];
}

/** Observed, and how far from expected in units and per cent. */
function observedText(f: Finding): string {
  if (f.observed === null) return '';
  if (f.expected === null || f.expected === 0) return `Observed ${numberText(f.observed)}.`;
  const off = f.observed - f.expected;
  const sign = off < 0 ? '-' : '+';
  return `Observed ${numberText(f.observed)} (${sign}${numberText(Math.abs(off))}, ${sign}${shareText(Math.abs(off / f.expected))}).`;
}

/** What is to be done about a judgement, one sentence. */
export function nextStep(a: Assessment): string {
  if (a.decision) return `nothing; it was decided on ${dayText(a.decision.at, '')}.`;
  if (a.verdict === 'clear' || a.verdict === 'watch')
    return 'nothing has to be decided; pay is not held for it.';
  const what =
    a.verdict === 'unable_to_certify'
      ? 'deliver the missing data, or decide'
      : 'hear the other side, then clear, confirm or partly confirm';
  return `${what} by ${dayText(a.due, '')}, with a reason, a comment and a second person.`;
}
