/**
 * The digits of a whole number in groups of three. Not by `Intl`, whose tables take every short command 25 ms to load.
 * @example grouped('-1234567') // => '-1,234,567'
 */
export function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}
