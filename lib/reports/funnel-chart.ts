import type { ECharts, EChartsCoreOption } from 'echarts/core';
import { addDays, addMonths, type Day, dayNumber, dayOf } from '../model/day.ts';
import { datasetOf } from '../model/kpi.ts';
import type { FunnelWeek, UnitFunnel } from '../model/report.ts';
import { dayText, monthName } from './date-text.ts';
import { kpiNames } from './kpi-text.ts';
import { numberText } from './number-text.ts';

/** One small chart of the funnel, ready to stand in a page. */
export interface FunnelPanel {
  readonly title: string;
  /** What the lines are, in words, for a reader of black and white print. */
  readonly legend: string;
  /** Self-contained SVG without script, style sheet or foreign text. */
  readonly svg: string;
  /** What the chart shows, in one sentence. */
  readonly alternative: string;
}

interface Line {
  readonly name: string;
  readonly color: string;
  readonly dash: 'solid' | 'dashed';
  of(week: FunnelWeek): number | null;
}

interface PanelPlan {
  readonly id: string;
  readonly title: string;
  readonly legend: string;
  readonly lines: readonly Line[];
  /** Datasets whose flags are marked here. */
  readonly marks: readonly string[];
}

/** Size of one panel in its own units; pages scale it. */
const width = 380;
const height = 132;
/** Blue and vermilion of Okabe and Ito (2008), told apart by readers with any colour vision, and by dash in grey. */
const blue = '#0b5c8f';
const vermilion = '#b8500a';
const ink = '#4a5560';

const perHundred = (part: number | null, whole: number | null) =>
  part === null || whole === null || whole === 0 ? null : Math.round((part / whole) * 10_000) / 100;

const panels: readonly PanelPlan[] = [
  {
    id: 'visitors',
    title: 'Visitors',
    legend: 'a week',
    lines: [{ name: 'visitors', color: blue, dash: 'solid', of: (w) => w.visitors }],
    marks: ['traffic'],
  },
  {
    id: 'leads',
    title: 'Leads',
    legend: 'a week',
    lines: [{ name: 'leads', color: blue, dash: 'solid', of: (w) => w.leads }],
    marks: ['leads'],
  },
  {
    id: 'sqls',
    title: 'SQLs',
    legend: 'handed over; dashed: accepted so far',
    lines: [
      { name: 'handed over', color: blue, dash: 'solid', of: (w) => w.sqls },
      { name: 'accepted', color: vermilion, dash: 'dashed', of: (w) => w.accepted },
    ],
    marks: ['sqls', 'deals'],
  },
  {
    id: 'rate',
    title: 'Leads per 100 visitors',
    legend: 'a week',
    lines: [
      {
        name: 'leads per 100 visitors',
        color: blue,
        dash: 'solid',
        of: (w) => perHundred(w.leads, w.visitors),
      },
    ],
    marks: ['traffic', 'leads'],
  },
];

/**
 * The funnel of one unit week by week as four panels on one time axis, flagged stretches shaded and labelled.
 * Missing weeks are gaps. The same input gives the same bytes.
 *
 * @param name distinguishes the ids of this chart from others on the page: letters, digits and "-".
 * @param asOf the reader's date; years other than its own are written out.
 * @returns no panels when there are no weeks.
 */
export async function funnelChart(funnel: UnitFunnel, name: string, asOf: Day): Promise<FunnelPanel[]> {
  const first = funnel.weeks[0]?.monday;
  const last = funnel.weeks.at(-1)?.monday;
  if (!first || !last) return [];
  const from = dayNumber(first);
  const to = dayNumber(last) + 7;
  const months = monthStarts(first, addDays(last, 7));
  return Promise.all(
    panels.map(async (panel) => {
      const flagged = stretches(funnel, panel.marks, from, to);
      const option = panelOption(panel, funnel.weeks, flagged, { from, to, months });
      return {
        title: panel.title,
        legend: panel.legend,
        svg: await drawSvg(option, `${name}-${panel.id}`),
        alternative: alternativeText(panel, funnel, flagged, asOf),
      };
    }),
  );
}

