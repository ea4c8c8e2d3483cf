/** Currencies whose minor unit has not two decimals. */
const exceptions: Readonly<Record<string, readonly string[]>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '),
  3: 'BHD IQD JOD KWD LYD OMR TND'.split(' '),
  4: 'CLF UYW'.split(' '),
};

const exponents = new Map(
  Object.entries(exceptions).flatMap(([digits, codes]) =>
    codes.map((code) => [code, Number(digits)] as const),
  ),
);

/**
 * Decimal digits of a currency's minor unit by ISO 4217. The runtime's own tables tell what is usual in shops (no
 * decimals for HUF), and change with its version.
 * @throws {RangeError} `currency` is not a three-letter code.
 * @see ISO 4217 list one, SIX Group
 * @example currencyExponent('JPY') // => 0
 */
export function currencyExponent(currency: string): number {
  if (!/^[A-Z]{3}$/.test(currency))
    throw new RangeError(`expected a three-letter currency, got "${currency}"`);
  return exponents.get(currency) ?? 2;
}

/**
 * An amount in major units as whole minor units, read exactly from its decimal digits.
 * @throws {RangeError} the amount has more decimals than the currency, or is too large to be exact.
 * @example minorUnits(1666.67, 2) // => 166667
 */
export function minorUnits(amount: number, exponent: number): number {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(String(amount));
  const minor = match ? Number(`${match[1]}${(match[2] ?? '').padEnd(exponent, '0')}`) : Number.NaN;
  if ((match?.[2] ?? '').length > exponent || !Number.isSafeInteger(minor))
    throw new RangeError(`expected an amount with at most ${exponent} decimals, got ${amount}`);
  return minor;
}
