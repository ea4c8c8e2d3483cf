import { html } from 'hono/html';
import type { OriginResult, SourceResult } from '../model/business.ts';
import type { Estimate } from '../model/estimate.ts';
import type { WeeklyReport } from '../model/report.ts';
import { dayText } from './date-text.ts';
import { estimateText } from './estimate-text.ts';
import { roundMoney } from './money-text.ts';
import { numberText, shareText } from './number-text.ts';
import { type Column, foreign, type Html, knownTable, leftOut } from './page.ts';

const mostSources = 15;

/** Where leads and customers come from, what one costs, how long it takes. */
export function originsSection(report: WeeklyReport): Html {
  const { business } = report;
  if (!business || (business.origins.length === 0 && business.sources.length === 0)) return html``;
  const { span, origins, sources } = business;
  return html`<section><h2>Where leads come from</h2>
<p class="soft">Since ${dayText(span.from, report.asOf)}. Below each cost the range that chance alone leaves open (95 %, Poisson); a dash where no booking tells a cost, or nothing came of it.</p>
${originTable(origins, report)}${sourceTable(sources, report)}</section>`;
}

const value = (count: number | null) => (count === null ? '–' : numberText(count));

function costCell(cost: Estimate | null, currency: string): Html | string {
  if (cost === null) return '–';
  const money = (minor: number) => roundMoney(minor, currency);
  const range =
    cost.high === null
      ? `at least ${money(cost.low)}`
      : `${money(cost.low).replace(`${currency} `, '')} to ${money(cost.high).replace(`${currency} `, '')}`;
  return html`${money(cost.value)}<small>${range}</small>`;
}

function originTable(origins: readonly OriginResult[], { currency }: WeeklyReport): Html {
  if (origins.length === 0) return html``;
  const hasPresale = origins.some((o) => o.presaleCost !== null);
  const columns: Column[] = [
    { title: 'Origin', kind: 'name' },
    { title: 'Leads', kind: 'number' },
    { title: 'Accepted', kind: 'number' },
    { title: 'Won', kind: 'number' },
    { title: 'Per lead', kind: 'number' },
    { title: 'Per accepted SQL', kind: 'number' },
    { title: 'Per customer', kind: 'number' },
    ...(hasPresale ? [{ title: 'With presale', kind: 'number' } as const] : []),
    { title: 'Days to win', kind: 'number' },
  ];
  // A sum over one origin says it twice.
  const shown = origins.length === 2 ? origins.slice(0, 1) : origins;
  const rows = shown.map((o) => [
    o.origin === 'all' ? html`<b>all origins</b>` : o.origin,
    value(o.leads),
    value(o.accepted),
    value(o.won),
    costCell(o.perLead, currency),
    costCell(o.perAccepted, currency),
    costCell(o.perCustomer, currency),
    ...(hasPresale ? [costCell(o.perCustomerWithPresale, currency)] : []),
    o.daysToWin === null ? '–' : numberText(Math.round(o.daysToWin)),
  ]);
  return html`<h3>By origin</h3>${knownTable(columns, rows)}<p class="soft">Days to win: median from the lead, or from the deal's opening where no lead is linked.${hasPresale ? '' : ' No presale cost is booked.'}</p>`;
}

function sourceTable(sources: readonly SourceResult[], report: WeeklyReport): Html {
  if (sources.length === 0) return html``;
  const { currency, asOf } = report;
  const rows = sources
    .slice(0, mostSources)
    .map((s) => [
      html`${foreign(s.source, 80)}${s.isQuestioned ? html`<small>under question, first seen ${dayText(s.firstSeen, asOf)}</small>` : ''}`,
      numberText(s.visitors),
      s.engagedShare === null ? '–' : shareText(s.engagedShare),
      value(s.leads),
      value(s.accepted),
      s.spend === null ? '–' : roundMoney(s.spend, currency),
      costCell(s.perLead, currency),
    ]);
  return html`<h3>By traffic source</h3>${knownTable(
    [
      { title: 'Source', kind: 'name' },
      { title: 'Visitors', kind: 'number' },
      { title: 'Engaged', kind: 'number' },
      { title: 'Leads', kind: 'number' },
      { title: 'Accepted', kind: 'number' },
      { title: 'Spent', kind: 'number' },
      { title: 'Per lead', kind: 'number' },
    ],
    rows,
  )}${leftOut(sources.length, mostSources, 'sources')}`;
}

/** The dearest source under question in one sentence; null when there is none. */
export function questionedSource(report: WeeklyReport): string | null {
  const { business, currency } = report;
  const source = business?.sources.find((s) => s.isQuestioned && s.perLead !== null);
  if (!source?.perLead || !business) return null;
  const others = business.sources.filter((s) => !s.isQuestioned && s.perLead !== null);
  const spent = others.reduce((sum, s) => sum + s.spend!, 0);
  const leads = others.reduce((sum, s) => sum + s.leads!, 0);
  const beside =
    leads > 0
      ? `, against ${roundMoney(Math.round(spent / leads), currency)} from the other paid sources`
      : '';
  return `${source.source} costs ${estimateText(source.perLead, (v) => roundMoney(v, currency))} a lead${beside}`;
}
