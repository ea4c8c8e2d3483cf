import { isDeepStrictEqual } from 'node:util';
import { checks } from '../checks/index.ts';
import type { LedgerDraft, LedgerEntry } from '../evidence/ledger.ts';
import { digestOfJson } from '../model/canonical-json.ts';
import {
  type Act,
  type ActBodies,
  type Attachment,
  type FlagAct,
  mostAttachedBytes,
  type Person,
} from '../model/decision.ts';
import { type Assessment, assessmentKey, type Decision, type Money } from '../model/flag.ts';
import { flagAlert, isMaterialChange, toldOf } from '../reports/flag-alert.ts';
import type { AssessmentRecord } from '../store/flags-store.ts';
import { type FlagLife, type FlagState, flagLife } from './decide-life.ts';
import { decided } from './decide-money.ts';
import { figuresOf, grossOf, refusalOf } from './decide-rules.ts';
import { flagsChain, policiesChain } from './decisions.ts';
import { documentOf, findAssessment } from './find-assessment.ts';
import { type PlanOf, plansIn } from './judging/policy-book.ts';
import type { Ports } from './ports.ts';
import { recordTrueUps } from './restatement-ledger.ts';

/** What somebody wanted to do is not allowed; the message says why and what is. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** Somebody else acted on the same flag at the same moment, and theirs stands. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

/** What an act came to. */
export interface DecideSummary {
  /** `plan|kpi|unit|period`. */
  readonly flag: string;
  readonly state: FlagState;
  /** False when the same had been done before. */
  readonly isNew: boolean;
  /** The flag's money after it. */
  readonly money: Money;
}

const mostTries = 5;

type DecidePorts = Pick<Ports, 'config' | 'flags' | 'evidence' | 'ledger' | 'now'>;

/**
 * Does one act of a person about a flag: a reply, a proposal, or the second person's approval, which makes the
 * decision. It is appended to the ledger first and projected onto the flags table then; broken off in between, the
 * next act or run projects it. What is not allowed and was tried in one's own cause is in the ledger too.
 *
 * @param by who acts; the caller of this function vouches for it.
 * @throws {RefusedError} it is not allowed.
 * @throws {ConflictError} of two acts at once the other one was first.
 * @throws {UnknownFlagError} there is no such flag.
 */
export async function decide(act: Act, by: Person, ports: DecidePorts): Promise<DecideSummary> {
  const all = (await ports.flags.listAssessments()).map(documentOf);
  const assessment = findAssessment(act.flag, all);
  const flag = assessmentKey(assessment);
  const life = flagLife(await ports.ledger.read(flagsChain), flag);

  const same = life.acts.find((done) => isSameAct(done, act, by, life, assessment));
  if (same) return finish(flag, false, ports);

  const refusal = refusalOf(act, by, life, assessment);
  if (refusal) {
    if (refusal.isRecorded) {
      const body: ActBodies['refusal'] = { flag, by, tried: triedWords(act), why: refusal.why };
      const at = ports.now().toISOString();
      await append(`refusal-${flag}-${life.acts.length + 1}-${at}`, 'refusal', body, [], ports);
      await project(flag, ports);
    }
    throw new RefusedError(`${triedWords(act)} is refused: ${refusal.why}`);
  }

  if (act.act === 'reply') await reply(act, flag, by, ports);
  else {
    const turn = `turn-${flag}-${life.turns + 1}`;
    const { body, objects } =
      act.act === 'propose'
        ? { body: proposalOf(act, flag, by, assessment), objects: [] }
        : await decisionOf(flag, by, life, assessment, all, ports);
    try {
      await append(turn, act.act === 'propose' ? 'proposal' : 'decision', body, objects, ports);
    } catch (error) {
      // The ledger lets one entry take a turn.
      if (!(error instanceof RangeError)) throw error;
      const first = flagLife(await ports.ledger.read(flagsChain), flag).acts.findLast(
        (a) => a.kind === 'proposal' || a.kind === 'decision',
      )!;
      const who = first.kind === 'decision' ? first.body.approvedBy : (first.body as { by: Person }).by;
      throw new ConflictError(
        `${who.name} was faster: ${first.kind === 'decision' ? 'it is decided' : 'another proposal stands'}; look at it again`,
      );
    }
  }
  return finish(flag, true, ports);
}

async function finish(flag: string, isNew: boolean, ports: DecidePorts): Promise<DecideSummary> {
  for (let tries = 1; ; tries += 1)
    try {
      const { life, assessment } = await project(flag, ports);
      await recordTrueUps(ports.now().toISOString().slice(0, 10), ports);
      return { flag, state: life.state, isNew, money: assessment.money };
    } catch (error) {
      // A run wrote the same judgement in between: read it again.
      if (!(error instanceof Error && error.name === 'VersionConflictError') || tries === mostTries)
        throw error;
    }
}

/** Whether an act had been done before: the repeat of a call whose answer was lost. */
function isSameAct(done: FlagAct, act: Act, by: Person, life: FlagLife, assessment: Assessment): boolean {
  const flag = assessmentKey(assessment);
  if (act.act === 'propose') {
    if (done !== life.proposal) return false;
    return isDeepStrictEqual(done.body, JSON.parse(JSON.stringify(proposalOf(act, flag, by, assessment))));
  }
  if (act.act === 'approve')
    return (
      done.kind === 'decision' &&
      life.proposal === null &&
      done === life.decision &&
      isDeepStrictEqual(done.body.approvedBy, by)
    );
  return false;
}