interface Axis {
  readonly from: number;
  readonly to: number;
  readonly months: readonly number[];
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

function panelOption(
  panel: PanelPlan,
  weeks: readonly FunnelWeek[],
  flagged: readonly Stretch[],
  { from, to, months }: Axis,
): EChartsCoreOption {
  const text = { color: ink, fontSize: 11 };
  return {
    animation: false,
    textStyle: {
      fontFamily: '-apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, system-ui, sans-serif',
    },
    grid: { left: 46, right: 8, top: 16, bottom: 22 },
    xAxis: {
      type: 'value',
      min: from,
      max: to,
      splitLine: { show: false },
      axisLine: { lineStyle: { color: '#9aa5ae' } },
      axisTick: { customValues: months, lineStyle: { color: '#9aa5ae' } },
      axisLabel: {
        ...text,
        customValues: months,
        formatter: (day: number) => monthName(Number(dayOf(day).slice(5, 7))).slice(0, 3),
      },
    },
    yAxis: {
      type: 'value',
      min: 0,
      splitNumber: 3,
      splitLine: { lineStyle: { color: '#e4e8eb' } },
      axisLabel: { ...text, formatter: numberText },
    },
    series: panel.lines.map((line, index) => ({
      type: 'line',
      silent: true,
      symbol: 'circle',
      symbolSize: 3.5,
      itemStyle: { color: line.color },
      lineStyle: { color: line.color, width: 1.8, type: line.dash },
      data: weeks.map((week) => [dayNumber(week.monday) + 3, line.of(week)]),
      ...(index === 0 && flagged.length > 0 ? { markArea: markArea(flagged) } : {}),
    })),
  };
}

function markArea(flagged: readonly Stretch[]) {
  return {
    silent: true,
    itemStyle: { color: '#f6e3bd', borderColor: '#b58a2f', borderWidth: 1, borderType: 'dashed' },
    label: { position: 'top', distance: 2, color: '#6b4e0c', fontSize: 11, fontWeight: 600 },
    data: flagged.map((s) => [{ name: 'flagged', xAxis: s.from }, { xAxis: s.to }]),
  };
}

/** Flagged stretches of the panel's datasets inside the axis, touching ones joined so labels do not collide. */
function stretches(funnel: UnitFunnel, marks: readonly string[], from: number, to: number): Stretch[] {
  const inside = funnel.flagged
    .filter((f) => marks.includes(datasetOf(f.kpi)))
    .map((f) => ({ from: Math.max(from, dayNumber(f.from)), to: Math.min(to, dayNumber(f.to)) }))
    .filter((s) => s.from < s.to)
    .sort((a, b) => a.from - b.from);
  const joined: Stretch[] = [];
  for (const stretch of inside) {
    const before = joined.at(-1);
    if (before && stretch.from <= before.to)
      joined[joined.length - 1] = { from: before.from, to: Math.max(before.to, stretch.to) };
    else joined.push(stretch);
  }
  return joined;
}

function monthStarts(from: Day, to: Day): number[] {
  const starts: number[] = [];
  for (let day = addMonths(`${from.slice(0, 7)}-01`, 1); day < to; day = addMonths(day, 1))
    starts.push(dayNumber(day));
  return starts;
}

function alternativeText(
  panel: PanelPlan,
  funnel: UnitFunnel,
  flagged: readonly Stretch[],
  asOf: Day,
): string {
  const lines = panel.lines.map((line) => {
    const values = funnel.weeks.map((week) => line.of(week)).filter((value) => value !== null);
    if (values.length === 0) return `${line.name}: no complete week`;
    return `${line.name} between ${numberText(Math.min(...values))} and ${numberText(Math.max(...values))} a week, last ${numberText(values.at(-1)!)}`;
  });
  const marked = flagged.map((s) => `${dayText(dayOf(s.from), asOf)} to ${dayText(dayOf(s.to - 1), asOf)}`);
  const end = marked.length > 0 ? ` Flagged: ${marked.join('; ')}.` : '';
  return `${panel.title} over ${funnel.weeks.length} weeks: ${lines.join('; ')}.${end}`;
}

/** What the flagged stretches inside the drawn weeks are about, the latest first, at most four of them named. */
export function flaggedText(funnel: UnitFunnel, asOf: Day): string {
  const first = funnel.weeks[0]?.monday ?? '';
  const drawn: UnitFunnel['flagged'][number][] = [];
  for (const f of funnel.flagged.filter((g) => g.to > first).toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const at = drawn.findLastIndex((d) => d.kpi === f.kpi);
    if (at >= 0 && f.from <= drawn[at]!.to)
      drawn[at] = { ...drawn[at]!, to: f.to > drawn[at]!.to ? f.to : drawn[at]!.to };
    else drawn.push(f);
  }
  drawn.reverse();
  const named = drawn
    .slice(0, 4)
    .map((f) => `${kpiNames[f.kpi]} ${dayText(f.from, asOf)} to ${dayText(addDays(f.to, -1), asOf)}`);
  const more = drawn.length > 4 ? ` and ${drawn.length - 4} more` : '';
  return `${named.join('; ')}${more}`;
}

type Draw = (option: EChartsCoreOption) => string;
let loaded: Promise<Draw> | null = null;

async function drawSvg(option: EChartsCoreOption, id: string): Promise<string> {
  // Loaded on demand: the library is larger than all other code and only reports draw.
  loaded ??= loadEcharts();
  const svg = (await loaded)(option);
  return svg
    .replace(/<style\b[\s\S]*?<\/style>/g, '')
    .replace(/ (?:class|ecmeta_\w+|pointer-events|xmlns:xlink|version|baseProfile)="[^"]*"/g, '')
    .replace(/zr\d+-/g, `${id}-`)
    .replace(/<defs\s*>\s*<\/defs>/g, '')
    .replace(/^<svg width="\d+" height="\d+"/, '<svg aria-hidden="true"')
    .replace(/\n/g, '');
}

async function loadEcharts(): Promise<Draw> {
  const { echarts: core } = await import('./line-chart.ts');
  return (option) => {
    const chart: ECharts = core.init(null, null, { renderer: 'svg', ssr: true, width, height });
    try {
      chart.setOption(option);
      return chart.renderToSVGString();
    } finally {
      chart.dispose();
    }
  };
}
