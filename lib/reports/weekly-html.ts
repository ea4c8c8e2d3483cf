import { html } from 'hono/html';
import type { UnitFunnel, WeeklyReport } from '../model/report.ts';
import { funnelChart } from './funnel-chart.ts';
import { headline } from './headline.ts';
import { meetingLines } from './meeting-lines.ts';
import { foreign, leftOut, page } from './page.ts';
import { splitPeriods, standingOf } from './standing.ts';
import { appendix, coverageSection } from './weekly-appendix.ts';
import { businessSection } from './weekly-business.ts';
import { notedSection, raisedSection, salesSection, unableSection } from './weekly-findings.ts';
import { flagsSection, restatementsSection } from './weekly-flags.ts';
import { type DrawnFunnel, frontPage, funnelFigures, reportTitle } from './weekly-front.ts';
import { incidentsSection } from './weekly-incidents.ts';
import { originsSection } from './weekly-origins.ts';
import { earlierSection, openSection } from './weekly-periods.ts';
import { worthSection } from './weekly-worth.ts';

/** Units whose funnel is drawn; each takes about 25 KB. */
const mostFunnels = 6;

/**
 * The weekly report as one self-contained page: page one first, then what it rests on.
 * No script, nothing loaded from elsewhere; under 1 MB for 50 plans and two years.
 * The same report gives the same bytes.
 *
 * @example await weeklyHtml(report) // => '<!doctype html>...'
 */
export async function weeklyHtml(report: WeeklyReport): Promise<string> {
  const funnels = byHeldMoney(report).slice(0, mostFunnels);
  const drawn: DrawnFunnel[] = await Promise.all(
    funnels.map(async (funnel, i) => ({ funnel, panels: await funnelChart(funnel, `f${i}`, report.asOf) })),
  );
  const head = headline(report);
  const lines = meetingLines(report);
  return page(
    reportTitle(report),
    head.sentence,
    html`${frontPage(report, head)}
${lines.length > 0 ? html`<section><h2>For this week's joint meeting</h2><ol class="meeting">${lines.map((l) => html`<li>${foreign(l, 500)}</li>`)}</ol></section>` : ''}
${businessSection(report)}
${originsSection(report)}
${worthSection(report)}
${flagsSection(report)}
${raisedSection(report)}
${unableSection(report)}
${notedSection(report)}
${salesSection(report)}
${openSection(report)}
${earlierSection(report)}
${restatementsSection(report)}
${
  drawn.length > 0
    ? html`<section><h2>The funnel, week by week</h2>${drawn.map((d) => html`${report.funnel.length > 1 ? html`<h3>${foreign(d.funnel.unit, 64)}</h3>` : ''}${funnelFigures(d, report)}`)}${leftOut(report.funnel.length, drawn.length, 'units')}</section>`
    : ''
}
${incidentsSection(report)}
${coverageSection(report)}
${appendix(report, funnels)}`,
  );
}

/** Units with weeks to draw, those with most money waiting in the latest period first; ties keep their order. */
function byHeldMoney(report: WeeklyReport): UnitFunnel[] {
  const held = new Map<string, number>();
  for (const a of splitPeriods(report).latest)
    if (standingOf(a) === 'waiting') held.set(a.unit, (held.get(a.unit) ?? 0) + 1 + a.money.held);
  return report.funnel
    .filter((f) => f.weeks.length > 0)
    .sort((a, b) => (held.get(b.unit) ?? 0) - (held.get(a.unit) ?? 0));
}
