import type { Statement } from '../model/statement.ts';
import { csv } from './csv.ts';
import { statementTables } from './statement-tables.ts';

/** The CSV files of a statement by name: one line a KPI, a finding, a record taken off, a step of a decision, a true-up. */
export function statementCsv(statement: Statement): Record<string, string> {
  const { summary, findings, records, decisions, trueUps } = statementTables(statement);
  return Object.fromEntries(
    Object.entries({ statement: summary, findings, records, decisions, 'true-ups': trueUps }).map(
      ([name, { header, rows }]) => [`${name}.csv`, csv(header, rows)],
    ),
  );
}
