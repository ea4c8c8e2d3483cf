import { digestOf } from '../model/canonical-json.ts';
import { isoWeek } from '../model/day.ts';
import type { CanaryNote } from '../model/report.ts';
import { findingsCsv } from '../reports/findings-csv.ts';
import { jsonText, reportDocument } from '../reports/report-json.ts';
import { weeklyHtml } from '../reports/weekly-html.ts';
import { calibrationAt } from './calibration-standing.ts';
import { calibrationsChain, flagsChain } from './decisions.ts';
import { type AfterJob, documentOf } from './flag.ts';
import { incidentIn, isInView } from './incident-records.ts';
import { checkVersions } from './judge.ts';
import { loadUnit } from './load-unit.ts';
import { policyDigests } from './policy.ts';
import type { Ports } from './ports.ts';
import { type Extent, extentKey, getJson, type IngestOutcome, runKeys } from './run-objects.ts';
import { historiesOf } from './unit-history.ts';
import { weeklyReport } from './weekly-report.ts';

export interface ReportSummary {
  /** Prefix of the report's three files. */
  readonly prefix: string;
  readonly bytes: number;
}

/**
 * Writes the weekly report at its stable keys, `reports/weekly/<week>/` and `reports/weekly/latest/`, whole from the
 * store: report.html, report.json, findings.csv.
 */
export async function report(
  job: AfterJob,
  ports: Pick<
    Ports,
    | 'config'
    | 'configText'
    | 'policies'
    | 'isHoliday'
    | 'counts'
    | 'flags'
    | 'runs'
    | 'data'
    | 'reports'
    | 'ledger'
  >,
): Promise<ReportSummary> {
  const { config, data } = ports;
  const histories = [];
  for (const { id } of config.units) {
    const history = historiesOf(
      (await loadUnit(id, ports)).data,
      config.agreement,
      ports.isHoliday,
    )(job.asOf);
    if (history) histories.push(history);
  }
  const sources = [];
  for (const { id, dataset } of config.sources)
    sources.push({
      source: id,
      dataset,
      extent: await getJson<Extent>(data, extentKey(id, dataset)),
      outcome: await getJson<IngestOutcome>(data, runKeys.outcome(job.runId, id, dataset)),
    });
  const assessments = (await ports.flags.listAssessments()).map(documentOf);
  const incidents = [];
  for (const { id } of config.units)
    incidents.push(
      ...(await ports.flags.listIncidents(id)).map(incidentIn).filter((i) => isInView(i, job.asOf)),
    );
  const head = await ports.ledger.head(flagsChain);
  const calibrations = await ports.ledger.read(calibrationsChain);
  const model = weeklyReport({
    config,
    asOf: job.asOf,
    isHoliday: ports.isHoliday,
    assessments,
    histories,
    incidents,
    sources,
    calibration: calibrationAt(calibrations, config, policyDigests(config, ports.policies), job.asOf)
      .calibration,
    canaries: (await getJson<CanaryNote[]>(data, runKeys.canaries(job.runId))) ?? [],
    run: {
      id: job.runId,
      policies: [...new Set(assessments.map((a) => a.policy))].sort(),
      versions: Object.fromEntries(
        Object.entries(checkVersions()).map(([id, version]) => [id, String(version)]),
      ),
      digests: { configuration: digestOf(ports.configText), ...(head && { ledger: head.digest }) },
    },
  });
  const html = await weeklyHtml(model);
  const files = [
    ['report.html', html, 'text/html; charset=utf-8'],
    ['report.json', jsonText(reportDocument(model)), 'application/json'],
    ['findings.csv', findingsCsv(model), 'text/csv; charset=utf-8'],
  ] as const;
  const prefix = `reports/weekly/${isoWeek(job.asOf).name}/`;
  for (const place of [prefix, 'reports/weekly/latest/'])
    for (const [name, content, type] of files) await ports.reports.put(`${place}${name}`, content, type);
  return { prefix, bytes: Buffer.byteLength(html) };
}
