import type { WeeklyReport } from '../model/report.ts';
import { dayText, monthName } from './date-text.ts';
import { lossSentence } from './funnel-table.ts';
import { kpiNames } from './kpi-text.ts';
import { roundMoney } from './money-text.ts';
import { numberText, shareText } from './number-text.ts';
import { questionedSource } from './weekly-origins.ts';

/** Most lines that one meeting gets. */
const mostLines = 5;

/**
 * At most five lines for the week's meeting of marketing and sales, each a fact and what is to be settled about it.
 * @returns the weightiest first; empty when nothing is to be settled.
 */
export function meetingLines(report: WeeklyReport): string[] {
  const { business, trend, currency, asOf } = report;
  if (!business) return [];
  const { handOvers, agreement, goal, need, worth, jointKpis, presale } = business;
  const lines: string[] = [];
  const raised = handOvers?.raised;
  if (raised && handOvers.ordinary)
    lines.push(
      `${shareText(raised.share.value)} of the hand-overs of ${monthsText(raised.months, asOf)} did not qualify (${shareText(handOvers.ordinary.share.value)} in other months): agree which leads are ready, from this week on.`,
    );
  const current = agreement.filter((a) => !a.isComplete || agreement.every((b) => b.isComplete));
  const overdue = current.reduce((sum, a) => sum + a.overdue, 0);
  if (overdue > 0) {
    const oldest = current
      .flatMap((a) => a.undecided)
      .sort((a, b) => (a.deliveredOn < b.deliveredOn ? -1 : 1))[0];
    lines.push(
      `${numberText(overdue)} SQLs wait longer than agreed${oldest ? `, the oldest since ${dayText(oldest.deliveredOn, asOf)}` : ''}: sales says by when they are decided.`,
    );
  }
  const contested = agreement.reduce((sum, a) => sum + a.contested, 0);
  if (contested > 0)
    lines.push(
      `${numberText(contested)} ${contested === 1 ? 'rejection is' : 'rejections are'} contested: look at ${contested === 1 ? 'it' : 'them'} together and state the reason.`,
    );
  const source = questionedSource(report);
  if (source !== null) lines.push(`${source}: decide whether it is booked on.`);
  if (goal && goal.gap > 0) {
    const feed = need
      ? `; marketing's share of the quota needs ${numberText(Math.ceil(need.acceptedForShare))} accepted SQLs a month, ${numberText(Math.round(need.acceptedNow))} come`
      : '';
    lines.push(
      `Revenue is ${roundMoney(goal.gap, currency)} behind an even year${feed}: agree who closes which part of it.`,
    );
  }
  const fluff = worth.filter((w) => w.worth === 'fluff').map((w) => kpiNames[w.kpi]);
  const free = jointKpis.filter((k) => k.inPlans.length === 0).map((k) => kpiNames[k.kpi].toLowerCase());
  if (fluff.length > 0 && free.length > 0)
    lines.push(
      `${listed(fluff)} foretell little of what the company wants: consider ${listed(free).replaceAll('sqls', 'SQLs')} as goals of both sides.`,
    );
  const event = presale.find((e) => e.cost !== null && e.identified > 0 && e.withSales * 2 >= e.identified);
  if (event)
    lines.push(
      `${numberText(event.withSales)} of ${numberText(event.identified)} known guests of the event of ${dayText(event.on!, asOf)} were with sales already: agree whose budget pays the next one.`,
    );
  if (lines.length < mostLines && trend?.lostMost)
    lines.push(lossSentence(trend).split('. ')[0]!.concat('.'));
  return lines.slice(0, mostLines);
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** Months in words. @example monthsText(['2026-05', '2026-06'], '2026-09-20') // => 'May to June' */
function monthsText(months: readonly string[], asOf: string): string {
  const name = (month: string) => {
    const text = monthName(Number(month.slice(5)));
    return month.slice(0, 4) === asOf.slice(0, 4) ? text : `${text} ${month.slice(0, 4)}`;
  };
  const isRow = months.every((m, i) => i === 0 || monthNumber(m) === monthNumber(months[i - 1]!) + 1);
  if (months.length < 3 || !isRow)
    return months.length > 4 ? `${months.length} months` : listed(months.map(name));
  return `${name(months[0]!)} to ${name(months.at(-1)!)}`;
}

function monthNumber(month: string): number {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5));
}
