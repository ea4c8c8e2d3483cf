import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { checks } from '../checks/index.ts';
import { addDays, type Day } from '../model/day.ts';
import { type Assessment, agreementPlan, assessmentKey, isRaised, type Verdict } from '../model/flag.ts';
import { parsePeriod } from '../model/period.ts';
import { flagAlert, isMaterialChange, toldOf } from '../reports/flag-alert.ts';
import type { AssessmentRecord } from '../store/flags-store.ts';
import { canaries } from './calibration/canaries.ts';
import type { JudgementObject } from './cross-check.ts';
import { withDecisions } from './decide-money.ts';
import { decisionsIn, flagsChain, policiesChain } from './decisions.ts';
import { documentOf } from './find-assessment.ts';
import { putIncidents } from './incident-records.ts';
import { acrossUnits } from './judging/across-units.ts';
import { plansIn, policiesToRecord } from './judging/policy-book.ts';
import type { Ports } from './ports.ts';
import { recordTrueUps } from './restatement-ledger.ts';
import { getJson, putJson, type RunIdentity, runKeys } from './run-objects.ts';

/** Work of a step that follows the judgements. */
export const afterJob = z.object({ runId: z.string(), token: z.number(), asOf: z.iso.date() });
export type AfterJob = z.output<typeof afterJob>;

/** One change of an assessment, as the ledger keeps it. */
export interface Transition {
  readonly flag: string;
  readonly from: Verdict | null;
  readonly to: Verdict;
  /** Evidence object that holds the whole assessment. */
  readonly evidence: string;
}

export interface FlagSummary {
  readonly assessments: number;
  readonly changed: number;
  readonly raised: number;
  readonly uncertified: number;
}

/** Periods that ended within this many days alert when new; older ones only when they change. */
const alertDays = 35;

type FlagPorts = Pick<Ports, 'config' | 'policies' | 'runs' | 'data' | 'flags' | 'evidence' | 'ledger'>;

/**
 * Step 4: holds the units against each other, appends what changed to the ledger, then projects it onto the flags
 * table: first the alert into the outbox, then the flag. Broken off and repeated it ends in the same state, because a repeat first projects
 * whatever the ledger already holds. In a weekly run the canaries are judged too, apart from all of it.
 */
export async function flag(job: AfterJob, ports: FlagPorts): Promise<FlagSummary> {
  await ports.runs.assertLease(job.token);
  const units = (await getJson<string[]>(ports.data, runKeys.units(job.runId))) ?? [];
  const judgements: JudgementObject[] = [];
  for (const unit of units) {
    const judgement = await getJson<JudgementObject>(ports.data, runKeys.judgement(job.runId, unit));
    if (!judgement) continue;
    judgements.push(judgement);
    await putIncidents(unit, judgement.incidents, job.asOf, ports);
  }
  const decisions = decisionsIn(await ports.ledger.read(flagsChain));
  const planOf = plansIn(await ports.ledger.read(policiesChain), ports.config);
  const assessments: Assessment[] = [];
  // What the comparison of units changed, or a decision made since the judgement, is evidence of its own.
  for (const one of withDecisions(acrossUnits(judgements), decisions, planOf))
    assessments.push(one.evidence ? one : { ...one, evidence: await ports.evidence.putJson(one) });
  await recordPolicies(job.asOf, ports);
  const stored = new Map<string, AssessmentRecord>();
  for (const record of await ports.flags.listAssessments())
    stored.set(assessmentKey(documentOf(record)), record);
  await projectLast(job.asOf, stored, ports);

  const judged = new Set(assessments.map(assessmentKey));
  const withdrawn = [...stored.values()]
    .map(documentOf)
    .filter(
      (a) =>
        (a.plan === agreementPlan || a.state === 'open') &&
        isRaised(a.verdict) &&
        parsePeriod(a.period).from <= job.asOf &&
        units.includes(a.unit) &&
        !judged.has(assessmentKey(a)),
    )
    .map((a): Assessment => ({ ...a, verdict: 'clear', findings: [], evidence: null }));
  for (const one of withdrawn) assessments.push({ ...one, evidence: await ports.evidence.putJson(one) });

  const changed = assessments.filter((a) => {
    const before = stored.get(assessmentKey(a));
    return !before || !isDeepStrictEqual(documentOf(before), JSON.parse(JSON.stringify(a)));
  });
  if (changed.length > 0) {
    const transitions = changed.map((a): Transition => {
      const before = stored.get(assessmentKey(a));
      return {
        flag: assessmentKey(a),
        from: before ? documentOf(before).verdict : null,
        to: a.verdict,
        evidence: a.evidence!,
      };
    });
    const head = await ports.ledger.head(flagsChain);
    await ports.ledger.append(flagsChain, {
      // Place and judging date, not the run or its clock: the same evidence gives the same chain.
      id: `judgement-${(head?.seq ?? 0) + 1}`,
      at: `${job.asOf}T00:00:00Z`,
      kind: 'judgement',
      body: { asOf: job.asOf, transitions },
      objects: transitions.map((t) => t.evidence),
    });
    await projectLast(job.asOf, stored, ports);
  }
  await recordTrueUps(job.asOf, ports);
  const summary: FlagSummary = {
    assessments: assessments.length,
    changed: changed.length,
    raised: assessments.filter((a) => isRaised(a.verdict)).length,
    uncertified: assessments.filter((a) => a.verdict === 'unable_to_certify').length,
  };
  await putJson(ports.data, runKeys.summary(job.runId), summary);
  const run = await getJson<RunIdentity>(ports.data, runKeys.run(job.runId));
  if (run?.kind === 'weekly')
    await putJson(ports.data, runKeys.canaries(job.runId), canaries(ports.policies));
  return summary;
}

