/**
 * Jaro similarity of two texts: matching characters in nearly the same order.
 *
 * Characters match within half the longer text less one; a transposition counts half. Compared by UTF-16 code
 * unit: normalise case and accents first.
 *
 * @param first any text.
 * @param second any text.
 * @returns 0 (nothing in common) to 1 (equal); 1 for two empty texts, 0 when only one is empty.
 * @see Jaro (1989), JASA 84
 * @example
 * jaroSimilarity('MARTHA', 'MARHTA'); // => 0.944
 */
export function jaroSimilarity(first: string, second: string): number {
  if (first === second) return 1;
  const reach = Math.max(0, Math.floor(Math.max(first.length, second.length) / 2) - 1);
  const taken = new Uint8Array(second.length);
  const matched: number[] = [];
  for (let i = 0; i < first.length; i++) {
    const end = Math.min(second.length, i + reach + 1);
    for (let j = Math.max(0, i - reach); j < end; j++) {
      if (taken[j] || first.charCodeAt(i) !== second.charCodeAt(j)) continue;
      taken[j] = 1;
      matched.push(i);
      break;
    }
  }
  const matches = matched.length;
  if (matches === 0) return 0;
  let outOfOrder = 0;
  let at = 0;
  for (let j = 0; j < second.length; j++) {
    if (!taken[j]) continue;
    if (first.charCodeAt(matched[at]!) !== second.charCodeAt(j)) outOfOrder++;
    at++;
  }
  return (matches / first.length + matches / second.length + (matches - outOfOrder / 2) / matches) / 3;
}

/**
 * Jaro-Winkler similarity: Jaro, raised for a common beginning of up to four characters.
 *
 * Prefix weight 0.1, no threshold below which the beginning is ignored.
 *
 * @param first any text.
 * @param second any text.
 * @returns 0 to 1, never below the Jaro similarity.
 * @see Winkler (1990), Proceedings of the Section on Survey Research Methods, ASA
 * @example
 * jaroWinklerSimilarity('DWAYNE', 'DUANE'); // => 0.84
 */
export function jaroWinklerSimilarity(first: string, second: string): number {
  const jaro = jaroSimilarity(first, second);
  let prefix = 0;
  while (prefix < 4 && prefix < first.length && first.charCodeAt(prefix) === second.charCodeAt(prefix))
    prefix++;
  return jaro + prefix * 0.1 * (1 - jaro);
}
