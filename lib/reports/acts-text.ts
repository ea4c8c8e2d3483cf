import { decisionLabels, type FlagAct, type Person } from '../model/decision.ts';
import { numberText } from './number-text.ts';
import { plainText } from './plain-text.ts';

/**
 * What somebody did about a flag, in one line without the date.
 * @example actText(decision) // => 'cleared by Cy (marketing) and Fay (finance), other: agreed in May'
 */
export function actText(act: FlagAct): string {
  switch (act.kind) {
    case 'reply': {
      const { by, text, attachments } = act.body;
      const files = attachments.map((a) => plainText(a.name, 80)).join(', ');
      return `reply of ${person(by)}: ${plainText(text, 2000)}${files ? ` [${files}]` : ''}`;
    }
    case 'proposal': {
      const { by, kind, value, reason, comment } = act.body;
      return `${person(by)} proposed: ${decisionLabels[kind]}${valueText(value, act.body.flag)}, ${reason}: ${plainText(comment, 2000)}`;
    }
    case 'decision': {
      const { proposedBy, approvedBy, kind, value, reason, comment } = act.body;
      return `${decisionLabels[kind]}${valueText(value, act.body.flag)} by ${person(proposedBy)} and ${person(approvedBy)}, ${reason}: ${plainText(comment, 2000)}`;
    }
    case 'refusal': {
      const { by, tried, why } = act.body;
      return `refused: ${person(by)}, ${tried}, because ${plainText(why, 300)}`;
    }
  }
}

function person({ name, party }: Person): string {
  return `${plainText(name, 80)} (${party})`;
}

function valueText(value: number | null, flag: string): string {
  if (value === null) return '';
  return ` at ${numberText(value)}${flag.split('|')[1] === 'revenue' ? ' minor units' : ''}`;
}
