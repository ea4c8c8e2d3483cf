import type { Assessment } from '../model/flag.ts';
import type { Alert } from './alert.ts';
import { dayText } from './date-text.ts';
import { metricName } from './kpi-text.ts';
import { moneyText } from './money-text.ts';
import { asciiLine, plainText } from './plain-text.ts';
import { sumMoney } from './standing.ts';

/** The machine's rendering of a reminder. */
export interface ReminderDocument {
  readonly schema: 'bonafide/alert/1';
  readonly kind: 'reminder';
  readonly id: string;
  readonly subject: string;
  readonly next: string;
  readonly due: string;
  /** Minor units. */
  readonly held: number;
  readonly currency: string;
  readonly flags: readonly {
    readonly plan: string;
    readonly kpi: string;
    readonly unit: string;
    readonly period: string;
    readonly held: number;
  }[];
}

const mostNamed = 20;

/**
 * One reminder that decisions are due on a date: one message, however many there are.
 * @param flags undecided flags due on the same date, at least one.
 */
export function reminder(flags: readonly Assessment[], organisation: string): Alert {
  const { due, money } = flags[0]!;
  const { currency } = money;
  const held = sumMoney(flags, 'held');
  const count = flags.length === 1 ? '1 decision' : `${flags.length} decisions`;
  const id = `reminder@${due}`;
  const subject = asciiLine(`[DUE] ${count} by ${dayText(due, due)}: ${moneyText(held, currency)} held`, 100);
  const next = 'look at each flag with bonafide explain, then propose or approve with bonafide decide.';
  const names = flags
    .slice(0, mostNamed)
    .map(
      (a) =>
        `- ${plainText(a.planTitle, 80)}: ${metricName(a)} ${a.period}, ${moneyText(a.money.held, currency)} held: ${a.plan}/${a.kpi}/${a.unit}/${a.period}`,
    );
  const more = flags.length > mostNamed ? [`- and ${flags.length - mostNamed} more`] : [];
  const said = `${count} due ${due}; ${moneyText(held, currency)} stays held until then.`;
  return {
    id,
    about: id,
    sequence: 0,
    topics: ['finance', 'chat'],
    plan: null,
    subject,
    long: [`${plainText(organisation, 120)}: ${said}`, '', ...names, ...more, '', `Next: ${next}`, ''].join(
      '\n',
    ),
    short: plainText(`${plainText(organisation, 30)}: ${said}`, 160),
    next,
    keywords: ['decisions due', due],
    json: {
      schema: 'bonafide/alert/1',
      kind: 'reminder',
      id,
      subject,
      next,
      due,
      held,
      currency,
      flags: flags.map(({ plan, kpi, unit, period, money: { held: of } }) => ({
        plan,
        kpi,
        unit,
        period,
        held: of,
      })),
    },
  };
}