function append(
  id: string,
  kind: keyof ActBodies,
  body: ActBodies[keyof ActBodies],
  objects: LedgerDraft['objects'],
  { ledger, now }: DecidePorts,
): Promise<{ entry: LedgerEntry }> {
  return ledger.append(flagsChain, { id, at: now().toISOString(), kind, body, objects });
}

function proposalOf(
  { kind, value, reason, comment }: Extract<Act, { act: 'propose' }>,
  flag: string,
  by: Person,
  assessment: Assessment,
): ActBodies['proposal'] {
  return {
    flag,
    by,
    kind,
    value: kind === 'cleared' ? grossOf(assessment) : kind === 'partly_confirmed' ? value : null,
    reason,
    comment,
    figures: figuresOf(assessment),
  };
}

/** The decision a proposal becomes, with the judgements it leads to, which are evidence before it is appended. */
async function decisionOf(
  flag: string,
  by: Person,
  life: FlagLife,
  assessment: Assessment,
  all: readonly Assessment[],
  ports: DecidePorts,
): Promise<{ body: ActBodies['decision']; objects: string[] }> {
  const { seq, body } = life.proposal!;
  const { kind, value, reason, comment, figures } = body;
  const at = ports.now().toISOString().slice(0, 10);
  const decision: Decision = { kind, value, reason, at };
  const objects = [];
  for (const one of decided(assessment, decision, all, await planOf(ports)))
    objects.push(await ports.evidence.putJson(one));
  return {
    body: { ...decision, flag, proposedBy: body.by, approvedBy: by, comment, proposal: seq, figures },
    objects,
  };
}

/** Keeps a reply with its attachments, each wrapped so that no content of it can be read as evidence of ours. */
async function reply(
  act: Extract<Act, { act: 'reply' }>,
  flag: string,
  by: Person,
  ports: DecidePorts,
): Promise<void> {
  const sizes = act.attachments.map(sizeOf);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total > mostAttachedBytes)
    throw new RefusedError(`attachments hold ${total} bytes together; at most ${mostAttachedBytes} are kept`);
  const attachments = [];
  for (const [i, { name, base64 }] of act.attachments.entries())
    attachments.push({
      name,
      digest: await ports.evidence.putJson({ schema: 'bonafide/attachment/1', name, base64 }),
      bytes: sizes[i]!,
    });
  const body: ActBodies['reply'] = { flag, by, text: act.text, attachments };
  // Named by what it says, so that the repeat of a call whose answer was lost adds nothing.
  await append(
    `reply-${flag}-${digestOfJson(body)}`,
    'reply',
    body,
    attachments.map((a) => a.digest),
    ports,
  );
}

function sizeOf({ base64 }: Attachment): number {
  return Buffer.from(base64, 'base64').byteLength;
}

/** Brings the flags table up to the ledger: the flag's history, and the judgement as its decision left it. */
async function project(
  flag: string,
  ports: DecidePorts,
): Promise<{ life: FlagLife; assessment: Assessment }> {
  const life = flagLife(await ports.ledger.read(flagsChain), flag);
  const records = await ports.flags.listAssessments();
  const own = records.find((r) => assessmentKey(documentOf(r)) === flag)!;
  const { plan, kpi, unit, period } = own;
  for (const { seq, at, kind, body } of life.acts)
    await ports.flags.appendHistory({ plan, kpi, unit, period }, { seq, at, kind, document: body });
  if (!life.decision) return { life, assessment: documentOf(own) };
  const { kind, value, reason, at } = life.decision.body;
  const decision: Decision = { kind, value, reason, at };
  if (isDeepStrictEqual(documentOf(own).decision, decision)) return { life, assessment: documentOf(own) };

  const after = decided(documentOf(own), decision, records.map(documentOf), await planOf(ports));
  let assessment = documentOf(own);
  // The decided one last: what it says tells a repeat that the others are written.
  for (const one of after.toReversed()) {
    const before = records.find((r) => assessmentKey(documentOf(r)) === assessmentKey(one))!;
    assessment = { ...one, evidence: await ports.evidence.putJson(one) };
    const { seq } = life.decision;
    const isNews = await alertOf(before, assessment, seq, ports);
    await ports.flags.putAssessment({
      ...before,
      isOpen: before.isOpen && assessment.decision === null,
      ledgerSeq: seq,
      version: before.version + 1,
      told: isNews ? toldOf(assessment) : before.told,
      document: assessment,
    });
  }
  return { life, assessment };
}

/** Puts an alert into the outbox if the decision is news, and says whether it was. */
async function planOf({ ledger, config }: DecidePorts): Promise<PlanOf> {
  return plansIn(await ledger.read(policiesChain), config);
}

async function alertOf(
  { told }: AssessmentRecord,
  assessment: Assessment,
  sequence: number,
  ports: DecidePorts,
): Promise<boolean> {
  if (!isMaterialChange(told, toldOf(assessment))) return false;
  const context = { organisation: ports.config.organisation, previous: told, sequence, checks, earlier: [] };
  const alert = flagAlert(assessment, context);
  await ports.flags.putAlert({ id: alert.id, document: alert });
  return true;
}

function triedWords(act: Act): string {
  if (act.act === 'reply') return 'a reply';
  if (act.act === 'approve') return 'approving';
  return { cleared: 'clearing', confirmed: 'confirming', partly_confirmed: 'confirming partly' }[act.kind];
}
