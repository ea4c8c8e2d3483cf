import type { Statement } from '../model/statement.ts';
import { type Cell, csv } from '../reports/csv.ts';
import { jsonText } from '../reports/report-json.ts';

/** What one plan pays in one unit for one period, minor units. */
export interface PayrollLine {
  readonly plan: string;
  readonly title: string;
  readonly unit: string;
  readonly period: string;
  readonly payOn: string;
  readonly state: Statement['state'];
  readonly currency: string;
  readonly claimed: number;
  readonly payable: number;
  readonly held: number;
  readonly refused: number;
  /** What changes of earlier, sealed periods add or take back. */
  readonly trueUps: number;
  /** payable + trueUps: what is to be paid now; negative when more is to be taken back. */
  readonly toPay: number;
}

const header = [
  'plan',
  'title',
  'unit',
  'period',
  'pay_on',
  'state',
  'currency',
  'claimed_minor',
  'payable_minor',
  'held_minor',
  'refused_minor',
  'true_ups_minor',
  'to_pay_minor',
] as const;

/**
 * The feed of payable amounts: one line a plan and unit, integer minor units, as CSV and JSON.
 * @example payrollFiles(statements)['payable.csv']
 */
export function payrollFiles(statements: readonly Statement[]): Record<string, string> {
  const lines = statements.flatMap(payrollLines);
  const rows = lines.map((line): Cell[] => Object.values(line));
  return {
    'payable.csv': csv(header, rows),
    'payable.json': jsonText({ schema: 'bonafide/payroll/1', lines }),
  };
}

function payrollLines(statement: Statement): PayrollLine[] {
  const units = new Set([
    ...statement.lines.map((l) => l.assessment.unit),
    ...statement.trueUps.map((t) => t.unit),
  ]);
  return [...units].sort().map((unit) => {
    const own = statement.lines.filter((l) => l.assessment.unit === unit).map((l) => l.assessment.money);
    const sum = (kind: 'claimed' | 'payable' | 'held' | 'refused') =>
      own.reduce((total, money) => total + money[kind], 0);
    const trueUps = statement.trueUps
      .filter((t) => t.unit === unit)
      .reduce((total, { payable: [before, after] }) => total + after - before, 0);
    return {
      plan: statement.plan,
      title: statement.planTitle,
      unit,
      period: statement.period,
      payOn: statement.payOn,
      state: statement.state,
      currency: statement.currency,
      claimed: sum('claimed'),
      payable: sum('payable'),
      held: sum('held'),
      refused: sum('refused'),
      trueUps,
      toPay: sum('payable') + trueUps,
    };
  });
}
