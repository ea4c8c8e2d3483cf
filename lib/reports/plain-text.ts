import { numberText } from './number-text.ts';

// C0 and C1 controls (a terminal or a mail client may act on them) and the marks that reverse reading order.
// biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is its purpose
const unseen = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/gu;

/**
 * Foreign text made fit to stand inside ours: one line, no control characters, no marks that change the
 * direction of the text around it, cut to `limit` characters with an ellipsis. Not escaped for HTML.
 *
 * @param limit most characters kept, counted as code points; at least 1.
 * @example plainText('a\u202Eb\n<i>', 10) // => 'a b <i>'
 */
export function plainText(text: string, limit = 300): string {
  // The first cut bounds the work on hostile lengths; one code point takes at most two units.
  const clean = text
    .slice(0, limit * 4)
    .replace(unseen, ' ')
    .trim();
  const points = [...clean];
  const isCut = points.length > limit || text.length > limit * 4;
  return isCut ? `${points.slice(0, Math.max(1, limit - 1)).join('')}…` : clean;
}

/**
 * A list in words, at most `most` of it named.
 * @example listText(['a', 'b', 'c'], 2) // => 'a, b and 1 more'
 */
export function listText(items: readonly string[], most: number): string {
  const named = items.slice(0, most).map((item) => plainText(item, 60));
  const left = items.length - named.length;
  if (left > 0) return `${named.join(', ')} and ${numberText(left)} more`;
  return named.join(', ');
}

/** One line of printable ASCII, as subjects are; other letters become question marks, and what is too long ends after a whole word. */
export function asciiLine(text: string, limit: number): string {
  const line = plainText(text, limit * 2).replace(/[^ -~]/g, '?');
  return line.length <= limit ? line : `${line.slice(0, limit - 3).replace(/[ ,;:]+[^ ]{0,20}$/, '')}...`;
}
