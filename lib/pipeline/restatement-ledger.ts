import { isDeepStrictEqual } from 'node:util';
import type { LedgerEntry } from '../evidence/ledger.ts';
import type { Day } from '../model/day.ts';
import { type Assessment, agreementPlan, assessmentKey, type Decision } from '../model/flag.ts';
import type { TrueUp } from '../model/statement.ts';
import type { CloseObject } from './close-object.ts';
import { closesChain } from './decisions.ts';
import { documentOf } from './find-assessment.ts';
import type { Ports } from './ports.ts';

/** Chain of what changed in sealed periods. */
export const restatementsChain = 'restatements';

/** Body of one of its entries. */
interface TrueUpBody extends Omit<TrueUp, 'seq' | 'recordedOn'> {
  readonly figures: Figures;
}

/** What a period is sealed with, of one KPI. */
interface Figures extends Pick<Assessment, 'claimed' | 'counted' | 'verified' | 'money'> {
  readonly decision: Decision | null;
}

function figuresOf({ claimed, counted, verified, money, decision }: Figures): Figures {
  return { claimed, counted, verified, money, decision };
}

/** The true-ups recorded so far, oldest first. */
export function trueUpsIn(entries: readonly LedgerEntry[]): TrueUp[] {
  return entries.map(({ seq, at, body }) => {
    const { figures: _, ...rest } = body as TrueUpBody;
    return { seq, recordedOn: at.slice(0, 10), ...rest };
  });
}

/**
 * Records what changed in sealed periods since they were sealed, or since it was last recorded: the figures before and
 * after, why, and what it does to pay. What was sealed stays as it is. Repeated it records nothing twice.
 *
 * @returns the number of true-ups recorded.
 */
export async function recordTrueUps(
  asOf: Day,
  ports: Pick<Ports, 'flags' | 'evidence' | 'ledger'>,
): Promise<number> {
  const closes = await ports.ledger.read(closesChain);
  if (closes.length === 0) return 0;
  const known = new Map<string, Figures>();
  const sealed = new Set<string>();
  for (const { id, objects } of closes) {
    sealed.add(id);
    const { assessments } = (await ports.evidence.getJson(objects[0]!)) as CloseObject;
    for (const one of assessments) known.set(assessmentKey({ ...one, period: id }), figuresOf(one));
  }
  const entries = await ports.ledger.read(restatementsChain);
  const turns = new Map<string, number>();
  for (const { body } of entries) {
    const { flag, figures } = body as TrueUpBody;
    known.set(flag, figures);
    turns.set(flag, (turns.get(flag) ?? 0) + 1);
  }
  let recorded = 0;
  for (const a of (await ports.flags.listAssessments()).map(documentOf)) {
    if (!sealed.has(a.period) || a.plan === agreementPlan || a.evidence === null) continue;
    const flag = assessmentKey(a);
    const before = known.get(flag) ?? null;
    const figures = JSON.parse(JSON.stringify(figuresOf(a))) as Figures;
    if (isDeepStrictEqual(before, figures)) continue;
    const { plan, kpi, unit, period } = a;
    const body: TrueUpBody = {
      flag,
      plan,
      kpi,
      unit,
      period,
      cause: before && !isDeepStrictEqual(before.decision, figures.decision) ? 'decision' : 'restated',
      currency: a.money.currency,
      claimed: [before?.claimed ?? null, a.claimed],
      counted: [before?.counted ?? null, a.counted],
      payable: [before?.money.payable ?? 0, a.money.payable],
      held: [before?.money.held ?? 0, a.money.held],
      evidence: a.evidence,
      figures,
    };
    await ports.ledger.append(restatementsChain, {
      id: `true-up-${flag}-${(turns.get(flag) ?? 0) + 1}`,
      at: `${asOf}T00:00:00Z`,
      kind: 'true_up',
      body,
      objects: [a.evidence],
    });
    recorded += 1;
  }
  return recorded;
}
