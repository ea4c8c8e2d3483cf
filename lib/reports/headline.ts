import { addDays, type Day } from '../model/day.ts';
import type { Assessment, Verdict } from '../model/flag.ts';
import type { Kpi } from '../model/kpi.ts';
import { parsePeriod } from '../model/period.ts';
import type { WeeklyReport } from '../model/report.ts';
import { dayText, monthName } from './date-text.ts';
import { moneyText } from './money-text.ts';
import { byUrgency, isBonusMetric, type Standing, splitPeriods, standingOf, sumMoney } from './standing.ts';
import { whyText } from './why-text.ts';

/** Days after a period's end during which it belongs to the decisions of the week. */
const recentDays = 35;

/** One decision a person has to take. */
export interface DecisionNeeded {
  readonly plan: string;
  readonly planTitle: string;
  readonly kpi: Kpi;
  readonly unit: string;
  readonly period: string;
  readonly verdict: Verdict;
  /** What is asked: to decide on a flag, or to bring the data without which nothing can be judged. */
  readonly asks: 'decision' | 'data';
  /** Money held, minor units; 0 where no pay depends on it. */
  readonly held: number;
  readonly due: Day;
  readonly isOverdue: boolean;
  readonly who: string;
  /** What stands between claim and verified, or why nothing can be verified; a few words. */
  readonly why: string;
}

/** What the report says first. */
export interface Headline {
  /** The first sentence. */
  readonly sentence: string;
  /** Decisions of periods that ended within 35 days, first due first. */
  readonly decisions: readonly DecisionNeeded[];
  /** Flags of older periods that nobody decided, and the money they hold. */
  readonly undecidedEarlier: { readonly count: number; readonly held: number };
}

/**
 * The first sentence and the decisions needed (SPEC 10).
 * @example headline(report).sentence
 * // => '2 of 3 August bonus metrics can be certified; USD 555.55 of USD 1,666.67 waits for a decision due 14 Sep.'
 */
export function headline(report: WeeklyReport): Headline {
  const { latest, earlier } = splitPeriods(report);
  const open = [...latest, ...earlier].filter(
    (a) => standingOf(a) === 'waiting' || (standingOf(a) === 'unable' && a.money.held > 0),
  );
  const isRecent = (a: Assessment) => addDays(parsePeriod(a.period).to, recentDays) >= report.asOf;
  const old = open.filter((a) => !isRecent(a));
  return {
    sentence: firstSentence(latest.filter(isBonusMetric), report),
    decisions: open
      .filter(isRecent)
      .sort((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : byUrgency(a, b)))
      .map((a) => decisionNeeded(a, report.asOf)),
    undecidedEarlier: { count: old.length, held: sumMoney(old, 'held') },
  };
}

function decisionNeeded(a: Assessment, asOf: Day): DecisionNeeded {
  const asks = standingOf(a) === 'unable' ? 'data' : 'decision';
  const other = a.side === 'marketing' ? 'sales' : 'marketing';
  const who = !isBonusMetric(a)
    ? 'sales and marketing'
    : asks === 'data'
      ? 'marketing operations'
      : `finance and ${other}`;
  const { plan, planTitle, kpi, unit, period, verdict, due } = a;
  return {
    plan,
    planTitle,
    kpi,
    unit,
    period,
    verdict,
    asks,
    held: a.money.held,
    due,
    isOverdue: due < asOf,
    who,
    why: whyText(a),
  };
}

function firstSentence(judged: readonly Assessment[], report: WeeklyReport): string {
  if (judged.length === 0) return 'No complete period has been judged yet.';
  const certified = judged.filter((a) => standingOf(a) === 'certified');
  const metrics = judged.length === 1 ? 'bonus metric' : 'bonus metrics';
  const count = `${certified.length} of ${judged.length} ${periodNames(judged, report.asOf)} ${metrics} can be certified`;
  return `${count}; ${moneyClause(judged, report)}${claimClause(judged)}.`;
}

/** Names of the periods judged, `August` or `September and Q3`; the year only where it is not the reader's. */
function periodNames(judged: readonly Assessment[], asOf: Day): string {
  const names = [...new Set(judged.map((a) => a.period))].sort().map((period) => {
    const name = period.includes('Q') ? period.slice(5) : monthName(Number(period.slice(5, 7)));
    return period.slice(0, 4) === asOf.slice(0, 4) ? name : `${name} ${period.slice(0, 4)}`;
  });
  return names.join(' and ');
}

function moneyClause(judged: readonly Assessment[], { currency, asOf }: WeeklyReport): string {
  const money = (minor: number) => moneyText(minor, currency);
  const total = sumMoney(judged, 'claimed');
  const held = sumMoney(judged, 'held');
  const of = (standing: Standing) => judged.filter((a) => standingOf(a) === standing);
  const waiting = of('waiting');
  const parts = [
    { of: waiting, why: 'waits for a decision due', date: 'due' as const },
    { of: of('unable'), why: 'waits for more data or a decision due', date: 'due' as const },
    { of: of('certified'), why: 'waits until the data settle on', date: 'ripeOn' as const },
  ]
    .map((p) => ({ ...p, held: sumMoney(p.of, 'held') }))
    .filter((p) => p.held > 0)
    .map((p) => {
      const day = earliest(p.of, p.date);
      const why =
        p.date === 'due' && day < asOf ? p.why.replace('decision due', 'decision that was due') : p.why;
      return { held: p.held, text: `${why} ${dayText(day, asOf)}` };
    });

  if (parts.length === 1) return `${money(held)} of ${money(total)} ${parts[0]!.text}`;
  if (parts.length > 1)
    return `${money(held)} of ${money(total)} is held: ${parts.map((p) => `${money(p.held)} ${p.text}`).join(', ')}`;
  if (waiting.length > 0) {
    const day = earliest(waiting, 'due');
    return `no pay is held, a decision ${day < asOf ? 'was' : 'is'} due ${dayText(day, asOf)}`;
  }
  if (judged.every(isAwaitingClaim)) return 'no claim has arrived yet';
  if (total === 0) return 'no pay is claimed';
  const payable = sumMoney(judged, 'payable');
  return payable === total
    ? `all of ${money(total)} can be paid`
    : `${money(payable)} of ${money(total)} can be paid`;
}

function earliest(of: readonly Assessment[], date: 'due' | 'ripeOn'): Day {
  return of.reduce((first, a) => (first === '' || a[date] < first ? a[date] : first), '');
}

function claimClause(judged: readonly Assessment[]): string {
  const missing = judged.filter(isAwaitingClaim).length;
  if (missing === 0 || missing === judged.length) return '';
  return missing === 1 ? ', 1 claim is still to come' : `, ${missing} claims are still to come`;
}

function isAwaitingClaim(a: Assessment): boolean {
  return a.claimedFrom === 'awaiting_claim';
}
