import { html } from 'hono/html';
import { moneyMetrics } from '../model/datasets.ts';
import { verdictLabels } from '../model/flag.ts';
import type { CalendarNote, Coverage, UnitFunnel, WeeklyReport } from '../model/report.ts';
import { dayText } from './date-text.ts';
import { moneyText } from './money-text.ts';
import { numberText, shareText } from './number-text.ts';
import { type Column, foreign, type Html, leftOut, table } from './page.ts';

const mostRows = 120;
const mostFiles = 40;
const mostEntries = 60;

/** What arrived, what is missing, what was refused, and what the calendar says. */
export function coverageSection(report: WeeklyReport): Html {
  const { coverage } = report;
  if (coverage.length === 0) return html``;
  const worstFirst = [...coverage].sort((a, b) => trouble(b) - trouble(a)).slice(0, mostRows);
  const columns: Column[] = [
    { title: 'Source', kind: 'name' },
    { title: 'Dates', kind: 'mark' },
    { title: 'Days missing', kind: 'number' },
    { title: 'Rows set aside', kind: 'number' },
    { title: 'Last file', kind: 'number' },
    { title: 'Final until', kind: 'number' },
  ];
  const day = (d: string | null) => (d === null ? '–' : dayText(d, report.asOf));
  const rows = worstFirst.map((c) => [
    html`${foreign(c.source, 64)}<small>${c.dataset}${c.unit === 'all' ? '' : html`, ${foreign(c.unit, 64)}`}</small>`,
    c.from === null ? 'nothing yet' : `${day(c.from)} to ${day(c.to)}`,
    c.missing === 0 ? '0' : html`<b>${numberText(c.missing)}</b> of ${numberText(c.days)}`,
    numberText(c.quarantinedRows),
    day(c.lastArrival),
    day(c.settledUntil),
  ]);
  return html`<section><h2>Data coverage</h2>${table(columns, rows)}${leftOut(coverage.length, mostRows, 'sources')}
${refusedFiles(coverage)}${calendarTable(report)}</section>`;
}

function trouble(c: Coverage): number {
  return c.refusedFiles.length * 1e6 + c.missing * 1e3 + Math.min(c.quarantinedRows, 999);
}

function refusedFiles(coverage: readonly Coverage[]): Html {
  const files = coverage.flatMap((c) => c.refusedFiles);
  if (files.length === 0) return html``;
  return html`<h3>Files refused whole</h3><ul>${files
    .slice(0, mostFiles)
    .map(
      (f) => html`<li><code>${foreign(f.name, 160)}</code>: ${foreign(f.message, 400)}</li>`,
    )}</ul>${leftOut(files.length, mostFiles, 'files')}`;
}

function calendarTable(report: WeeklyReport): Html {
  const { calendar, asOf } = report;
  if (calendar.length === 0) return html``;
  const latestFirst = [...calendar].sort((a, b) => (a.from < b.from ? 1 : a.from > b.from ? -1 : 0));
  const row = (e: CalendarNote) => [
    html`${foreign(e.kind.replaceAll('_', ' '), 40)}<small>${foreign([e.scope, e.note].filter(Boolean).join(': '), 160)}</small>`,
    e.from === e.to ? dayText(e.from, asOf) : `${dayText(e.from, asOf)} to ${dayText(e.to, asOf)}`,
    e.declaredOn === null ? 'undated' : dayText(e.declaredOn, asOf),
    html`${e.explains.length > 0 ? `Explains ${e.explains.slice(0, 4).join(', ')}. ` : 'Explains nothing. '}${foreign(e.reason, 240)}`,
  ];
  return html`<h3>Calendar</h3>${table(
    [
      { title: 'Entry', kind: 'name' },
      { title: 'Dates', kind: 'mark' },
      { title: 'Declared', kind: 'mark' },
      { title: 'What it explains', kind: 'text' },
    ],
    latestFirst.slice(0, mostEntries).map(row),
  )}${leftOut(calendar.length, mostEntries, 'entries')}`;
}

/** What an auditor needs to redo the report: calibration, checks, policies, digests, the numbers behind the chart. */
export function appendix(report: WeeklyReport, drawn: readonly UnitFunnel[]): Html {
  const { run } = report;
  const pairs = (of: Readonly<Record<string, string>>) =>
    Object.entries(of)
      .slice(0, 60)
      .map(
        ([name, value]) => html`<dt>${foreign(name, 80)}</dt><dd><code>${foreign(value, 120)}</code></dd>`,
      );
  return html`<section><h2>Appendix: how this was judged</h2><p>${calibrationText(report)}</p>
${canaryList(report)}
<h3>Checks</h3><ul class="soft">${report.checks.slice(0, 60).map((c) => html`<li><code>${c.id}</code> v${c.version}: ${foreign(c.question, 200)}${parameters(run.parameters[c.id])}</li>`)}</ul>
${inputTable(report)}${controlTable(report)}
<h3>Run</h3><dl><dt>Run</dt><dd><code>${foreign(run.id, 120)}</code></dd>${run.policies.slice(0, 60).map((p) => html`<dt>policy</dt><dd><code>${foreign(p, 120)}</code></dd>`)}${pairs(run.digests)}</dl>
${drawn.map((f) => weekTable(f))}</section>`;
}

