import { html } from 'hono/html';
import type { AgreementDocument, AgreementRecord, AgreementTerms } from '../model/agreement-record.ts';
import { agreementTables, monthOf } from './agreement-table.ts';
import { dayText, durationText } from './date-text.ts';
import { numberText, shareText } from './number-text.ts';
import { foreign, type Html, leftOut, page, table, unbroken } from './page.ts';

const mostUndecided = 60;

/**
 * The agreement page: what marketing and sales owe each other and how both halves stand today. The same page for both
 * sides; no script, nothing loaded from elsewhere.
 *
 * @example await agreementHtml(document) // => '<!doctype html>...'
 */
export async function agreementHtml(document: AgreementDocument): Promise<string> {
  const { organisation, asOf, timezone, records } = document;
  const sentence = agreementSentence(document);
  return page(
    `${organisation}, agreement of marketing and sales`,
    sentence,
    html`<header class="top"><span><b>${foreign(organisation, 80)}</b></span><span>Agreement of marketing and sales, as of ${dayText(asOf, '')}, ${timezone}</span></header>
<h1>${unbroken(sentence)}</h1>
${records.length === 0 ? html`<p>No SQL has been handed over yet, so there is nothing to hold the agreement against.</p>` : agreementTables(records)}
${undecidedTable(document)}
${termsList(document)}`,
  );
}

/** What the page says first. @example agreementSentence(document) // => '65 SQLs handed over in September 2026 so far: ...' */
export function agreementSentence({ records }: AgreementDocument): string {
  const latest = latestMonth(records);
  if (latest.length === 0) return 'No SQL has been handed over yet.';
  const sum = (of: (r: AgreementRecord) => number) => latest.reduce((total, r) => total + of(r), 0);
  const overdue = sum((r) => r.overdue);
  const late = overdue === 0 ? 'none of them overdue' : `${numberText(overdue)} of them overdue`;
  return `${numberText(sum((r) => r.delivered))} SQLs handed over in ${monthOf(latest[0]!)}: ${numberText(sum((r) => r.accepted))} accepted, ${numberText(sum((r) => r.rejected + r.returned))} not, ${numberText(sum((r) => r.pending))} undecided, ${late}.`;
}

function latestMonth(records: readonly AgreementRecord[]): AgreementRecord[] {
  const last = records.reduce((month, r) => (r.month > month ? r.month : month), '');
  return records.filter((r) => r.month === last);
}

function undecidedTable({ records, asOf }: AgreementDocument): Html {
  const open = latestMonth(records)
    .flatMap((r) => r.undecided.map((u) => ({ ...u, unit: r.unit })))
    .sort((a, b) => (a.deliveredOn < b.deliveredOn ? -1 : 1));
  if (records.length === 0) return html``;
  if (open.length === 0) return html`<h2>Undecided</h2><p>Every SQL handed over has been decided.</p>`;
  const shown = open.slice(0, mostUndecided);
  return html`<h2>Undecided, the oldest first</h2>${table(
    [
      { title: 'SQL', kind: 'name' },
      { title: 'Handed over', kind: 'number' },
      { title: 'First contact', kind: 'mark' },
      { title: 'Decision due', kind: 'number' },
    ],
    shown.map((u) => [
      html`${foreign(u.sqlId, 60)}${u.unit === 'all' ? '' : html`<small>${foreign(u.unit, 64)}</small>`}`,
      dayText(u.deliveredOn, asOf),
      u.isContacted ? 'made' : 'not yet',
      u.isOverdue
        ? html`<span class="late">${dayText(u.due, asOf)}</span><small>overdue</small>`
        : dayText(u.due, asOf),
    ]),
  )}${leftOut(open.length, shown.length, 'SQLs')}`;
}

function termsList({ terms, owners, asOf }: AgreementDocument): Html {
  const facts = [
    ['Marketing answers through', owners.marketing ?? 'nobody named (goals.owners)'],
    ['Sales answers through', owners.sales ?? 'nobody named (goals.owners)'],
    ['Sales decides within', durationText(terms.decideWithin)],
    [
      'Sales contacts within',
      terms.contactWithin === null ? 'nothing agreed' : durationText(terms.contactWithin),
    ],
    ['Attempts to reach one', terms.attempts === null ? 'nothing agreed' : numberText(terms.attempts)],
    [
      'Share that must qualify',
      terms.floor === null ? 'nothing agreed' : `at least ${shareText(terms.floor)}`,
    ],
    [
      'Accepted a month',
      terms.acceptedPerMonth === null ? 'nothing agreed' : numberText(terms.acceptedPerMonth),
    ],
    [
      'Hand-overs a day at most',
      terms.capacityPerDay === null ? 'nothing agreed' : numberText(terms.capacityPerDay),
    ],
    ['Reasons to reject', reasonsText(terms)],
    [
      'Criteria of an SQL',
      terms.criteria === null
        ? 'nothing agreed'
        : `version ${terms.criteria.version}: ${terms.criteria.text}`,
    ],
    ...(terms.from === null ? [] : [['In force since', dayText(terms.from, asOf)]]),
  ] as const;
  return html`<h2>What was agreed</h2><dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${foreign(value, 600)}</dd>`)}</dl>
<p class="soft">Contested: rejected without an agreed reason, without the contact it needs, or won later under another origin. Contested and overdue SQLs count for marketing.</p>`;
}

function reasonsText({ reasons }: AgreementTerms): string {
  if (reasons === null) return 'any stated reason';
  return reasons
    .map((r) => `${r.code.replaceAll('_', ' ')}${r.needsContact ? ' (after contact)' : ''}`)
    .join(', ');
}
