import { type Assessment, isRaised } from '../model/flag.ts';
import { leadFinding } from './alert-text.ts';
import { kpiValueText } from './number-text.ts';
import { listText, plainText } from './plain-text.ts';
import { removalTexts } from './removal-text.ts';

/** Share of a claim from which what was taken off says why a decision is asked for. */
const tellingShare = 0.05;

/**
 * Why a number is not certified, in a few words: what was taken off the claim; where that is little, the finding that
 * says most; where nothing could be told, the reason.
 *
 * @returns at most 200 characters; empty for a certified number.
 * @example whyText(sqls) // => '50 not accepted by sales, undisputed'
 */
export function whyText(a: Assessment): string {
  if (a.verdict === 'unable_to_certify') return plainText(a.reasons.join('; '), 200);
  if (!isRaised(a.verdict)) return '';
  const off = a.removals.filter((r) => !r.memo && r.rule !== 'pending');
  const count = off.reduce((sum, r) => sum + r.count, 0);
  if (count < tellingShare * (a.claimed ?? a.counted ?? 0) || count === 0)
    return plainText(leadFinding(a)?.text ?? a.reasons.join('; '), 200);
  const texts = off.map((r) => {
    const sources =
      r.rule === 'source_excess' && r.records.length > 0 ? `, from ${listText(r.records, 2)}` : '';
    return `${kpiValueText(a.kpi, r.count, a.money.currency)} ${removalTexts[r.rule]}${sources}`;
  });
  return plainText(texts.join('; '), 200);
}
