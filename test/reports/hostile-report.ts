import type { Assessment } from '../../lib/model/flag.ts';
import type { WeeklyReport } from '../../lib/model/report.ts';
import { aBusiness } from './business-sample.ts';
import { aFinding, anAssessment, anSqlFlag, aReport } from './sample.ts';

/** Every text that others write, replaced by `hostile`. */
export function hostileReport(hostile: string): WeeklyReport {
  const flagged: Assessment = anSqlFlag({
    planTitle: hostile,
    unit: hostile,
    reasons: [hostile],
    findings: [aFinding({ text: hostile, records: [hostile], sources: [hostile] })],
  });
  const sample = aReport();
  return aReport({
    organisation: hostile,
    assessments: [
      flagged,
      anAssessment({ verdict: 'unable_to_certify', planTitle: hostile, reasons: [hostile] }),
    ],
    openPeriods: [{ ...sample.openPeriods[0]!, planTitle: hostile, unit: hostile }],
    funnel: [{ ...sample.funnel[0]!, unit: hostile }],
    coverage: [
      {
        ...sample.coverage[0]!,
        unit: hostile,
        source: hostile,
        refusedFiles: [{ name: hostile, message: hostile }],
      },
    ],
    calendar: [{ ...sample.calendar[0]!, kind: hostile, note: hostile, scope: hostile, reason: hostile }],
    checks: [
      { id: 'acceptance-shortfall', version: 1, question: hostile, innocent: [hostile], clears: hostile },
    ],
    business: aBusiness(hostile),
    inputs: [{ unit: hostile, dataset: 'leads', rows: 1, digest: hostile }],
    controlTotals: [
      { unit: hostile, period: '2026-08', metric: hostile, source: hostile, total: 1, counted: 2 },
    ],
    restatements: {
      latest: [{ ...sample.restatements.latest[0]!, unit: hostile, series: hostile, metric: hostile }],
      count: 1,
    },
    run: {
      id: hostile,
      policies: [hostile],
      versions: { [hostile]: hostile },
      parameters: { 'acceptance-shortfall': hostile },
      digests: { [hostile]: hostile },
    },
  });
}
