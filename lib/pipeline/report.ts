import { digestOf, digestOfJson } from '../model/canonical-json.ts';
import { type Day, isoWeek } from '../model/day.ts';
import type { UnitHistory } from '../model/history.ts';
import type { CanaryNote, InputNote, WeeklyReport } from '../model/report.ts';
import { agreementHtml } from '../reports/agreement-page.ts';
import { findingsCsv } from '../reports/findings-csv.ts';
import { headline } from '../reports/headline.ts';
import { jsonText, reportDocument } from '../reports/report-json.ts';
import { reportNotice } from '../reports/report-notice.ts';
import { weeklyHtml } from '../reports/weekly-html.ts';
import { agreementDocument } from './business/agreement-record.ts';
import { calibrationAt } from './calibration/calibration-standing.ts';
import { calibrationsChain, flagsChain } from './decisions.ts';
import { documentOf } from './find-assessment.ts';
import type { AfterJob } from './flag.ts';
import { incidentIn, isInView } from './incident-records.ts';
import { checkVersions } from './judging/judge.ts';
import { policyDigests } from './judging/policy.ts';
import type { Policies } from './judging/run-checks.ts';
import { historiesOf } from './judging/unit-history.ts';
import { loadUnit } from './load-unit.ts';
import { tell } from './outbox.ts';
import type { Ports } from './ports.ts';
import {
  type Extent,
  extentKey,
  getJson,
  type IngestOutcome,
  type RunIdentity,
  runKeys,
} from './run-objects.ts';
import { weeklyReport } from './weekly-report.ts';

export interface ReportSummary {
  /** Prefix of the report's three files; null in a run that writes the agreement page alone. */
  readonly prefix: string | null;
  /** Size of the report's page, or of the agreement's. */
  readonly bytes: number;
}

type ReportPorts = Pick<
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
  | 'publish'
  | 'emit'
  | 'now'
>;

/** Where the agreement page lies, the same for both sides. */
const agreementPlace = 'reports/agreement/latest/';
const html = 'text/html; charset=utf-8';

/**
 * Writes the agreement page, and in a weekly run the weekly report at its stable keys, `reports/weekly/<week>/` and
 * `reports/weekly/latest/`: report.html, report.json, findings.csv. Whole from the store each time.
 */
export async function report(job: AfterJob, ports: ReportPorts): Promise<ReportSummary> {
  const { histories, inputs } = await loadHistories(job.asOf, ports);
  const agreement = agreementDocument(histories, ports.config, job.asOf, ports.isHoliday);
  const agreementPage = await agreementHtml(agreement);
  await ports.reports.put(`${agreementPlace}agreement.html`, agreementPage, html);
  await ports.reports.put(`${agreementPlace}agreement.json`, jsonText(agreement), 'application/json');
  const run = await getJson<RunIdentity>(ports.data, runKeys.run(job.runId));
  if (run !== null && run.kind !== 'weekly') return { prefix: null, bytes: Buffer.byteLength(agreementPage) };
  return writeWeekly(job, histories, inputs, ports);
}

/** What was known of every unit, and what it was read from. */
async function loadHistories(
  asOf: Day,
  ports: ReportPorts,
): Promise<{ histories: UnitHistory[]; inputs: InputNote[] }> {
  const histories: UnitHistory[] = [];
  const inputs: InputNote[] = [];
  for (const { id } of ports.config.units) {
    const loaded = await loadUnit(id, ports);
    const history = historiesOf(loaded.data, ports.config.agreement, ports.isHoliday)(asOf);
    if (history) histories.push(history);
    for (const [dataset, rows] of Object.entries(loaded.rows).sort(([a], [b]) => (a < b ? -1 : 1))) {
      const digest = digestOfJson(loaded.inputs.filter((i) => i.dataset === dataset));
      inputs.push({ unit: id, dataset, rows, digest });
    }
  }
  return { histories, inputs };
}

async function writeWeekly(
  job: AfterJob,
  histories: readonly UnitHistory[],
  inputs: readonly InputNote[],
  ports: ReportPorts,
): Promise<ReportSummary> {
  const { config, data } = ports;
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
    inputs,
    run: {
      id: job.runId,
      policies: [...new Set(assessments.map((a) => a.policy))].sort(),
      versions: Object.fromEntries(
        Object.entries(checkVersions()).map(([id, version]) => [id, String(version)]),
      ),
      parameters: parametersOf(ports.policies),
      digests: { configuration: digestOf(ports.configText), ...(head && { ledger: head.digest }) },
    },
  });
  const page = await weeklyHtml(model);
  const files = [
    ['report.html', page, html],
    ['report.json', jsonText(reportDocument(model)), 'application/json'],
    ['findings.csv', findingsCsv(model), 'text/csv; charset=utf-8'],
  ] as const;
  const prefix = `reports/weekly/${isoWeek(job.asOf).name}/`;
  for (const place of [prefix, 'reports/weekly/latest/'])
    for (const [name, content, type] of files) await ports.reports.put(`${place}${name}`, content, type);
  await tellLeadership(model, `${prefix}report.html`, ports);
  return { prefix, bytes: Buffer.byteLength(page) };
}

/** The limits of every check, as a reader would write them down. */
function parametersOf(policies: Policies): Record<string, string> {
  return Object.fromEntries(
    [...policies].map(([id, limits]) => [
      id,
      Object.entries(limits as object)
        .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
        .join(', '),
    ]),
  );
}

/** Sends the report's first sentence and its place, once a week however often the report is written. */
async function tellLeadership(
  model: WeeklyReport,
  key: string,
  ports: Pick<Ports, 'flags' | 'publish' | 'emit' | 'now'>,
): Promise<void> {
  const { organisation, week, asOf } = model;
  const { sentence, decisions } = headline(model);
  const notice = reportNotice({ organisation, week, sentence, decisions: decisions.length, key });
  if (await ports.flags.isSent(notice.id)) return;
  await tell(notice, ports);
  const { id, subject, topics } = notice;
  await ports.flags.markSent({ id, at: ports.now().toISOString(), asOf, subject, topics, within: null });
}
