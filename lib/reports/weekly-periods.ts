import { html } from 'hono/html';
import { type Assessment, isRaised, verdictLabels, verdicts } from '../model/flag.ts';
import { parsePeriod } from '../model/period.ts';
import type { WeeklyReport } from '../model/report.ts';
import { dayText, periodText } from './date-text.ts';
import { metricName } from './kpi-text.ts';
import { moneyText } from './money-text.ts';
import { kpiValueText, numberText } from './number-text.ts';
import { foreign, type Html, leftOut, table, verdictMark, verdictSigns } from './page.ts';
import { isBonusMetric, splitPeriods, standingOf } from './standing.ts';

const mostPeriods = 24;
const mostMetrics = 200;
const mostRows = 60;
const mostOpenFindings = 8;

/** All judged periods: a grid of verdicts, and the flagged earlier ones with what became of them. */
export function earlierSection(report: WeeklyReport): Html {
  const { earlier } = splitPeriods(report);
  if (earlier.length === 0) return html``;
  const flagged = earlier
    .filter((a) => a.decision !== null || standingOf(a) === 'waiting')
    .sort((a, b) => (a.period < b.period ? 1 : a.period > b.period ? -1 : b.money.held - a.money.held));
  return html`<section><h2>Period by period</h2>${verdictGrid(report)}
${flagged.length > 0 ? html`<h3>Flagged earlier</h3>${flaggedTable(flagged.slice(0, mostRows), report)}${leftOut(flagged.length, mostRows, 'flags')}` : ''}</section>`;
}

function verdictGrid(report: WeeklyReport): Html {
  const judged = report.assessments.filter((a) => a.state !== 'open' && isBonusMetric(a));
  const ends = new Map(judged.map((a) => [a.period, parsePeriod(a.period).to]));
  const periods = [...ends.keys()]
    .sort((a, b) => (ends.get(a)! < ends.get(b)! || (ends.get(a) === ends.get(b) && a < b) ? -1 : 1))
    .slice(-mostPeriods);
  const rows = new Map<string, { first: Assessment; cells: Map<string, Assessment> }>();
  for (const a of judged) {
    const key = `${a.plan}|${a.kpi}|${a.unit}`;
    const row = rows.get(key) ?? { first: a, cells: new Map<string, Assessment>() };
    row.cells.set(a.period, a);
    rows.set(key, row);
  }
  const plans = new Set(judged.map((a) => a.plan)).size;
  const cell = (a: Assessment | undefined) =>
    a ? html`<td class="c ${a.verdict}">${sign(a)}</td>` : html`<td></td>`;
  const shown = [...rows.values()].slice(0, mostMetrics);
  const legend = verdicts
    .map((v) => `${v === 'watch' ? '✓ₙ' : verdictSigns[v]} ${verdictLabels[v]}`)
    .join(' · ');
  return html`<div class="scroll" role="region" aria-label="Verdicts period by period" tabindex="0"><table class="grid"><thead><tr><th scope="col">Metric</th>${periods.map((p) => html`<th scope="col">${shortPeriod(p)}</th>`)}</tr></thead>
<tbody>${shown.map((row) => html`<tr><td>${metricName(row.first)}${plans > 1 ? html` <small>${foreign(row.first.planTitle, 40)}</small>` : ''}</td>${periods.map((p) => cell(row.cells.get(p)))}</tr>`)}</tbody></table></div>
<p class="soft legend">${legend} · * decided</p>${leftOut(rows.size, shown.length, 'metrics')}`;
}

function sign(a: Assessment): string {
  const mark = a.verdict === 'watch' ? '✓ₙ' : verdictSigns[a.verdict];
  return a.decision ? `${mark}*` : mark;
}

/** `Aug 26` in few letters. @example shortPeriod('2026-Q3') // => 'Q3 26' */
function shortPeriod(period: string): Html {
  const [name, year] = periodText(period).split(' ') as [string, string];
  return html`${name.slice(0, 3)}<br>${year.slice(2)}`;
}

function flaggedTable(flagged: readonly Assessment[], report: WeeklyReport): Html {
  const money = (minor: number) => moneyText(minor, report.currency);
  const rows = flagged.map((a) => [
    html`${metricName(a)}, ${periodText(a.period)}<small>${foreign(a.planTitle, 60)}</small>`,
    kpiValueText(a.kpi, a.claimed, report.currency),
    kpiValueText(a.kpi, a.verified?.point ?? null, report.currency),
    verdictMark(a),
    money(a.money.held),
    a.raisedOn ? dayText(a.raisedOn, report.asOf) : '–',
  ]);
  return table(
    [
      { title: 'Metric', kind: 'name' },
      { title: 'Claimed', kind: 'number' },
      { title: 'Verified', kind: 'number' },
      { title: 'Verdict', kind: 'mark' },
      { title: 'Held', kind: 'number' },
      { title: 'First raised', kind: 'number' },
    ],
    rows,
  );
}

/** Month to date on final days: no verdict, because the period is not over, unless a finding stands at review already. */
export function openSection(report: WeeklyReport): Html {
  if (report.openPeriods.length === 0) return html``;
  const keyOf = (o: { plan: string; kpi: string; unit: string; period: string }) =>
    JSON.stringify([o.plan, o.kpi, o.unit, o.period]);
  const raised = new Map(
    report.assessments
      .filter((a) => a.state === 'open' && isRaised(a.verdict))
      .map((a) => [keyOf(a), a] as const),
  );
  const rows = report.openPeriods.slice(0, mostMetrics).map((o) => {
    const value = (v: number | null) => kpiValueText(o.kpi, v, report.currency);
    const standing = raised.get(keyOf(o));
    return [
      html`${metricName(o)}, ${periodText(o.period)}<small>${foreign(o.planTitle, 60)}</small>`,
      value(o.target),
      value(o.counted),
      `${numberText(o.finalDays)} of ${numberText(o.days)}`,
      value(o.pace === null ? null : Math.round(o.pace)),
      standing ? verdictMark(standing) : 'no verdict yet',
    ];
  });
  const findings = [...raised.values()].flatMap((a) =>
    a.findings.filter((f) => f.severity === 'review' && f.side === a.side).map((f) => ({ a, f })),
  );
  const shown = findings.slice(0, mostOpenFindings);
  return html`<section><h2>The period under way</h2><p class="soft">Counted on days whose numbers are final. No verdict before the period ends, unless a finding stands at review already.</p>
${table(
  [
    { title: 'Metric', kind: 'name' },
    { title: 'Target', kind: 'number' },
    { title: 'So far', kind: 'number' },
    { title: 'Final days', kind: 'number' },
    { title: 'At this pace', kind: 'number' },
    { title: 'Standing', kind: 'mark' },
  ],
  rows,
)}${leftOut(report.openPeriods.length, mostMetrics, 'metrics')}${shown.length > 0 ? html`<ul class="soft">${shown.map(({ a, f }) => html`<li>${metricName(a)}: ${foreign(f.text, 300)}</li>`)}</ul>` : ''}${leftOut(findings.length, shown.length, 'findings')}</section>`;
}