function parameters(text: string | undefined): Html | string {
  return text ? html`<small>${foreign(text, 400)}</small>` : '';
}

/** Rows everything rests on, with their digests. */
function inputTable({ inputs }: WeeklyReport): Html {
  if (inputs.length === 0) return html``;
  const hasUnits = inputs.some((i) => i.unit !== 'all');
  const rows = inputs
    .slice(0, mostRows)
    .map((i) => [
      html`${i.dataset}${hasUnits ? html`<small>${foreign(i.unit, 64)}</small>` : ''}`,
      numberText(i.rows),
      html`<code>${foreign(i.digest, 120)}</code>`,
    ]);
  return html`<h3>Rows</h3>${table(
    [
      { title: 'Dataset', kind: 'name' },
      { title: 'Rows', kind: 'number' },
      { title: 'Digest of their months', kind: 'text' },
    ],
    rows,
  )}${leftOut(inputs.length, mostRows, 'datasets')}`;
}

/** Totals that the sources gave beside what was counted from their rows. */
function controlTable({ controlTotals, currency }: WeeklyReport): Html {
  if (controlTotals.length === 0)
    return html`<h3>Control totals</h3><p>No source of totals: the numbers counted stand against nothing else.</p>`;
  const rows = controlTotals.slice(0, mostRows).map((t) => {
    const number = (v: number) => (moneyMetrics.includes(t.metric) ? moneyText(v, currency) : numberText(v));
    return [
      html`${foreign(t.metric, 60)}<small>${foreign([t.source, t.unit === 'all' ? '' : t.unit].filter(Boolean).join(', '), 100)}</small>`,
      t.period,
      number(t.total),
      t.counted === null ? '–' : number(t.counted),
      t.counted === null ? '–' : number(t.counted - t.total),
    ];
  });
  return html`<h3>Control totals</h3>${table(
    [
      { title: 'Metric', kind: 'name' },
      { title: 'Period', kind: 'mark' },
      { title: 'Total given', kind: 'number' },
      { title: 'Counted', kind: 'number' },
      { title: 'Difference', kind: 'number' },
    ],
    rows,
  )}${leftOut(controlTotals.length, mostRows, 'totals')}`;
}

function calibrationText({ calibration, asOf }: WeeklyReport): string {
  const uncalibrated = 'without record-level proof no number is called "does not reconcile"';
  if (!calibration) return `Not calibrated yet: ${uncalibrated}.`;
  const { date, rate, upperBound, confidence, planYears, problem } = calibration;
  const made = `Calibrated on ${dayText(date, asOf)} by replay and ${numberText(Math.floor(planYears))} simulated plan-years: ${numberText(rate)} false "does not reconcile" by statistics a plan and year, at most ${numberText(upperBound)} at ${shareText(confidence)} confidence.`;
  return problem === null ? made : `${made} It no longer holds, because ${problem}: ${uncalibrated}.`;
}

/** What became of the known faults pushed through the same code. */
function canaryList({ canaries }: WeeklyReport): Html {
  if (canaries.length === 0) return html``;
  const caught = canaries.filter((c) => c.isCaught).length;
  return html`<h3>Canaries</h3><p>${caught} of ${canaries.length} made months with a known fault were caught by the code that judged the real ones.</p>
<ul class="soft">${canaries.map((c) => html`<li><code>${c.id}</code>: ${foreign(c.what, 200)}; ${c.isCaught ? 'caught' : html`<b>not caught</b>`}${c.verdict === null ? '' : ` (${verdictLabels[c.verdict]})`}</li>`)}</ul>`;
}

function weekTable(funnel: UnitFunnel): Html {
  const value = (v: number | null) => (v === null ? '–' : numberText(v));
  const rows = funnel.weeks.map((w) => [
    w.monday,
    value(w.visitors),
    value(w.leads),
    value(w.sqls),
    value(w.accepted),
  ]);
  return html`<details><summary>The numbers behind the chart${funnel.unit === 'all' ? '' : html`, ${foreign(funnel.unit, 64)}`}</summary>${table(
    [
      { title: 'Week of', kind: 'name' },
      { title: 'Visitors', kind: 'number' },
      { title: 'Leads', kind: 'number' },
      { title: 'SQLs handed over', kind: 'number' },
      { title: 'Accepted so far', kind: 'number' },
    ],
    rows,
  )}</details>`;
}
