import type { WeeklyReport } from '../model/report.ts';
import { type Headline, headline } from './headline.ts';
import { meetingLines } from './meeting-lines.ts';

/** The document `report.json`: the report, and what its page says first. */
export type ReportDocument = {
  readonly schema: 'bonafide/report/1';
  readonly headline: Headline;
  /** Lines for the week's meeting of both sides. */
  readonly meeting: readonly string[];
} & WeeklyReport;

/** `report.json`: everything the page is made of. */
export function reportDocument(report: WeeklyReport): ReportDocument {
  return {
    schema: 'bonafide/report/1',
    headline: headline(report),
    meeting: meetingLines(report),
    ...report,
  };
}

/** A document as the text of a file: two spaces, a line feed at the end. */
export function jsonText(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
