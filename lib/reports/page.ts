import { html, raw } from 'hono/html';
import { type Assessment, type Verdict, verdictLabels } from '../model/flag.ts';
import { numberText } from './number-text.ts';
import { plainText } from './plain-text.ts';
import { styles } from './styles.ts';

/** A piece of a page; texts inside are escaped. */
export type Html = ReturnType<typeof html>;

/**
 * A whole page: self-contained, without script, and forbidden to load anything.
 * @param title plain text, shown in the browser's tab.
 * @param summary plain text, what the page says in one sentence.
 */
export async function page(title: string, summary: string, body: Html): Promise<string> {
  const document = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="referrer" content="no-referrer">
<meta name="description" content="${plainText(summary, 400)}">
<title>${plainText(title, 120)}</title>
<style>${raw(styles)}</style>
</head>
<body><main>${body}</main></body>
</html>
`;
  return String(document);
}

/** Text that others wrote, isolated so that its reading direction cannot disturb ours. */
export function foreign(text: string, limit = 300): Html {
  return html`<bdi>${plainText(text, limit)}</bdi>`;
}

/** A sentence whose numbers stay on one line with what they count: an amount of money, a date, "36 accepted". */
export function unbroken(sentence: string): Html[] {
  const parts = sentence
    .replace(/(?<![\d,.-])(\d{1,3}(?:,\d{3})*) (?=[A-Za-z]{1,12}\b)/g, '$1\u00a0')
    .split(/([A-Z]{3} -?[\d,.]*\d)/);
  return parts.map((part, i) => (i % 2 === 1 ? html`<span class="nb">${part}</span>` : html`${part}`));
}

/**
 * A column of a table. `name`: what the row is about; `number`: right-aligned; `mark`: a few words;
 * `text`: sentences.
 */
export interface Column {
  readonly title: string;
  readonly kind: 'name' | 'number' | 'mark' | 'text';
}

const cellClass = { name: 'k', number: 'n', mark: '', text: 't' } as const;

/** What stands for a value nobody knows. */
export const unknown = '–';

/** A cell that shows nothing, also not its label on narrow screens. */
export const emptyCell = '';

/** A table that turns into one block a row on narrow screens. */
export function table(columns: readonly Column[], rows: readonly (readonly unknown[])[]): Html {
  const head = columns.map(
    (c) => html`<th scope="col"${raw(c.kind === 'number' ? ' class="n"' : '')}>${c.title}</th>`,
  );
  const body = rows.map(
    (row) =>
      html`<tr>${columns.map((c, i) => {
        const cell = row[i] ?? emptyCell;
        const name = `${cellClass[c.kind]}${cell === emptyCell ? ' e' : ''}`.trim();
        return html`<td${name ? html` class="${name}"` : ''}${c.kind === 'name' ? '' : html` data-label="${c.title}"`}><div>${cell}</div></td>`;
      })}</tr>`,
  );
  return html`<table class="stack"><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

/** A table without the columns in which every cell is a dash: what is not known of anything needs no column. */
export function knownTable(columns: readonly Column[], rows: readonly (readonly unknown[])[]): Html {
  const known = columns.map((_, i) => rows.some((row) => row[i] !== unknown));
  const kept = <T>(of: readonly T[]) => of.filter((_, i) => known[i]);
  return table(kept(columns), rows.map(kept));
}

/** Signs beside the labels, so that no verdict is told by colour alone. */
export const verdictSigns: Readonly<Record<Verdict, string>> = {
  clear: '✓',
  watch: '✓',
  review: '?',
  suspect: '≠',
  unable_to_certify: '–',
};

const decided = { cleared: 'cleared', confirmed: 'confirmed', partly_confirmed: 'partly confirmed' } as const;

/** The printed label of a verdict with its sign, and what was decided about it. */
export function verdictMark(assessment: Pick<Assessment, 'verdict' | 'decision'>): Html {
  const { verdict, decision } = assessment;
  const after = decision ? html`<small>${decided[decision.kind]} by decision</small>` : '';
  return html`<span class="v ${verdict}"><i aria-hidden="true">${verdictSigns[verdict]}</i>${verdictLabels[verdict]}</span>${after}`;
}

/** One sentence that says how much is left out; nothing when nothing is. */
export function leftOut(total: number, shown: number, what: string): Html {
  if (total <= shown) return html``;
  return html`<p class="soft">${numberText(total - shown)} more ${what} in report.json.</p>`;
}
