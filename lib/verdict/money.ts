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
 * Decided: cleared pays gross, confirmed pays low, partly pays the given value; nothing is held.
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
        ? gross
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
