import type { LedgerEntry, LedgerHead } from '../evidence/ledger.ts';
import type { Digest } from '../model/canonical-json.ts';
import type { Assessment } from '../model/flag.ts';
import type { CloseObject } from './close-object.ts';
import { controlTotalsOf } from './control-totals.ts';
import { actsIn } from './decide-life.ts';
import { withDecisions } from './decide-money.ts';
import {
  calibrationsChain,
  closesChain,
  decisionsIn,
  flagsChain,
  policiesChain,
  runsChain,
  sealedIn,
} from './decisions.ts';
import { documentOf } from './find-assessment.ts';
import type { AfterJob } from './flag.ts';
import { checkVersions } from './judging/judge.ts';
import { plansIn } from './judging/policy-book.ts';
import type { Ports } from './ports.ts';
import { restatementsChain, trueUpsIn } from './restatement-ledger.ts';
import { statementsOf } from './statement.ts';
import { type StatementFile, statementFiles } from './statement-files.ts';

/** A period that cannot be sealed yet, with the reason. */
export class NotRipeError extends Error {
  override readonly name = 'NotRipeError';
}

export interface CloseSummary {
  readonly sealed: readonly string[];
}

type ClosePorts = Pick<Ports, 'config' | 'configText' | 'flags' | 'evidence' | 'ledger' | 'data' | 'reports'>;

/**
 * Seals every period that is ripe and whose pay date has come. Open flags stay open: their money stays held. Broken off
 * and repeated it publishes again what it sealed on that date. It gives up the lease, which `alert` kept for it.
 */
export async function close(job: AfterJob, ports: ClosePorts & Pick<Ports, 'runs'>): Promise<CloseSummary> {
  // Called again because the answer was lost, it finds the lease given up by itself.
  await ports.runs.assertLease(job.token, 'or released');
  const assessments = (await ports.flags.listAssessments()).map(documentOf);
  const closes = await ports.ledger.read(closesChain);
  for (const entry of closes) if (entry.at.slice(0, 10) === job.asOf) await publish(entry, ports);
  const sealed = sealedIn(closes);
  const periods = [...new Set(assessments.map((a) => a.period))].sort();
  const due = periods.filter(
    (period) =>
      !sealed.has(period) &&
      assessments.every((a) => a.period !== period || (a.ripeOn <= job.asOf && a.payOn <= job.asOf)),
  );
  for (const period of due) await sealPeriod(period, job.asOf, ports);
  await ports.runs.releaseLease(job.token);
  return { sealed: due };
}

/**
 * Seals one period for good. Its statements and an object with every judgement of it and all it rests on become
 * evidence; then one entry in the chain of closes seals it; then the statements are published. Broken off before the
 * entry nothing is sealed, and after it a repeat publishes them. Sealed again it changes nothing.
 *
 * @throws {NotRipeError} a KPI of the period is not ripe, or nothing was judged in it.
 */
export async function sealPeriod(
  period: string,
  asOf: string,
  ports: ClosePorts,
): Promise<{ digest: Digest; isNew: boolean; files: readonly string[] }> {
  const { ledger, evidence } = ports;
  const before = (await ledger.read(closesChain)).find((e) => e.id === period);
  if (before) return { digest: before.objects[0]!, isNew: false, files: await publish(before, ports) };

  const { own, files } = await statementsAt(period, asOf, 'sealed', ports);
  const unripe = own.find((a) => a.ripeOn > asOf);
  if (unripe)
    throw new NotRipeError(
      `${period} is not ripe: ${unripe.kpi} of plan ${unripe.plan} is ripe on ${unripe.ripeOn}, today is ${asOf}`,
    );
  const assessments = [];
  for (const a of own) {
    const { plan, kpi, unit, verdict, claimed, counted, verified, money, decision, policy } = a;
    const judgement = a.evidence ?? (await evidence.putJson(a));
    assessments.push({
      ...{ plan, kpi, unit, verdict, claimed, counted, verified, money, decision, policy },
      evidence: judgement,
    });
  }
  const kept = [];
  for (const { key, content, type } of files)
    kept.push({ key, digest: await evidence.putObject(Buffer.from(content)), type });
  const heads: Record<string, LedgerHead> = {};
  for (const chain of [flagsChain, runsChain, policiesChain, calibrationsChain, restatementsChain]) {
    const head = await ledger.head(chain);
    if (head) heads[chain] = head;
  }
  const config = await evidence.putObject(Buffer.from(ports.configText));
  const run = (await ledger.read(runsChain)).at(-1)?.objects ?? [];
  const object: CloseObject = {
    schema: 'bonafide/close/1',
    period,
    asOf,
    config,
    code: checkVersions(),
    ledger: heads,
    assessments,
    files: kept,
    objects: [
      ...new Set([config, ...run, ...assessments.map((a) => a.evidence), ...kept.map((f) => f.digest)]),
    ].sort(),
  };
  const digest = await evidence.putJson(object);
  try {
    const { entry, isNew } = await ledger.append(closesChain, {
      id: period,
      at: `${asOf}T00:00:00Z`,
      kind: 'close',
      body: { period },
      objects: [digest],
    });
    return { digest, isNew, files: await publish(entry, ports) };
  } catch (error) {
    // Another close of the period was faster, and what it sealed stands.
    const first = (await ledger.read(closesChain)).find((e) => e.id === period);
    if (!(error instanceof RangeError) || !first) throw error;
    return { digest: first.objects[0]!, isNew: false, files: await publish(first, ports) };
  }
}

