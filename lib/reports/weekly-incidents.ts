import { html } from 'hono/html';
import type { Incident } from '../model/incident.ts';
import type { WeeklyReport } from '../model/report.ts';
import { causesText, daysText, metricNames, standingText } from './incident-text.ts';
import { numberText, rangeText } from './number-text.ts';
import { foreign, type Html, leftOut, table } from './page.ts';

const mostRows = 40;

/** Days on which a metric was off, open incidents first, then the latest; nothing when there were none. */
export function incidentsSection({ incidents, asOf }: WeeklyReport): Html {
  if (incidents.length === 0) return html``;
  const order = [...incidents].sort(
    (a, b) => Number(b.state === 'open') - Number(a.state === 'open') || (a.from < b.from ? 1 : -1),
  );
  const row = (incident: Incident) => {
    const { metric, direction, unit, expected, range, observed } = incident;
    return [
      html`${metricNames[metric]}, ${direction}<small>${unit === 'all' ? '' : foreign(unit, 64)}</small>`,
      daysText(incident, asOf),
      `${numberText(expected)} (${rangeText(range, '–')})`,
      numberText(observed),
      standingText(incident),
      foreign(causesText(incident, asOf), 300),
    ];
  };
  return html`<section><h2>Days that were off</h2><p class="soft">Single days and weeks outside what own history explains, in the last weeks. They are for whoever runs the site: no pay is held for them.</p>
${table(
  [
    { title: 'Metric', kind: 'name' },
    { title: 'Days', kind: 'mark' },
    { title: 'Expected', kind: 'number' },
    { title: 'Observed', kind: 'number' },
    { title: 'Standing', kind: 'mark' },
    { title: 'What is known', kind: 'text' },
  ],
  order.slice(0, mostRows).map(row),
)}${leftOut(incidents.length, mostRows, 'incidents')}</section>`;
}
