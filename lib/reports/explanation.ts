import type { FlagAct } from '../model/decision.ts';
import type { Finding, Outcome } from '../model/finding.ts';
import { type Assessment, type Removal, verdictLabels } from '../model/flag.ts';
import { actText } from './acts-text.ts';
import { contributorsText } from './alert-text.ts';
import { moneyText } from './money-text.ts';
import { numberText, pText, rangeText } from './number-text.ts';
import { removalTexts } from './removal-text.ts';

/** Wording of a check that an explanation needs. */
export interface ExplainedCheck {
  readonly id: string;
  readonly innocent: readonly string[];
  readonly clears: string;
}

const mostRecords = 20;

/**
 * The whole reasoning behind one judgement as plain text: claim, every finding with its numbers, what was taken off,
 * the money, what people did about it, and every other check with what it came to.
 *
 * @param acts entries of the ledger about the flag, oldest first.
 * @example explanation(assessment, checks).split('\n')[0] // => 'sqls_delivered of 2026-08, plan marketing-director, unit all'
 */
export function explanation(
  a: Assessment,
  checks: readonly ExplainedCheck[],
  acts: readonly FlagAct[] = [],
): string {
  const money = (amount: number) => moneyText(amount, a.money.currency);
  const lines = [
    `${a.kpi} of ${a.period}, plan ${a.plan}, unit ${a.unit}`,
    '',
    `verdict    ${a.verdict}: ${verdictLabels[a.verdict]}${a.raisedOn ? `, raised on ${a.raisedOn}` : ''}`,
    `claimed    ${a.claimed === null ? 'nothing yet' : numberText(a.claimed)}${a.claimedFrom === 'counted' ? ' (no claims source: what was counted)' : ''}; target ${numberText(a.target)}`,
    `counted    ${a.counted === null ? 'nothing could be counted' : numberText(a.counted)}${a.basis === 'daily_unique_sum' ? ' (sum of daily unique visitors, an upper bound)' : ''}`,
  ];
  if (a.verified)
    lines.push(
      `verified   low ${numberText(a.verified.low)}, point ${numberText(a.verified.point)}, high ${numberText(a.verified.high)}`,
    );
  lines.push(
    `money      payable ${money(a.money.payable)}, held ${money(a.money.held)}, refused ${money(a.money.refused)} of ${money(a.money.claimed)} claimed`,
  );
  if (a.pivotal !== null)
    lines.push(
      a.pivotal
        ? '           without the disputed units the pay would be less'
        : '           the disputed units do not change the pay',
    );
  lines.push(`dates      ripe ${a.ripeOn}, decision due ${a.due}, paid ${a.payOn}`);
  lines.push(
    `score      ${a.score === null ? 'not scored' : a.score}; ${Math.round(a.assessed * 100)} % of the applicable evidence could be assessed`,
  );
  for (const reason of a.reasons) lines.push(`note       ${reason}`);
  if (acts.length > 0) {
    lines.push('', 'What people did about it');
    for (const act of acts) lines.push(`  ${act.at.slice(0, 10)}  ${actText(act)}`);
  }
  if (a.removals.length > 0) {
    lines.push('', 'What separates the claim from the verified value');
    for (const removal of a.removals) lines.push(...removalLines(removal));
  }
  if (a.contributors.length > 0) {
    lines.push('', 'Sources that carry most of it');
    for (const one of a.contributors) lines.push(`  ${contributorsText([one])}`);
  }
  for (const finding of a.findings) lines.push('', ...findingLines(finding, checks));
  if (a.findings.length === 0) lines.push('', 'No finding.');
  lines.push('', 'Other checks');
  for (const outcome of a.outcomes) lines.push(`  ${outcomeLine(outcome)}`);
  lines.push('', `policy     ${a.policy}`, `evidence   ${a.evidence ?? 'none'}`);
  return lines.join('\n');
}

function removalLines({ rule, count, records, memo }: Removal): string[] {
  const head = `  ${numberText(count)} ${removalTexts[rule]}${memo ? ' (shown only; nothing is taken off)' : ''}`;
  const more = records.length > mostRecords ? ` and ${records.length - mostRecords} more` : '';
  return [head, `    ${records.slice(0, mostRecords).join(', ')}${more}`];
}

function findingLines(finding: Finding, checks: readonly ExplainedCheck[]): string[] {
  const check = checks.find((c) => c.id === finding.check);
  const numbers = Object.entries(finding.data).map(([name, value]) => numberOf(name, value));
  const lines = [
    `${finding.check} (${finding.family}, ${finding.severity}${finding.side === 'sales' ? ", sales' side" : ''}${finding.proof ? ', proof by record' : ''})`,
    `  ${finding.text}`,
  ];
  if (finding.range)
    lines.push(`  expected ${rangeText(finding.range, '-')}, observed ${shown(finding.observed)}`);
  if (finding.p !== null)
    lines.push(
      `  p ${pText(finding.p, 6)}${finding.effect === null ? '' : `, effect ${Number(finding.effect.toPrecision(4))}`}`,
    );
  lines.push(`  numbers: ${numbers.join('; ')}`);
  if (finding.sources.length > 0) lines.push(`  sources: ${finding.sources.join(', ')}`);
  if (finding.records.length > 0)
    lines.push(
      `  records: ${finding.records.slice(0, mostRecords).join(', ')}${finding.records.length > mostRecords ? ` and ${finding.records.length - mostRecords} more` : ''}`,
    );
  if (check) lines.push(`  may also be: ${check.innocent.join('; ')}`, `  would clear it: ${check.clears}`);
  return lines;
}

function outcomeLine(outcome: Outcome): string {
  if (outcome.status === 'pass')
    return `${outcome.check}: passed${outcome.p === null ? '' : `, p ${pText(outcome.p, 4)}`}`;
  if (outcome.status === 'error') return `${outcome.check}: could not be run: ${outcome.reason}`;
  if (outcome.status === 'fail') return `${outcome.check}: finding`;
  const told = outcome.status === 'insufficient_data' ? 'too little data' : 'does not apply';
  return `${outcome.check}: ${told} (${outcome.reason})`;
}

/** One number of a finding by its name, such as `observed` or `floorP`. */
function numberOf(name: string, value: unknown): string {
  return `${name} ${shown(value, /^p$|[a-z]P$/.test(name))}`;
}

function shown(value: unknown, isP = false): string {
  if (typeof value === 'number') {
    if (isP) return pText(value, 8).replace('= ', '');
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(8)));
  }
  if (Array.isArray(value)) {
    const texts = value.slice(0, 8).map((one) => shown(one, isP));
    return `[${texts.join(', ')}${value.length > 8 ? ', …' : ''}]`;
  }
  return value === null || value === undefined ? 'not known' : String(value);
}
