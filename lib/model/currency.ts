/**
 * Decimal digits of a currency's minor unit, by ISO 4217 as the runtime's tables hold it.
 * @throws {RangeError} `currency` is not a three-letter code.
 * @example currencyExponent('JPY') // => 0
 */
export function currencyExponent(currency: string): number {
  const held = exponents.get(currency);
  if (held !== undefined) return held;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const exponent = format.resolvedOptions().maximumFractionDigits ?? 2;
  exponents.set(currency, exponent);
  return exponent;
}

const exponents = new Map<string, number>();

/**
 * An amount in major units as whole minor units, read exactly from its decimal digits.
 * @throws {RangeError} the amount is not finite or has more decimals than the currency.
 * @example minorUnits(1666.67, 2) // => 166667
 */
export function minorUnits(amount: number, exponent: number): number {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(String(amount));
  if (!match || (match[2] ?? '').length > exponent)
    throw new RangeError(`expected an amount with at most ${exponent} decimals, got ${amount}`);
  return Number(`${match[1]}${(match[2] ?? '').padEnd(exponent, '0')}`);
}
