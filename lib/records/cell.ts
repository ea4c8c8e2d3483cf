import type { TextBytes } from './text-bytes.ts';

/**
 * Reading of single cells straight from the bytes of a file, without making strings. Each reader takes
 * `text` and the half-open range of the cell and returns a number, or a marker no cell can hold.
 */

/** No count, amount or decimal could be read. */
export const noNumber = Number.NEGATIVE_INFINITY;

const zero = 48;
const nine = 57;
const dot = 46;
const minus = 45;
const largest = Number.MAX_SAFE_INTEGER;

/**
 * A whole number >= 0 of digits only: no sign, fraction, exponent, separator or blank.
 * @returns {@link noNumber} for anything else, and above 2^53 - 1.
 * @example readCount(text, 0, 3) // => 120 of '120'
 */
export function readCount({ view }: TextBytes, start: number, end: number): number {
  const length = end - start;
  if (length === 0 || length > 16) return noNumber;
  let value = 0;
  let at = start;
  while (at < end) {
    // Four digits at a time, the odd ones first: shifted up, they leave zeros in front of them.
    const digits = (end - at) & 3 || 4;
    const word = (view.getInt32(at, true) ^ 0x30303030) << ((4 - digits) * 8);
    // Adding 118 sets the top bit of every byte but 0 to 9.
    if ((((word + 0x76767676) | word) & 0x80808080) !== 0) return noNumber;
    const pairs = Math.imul(word, 10) + (word >>> 8);
    value = value * 10_000 + (pairs & 0xff) * 100 + ((pairs >>> 16) & 0xff);
    at += digits;
  }
  return value <= largest ? value : noNumber;
}

/**
 * A decimal >= 0, digits with an optional dot and digits: no sign, exponent, separator or blank.
 * @returns {@link noNumber} for anything else.
 * @example readDecimal(text, 0, 4) // => 12.5 of '12.5'
 */
export function readDecimal(text: TextBytes, start: number, end: number): number {
  const { bytes } = text;
  let value = 0;
  let decimals = -1;
  for (let i = start; i < end; i += 1) {
    const byte = bytes[i]!;
    if (byte === dot && decimals < 0 && i > start) decimals = 0;
    else if (byte >= zero && byte <= nine) {
      value = value * 10 + (byte - zero);
      if (decimals >= 0) decimals += 1;
    } else return noNumber;
  }
  if (end === start || decimals === 0) return noNumber;
  // Up to 15 digits both operands are exact, so the quotient is the nearest double, as Number() gives it.
  if (end - start <= 16) return decimals > 0 ? value / 10 ** decimals : value;
  const exact = Number(ascii(text, start, end));
  return Number.isFinite(exact) ? exact : noNumber;
}

/**
 * An amount of money in decimal major units as whole minor units, exactly.
 *
 * @param exponent decimal digits of the currency's minor unit; more decimals than that are refused.
 * @param isSigned whether a leading minus is read.
 * @returns {@link noNumber} for anything else, and for more than 16 digits on either side of the dot.
 * @example readMoney(text, 0, 7, 2, false) // => 166667 of '1666.67'
 */
export function readMoney(
  text: TextBytes,
  start: number,
  end: number,
  exponent: number,
  isSigned: boolean,
): number {
  const { bytes } = text;
  const isNegative = isSigned && end > start && bytes[start] === minus;
  const first = isNegative ? start + 1 : start;
  let decimals = 0;
  for (let d = 1; d <= exponent && end - 1 - d > first; d += 1) if (bytes[end - 1 - d] === dot) decimals = d;
  let value = readCount(text, first, decimals === 0 ? end : end - 1 - decimals);
  if (decimals > 0) {
    const minor = readCount(text, end - decimals, end);
    for (let d = 0; d < decimals; d += 1) value *= 10;
    value += minor;
  }
  for (let d = decimals; d < exponent; d += 1) value *= 10;
  // What could not be read is below zero, and stays so.
  if (!(value >= 0 && value <= largest)) return noNumber;
  return isNegative && value !== 0 ? -value : value;
}

/**
 * The figures of a date `YYYY-MM-DD` as one number, not checked against the calendar.
 * @returns -1 when the cell has another shape.
 * @example readDate(text, 0, 10) // => 20260831 of '2026-08-31'
 */
export function readDate({ bytes }: TextBytes, start: number, end: number): number {
  if (end - start !== 10 || bytes[start + 4] !== minus || bytes[start + 7] !== minus) return -1;
  let value = 0;
  for (let i = start; i < end; i += 1) {
    if (i === start + 4 || i === start + 7) continue;
    const byte = bytes[i]!;
    if (byte < zero || byte > nine) return -1;
    value = value * 10 + (byte - zero);
  }
  return value;
}

/** Whether a cell holds control characters; a line feed, carriage return or tab only if `isMultiline`. */
export function hasControls({ bytes }: TextBytes, start: number, end: number, isMultiline: boolean): boolean {
  for (let i = start; i < end; i += 1) {
    const byte = bytes[i]!;
    if (byte < 32 || byte === 127) {
      if (!isMultiline || (byte !== 9 && byte !== 10 && byte !== 13)) return true;
    }
  }
  return false;
}

/** The cell as text; the bytes have been checked to be UTF-8. */
export function textOf({ buffer }: TextBytes, start: number, end: number): string {
  return buffer.toString('utf8', start, end);
}

function ascii({ buffer }: TextBytes, start: number, end: number): string {
  return buffer.toString('latin1', start, end);
}
