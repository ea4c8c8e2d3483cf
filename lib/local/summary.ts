import type { Assessment, Verdict } from '../model/flag.ts';
import { type FlagsDocument, flagsDocument } from '../reports/flags-json.ts';
import { numberText } from '../reports/number-text.ts';
import { jsonText } from '../reports/report-json.ts';
import { terminalTable } from '../reports/terminal-table.ts';
import { exitCodes } from './stage.ts';

/** Exit code of what was judged: 1 for a flag at review or above, 2 when something cannot be certified, else 0. */
export function exitCodeOf(verdicts: readonly Verdict[]): number {
  if (verdicts.some((v) => v === 'review' || v === 'suspect')) return exitCodes.flagged;
  return verdicts.includes('unable_to_certify') ? exitCodes.uncertified : exitCodes.clear;
}

/** `flags.json` of what was judged. */
export function flagsFile(
  assessments: readonly Assessment[],
  organisation: string,
  asOf: string,
): { document: FlagsDocument; text: string } {
  const document = flagsDocument(assessments, { organisation, asOf });
  return { document, text: jsonText(document) };
}

/** Tells which data files were not read. */
export function notRead(names: readonly string[]): string {
  return `Not read, because no source goes by that name, or it is no CSV, JSON Lines or Parquet: ${names.join(', ')}`;
}

/** A number with its noun. @example countText(1, 'row') // => '1 row' */
export function countText(count: number, noun: string): string {
  return `${numberText(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Months shown in a terminal: the flagged ones and the newest; the rest is in the report. */
const newestPeriods = 2;
const mostLines = 24;

/** The table of a run for people: what is flagged and the latest periods, then how many of the rest cannot be certified. */
export function summaryTable(assessments: readonly Assessment[]): string {
  const complete = assessments.filter((a) => a.state !== 'open');
  const periods = [...new Set(complete.map((a) => a.period))].sort().slice(-newestPeriods);
  const wanted = assessments.filter(
    (a) => periods.includes(a.period) || a.verdict === 'review' || a.verdict === 'suspect',
  );
  const shown = wanted.slice(-mostLines);
  const left = assessments.length - shown.length;
  const table = terminalTable(shown);
  if (left === 0) return table;
  const rest = assessments.filter((a) => !shown.includes(a));
  const uncertain = rest.filter((a) => a.verdict === 'unable_to_certify').map((a) => a.period);
  const among =
    uncertain.length === 0 ? '' : `; ${uncertain.length} of them cannot be certified${spanText(uncertain)}`;
  const all = new Set(assessments.map((a) => a.period)).size;
  return `${table}\n\n${countText(left, 'more judgement')} of ${countText(all, 'period')} are in the report${among}.`;
}

function spanText(periods: readonly string[]): string {
  const sorted = [...periods].sort();
  const [first, last] = [sorted[0]!, sorted.at(-1)!];
  return first === last ? ` (${first})` : ` (${first} to ${last})`;
}
