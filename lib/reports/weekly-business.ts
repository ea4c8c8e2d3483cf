import { html } from 'hono/html';
import type {
  AgreementKept,
  Business,
  HandOver,
  OriginResult,
  Prediction,
  WeeklyReport,
  WinRate,
} from '../model/report.ts';
import { dayText, periodText } from './date-text.ts';
import { kpiNames } from './kpi-text.ts';
import { moneyText } from './money-text.ts';
import { numberText, shareText } from './number-text.ts';
import { foreign, type Html, table } from './page.ts';

/** What the numbers cost sales, what they bring, and which of them foretell anything. */
export function businessSection(report: WeeklyReport): Html {
  const business = report.business;
  if (!business) return html``;
  const facts = [
    business.handOver && ['What hand-overs cost sales', handOverText(business.handOver)],
    business.agreement && ['The agreement, both ways', agreementText(business.agreement)],
    business.winRate && ['Won of accepted SQLs', winRateText(business.winRate, report)],
    business.goal && ['Revenue goal', goalText(business.goal, report)],
    business.marketingShare && ["Marketing's share of won deals", shareOfDeals(business.marketingShare)],
  ].filter((fact) => fact !== null);
  return html`<section><h2>What the numbers cost and bring</h2>
${facts.length > 0 ? html`<dl>${facts.map(([name, text]) => html`<dt>${name}</dt><dd>${text}</dd>`)}</dl>` : ''}
${originTable(business.origins, report)}${predictionTable(business.predictions)}</section>`;
}

function ratio(part: number, whole: number): string {
  return whole === 0
    ? 'none yet'
    : `${shareText(part / whole)} (${numberText(part)} of ${numberText(whole)})`;
}

function handOverText(h: HandOver): string {
  const hours =
    h.hoursToReject === null
      ? ''
      : `; sales took ${numberText(Math.round(h.hoursToReject))} hours (median) to reject one`;
  const goal =
    h.acceptedGoal === null
      ? ''
      : `; ${numberText(h.accepted)} accepted of ${numberText(h.acceptedGoal)} agreed`;
  return `${ratio(h.notQualified, h.delivered)} of the hand-overs of ${periodText(h.period)} did not qualify${hours}${goal}.`;
}

function agreementText(kept: AgreementKept): string {
  const part = (share: number | null, text: string) =>
    share === null ? [] : [`${shareText(share)} ${text}`];
  const floor = kept.floor === null ? '' : ` (agreed: at least ${shareText(kept.floor)})`;
  const parts = [
    ...part(kept.acceptedShare, `of decided SQLs accepted${floor}`),
    ...part(kept.decidedInTime, 'decided in time'),
    ...part(kept.contactedInTime, 'contacted in time'),
    `${numberText(kept.overdue)} overdue`,
    `${numberText(kept.contested)} rejected without an agreed reason`,
  ];
  return `${periodText(kept.period)}: ${parts.join(', ')}.`;
}

function winRateText({ then, now }: { then: WinRate; now: WinRate }, report: WeeklyReport): string {
  const span = (w: WinRate) =>
    `${ratio(w.won, w.accepted)} from ${dayText(w.from, report.asOf)} to ${dayText(w.to, report.asOf)}`;
  return `${span(now)}; before, ${span(then)}.`;
}

function goalText(goal: NonNullable<Business['goal']>, { currency }: WeeklyReport): string {
  return `${moneyText(goal.won, currency)} won of ${moneyText(goal.target, currency)} for ${goal.year} (${shareText(goal.won / goal.target)}), with ${shareText(goal.yearElapsed)} of the year gone.`;
}

function shareOfDeals(share: NonNullable<Business['marketingShare']>): string {
  const touched = share.touched === null ? '' : `; ${ratio(share.touched, share.won)} touched by it`;
  return `${ratio(share.sourced, share.won)} came from marketing${touched}.`;
}

function originTable(origins: readonly OriginResult[], { currency }: WeeklyReport): Html {
  if (origins.length === 0) return html``;
  const rows = origins
    .slice(0, 12)
    .map((o) => [
      foreign(o.origin, 40),
      numberText(o.won),
      moneyText(o.revenue, currency),
      o.spend === null ? '–' : moneyText(o.spend, currency),
      o.spend === null || o.won === 0 ? '–' : moneyText(Math.round(o.spend / o.won), currency),
      o.daysToWin === null ? '–' : numberText(Math.round(o.daysToWin)),
    ]);
  return html`<h3>Customers by where they came from</h3>${table(
    [
      { title: 'Origin', kind: 'name' },
      { title: 'Won', kind: 'number' },
      { title: 'Revenue', kind: 'number' },
      { title: 'Cost', kind: 'number' },
      { title: 'Cost per win', kind: 'number' },
      { title: 'Days to win', kind: 'number' },
    ],
    rows,
  )}`;
}

const outcomes = { sqls_accepted: 'accepted SQLs', revenue: 'revenue' } as const;

function predictionTable(predictions: readonly Prediction[]): Html {
  if (predictions.length === 0) return html``;
  const rows = predictions.slice(0, 24).map((p) => {
    const isKnown = p.rho !== null && p.low !== null && p.high !== null;
    return [
      `${kpiNames[p.kpi]} for ${outcomes[p.outcome]}`,
      p.label,
      isKnown ? `${numberText(p.rho!)} (${numberText(p.low!)} to ${numberText(p.high!)})` : '–',
      numberText(p.pairs),
    ];
  });
  return html`<h3>How well each bonus metric foretells what the company wants</h3>${table(
    [
      { title: 'Metric', kind: 'name' },
      { title: 'Worth as a goal', kind: 'mark' },
      { title: 'Rank correlation (95 %)', kind: 'number' },
      { title: 'Periods', kind: 'number' },
    ],
    rows,
  )}`;
}
