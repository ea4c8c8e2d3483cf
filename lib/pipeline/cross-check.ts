import * as z from 'zod';
import type { Arrivals } from '../checks/incident-series.ts';
import type { Config, Dataset } from '../model/config.ts';
import type { Day } from '../model/day.ts';
import type { Assessment } from '../model/flag.ts';
import type { UnitHistory } from '../model/history.ts';
import type { Incident } from '../model/incident.ts';
import {
  calibrationsChain,
  closesChain,
  decisionsIn,
  flagsChain,
  policiesChain,
  sealedIn,
} from './decisions.ts';
import { contributorsTo } from './judging/flag-contributors.ts';
import { incidentsOf } from './judging/incidents.ts';
import { judgeUnit } from './judging/judge.ts';
import { policyDigests } from './judging/policy.ts';
import { policyBook } from './judging/policy-book.ts';
import { historiesOf } from './judging/unit-history.ts';
import type { UnitJudgement } from './judging/unit-judgement.ts';
import { loadUnit } from './load-unit.ts';
import type { Ports } from './ports.ts';
import { type Extent, extentKey, getJson, type InputDigest, putJson, runKeys } from './run-objects.ts';

/** One unit to judge. */
export const crossCheckJob = z.object({
  runId: z.string(),
  token: z.number(),
  asOf: z.iso.date(),
  unit: z.string(),
});
export type CrossCheckJob = z.output<typeof crossCheckJob>;

/** What a unit's judgement leaves for the flag step. */
export interface JudgementObject {
  readonly unit: string;
  readonly assessments: readonly Assessment[];
  readonly weighings: UnitJudgement['weighings'];
  readonly unattached: UnitJudgement['unattached'];
  /** Those in view at the judging date; they decide about no period. */
  readonly incidents: readonly Incident[];
  readonly inputs: readonly InputDigest[];
  readonly errors: readonly string[];
}

export interface CrossCheckSummary {
  readonly unit: string;
  readonly assessments: number;
  readonly errors: number;
}

/**
 * Step 3: judges one unit and writes its evidence, one object per assessment, before anything points to it. The units
 * are held against each other in the step after it.
 *
 * The judgement lies at `runs/<runId>/judgements/<unit>.json`; run again it is written again, the same.
 */
export async function crossCheck(
  job: CrossCheckJob,
  ports: Pick<
    Ports,
    'config' | 'policies' | 'isHoliday' | 'counts' | 'runs' | 'data' | 'evidence' | 'ledger' | 'flags'
  >,
): Promise<CrossCheckSummary> {
  await ports.runs.assertLease(job.token);
  const { data, inputs } = await loadUnit(job.unit, ports);
  const { config, policies } = ports;
  const recorded = await ports.ledger.read(policiesChain);
  const calibrations = await ports.ledger.read(calibrationsChain);
  const landed = await landedOf(ports);
  const judgement = judgeUnit({
    config,
    policies,
    policyDigest: policyDigests(config, policies),
    book: policyBook(recorded, calibrations, config, policies, job.asOf),
    data,
    asOf: job.asOf,
    dates: 'running',
    landed,
    isHoliday: ports.isHoliday,
    calibration: null,
    decisions: decisionsIn(await ports.ledger.read(flagsChain)),
    sealed: sealedIn(await ports.ledger.read(closesChain)),
  });
  const assessments: Assessment[] = [];
  const history = historiesOf(data, config.agreement, ports.isHoliday)(job.asOf);
  for (const judged of judgement.assessments) {
    const assessment = { ...judged, contributors: history ? contributorsTo(judged, history) : [] };
    assessments.push({ ...assessment, evidence: await ports.evidence.putJson(assessment) });
  }
  const found = incidentsAt(history, landed, ports);
  const errors = [...judgement.errors, ...found.errors];
  const object: JudgementObject = {
    unit: job.unit,
    assessments,
    weighings: judgement.weighings,
    unattached: judgement.unattached,
    incidents: found.incidents,
    inputs,
    errors,
  };
  await putJson(ports.data, runKeys.judgement(job.runId, job.unit), object);
  return { unit: job.unit, assessments: assessments.length, errors: errors.length };
}

/** Incidents of a unit; one that cannot be worked out is an error of the run and stops nothing else. */
function incidentsAt(
  history: UnitHistory | null,
  landed: ReadonlyMap<string, Day>,
  ports: Pick<Ports, 'config' | 'policies' | 'isHoliday'>,
): { incidents: readonly Incident[]; errors: readonly string[] } {
  const { config, policies, isHoliday } = ports;
  if (!history) return { incidents: [], errors: [] };
  try {
    const arrivals = arrivalsOf(config, landed);
    return { incidents: incidentsOf({ config, policies, history, arrivals, isHoliday }), errors: [] };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { incidents: [], errors: [`incidents of unit ${history.unit}: ${reason}`] };
  }
}

/** When the newest file of each source landed, by id. */
async function landedOf({ config, data }: Pick<Ports, 'config' | 'data'>): Promise<Map<string, Day>> {
  const landed = new Map<string, Day>();
  for (const { id, dataset } of config.sources) {
    const extent = await getJson<Extent>(data, extentKey(id, dataset));
    if (extent) landed.set(id, extent.landedOn);
  }
  return landed;
}

/** When the newest file of each dataset landed; where several sources deliver one, of the source that is furthest behind. */
function arrivalsOf({ sources }: Config, landed: ReadonlyMap<string, Day>): Arrivals {
  const arrivals: Partial<Record<Dataset, Day>> = {};
  for (const { id, dataset } of sources) {
    const own = landed.get(id);
    const known = arrivals[dataset];
    if (own !== undefined && (known === undefined || own < known)) arrivals[dataset] = own;
  }
  return arrivals;
}
