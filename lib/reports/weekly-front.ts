import { html, raw } from 'hono/html';
import { isoWeek } from '../model/day.ts';
import type { Assessment } from '../model/flag.ts';
import type { WeeklyReport } from '../model/report.ts';
import { dayText, periodText } from './date-text.ts';
import { type FunnelPanel, flaggedText } from './funnel-chart.ts';
import type { DecisionNeeded, Headline } from './headline.ts';
import { metricName } from './kpi-text.ts';
import { moneyText } from './money-text.ts';
import { kpiValueText } from './number-text.ts';
import { type Column, emptyCell, foreign, type Html, table, unbroken, verdictMark } from './page.ts';
import { byUrgency, isBonusMetric, splitPeriods, sumMoney } from './standing.ts';

/** Rows that page one has room for. */
const mostMetrics = 6;
const mostDecisions = 4;

/** A funnel with its drawn panels. */
export interface DrawnFunnel {
  readonly funnel: WeeklyReport['funnel'][number];
  readonly panels: readonly FunnelPanel[];
}

/** Page one: the first sentence, the latest period's numbers, the funnel, the decisions needed. */
export function frontPage(report: WeeklyReport, head: Headline, funnel: DrawnFunnel | null): Html {
  const latest = splitPeriods(report).latest.filter(isBonusMetric);
  const periods = [...new Set(latest.map((a) => a.period))].sort().map(periodText).join(' and ');
  return html`<section class="front">
<header class="top"><span><b>${foreign(report.organisation, 80)}</b></span><span>Weekly report ${report.week}, as of ${dayText(report.asOf, '')}, ${report.timezone}</span></header>
<h1>${unbroken(head.sentence)}</h1>
${latest.length > 0 ? html`<h2>${periods}: claimed and verified</h2>${metricTable(latest, report)}` : ''}
${funnel ? html`<h2>The funnel, week by week</h2>${funnelFigures(funnel, report)}` : ''}
<h2>Decisions needed</h2>
${decisions(head, report)}
</section>`;
}

const metricColumns: readonly Column[] = [
  { title: 'Metric', kind: 'name' },
  { title: 'Claimed', kind: 'number' },
  { title: 'Verified', kind: 'number' },
  { title: 'Verdict', kind: 'mark' },
  { title: 'Held', kind: 'number' },
  { title: 'Decision due', kind: 'number' },
];

function metricTable(latest: readonly Assessment[], report: WeeklyReport): Html {
  const isAll = latest.length <= mostMetrics;
  const shown = isAll ? latest : [...latest].sort(byUrgency).slice(0, mostMetrics);
  const rest = latest.filter((a) => !shown.includes(a));
  const plans = new Set(latest.map((a) => a.plan)).size;
  const rows = shown.map((a) => metricRow(a, report, plans > 1));
  const money = (minor: number) => moneyText(minor, report.currency);
  if (rest.length > 0)
    rows.push([
      html`${rest.length.toLocaleString('en-US')} more metrics<small>${countVerdicts(rest)}</small>`,
      emptyCell,
      emptyCell,
      emptyCell,
      html`${money(sumMoney(rest, 'held'))}<small>of ${money(sumMoney(rest, 'claimed'))}</small>`,
      emptyCell,
    ]);
  return table(metricColumns, rows);
}

function metricRow(a: Assessment, report: WeeklyReport, isPlanNamed: boolean): unknown[] {
  const value = (v: number | null) => kpiValueText(a.kpi, v, report.currency);
  const source = a.counted !== null && a.counted !== a.claimed ? `, ${value(a.counted)} in the sources` : '';
  const isOpen = a.money.held > 0 || a.verdict === 'review' || a.verdict === 'suspect';
  return [
    html`${metricName(a)}<small>${isPlanNamed ? html`${foreign(a.planTitle, 40)}, ` : ''}target ${value(a.target)}${source}</small>`,
    a.claimedFrom === 'awaiting_claim' ? html`–<small>no claim yet</small>` : value(a.claimed),
    verifiedCell(a, value),
    verdictMark(a),
    html`${moneyText(a.money.held, report.currency)}<small>of ${moneyText(a.money.claimed, report.currency)}</small>`,
    isOpen && !a.decision ? dueCell(a.due, report) : emptyCell,
  ];
}

function verifiedCell(a: Assessment, value: (v: number | null) => string): Html | string {
  if (!a.verified) return '–';
  const { low, point, high } = a.verified;
  const range = low === high ? '' : html`<small>${value(low)} to ${value(high)}</small>`;
  return html`${value(point)}${range}`;
}

function dueCell(due: string, report: WeeklyReport): Html {
  const text = dayText(due, report.asOf);
  return due < report.asOf ? html`<span class="late">${text}</span><small>overdue</small>` : html`${text}`;
}

function countVerdicts(assessments: readonly Assessment[]): string {
  const certified = assessments.filter((a) => a.verdict === 'clear' || a.verdict === 'watch').length;
  const other = assessments.length - certified;
  return other === 0
    ? 'all certified'
    : `${certified.toLocaleString('en-US')} certified, ${other} listed below`;
}

/** The drawn panels of one unit, with their words. */
export function funnelFigures({ funnel, panels }: DrawnFunnel, report: WeeklyReport): Html {
  const flagged = flaggedText(funnel, report.asOf);
  const figures = panels.map(
    (p) =>
      html`<figure role="img" aria-label="${p.alternative}"><figcaption><b>${p.title}</b> ${p.legend}</figcaption>${raw(p.svg)}</figure>`,
  );
  const unit = funnel.unit === 'all' ? '' : html`Unit ${foreign(funnel.unit, 64)}. `;
  return html`<div class="charts">${figures}</div>${unit || flagged ? html`<p class="soft">${unit}${flagged ? `Shaded: under question, ${flagged}.` : ''}</p>` : ''}`;
}

function decisions(head: Headline, report: WeeklyReport): Html {
  const older = head.undecidedEarlier;
  const earlier =
    older.count > 0
      ? html`<p class="soft">${older.count.toLocaleString('en-US')} older ${older.count === 1 ? 'flag was' : 'flags were'} never decided and ${older.count === 1 ? 'holds' : 'hold'} ${moneyText(older.held, report.currency)}; see period by period.</p>`
      : '';
  if (head.decisions.length === 0) return html`<p>None this week.</p>${earlier}`;
  const shown = head.decisions.slice(0, mostDecisions);
  const rest = head.decisions.slice(mostDecisions);
  const held = rest.reduce((sum, d) => sum + d.held, 0);
  const rows = shown.map((d) => [
    html`${metricName(d)}, ${periodText(d.period)}`,
    asked(d),
    d.held > 0 ? moneyText(d.held, report.currency) : 'no money',
    dueCell(d.due, report),
    d.who,
  ]);
  if (rest.length > 0)
    rows.push([
      `${rest.length.toLocaleString('en-US')} more, listed below`,
      '',
      moneyText(held, report.currency),
      '',
      '',
    ]);
  const columns: Column[] = [
    { title: 'Flag', kind: 'name' },
    { title: 'Asked', kind: 'mark' },
    { title: 'Held', kind: 'number' },
    { title: 'Due', kind: 'number' },
    { title: 'Who', kind: 'mark' },
  ];
  return html`${table(columns, rows)}${earlier}`;
}

function asked(d: DecisionNeeded): string {
  return d.asks === 'data' ? 'more data, or a decision' : 'a decision';
}

/** Title of the report, also of its browser tab. */
export function reportTitle(report: WeeklyReport): string {
  return `${report.organisation}, weekly report ${report.week || isoWeek(report.asOf).name}`;
}