/** Keeps what the judgements were made by: what is not recorded yet is evidence first, then an entry of the ledger. */
async function recordPolicies(
  asOf: Day,
  { config, policies, evidence, ledger }: Pick<Ports, 'config' | 'policies' | 'evidence' | 'ledger'>,
): Promise<void> {
  const due = policiesToRecord(await ledger.read(policiesChain), config, policies, asOf);
  if (!due) return;
  for (const document of due.documents) await evidence.putJson(document);
  await ledger.append(policiesChain, due.draft);
}

/** Earlier periods in which the same number was raised, oldest first. */
function earlierRaised(assessment: Assessment, records: Iterable<AssessmentRecord>): string[] {
  const { plan, kpi, unit, period } = assessment;
  return [...records]
    .map(documentOf)
    .filter(
      (a) => a.plan === plan && a.kpi === kpi && a.unit === unit && a.period < period && isRaised(a.verdict),
    )
    .map((a) => a.period)
    .sort();
}

/** Brings the table up to the ledger's last judgement; what is there already stays as it is. */
async function projectLast(
  asOf: Day,
  stored: Map<string, AssessmentRecord>,
  ports: FlagPorts,
): Promise<void> {
  const entries = await ports.ledger.read(flagsChain);
  const entry = entries.findLast((e) => e.kind === 'judgement');
  if (!entry) return;
  const { transitions } = entry.body as { transitions: Transition[] };
  for (const transition of transitions) {
    const before = stored.get(transition.flag) ?? null;
    if (before && before.ledgerSeq >= entry.seq) continue;
    const assessment = {
      ...((await ports.evidence.getJson(transition.evidence)) as Assessment),
      evidence: transition.evidence,
    };
    const previous = before?.told ?? null;
    const version = (before?.version ?? 0) + 1;
    const isRecent = addDays(parsePeriod(assessment.period).to, alertDays) >= asOf;
    const now = toldOf(assessment);
    const isNews = isMaterialChange(previous, now) && (isRecent || previous !== null);
    if (isNews) {
      const earlier = earlierRaised(assessment, stored.values());
      const { organisation } = ports.config;
      const context = { organisation, previous, sequence: entry.seq, checks, earlier };
      const alert = flagAlert(assessment, context);
      await ports.flags.putAlert({ id: alert.id, document: alert });
    }
    const { plan, kpi, unit, period } = assessment;
    if (transition.from !== transition.to && (isRaised(transition.to) || isRaised(transition.from)))
      await ports.flags.appendHistory(
        { plan, kpi, unit, period },
        { seq: entry.seq, at: entry.at, kind: entry.kind, document: transition },
      );
    const record: AssessmentRecord = {
      plan,
      kpi,
      unit,
      period,
      verdict: assessment.verdict,
      due: assessment.due,
      isOpen: isRaised(assessment.verdict) && assessment.decision === null,
      ledgerSeq: entry.seq,
      version,
      // Small steps add up: each is held against what was told, not against the step before.
      told: isNews || previous === null ? now : previous,
      document: assessment,
    };
    await ports.flags.putAssessment(record);
    stored.set(transition.flag, record);
  }
}
