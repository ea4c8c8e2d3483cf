import { html, raw } from 'hono/html';
import { isoWeek } from '../model/day.ts';
import type { Assessment } from '../model/flag.ts';
import type { WeeklyReport } from '../model/report.ts';
import { dayText, periodText } from './date-text.ts';
import { type FunnelPanel, flaggedText } from './funnel-chart.ts';
import { funnelTable } from './funnel-table.ts';
import type { Headline } from './headline.ts';
import { metricName } from './kpi-text.ts';
import { moneyText } from './money-text.ts';
import { kpiValueText, numberText } from './number-text.ts';
import { type Column, emptyCell, foreign, type Html, table, unbroken, verdictMark } from './page.ts';
import { byUrgency, isBonusMetric, splitPeriods, sumMoney } from './standing.ts';
import { waterfallFigure } from './waterfall-chart.ts';
import { whyText } from './why-text.ts';

/** Rows that page one has room for. */
const mostMetrics = 6;
const mostDecisions = 4;

/** Metrics drawn from claim to pay; a row of page one has room for three. */
const mostWaterfalls = 3;

/** A funnel with its drawn panels. */
export interface DrawnFunnel {
  readonly funnel: WeeklyReport['funnel'][number];
  readonly panels: readonly FunnelPanel[];
}

/** Page one: the first sentence, the latest period's numbers, the funnel, the decisions needed. */
export function frontPage(report: WeeklyReport, head: Headline): Html {
  const latest = splitPeriods(report).latest.filter(isBonusMetric);
  const periods = [...new Set(latest.map((a) => a.period))].sort().map(periodText).join(' and ');
  return html`<section class="front">
<header class="top"><span><b>${foreign(report.organisation, 80)}</b></span><span>Weekly report ${report.week}, as of ${dayText(report.asOf, '')}, ${report.timezone}</span></header>
<h1>${unbroken(head.sentence)}</h1>
${latest.length > 0 ? html`<h2>${periods}: from claim to pay</h2>${waterfalls(latest, report)}${metricTable(latest, report)}` : ''}
${report.trend ? html`<h2>The funnel, ${report.trend.mondays.length} weeks</h2>${funnelTable(report.trend)}` : ''}
<h2>Decisions needed</h2>
${decisions(head, report)}
</section>`;
}

/** The latest period's metrics from claim to pay, those that wait for a decision first. */
function waterfalls(latest: readonly Assessment[], { currency }: WeeklyReport): Html {
  const drawn = latest.filter((a) => a.claimed !== null || a.counted !== null);
  const isAll = drawn.length <= mostWaterfalls;
  const shown = isAll ? drawn : [...drawn].sort(byUrgency).slice(0, mostWaterfalls);
  return shown.length === 0
    ? html``
    : html`<div class="steps">${shown.map((a) => waterfallFigure(a, currency))}</div>`;
}

const metricColumns: readonly Column[] = [
  { title: 'Metric', kind: 'name' },
  { title: 'Claimed', kind: 'number' },
  { title: 'Counted', kind: 'number' },
  { title: 'Verified', kind: 'number' },
  { title: 'Verdict', kind: 'mark' },
  { title: 'Payable', kind: 'number' },
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
      html`${numberText(rest.length)} more metrics<small>${countVerdicts(rest)}</small>`,
      emptyCell,
      emptyCell,
      emptyCell,
      emptyCell,
      money(sumMoney(rest, 'payable')),
      money(sumMoney(rest, 'held')),
      emptyCell,
    ]);
  return table(metricColumns, rows);
}

function metricRow(a: Assessment, report: WeeklyReport, isPlanNamed: boolean): unknown[] {
  const value = (v: number | null) => kpiValueText(a.kpi, v, report.currency);
  const isOpen = a.money.held > 0 || a.verdict === 'review' || a.verdict === 'suspect';
  return [
    html`${metricName(a)}<small>${isPlanNamed ? html`${foreign(a.planTitle, 40)}, ` : ''}target ${value(a.target)}</small>`,
    a.claimedFrom === 'awaiting_claim' ? html`–<small>no claim yet</small>` : value(a.claimed),
    value(a.counted),
    verifiedCell(a, value),
    html`${verdictMark(a)}${a.verdict === 'unable_to_certify' && a.money.held === 0 ? html`<small>${foreign(whyText(a), 80)}</small>` : ''}`,
    moneyText(a.money.payable, report.currency),
    moneyText(a.money.held, report.currency),
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
  return other === 0 ? 'all certified' : `${numberText(certified)} certified, ${other} listed below`;
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
      ? html`<p class="soft">${numberText(older.count)} older ${older.count === 1 ? 'flag was' : 'flags were'} never decided and ${older.count === 1 ? 'holds' : 'hold'} ${older.held > 0 ? moneyText(older.held, report.currency) : 'no pay'}; see period by period.</p>`
      : '';
  if (head.decisions.length === 0) return html`<p>None this week.</p>${earlier}`;
  const shown = head.decisions.slice(0, mostDecisions);
  const rest = head.decisions.slice(mostDecisions);
  const held = rest.reduce((sum, d) => sum + d.held, 0);
  const rows = shown.map((d) => [
    html`${metricName(d)}, ${periodText(d.period)}`,
    html`${foreign(d.why, 200)}${d.asks === 'data' ? html`<small>more data, or a decision</small>` : ''}`,
    d.held > 0 ? moneyText(d.held, report.currency) : 'no money',
    dueCell(d.due, report),
    d.who,
  ]);
  if (rest.length > 0)
    rows.push([
      `${numberText(rest.length)} more, listed below`,
      '',
      moneyText(held, report.currency),
      '',
      '',
    ]);
  const columns: Column[] = [
    { title: 'Flag', kind: 'name' },
    { title: 'Why', kind: 'text' },
    { title: 'Held', kind: 'number' },
    { title: 'Due', kind: 'number' },
    { title: 'Who', kind: 'mark' },
  ];
  return html`${table(columns, rows)}${earlier}`;
}

/** Title of the report, also of its browser tab. */
export function reportTitle(report: WeeklyReport): string {
  return `${report.organisation}, weekly report ${report.week || isoWeek(report.asOf).name}`;
}
