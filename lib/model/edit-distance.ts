/**
 * Levenshtein distance between two strings: fewest insertions, deletions and substitutions of one
 * UTF-16 unit each.
 *
 * @example editDistance('unique_visitor', 'unique_visitors') // => 1
 */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1)
      row.push(
        Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)),
      );
    previous = row;
  }
  return previous[b.length]!;
}

/**
 * The candidate nearest to a mistyped name, if near enough to be worth suggesting (at most a third of its letters differ).
 * @returns null when nothing is near.
 * @example nearest('tagret', ['target', 'weight']) // => 'target'
 */
export function nearest(name: string, candidates: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}
