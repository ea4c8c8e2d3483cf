import { isDeepStrictEqual } from 'node:util';
import { type Act, decisionLabels, type JudgedFigures, type Person } from '../model/decision.ts';
import { type Assessment, isRaised } from '../model/flag.ts';
import { type FlagLife, isSameName, partyOf } from './decide-life.ts';

/** Why somebody may not do something. */
export interface Refusal {
  readonly why: string;
  /** Whether it is written to the ledger: attempts to decide in one's own cause are, slips are not. */
  readonly isRecorded: boolean;
}

/** What is claimed and counted: the most a decision can make count; null when nothing was counted. */
export function grossOf({ claimed, counted }: Pick<Assessment, 'claimed' | 'counted'>): number | null {
  return counted === null ? null : Math.min(claimed ?? counted, counted);
}

/** Figures a decision is about. */
export function figuresOf({ verdict, claimed, counted, verified }: Assessment): JudgedFigures {
  return { verdict, claimed, counted, verified };
}

/**
 * Who may do what (SPEC 9), as one table:
 *
 * | act | marketing | sales | finance |
 * |---|---|---|---|
 * | reply, before the decision | yes | yes | yes |
 * | propose to clear, confirm, or confirm partly | yes | yes | yes |
 * | approve one's own proposal | no, recorded | no, recorded | no, recorded |
 * | approve a proposal of marketing | no, recorded | yes | yes |
 * | approve a proposal of sales | yes | no, recorded | yes |
 * | approve a proposal of finance | yes | yes | yes, another person |
 *
 * So two people decide, and never two of the side whose pay depends on it, nor two of the side opposite.
 *
 * @returns null when it is allowed.
 */
export function refusalOf(act: Act, by: Person, life: FlagLife, assessment: Assessment): Refusal | null {
  const slip = (why: string): Refusal => ({ why, isRecorded: false });
  const recorded = (why: string): Refusal => ({ why, isRecorded: true });
  const party = partyOf(life, by.name);
  if (party !== null && party !== by.party)
    return recorded(`${by.name} acted for ${party} on this flag and cannot act for ${by.party}`);
  const { proposal, decision } = life;
  const decided = decision && `it was ${decisionLabels[decision.body.kind]} on ${decision.body.at}`;

  if (act.act === 'reply')
    return decided && !proposal ? slip(`${decided}; a reply comes before the decision`) : null;

  if (act.act === 'propose') {
    const undecidable = undecidableBecause(assessment);
    if (undecidable && !decision) return slip(undecidable);
    if (proposal && !act.instead)
      return slip(
        `${proposal.body.by.name} proposed on ${proposal.at.slice(0, 10)} that it be ${decisionLabels[proposal.body.kind]}: approve that, or propose --instead of it`,
      );
    if (decided && !proposal && !act.instead)
      return slip(`${decided}; to decide anew propose --instead of it`);
    if (act.kind !== 'partly_confirmed') return null;
    const most = grossOf(assessment) ?? 0;
    return act.value === null || act.value > most
      ? slip(`expected a whole number from 0 to ${most}, what is claimed and counted, got ${act.value}`)
      : null;
  }

  if (!proposal)
    return slip(
      decided ? `${decided}; nothing waits for approval` : 'nothing was proposed that could be approved',
    );
  const { by: proposer, figures } = proposal.body;
  if (isSameName(proposer.name, by.name))
    return recorded(`${by.name} proposed it, and a decision needs a second person`);
  if (by.party !== 'finance' && by.party === proposer.party)
    return recorded(
      by.party === assessment.side
        ? `both are of ${by.party}, whose pay depends on it: a decision needs a person of ${other(by.party)} or finance`
        : `both are of ${by.party}: a decision needs a person of ${other(by.party)} or finance`,
    );
  // Stored figures went through JSON.
  if (!isDeepStrictEqual(figures, JSON.parse(JSON.stringify(figuresOf(assessment)))))
    return slip('the judgement changed after it was proposed; look at it again and propose --instead');
  return null;
}

const other = (party: 'marketing' | 'sales') => (party === 'marketing' ? 'sales' : 'marketing');

function undecidableBecause({ verdict, counted, verified, money }: Assessment): string | null {
  if (!isRaised(verdict) && verdict !== 'unable_to_certify')
    return `its verdict is ${verdict}: nothing waits for a decision`;
  return money.claimed > 0 && (counted === null || verified === null)
    ? 'nothing could be counted, so there is no number to decide on: bring the data first'
    : null;
}
