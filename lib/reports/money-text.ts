import { currencyExponent } from '../model/currency.ts';
import { grouped } from './grouped.ts';

/**
 * An amount in minor units as a reader sees it: code, grouped major units, the decimals of ISO 4217.
 *
 * @throws {RangeError} `minor` is no integer, or `currency` is not a three-letter code.
 * @example moneyText(55555, 'USD') // => 'USD 555.55'
 */
export function moneyText(minor: number, currency: string): string {
  if (!Number.isSafeInteger(minor)) throw new RangeError(`expected whole minor units, got ${minor}`);
  const exponent = currencyExponent(currency);
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  const whole = digits.length - exponent;
  const decimals = exponent === 0 ? '' : `.${digits.slice(whole)}`;
  return `${currency} ${minor < 0 ? '-' : ''}${grouped(digits.slice(0, whole))}${decimals}`;
}

/**
 * An amount in whole major units from a hundred of them on, for texts in which cents say nothing.
 * @throws {RangeError} as {@link moneyText}.
 * @example roundMoney(26_698, 'USD') // => 'USD 267'
 */
export function roundMoney(minor: number, currency: string): string {
  const scale = 10 ** currencyExponent(currency);
  if (Math.abs(minor) < 100 * scale && minor % scale !== 0) return moneyText(minor, currency);
  const text = moneyText(Math.round(minor / scale) * scale, currency);
  return text.replace(/\.0+$/, '');
}
