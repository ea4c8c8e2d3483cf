import { html } from 'hono/html';
import type { FunnelStage, FunnelTrend, Stage } from '../model/report.ts';
import { numberText, shareText } from './number-text.ts';
import { type Column, emptyCell, type Html, table } from './page.ts';

/** Names of stages that readers see. */
export const stageNames: Readonly<Record<Stage, string>> = {
  visitors: 'Visitors',
  leads: 'Leads',
  sqls: 'SQLs handed over',
  accepted: 'SQLs accepted',
  won: 'Deals won',
};

const width = 150;
const height = 26;

/** The funnel of all units over 13 weeks: volumes against before, the course of each stage, and what became of what. */
export function funnelTable(trend: FunnelTrend): Html {
  const known = trend.stages.filter((s) => s.total !== null);
  if (known.length === 0) return html``;
  const most = Math.max(150, ...known.flatMap((s) => s.index.map((v) => v ?? 0)));
  const hasBefore = trend.weeksBefore > 0;
  const columns: Column[] = [
    { title: 'Stage', kind: 'name' },
    { title: 'A week', kind: 'number' },
    { title: 'A week before', kind: 'number' },
    { title: 'Index', kind: 'number' },
    { title: `${trend.mondays.length} weeks, before = 100`, kind: 'mark' },
    { title: 'Conversion', kind: 'number' },
    { title: 'Conversion before', kind: 'number' },
  ];
  const rows = known.map((s) => [
    stageNames[s.stage],
    s.weekly === null ? '–' : perWeek(s.weekly),
    s.weeklyBefore === null ? '–' : perWeek(s.weeklyBefore),
    indexText(s),
    hasBefore ? courseFigure(s, most) : '–',
    s.stage === 'visitors' ? emptyCell : conversionText(s.conversion),
    s.stage === 'visitors' ? emptyCell : conversionText(s.conversionBefore),
  ]);
  return html`<div class="funnel">${table(columns, rows)}</div><p class="soft">${lossSentence(trend)}</p>`;
}

function perWeek(value: number): string {
  return numberText(value >= 20 ? Math.round(value) : Math.round(value * 10) / 10);
}

function indexText({ weekly, weeklyBefore }: FunnelStage): string {
  return weekly === null || !weeklyBefore ? '–' : numberText(Math.round((100 * weekly) / weeklyBefore));
}

function conversionText(share: number | null): string {
  return share === null ? '–' : shareText(share);
}

/** The stage that lost most, in one sentence. */
export function lossSentence({ stages, lostMost, weeksBefore, leavesOut }: FunnelTrend): string {
  const before = leavesOut > 0 ? `${weeksBefore} ordinary weeks before` : `the ${weeksBefore} weeks before`;
  const at = stages.findIndex((s) => s.stage === lostMost);
  if (weeksBefore === 0) return 'There are no earlier weeks to hold these against.';
  if (at < 1) return `No stage passes on clearly less than in ${before}.`;
  const { conversion, conversionBefore } = stages[at]!;
  const from = stageNames[stages[at - 1]!.stage].toLowerCase().replace('sqls', 'SQLs');
  const to = stageNames[lostMost!].toLowerCase().replace('sqls', 'SQLs');
  return `Most is lost from ${from} to ${to}: ${shareText(conversion!)} now, ${shareText(conversionBefore!)} in ${before}. Conversion: of the stage above, in the same weeks, not of the same people.`;
}

/** The course of one stage as a line with its level before, all stages on one scale. */
function courseFigure(stage: FunnelStage, most: number): Html {
  const x = (i: number) => 3 + ((width - 6) * i) / Math.max(1, stage.index.length - 1);
  const y = (value: number) => height - 3 - ((height - 6) * value) / most;
  let pen = 'M';
  let path = '';
  stage.index.forEach((value, i) => {
    if (value === null) {
      pen = 'M';
      return;
    }
    path += `${pen}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = 'L';
  });
  const last = stage.index.findLastIndex((v) => v !== null);
  const known = stage.index.filter((v) => v !== null);
  const words =
    known.length === 0
      ? `${stageNames[stage.stage]}: no complete week`
      : `${stageNames[stage.stage]} by week, before = 100: from ${numberText(Math.min(...known))} to ${numberText(Math.max(...known))}, last ${numberText(known.at(-1)!)}`;
  const level = y(100).toFixed(1);
  return html`<svg class="course" role="img" aria-label="${words}" viewBox="0 0 ${width} ${height}"><line x1="0" x2="${width}" y1="${level}" y2="${level}" stroke="#9aa5ae" stroke-dasharray="3 3"/><path d="${path}" fill="none" stroke="#0b5c8f" stroke-width="1.8" stroke-linejoin="round"/>${last >= 0 ? html`<circle cx="${x(last).toFixed(1)}" cy="${y(stage.index[last]!).toFixed(1)}" r="2.4" fill="#0b5c8f"/>` : ''}</svg>`;
}
