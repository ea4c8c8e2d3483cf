import { html } from 'hono/html';
import type {
  BudgetUse,
  Business,
  Gap,
  HandOverGroup,
  HandOvers,
  PresaleEvent,
  SqlNeed,
} from '../model/business.ts';
import type { WeeklyReport } from '../model/report.ts';
import { agreementTables, hoursText } from './agreement-table.ts';
import { dayText, periodText } from './date-text.ts';
import { estimateText } from './estimate-text.ts';
import { moneyText, roundMoney } from './money-text.ts';
import { fineShareText, numberText, shareText } from './number-text.ts';
import { type Column, foreign, type Html, knownTable, leftOut, table, unbroken } from './page.ts';

const mostEvents = 20;
const mostBudgets = 20;

/** What hand-overs cost sales, what they bring, and both halves of the agreement. */
export function businessSection(report: WeeklyReport): Html {
  const { business } = report;
  if (!business) return html``;
  const { handOvers } = business;
  return html`${handOvers ? handOverSection(handOvers, report) : ''}
${agreementSection(business, report)}
${goalSection(business, report)}
${gapList(business.gaps)}`;
}

function handOverSection({ months, raised, ordinary }: HandOvers, report: WeeklyReport): Html {
  const money = (minor: number | null) => (minor === null ? '–' : roundMoney(minor, report.currency));
  const columns: Column[] = [
    { title: 'Month', kind: 'name' },
    { title: 'Handed over', kind: 'number' },
    { title: 'Accepted', kind: 'number' },
    { title: 'Did not qualify', kind: 'number' },
    { title: 'Time to reject', kind: 'number' },
    { title: 'Won', kind: 'number' },
    { title: 'Quota', kind: 'number' },
  ];
  const rows = months.map((m) => [
    html`${periodText(m.month)}${m.isComplete ? (m.isRaised ? html`<small>under question</small>` : '') : html`<small>so far</small>`}`,
    numberText(m.delivered),
    numberText(m.accepted),
    m.delivered === 0 ? '–' : `${numberText(m.notQualified)} (${shareText(m.notQualified / m.delivered)})`,
    m.hoursToReject === null ? '–' : hoursText(m.hoursToReject),
    money(m.won),
    money(m.quota),
  ]);
  return html`<section><h2>What the numbers cost sales</h2><p>${handOverSentence(raised, ordinary, report)}</p>
<p class="soft">Did not qualify: rejected, or returned as not ready, by month of hand-over.${months.some((m) => m.quota !== null) ? " Quota: a twelfth of the year's revenue goal." : ''}</p>
${knownTable(columns, rows)}</section>`;
}

/** Months under question against the others, in words. */
export function handOverSentence(
  raised: HandOverGroup | null,
  ordinary: HandOverGroup | null,
  { currency }: WeeklyReport,
): string {
  const share = (g: HandOverGroup) =>
    `${shareText(g.share.value)} of the hand-overs did not qualify (${numberText(g.notQualified)} of ${numberText(g.delivered)})`;
  const time = (g: HandOverGroup) =>
    g.hoursToReject === null ? '' : `, rejected after ${hoursText(g.hoursToReject)} (median)`;
  const quota = (g: HandOverGroup) =>
    g.quota === null || g.won === null || g.quota === 0
      ? ''
      : `; sales won ${roundMoney(g.won, currency)} against a quota of ${roundMoney(g.quota, currency)} (${shareText(g.won / g.quota)})`;
  if (raised && ordinary)
    return `In the ${raised.months.length === 1 ? 'month' : `${raised.months.length} months`} under question ${share(raised)}${time(raised)}, against ${shareText(ordinary.share.value)} in the other ${ordinary.months.length}${quota(raised)}.`;
  const only = raised ?? ordinary;
  return only ? `${share(only)}${time(only)}${quota(only)}.` : 'No month of hand-overs is complete yet.';
}

