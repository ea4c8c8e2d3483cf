import type { Statement } from '../model/statement.ts';
import { jsonText } from '../reports/report-json.ts';
import { statementCsv } from '../reports/statement-csv.ts';
import { payrollFiles } from './payroll.ts';

/** A file for people or payroll, with its key in the reports bucket. */
export interface StatementFile {
  readonly key: string;
  readonly content: string | Uint8Array;
  readonly type: string;
}

const types = {
  html: 'text/html; charset=utf-8',
  json: 'application/json',
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

/** All files of a period's statements and of its payroll feed. The same statements give the same bytes. */
export async function statementFiles(statements: readonly Statement[]): Promise<StatementFile[]> {
  // Loaded when there is something to write: on most days nothing is closed.
  const { statementHtml } = await import('../reports/statement-html.ts');
  const { statementXlsx } = await import('../reports/statement-xlsx.ts');
  const files: StatementFile[] = [];
  const add = (folder: string, named: Readonly<Record<string, string | Uint8Array>>) => {
    for (const [name, content] of Object.entries(named)) {
      const type = types[name.slice(name.lastIndexOf('.') + 1) as keyof typeof types];
      files.push({ key: `reports/${folder}/${name}`, content, type });
    }
  };
  for (const statement of statements)
    add(`statements/${statement.plan}/${statement.period}`, {
      'statement.html': await statementHtml(statement),
      'statement.json': jsonText(statement),
      'statement.xlsx': await statementXlsx(statement),
      ...statementCsv(statement),
    });
  const period = statements[0]?.period;
  if (period !== undefined) add(`payroll/${period}`, payrollFiles(statements));
  return files;
}
