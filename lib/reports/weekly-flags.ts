import { html } from 'hono/html';
import { moneyMetrics } from '../model/datasets.ts';
import type { WeeklyReport } from '../model/report.ts';
import { dayText } from './date-text.ts';
import { moneyText } from './money-text.ts';
import { numberText } from './number-text.ts';
import { foreign, type Html, leftOut, table } from './page.ts';

const mostRestatements = 40;

/** Where the flags stand: open by age and money, and what the week brought. */
export function flagsSection({ flags, currency }: WeeklyReport): Html {
  const { open, week, all } = flags;
  if (all.raised === 0 && open.every((b) => b.count === 0)) return html``;
  const band = (fromDays: number, toDays: number | null) =>
    toDays === null
      ? `more than ${numberText(fromDays - 1)} days`
      : `${numberText(fromDays)} to ${numberText(toDays)} days`;
  const rows = open
    .filter((b) => b.count > 0)
    .map((b) => [band(b.fromDays, b.toDays), numberText(b.count), moneyText(b.held, currency)]);
  return html`<section><h2>Open flags</h2>
<p>This week ${numberText(week.raised)} new, ${numberText(week.cleared)} cleared, ${numberText(week.confirmed)} confirmed; over all ${numberText(all.raised)} raised, ${numberText(all.cleared)} cleared, ${numberText(all.confirmed)} confirmed.</p>
${
  rows.length > 0
    ? table(
        [
          { title: 'Open for', kind: 'name' },
          { title: 'Flags', kind: 'number' },
          { title: 'Held', kind: 'number' },
        ],
        rows,
      )
    : html`<p>None is open.</p>`
}</section>`;
}

/** Final numbers that changed in the last weeks. */
export function restatementsSection({ restatements, asOf, currency }: WeeklyReport): Html {
  const { latest, count } = restatements;
  if (count === 0) return html``;
  const rows = latest.slice(0, mostRestatements).map((r) => {
    const number = (v: number) => (moneyMetrics.includes(r.metric) ? moneyText(v, currency) : numberText(v));
    const value = (v: number | null) => (v === null ? 'missing' : number(v));
    return [
      html`${foreign(`${r.dataset}, ${r.metric}`, 80)}<small>${foreign(r.series, 120)}${r.unit === 'all' ? '' : html` ${foreign(r.unit, 64)}`}</small>`,
      dayText(r.date, asOf),
      value(r.old),
      value(r.new),
      r.old === null || r.new === null ? '–' : number(r.new - r.old),
      dayText(r.seenOn, asOf),
    ];
  });
  return html`<section><h2>Restatements</h2><p class="soft">Numbers that were final and changed. ${numberText(count)} ever, ${numberText(latest.length)} in the last five weeks.</p>
${
  rows.length > 0
    ? table(
        [
          { title: 'Number', kind: 'name' },
          { title: 'Date', kind: 'number' },
          { title: 'Was', kind: 'number' },
          { title: 'Is', kind: 'number' },
          { title: 'Change', kind: 'number' },
          { title: 'Seen', kind: 'number' },
        ],
        rows,
      )
    : ''
}${leftOut(latest.length, mostRestatements, 'restatements')}</section>`;
}
