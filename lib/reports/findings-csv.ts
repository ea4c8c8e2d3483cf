import { type Assessment, verdictLabels } from '../model/flag.ts';
import type { WeeklyReport } from '../model/report.ts';
import { type Cell, csv, type Table } from './csv.ts';

/** Characters of record ids in one cell; the evidence holds all of them. */
const mostCharacters = 20_000;

const header = [
  'plan',
  'kpi',
  'unit',
  'period',
  'claimed',
  'verified',
  'verdict',
  'label',
  'held',
  'currency',
  'check',
  'version',
  'family',
  'severity',
  'side',
  'proof',
  'p',
  'effect',
  'expected',
  'observed',
  'range_low',
  'range_high',
  'message_id',
  'text',
  'record_count',
  'records',
  'sources',
  'evidence',
] as const;

/**
 * Every finding of every complete period, one a line; a judgement without findings has none.
 * Money is in minor units, as in report.json.
 */
export function findingsCsv(report: WeeklyReport): string {
  const { header: names, rows } = findingsTable(report.assessments.filter((a) => a.state !== 'open'));
  return csv(names, rows);
}

/** The same as a table. */
export function findingsTable(assessments: readonly Assessment[]): Table {
  return { header, rows: assessments.flatMap((a) => a.findings.map((_, i) => findingRow(a, i))) };
}

function findingRow(a: Assessment, index: number): Cell[] {
  const f = a.findings[index]!;
  return [
    a.plan,
    a.kpi,
    a.unit,
    a.period,
    a.claimed,
    a.verified?.point ?? null,
    a.verdict,
    verdictLabels[a.verdict],
    a.money.held,
    a.money.currency,
    f.check,
    f.version,
    f.family,
    f.severity,
    f.side,
    f.proof,
    f.p,
    f.effect,
    f.expected,
    f.observed,
    bound(f.range?.[0]),
    bound(f.range?.[1]),
    f.messageId,
    f.text,
    f.records.length,
    joined(f.records),
    joined(f.sources),
    a.evidence,
  ];
}

/** An end of a range; empty where it is open or there is none. */
function bound(end: number | undefined): number | null {
  return end !== undefined && Number.isFinite(end) ? end : null;
}

/** Whole names joined by `; `, ended by how many more there are. */
function joined(names: readonly string[]): string {
  let length = 0;
  const fits = names.findIndex((name) => {
    length += name.length + 2;
    return length > mostCharacters;
  });
  if (fits === -1) return names.join('; ');
  return [...names.slice(0, fits), `and ${names.length - fits} more`].join('; ');
}
