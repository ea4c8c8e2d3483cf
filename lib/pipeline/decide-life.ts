import type { LedgerEntry } from '../evidence/ledger.ts';
import type { FlagAct, Party } from '../model/decision.ts';
import type { Decision } from '../model/flag.ts';

/** Where a flag stands between its raising and its decision (SPEC 9). */
export type FlagState = 'open' | 'in_review' | Decision['kind'];

type ActOf<K extends FlagAct['kind']> = Extract<FlagAct, { kind: K }>;

/** What people did about one flag, and what of it stands. */
export interface FlagLife {
  readonly state: FlagState;
  /** The proposal that waits for a second person. */
  readonly proposal: ActOf<'proposal'> | null;
  /** The decision that stands; it goes on standing while another is proposed in its place. */
  readonly decision: ActOf<'decision'> | null;
  /** Proposals and decisions so far: the next takes the number after. */
  readonly turns: number;
  /** Everything, oldest first. */
  readonly acts: readonly FlagAct[];
}

const kinds: ReadonlySet<string> = new Set<FlagAct['kind']>(['reply', 'proposal', 'decision', 'refusal']);

/** Entries of the flags chain that are about people's acts, oldest first. */
export function actsIn(entries: readonly LedgerEntry[]): FlagAct[] {
  return entries.filter((e) => kinds.has(e.kind)) as unknown as FlagAct[];
}

/**
 * The life of one flag by the flags chain.
 * @param flag `plan|kpi|unit|period`.
 * @example flagLife([], 'director|leads|all|2026-08').state // => 'open'
 */
export function flagLife(entries: readonly LedgerEntry[], flag: string): FlagLife {
  const acts = actsIn(entries).filter((act) => act.body.flag === flag);
  const turns = acts.filter((act) => act.kind === 'proposal' || act.kind === 'decision');
  const last = turns.at(-1);
  const decision = turns.findLast((act) => act.kind === 'decision') ?? null;
  const proposal = last?.kind === 'proposal' ? last : null;
  const isTouched = acts.some((act) => act.kind === 'reply') || proposal !== null;
  return {
    state: proposal ? 'in_review' : (decision?.body.kind ?? (isTouched ? 'in_review' : 'open')),
    proposal,
    decision,
    turns: turns.length,
    acts,
  };
}

/** Whom a person acted for on a flag before; null when never. Refused attempts do not bind anybody. */
export function partyOf(life: FlagLife, name: string): Party | null {
  for (const act of life.acts) {
    if (act.kind === 'refusal') continue;
    const people = act.kind === 'decision' ? [act.body.proposedBy, act.body.approvedBy] : [act.body.by];
    const known = people.find((person) => isSameName(person.name, name));
    if (known) return known.party;
  }
  return null;
}

/** Whether two names are one person's: case, blanks and forms of the same letter do not tell people apart. */
export function isSameName(a: string, b: string): boolean {
  const plain = (name: string) => name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
  return plain(a) === plain(b);
}
