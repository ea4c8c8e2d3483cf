import type { Decision, Money, Verdict, Verified } from '../model/flag.ts';

/** What the money of one KPI and period depends on. */
export interface MoneyInput {
  readonly currency: string;
  /** Pay for a value of the KPI, integer minor units, never decreasing. */
  pay(value: number): number;
  /** Null without a claim yet: nothing is claimed, nothing paid. */
  readonly claimed: number | null;
  /** min(claimed, counted); null when nothing could be counted. */
  readonly gross: number | null;
  /** Units taken off by proof alone. */
  readonly proven: number;
  readonly verified: Verified | null;
  readonly verdict: Verdict;
  readonly isRipe: boolean;
  readonly decision: Decision | null;
}

/**
 * Splits the money of a claim into payable, held and refused (SPEC 8).
 *
 * Decided: cleared pays gross, but never more than it was when it was cleared; confirmed pays low, partly pays the given value; nothing is held.
 * `unable_to_certify`: all held. Clear or watch, and ripe: pays gross less what is proven, the rest is refused.
 * Else pays low and holds the rest. payable + held + refused = pay(claimed), always.
 *
 * @returns integer minor units, all zero without a claim.
 * @example splitMoney({ ..., verdict: 'suspect', verified: { low: 50, point: 50, high: 50 } }).held // => 55555
 */
export function splitMoney(input: MoneyInput): Money {
  const { currency, pay, claimed, gross, verified, verdict, decision } = input;
  const asked = claimed === null ? 0 : pay(claimed);
  const paid = (value: number) => Math.min(asked, pay(Math.max(0, value)));
  const money = (payable: number, held: number, waiting = 0): Money => ({
    currency,
    claimed: asked,
    payable,
    held,
    refused: asked - payable - held,
    waiting,
  });
  if (decision && gross !== null && verified !== null) {
    const value =
      decision.kind === 'cleared'
        ? Math.min(gross, decision.value ?? gross)
        : decision.kind === 'confirmed'
          ? verified.low
          : (decision.value ?? verified.low);
    return money(paid(value), 0);
  }
  if (verdict === 'unable_to_certify' || gross === null || verified === null) return money(0, asked);
  if ((verdict === 'clear' || verdict === 'watch') && input.isRipe)
    return money(paid(gross - input.proven), 0);
  const payable = paid(verified.low);
  return money(payable, asked - payable, paid(verified.high) - payable);
}

/**
 * The money of a plan that pays only when every KPI reaches its first payment (`combine: all`): a KPI is claimed only
 * where all claims pay, and payable only where every KPI is. What remains is held while any of them is, else refused.
 *
 * @param parts money of each KPI of one plan, unit and period, as each stands for itself.
 * @returns in the same order; payable + held + refused = claimed in each.
 * @example combineAll([paid, held])[0].payable // => 0
 */
export function combineAll(parts: readonly Money[]): Money[] {
  const isClaimed = parts.every((m) => m.claimed > 0);
  const isPayable = parts.every((m) => m.payable > 0);
  const isOpen = parts.some((m) => m.held > 0);
  return parts.map((m) => {
    const claimed = isClaimed ? m.claimed : 0;
    const payable = isClaimed && isPayable ? m.payable : 0;
    const rest = claimed - payable;
    const held = isOpen ? Math.max(0, rest - m.refused) : 0;
    return { ...m, claimed, payable, held, refused: rest - held, waiting: Math.min(m.waiting, held) };
  });
}