function agreementSection({ agreement, need }: Business, { currency }: WeeklyReport): Html {
  if (agreement.length === 0) return html``;
  return html`<section><h2>The agreement, both ways</h2>${need ? html`<p>${unbroken(needSentence(need, currency))}</p>` : ''}${agreementTables(agreement)}</section>`;
}

/** How many SQLs the quota takes, with the sum that says so. */
function needSentence(need: SqlNeed, currency: string): string {
  const { quota, averageWon, winRate, accepted, marketingShare, acceptedForShare, deliveredForShare } = need;
  const money = (minor: number) => roundMoney(minor, currency);
  const whole = (v: number) => numberText(Math.ceil(v));
  const handedOver =
    deliveredForShare === null
      ? ''
      : `, that is ${whole(deliveredForShare)} handed over at the own acceptance`;
  return `A quota of ${money(quota)} a month / (${money(averageWon)} a win x ${fineShareText(winRate.value)} of accepted SQLs won) takes ${estimateText(accepted, whole)} accepted SQLs a month. For the ${shareText(marketingShare)} of revenue that marketing brought it takes ${whole(acceptedForShare)} accepted${handedOver}; the last three months brought ${numberText(Math.round(need.acceptedNow))} accepted a month.`;
}

function goalSection(
  { goal, winRate, marketingShare, span, budgets, presale }: Business,
  report: WeeklyReport,
): Html {
  const { currency, asOf } = report;
  const money = (minor: number) => roundMoney(minor, currency);
  const facts: [string, string][] = [];
  if (goal) {
    const side =
      goal.gap > 0 ? `${money(goal.gap)} behind an even year` : `${money(-goal.gap)} ahead of an even year`;
    const unpriced =
      goal.withoutAmount > 0
        ? `; ${numberText(goal.withoutAmount)} won deals have no amount and are left out`
        : '';
    facts.push([
      `Revenue goal ${goal.year}`,
      `${money(goal.won)} won of ${money(goal.target)} (${shareText(goal.won / goal.target)}) with ${shareText(goal.yearElapsed)} of the year gone: ${side}. At this pace the year brings ${money(goal.pace)}${unpriced}.`,
    ]);
  }
  if (winRate) {
    const { before, now, withinDays, isApart } = winRate;
    const part = (w: typeof now) =>
      `${w.rate === null ? 'none' : estimateText(w.rate, shareText)} of the ${numberText(w.accepted)} from ${dayText(w.from, asOf)} to ${dayText(w.to, asOf)}`;
    facts.push([
      'Accepted SQLs won, then and now',
      `Within ${numberText(withinDays)} days of hand-over: ${part(now)}; before, ${part(before)}. ${isApart ? 'The two differ by more than chance explains: thinner leads, or less time for each.' : 'Chance alone could make the two differ so.'}`,
    ]);
  }
  if (marketingShare) {
    const { won, sourced, touched, revenue, sourcedRevenue } = marketingShare;
    const of = (part: number) => `${numberText(part)} of ${numberText(won)} (${shareText(part / won)})`;
    facts.push([
      "Marketing's share of won deals",
      `Sourced: ${of(sourced)}${revenue > 0 ? `, ${shareText(sourcedRevenue / revenue)} of revenue` : ''}. ${touched === null ? 'Touched cannot be told: no deal names an SQL or a contact.' : `Sourced or touched by a marketing lead before the deal: ${of(touched)}.`} Deals won since ${dayText(span.from, asOf)}.`,
    ]);
  }
  if (facts.length + budgets.length + presale.length === 0) return html``;
  return html`<section><h2>What it brings: goal, quota and wins</h2>
${facts.length > 0 ? html`<dl>${facts.map(([name, text]) => html`<dt>${name}</dt><dd>${text}</dd>`)}</dl>` : ''}
${budgetTable(budgets, report)}${presaleTable(presale, report)}</section>`;
}