/**
 * The statements and payroll feed of a period as it stands, sealed or as a draft.
 * @throws {NotRipeError} nothing was judged in it.
 */
export async function statementsAt(
  period: string,
  asOf: string,
  state: 'draft' | 'sealed',
  ports: ClosePorts,
): Promise<{ own: readonly Assessment[]; files: readonly StatementFile[] }> {
  const { ledger, config } = ports;
  const entries = await ledger.read(flagsChain);
  const judged = (await ports.flags.listAssessments()).map(documentOf).filter((a) => a.period === period);
  if (judged.length === 0) throw new NotRipeError(`nothing was judged in ${period}`);
  const planOf = plansIn(await ledger.read(policiesChain), config);
  const own = withDecisions(judged, decisionsIn(entries), planOf);
  const closes = await ledger.read(closesChain);
  const seen = closes.length > 0 ? await closeOf(closes.at(-1)!, ports) : null;
  const trueUps = trueUpsIn(await ledger.read(restatementsChain));
  const statements = statementsOf({
    config,
    planOf,
    period,
    asOf,
    state,
    assessments: own,
    acts: actsIn(entries),
    controlTotals: await controlTotalsOf(period, asOf, ports),
    trueUps: trueUps.filter((t) => t.seq > (seen?.ledger[restatementsChain]?.seq ?? 0)),
    parameters: await parametersOf(ports),
  });
  return { own, files: await statementFiles(statements) };
}

async function parametersOf({ ledger, configText, evidence }: ClosePorts): Promise<[string, string][]> {
  const parameters: [string, string][] = [
    ['configuration', await evidence.putObject(Buffer.from(configText))],
  ];
  const [record, manifest] = (await ledger.read(runsChain)).at(-1)?.objects ?? [];
  if (record) parameters.push(['record of the last run', record]);
  if (manifest) parameters.push(['manifest of the last run', manifest]);
  for (const chain of [flagsChain, closesChain, policiesChain, calibrationsChain, restatementsChain]) {
    const head = await ledger.head(chain);
    if (head) parameters.push([`ledger ${chain}, entry ${head.seq}`, head.digest]);
  }
  const versions = Object.entries(checkVersions()).map(([id, version]) => `${id} ${version}`);
  return [...parameters, ['versions of the checks', versions.join(', ')]];
}

async function closeOf(entry: LedgerEntry, { evidence }: Pick<Ports, 'evidence'>): Promise<CloseObject> {
  return (await evidence.getJson(entry.objects[0]!)) as CloseObject;
}

/** Writes the files of a sealed period to the reports bucket, from the evidence. */
async function publish(entry: LedgerEntry, ports: Pick<Ports, 'evidence' | 'reports'>): Promise<string[]> {
  const { files } = await closeOf(entry, ports);
  for (const { key, digest, type } of files)
    await ports.reports.put(key, await ports.evidence.getObject(digest), type);
  return files.map((file) => file.key);
}
