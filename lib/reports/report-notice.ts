import type { Alert } from './alert.ts';
import { asciiLine, plainText } from './plain-text.ts';

/** A weekly report that was written. */
export interface WrittenReport {
  readonly organisation: string;
  /** ISO 8601 week, `2026-W38`. */
  readonly week: string;
  /** The report's first sentence. */
  readonly sentence: string;
  /** Decisions it asks for. */
  readonly decisions: number;
  /** Key of the report in the bucket of reports. */
  readonly key: string;
}

/** The machine's rendering of the notice that a report was written. */
export interface ReportNoticeDocument {
  readonly schema: 'bonafide/alert/1';
  readonly kind: 'report';
  readonly id: string;
  readonly subject: string;
  readonly next: string;
  readonly report: WrittenReport;
}

/** The one message leadership gets a week: the report's first sentence, and where the rest lies. */
export function reportNotice(report: WrittenReport): Alert {
  const { organisation, week, sentence, decisions, key } = report;
  const id = `report@${week}`;
  const said = plainText(sentence, 500);
  const subject = asciiLine(`[REPORT] ${week}: ${sentence}`, 100);
  const next =
    decisions === 0
      ? 'nothing has to be decided.'
      : `${decisions === 1 ? 'one decision is' : `${decisions} decisions are`} needed; page one names them.`;
  return {
    id,
    about: id,
    sequence: 0,
    topics: ['leadership'],
    plan: null,
    subject,
    long: [
      `${plainText(organisation, 120)}, ${week}.`,
      '',
      said,
      '',
      `Next: ${next}`,
      `Report: ${key}`,
      '',
    ].join('\n'),
    short: plainText(`${plainText(organisation, 30)}: ${said}`, 160),
    next,
    keywords: ['report', week],
    json: { schema: 'bonafide/alert/1', kind: 'report', id, subject, next, report },
  };
}
