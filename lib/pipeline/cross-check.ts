import * as z from 'zod';
import type { Assessment } from '../model/flag.ts';
import { closesChain, decisionsIn, flagsChain, sealedIn } from './decisions.ts';
import { judgeUnit, type UnitJudgement } from './judge.ts';
import { loadUnit } from './load-unit.ts';
import { policyDigests } from './policy.ts';
import type { Ports } from './ports.ts';
import { putJson, runKeys } from './run-objects.ts';

/** One unit to judge. */
export const crossCheckJob = z.object({
  runId: z.string(),
  token: z.number(),
  asOf: z.iso.date(),
  unit: z.string(),
});
export type CrossCheckJob = z.output<typeof crossCheckJob>;

/** Digest of one dataset and month of a unit, for the manifest. */
export interface InputDigest {
  readonly dataset: string;
  readonly month: string;
  readonly digest: string;
}

/** What a unit's judgement leaves for the flag step. */
export interface JudgementObject {
  readonly unit: string;
  readonly assessments: readonly Assessment[];
  readonly unattached: UnitJudgement['unattached'];
  readonly inputs: readonly InputDigest[];
  readonly errors: readonly string[];
}

export interface CrossCheckSummary {
  readonly unit: string;
  readonly assessments: number;
  readonly errors: number;
}

/**
 * Step 3: judges one unit and writes its evidence, one object per assessment, before anything points to it.
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
  const judgement = judgeUnit({
    config: ports.config,
    policies: ports.policies,
    policyDigest: policyDigests(ports.config, ports.policies),
    data,
    asOf: job.asOf,
    isHoliday: ports.isHoliday,
    calibration: null,
    decisions: decisionsIn(await ports.ledger.read(flagsChain)),
    sealed: sealedIn(await ports.ledger.read(closesChain)),
  });
  const assessments: Assessment[] = [];
  for (const assessment of judgement.assessments)
    assessments.push({ ...assessment, evidence: await ports.evidence.putJson(assessment) });
  const errors = judgement.assessments.flatMap((a) =>
    a.outcomes.flatMap((o) =>
      o.status === 'error' ? [`${o.check} on ${a.plan}/${a.kpi}/${a.period}: ${o.reason}`] : [],
    ),
  );
  const object: JudgementObject = {
    unit: job.unit,
    assessments,
    unattached: judgement.unattached,
    inputs,
    errors: [...new Set(errors)],
  };
  await putJson(ports.data, runKeys.judgement(job.runId, job.unit), object);
  return { unit: job.unit, assessments: assessments.length, errors: errors.length };
}
