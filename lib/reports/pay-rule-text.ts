import type { Payout, PlanKpi } from '../model/config.ts';
import { numberText } from './number-text.ts';

/**
 * How pay follows from a KPI's value, in a sentence.
 * @example payRuleText({ payout: 'all_or_nothing', target: 100, ... }) // => 'the whole share from 100 on, nothing below'
 */
export function payRuleText({ payout, target, countsWhen }: PlanKpi): string {
  const counts = countsWhen === 'accepted' ? '; rejections with an agreed reason do not count' : '';
  return `${payoutText(payout, target)}${counts}`;
}

function payoutText(payout: Payout, target: number): string {
  if (payout === 'all_or_nothing') return `the whole share from ${numberText(target)} on, nothing below`;
  if ('tiers' in payout)
    return payout.tiers.map(({ from, share }) => `${share} of the share from ${numberText(from)}`).join(', ');
  const { threshold, accelerator, cap } = payout.linear;
  return `in proportion to ${numberText(target)}, nothing below ${threshold} of it, ${accelerator} times the part above it, at most ${cap} of the share`;
}
