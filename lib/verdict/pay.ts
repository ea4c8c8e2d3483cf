import type { Payout, Plan } from '../model/config.ts';
import { currencyExponent, minorUnits } from '../model/currency.ts';
import { keptFor } from '../model/kept.ts';
import { instalmentOf, type Period } from '../model/period.ts';

/**
 * The money a plan pays for one period, integer minor units, before any result is known.
 *
 * Of an amount A paid in n instalments the k-th is floor(kA/n) - floor((k-1)A/n), k counted in the
 * calendar year, so that a year's instalments add up to A exactly.
 *
 * @throws {RangeError} the amount has more decimals than the currency has.
 * @example periodAmount({ bonus: { amount: 20000, per: 'year', paid: 'month' }, ... }, parsePeriod('2026-08'), 'USD') // => 166667
 */
export function periodAmount(plan: Plan, period: Period, currency: string): number {
  const exponent = currencyExponent(currency);
  if (typeof plan.bonus === 'number') return minorUnits(plan.bonus, exponent);
  const amount = minorUnits(plan.bonus.amount, exponent);
  const { k, n } = instalmentOf(period);
  const perYear = { year: 1, quarter: 4, month: 12 }[plan.bonus.per];
  // Instalments of one amount: a yearly one in n, a quarterly one paid monthly in three, else whole or summed.
  if (perYear > n) return amount * (perYear / n);
  const parts = n / perYear;
  const place = ((k - 1) % parts) + 1;
  return Math.floor((place * amount) / parts) - Math.floor(((place - 1) * amount) / parts);
}

/**
 * Splits an amount by weights into whole minor units (largest remainder, ties in the order given).
 *
 * @param amount integer >= 0.
 * @param weights positive numbers, at least one.
 * @returns integers in the order of `weights`, adding up to `amount` exactly.
 * @throws {RangeError} no weight, or a weight that is not positive.
 * @example largestRemainder(100, [1, 1, 1]) // => [34, 33, 33]
 */
export function largestRemainder(amount: number, weights: readonly number[]): number[] {
  if (weights.length === 0 || weights.some((w) => !(w > 0)))
    throw new RangeError('expected at least one weight, all positive');
  // Whole numbers throughout: a tie of remainders must be one, whatever the binary fractions say.
  const parts = weights.map(fraction);
  const common = parts.reduce((most, { denominator }) => (denominator > most ? denominator : most), 1n);
  const whole = parts.map(({ numerator, denominator }) => numerator * (common / denominator));
  const total = whole.reduce((sum, w) => sum + w, 0n);
  const shares = whole.map((w) => Number((BigInt(amount) * w) / total));
  const left = amount - shares.reduce((sum, s) => sum + s, 0);
  const remainders = whole.map((w, i) => ({ i, remainder: (BigInt(amount) * w) % total }));
  remainders.sort((a, b) => (a.remainder === b.remainder ? a.i - b.i : a.remainder > b.remainder ? -1 : 1));
  for (const { i } of remainders.slice(0, left)) shares[i]! += 1;
  return shares;
}

/** A decimal number as an exact fraction; the denominator is a power of ten. */
function fraction(value: number): { numerator: bigint; denominator: bigint } {
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
  const [whole, decimals = ''] = mantissa.split('.') as [string, string?];
  const shift = Number(exponent) - decimals.length;
  const digits = BigInt(whole + decimals);
  return shift >= 0
    ? { numerator: digits * 10n ** BigInt(shift), denominator: 1n }
    : { numerator: digits, denominator: 10n ** BigInt(-shift) };
}

/**
 * Pay for a value of one KPI: integer minor units, rounded down, never decreasing in `value`.
 *
 * `all_or_nothing`: the share when value >= target, else 0. `linear`: with a = value / target, 0 below the
 * threshold, share x min(cap, a) up to the target, share x min(cap, 1 + accelerator (a - 1)) above it.
 * `tiers`: the share times the factor of the highest tier whose `from` is reached, 0 below the first.
 *
 * @param share integer minor units at the target.
 * @param value counted units, an integer >= 0 (revenue: minor units).
 * @example payOf('all_or_nothing', 55555, 100, 99) // => 0
 */
export function payOf(payout: Payout, share: number, target: number, value: number): number {
  if (payout === 'all_or_nothing') return value >= target ? share : 0;
  if ('tiers' in payout) {
    const reached = payout.tiers.filter((t) => value >= t.from).sort((a, b) => b.from - a.from)[0];
    return reached ? scaled(share, fraction(reached.share)) : 0;
  }
  const { threshold, accelerator, cap } = payout.linear;
  const t = fraction(target);
  const attained = { numerator: BigInt(value) * t.denominator, denominator: t.numerator };
  const limit = fraction(threshold);
  if (attained.numerator * limit.denominator < limit.numerator * attained.denominator) return 0;
  const above = attained.numerator - attained.denominator;
  const a = fraction(accelerator);
  const factor =
    above <= 0n
      ? attained
      : {
          numerator: attained.denominator * a.denominator + a.numerator * above,
          denominator: attained.denominator * a.denominator,
        };
  const most = fraction(cap);
  const isCapped = factor.numerator * most.denominator > most.numerator * factor.denominator;
  return scaled(share, isCapped ? most : factor);
}

function scaled(share: number, by: { numerator: bigint; denominator: bigint }): number {
  return Number((BigInt(share) * by.numerator) / by.denominator);
}

const shares = keptFor<readonly number[]>();

/** Shares of a plan's KPIs in a period's money, minor units, in plan order. */
export function kpiShares(plan: Plan, period: Period, currency: string): readonly number[] {
  return shares([plan], `${period.id} ${currency}`, () =>
    largestRemainder(
      periodAmount(plan, period, currency),
      plan.kpis.map((k) => k.weight),
    ),
  );
}