function budgetTable(budgets: readonly BudgetUse[], { currency }: WeeklyReport): Html {
  if (budgets.length === 0) return html``;
  const rows = budgets
    .slice(0, mostBudgets)
    .map((b) => [
      html`${foreign(b.id, 64)}<small>${b.budget}${b.owner === null ? '' : html`, ${foreign(b.owner, 60)}`}</small>`,
      b.period,
      roundMoney(b.booked, currency),
      roundMoney(b.amount, currency),
      shareText(b.booked / b.amount),
      shareText(b.elapsed),
    ]);
  return html`<h3>Budgets</h3>${table(
    [
      { title: 'Budget', kind: 'name' },
      { title: 'Period', kind: 'mark' },
      { title: 'Booked', kind: 'number' },
      { title: 'Budget', kind: 'number' },
      { title: 'Used', kind: 'number' },
      { title: 'Period gone', kind: 'number' },
    ],
    rows,
  )}${leftOut(budgets.length, mostBudgets, 'budgets')}`;
}

function presaleTable(events: readonly PresaleEvent[], { currency, asOf }: WeeklyReport): Html {
  if (events.length === 0) return html``;
  const money = (minor: number | null) => (minor === null ? 'not booked' : moneyText(minor, currency));
  const back = (e: PresaleEvent) => {
    if (e.cost === null) return 'cannot be told: no cost is booked on it';
    if (e.breakEvenOn !== null) return `cost back on ${dayText(e.breakEvenOn, asOf)}`;
    const over = e.breakEven.filter((b) => b.isReached === false).map((b) => numberText(b.days));
    return over.length > 0
      ? `cost not back after ${over.join(' and ')} days`
      : 'not yet, its time is not over';
  };
  const rows = events
    .slice(0, mostEvents)
    .map((e) => [
      html`${foreign(e.event, 60)}<small>${e.on === null ? '' : dayText(e.on, asOf)}${e.budgets.length > 0 ? `, ${e.budgets.join(' and ')} budget` : ''}</small>`,
      `${numberText(e.guests)} (${numberText(e.identified)} known)`,
      numberText(e.withSales),
      numberText(e.won),
      moneyText(e.revenue, currency),
      money(e.cost),
      back(e),
    ]);
  return html`<h3>Presale, event by event</h3>${table(
    [
      { title: 'Event', kind: 'name' },
      { title: 'Guests', kind: 'number' },
      { title: 'With sales before', kind: 'number' },
      { title: 'Won after', kind: 'number' },
      { title: 'Revenue', kind: 'number' },
      { title: 'Cost', kind: 'number' },
      { title: 'Break-even', kind: 'mark' },
    ],
    rows,
  )}${leftOut(events.length, mostEvents, 'events')}`;
}

/** What cannot be told, and what it would take. */
export const gapTexts: Readonly<Record<Gap, string>> = {
  'no-spend': 'No spend source: cost per lead, per accepted SQL and per customer cannot be told.',
  'no-sqls': 'No SQL records: what hand-overs cost sales and how the agreement is kept cannot be told.',
  'no-deals': 'No deals source: win rate, revenue, marketing’s share and the goal cannot be told.',
  'no-deal-links':
    'No won deal names an SQL (sql_id): win rate and the SQLs that feed the quota cannot be told.',
  'no-amounts': 'No won deal has an amount: revenue and the goal cannot be told.',
  'no-goal': 'No revenue goal for this year (goals.revenue): pace, gap and quota cannot be told.',
  'no-wins': 'No deal was won in the last year: cost per customer and time to win cannot be told.',
  'no-guests': 'Costs are booked on events, but no guests are known: what events brought cannot be told.',
};

function gapList(gaps: readonly Gap[]): Html {
  if (gaps.length === 0) return html``;
  return html`<section><h2>What cannot be told</h2><ul>${gaps.map((gap) => html`<li>${gapTexts[gap]}</li>`)}</ul></section>`;
}
