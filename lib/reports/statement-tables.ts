import { currencyExponent } from '../model/currency.ts';
import { verdictLabels } from '../model/flag.ts';
import type { ControlTotal, Statement } from '../model/statement.ts';
import { actText } from './acts-text.ts';
import type { Cell, Table } from './csv.ts';
import { findingsTable } from './findings-csv.ts';
import { removalTexts } from './removal-text.ts';

/** The tables of a statement, as its CSV files and the sheets of its workbook hold them. Money is in major units. */
export interface StatementTables {
  readonly summary: Table;
  readonly findings: Table;
  readonly records: Table;
  readonly decisions: Table;
  readonly trueUps: Table;
  readonly parameters: Table;
}

/** @example statementTables(statement).summary.rows.length // => one a KPI and unit */
export function statementTables(statement: Statement): StatementTables {
  const assessments = statement.lines.map((line) => line.assessment);
  const major = majorOf(statement.currency);
  return {
    summary: summaryOf(statement),
    findings: findingsTable(assessments),
    records: {
      header: ['kpi', 'unit', 'rule', 'meaning', 'effect', 'record'],
      rows: assessments.flatMap((a) =>
        a.removals.flatMap(({ rule, memo, records }) =>
          records.map((id) => [
            a.kpi,
            a.unit,
            rule,
            removalTexts[rule],
            memo ? 'shown only' : 'taken off',
            id,
          ]),
        ),
      ),
    },
    decisions: {
      header: ['at', 'flag', 'step', 'text'],
      rows: statement.acts.map((act) => [act.at, act.body.flag.replaceAll('|', '/'), act.kind, actText(act)]),
    },
    trueUps: {
      header: [
        'recorded_on',
        'kpi',
        'unit',
        'period',
        'cause',
        'currency',
        'payable_before',
        'payable_after',
        'difference',
        'evidence',
      ],
      rows: statement.trueUps.map((t) => {
        const [before, after] = t.payable;
        return [
          ...[t.recordedOn, t.kpi, t.unit, t.period, t.cause, t.currency],
          ...[major(before), major(after), major(after - before), t.evidence],
        ];
      }),
    },
    parameters: { header: ['name', 'value'], rows: parametersOf(statement) },
  };
}

const summaryHeader = [
  'plan',
  'period',
  'kpi',
  'unit',
  'state',
  'target',
  'claimed',
  'claimed_from',
  'counted',
  'basis',
  'control_total',
  'removed',
  'verified_low',
  'verified_point',
  'verified_high',
  'verdict',
  'label',
  'decision',
  'decision_value',
  'decision_reason',
  'decided_on',
  'currency',
  'payout_claimed',
  'payable',
  'held',
  'refused',
  'rule',
  'evidence',
] as const;

function summaryOf(statement: Statement): Table {
  const major = majorOf(statement.currency);
  return {
    header: summaryHeader,
    rows: statement.lines.map(({ assessment: a, controlTotals, rule }): Cell[] => {
      const units = (value: number | null) => (value !== null && a.kpi === 'revenue' ? major(value) : value);
      return [
        a.plan,
        a.period,
        a.kpi,
        a.unit,
        statement.state,
        units(a.target),
        units(a.claimed),
        a.claimedFrom,
        units(a.counted),
        a.basis,
        controlTotals.map((t) => controlTotalText(t, units)).join('; '),
        a.removals.filter((r) => !r.memo).reduce((sum, r) => sum + r.count, 0),
        units(a.verified?.low ?? null),
        units(a.verified?.point ?? null),
        units(a.verified?.high ?? null),
        a.verdict,
        verdictLabels[a.verdict],
        a.decision?.kind ?? null,
        units(a.decision?.value ?? null),
        a.decision?.reason ?? null,
        a.decision?.at ?? null,
        a.money.currency,
        major(a.money.claimed),
        major(a.money.payable),
        major(a.money.held),
        major(a.money.refused),
        rule,
        a.evidence,
      ];
    }),
  };
}

/** A control total with where it came from. @example '310 (crm, 2026-09-01)' */
export function controlTotalText(
  { value, source, extractedAt }: ControlTotal,
  units: (value: number) => number | null,
): string {
  const from = [source, extractedAt?.slice(0, 10)].filter((part) => part).join(', ');
  return `${units(value)}${from ? ` (${from})` : ''}`;
}

function parametersOf(statement: Statement): Cell[][] {
  const { organisation, plan, planTitle, side, period, asOf, state, due, payOn, combine } = statement;
  return [
    ['organisation', organisation],
    ['plan', plan],
    ['title', planTitle],
    ['whose pay', side],
    ['period', period],
    ['judged as of', asOf],
    ['state', state],
    ['decisions due', due],
    ['pay date', payOn],
    ['KPIs pay', combine],
    ...statement.parameters.map(([name, value]) => [name, value]),
  ];
}

/** Minor units as a number of major units, with the decimals of the currency. */
function majorOf(currency: string): (minor: number) => number {
  const exponent = currencyExponent(currency);
  return (minor) => Number((minor / 10 ** exponent).toFixed(exponent));
}
