import type { WeeklyReport } from '../model/report.ts';
import { type Headline, headline } from './headline.ts';

/** The document `report.json`: the report, and what its page says first. */
export type ReportDocument = {
  readonly schema: 'bonafide/report/1';
  readonly headline: Headline;
} & WeeklyReport;

/** `report.json`: everything the page is made of. */
export function reportDocument(report: WeeklyReport): ReportDocument {
  return { schema: 'bonafide/report/1', headline: headline(report), ...report };
}

/** A document as the text of a file: two spaces, a line feed at the end. */
export function jsonText(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
