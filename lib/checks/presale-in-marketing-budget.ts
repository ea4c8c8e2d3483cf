import * as z from 'zod';
import type { Row } from '../model/datasets.ts';
import { addDays, type Day } from '../model/day.ts';
import { isAccepted, type UnitHistory } from '../model/history.ts';
import { periodOf } from '../model/period.ts';
import { defineCheck, type Failure, fail, insufficientData, notApplicable, pass } from './check.ts';
import { share } from './levels.ts';

/** Events charged to marketing whose guests sales already worked with. */
export const presaleInMarketingBudget = defineCheck({
  id: 'presale-in-marketing-budget',
  version: 1,
  family: 'budget',
  side: 'sales',
  scope: 'unit',
  kpi: null,
  question: 'Whose money is it?',
  messages: {
    presale:
      'Of {identified} guests known at event {event}, {withSales} were with sales already; marketing was charged, which is worth about {leadsForgone} leads.',
  },
  innocent: [
    'an event planned for customers and prospects alike, paid by marketing by agreement',
    'guests who came with somebody who was invited',
    'a booking on the wrong line',
  ],
  clears: 'the plan of the event with its own budget line, dated before the quarter',
  policy: z.strictObject({
    minShare: share
      .default(0.5)
      .describe('least share of the guests identified that were with sales already'),
    minGuests: z.int().min(1).default(3).describe('least guests with sales already'),
    costDays: z
      .int()
      .min(28)
      .default(182)
      .describe('days before the period over which the cost of a lead is taken'),
    breakEvenDays: z
      .array(z.int().min(1))
      .default([90, 180])
      .describe('days after the event in which deals won with these guests are added up'),
  }),
  evaluate({ history, period }, policy) {
    const charged = history.spend.filter(
      (s) => s.budget === 'marketing' && s.event_id !== null && s.date >= period.from && s.date < period.to,
    );
    if (charged.length === 0) return notApplicable('no-events-charged-to-marketing');
    const guests = history.eventGuests;
    const failures: Failure[] = [];
    let known = 0;
    for (const event of [...new Set(charged.map((s) => s.event_id!))].sort()) {
      const bookings = charged.filter((s) => s.event_id === event);
      const invited = guests.filter((g) => g.event_id === event);
      const identified = invited.filter(
        (g) => g.lead_id !== null || g.sql_id !== null || g.company_key !== null,
      );
      if (identified.length === 0) continue;
      known += 1;
      const on = identified.map((g) => g.date).sort()[0]!;
      const withSales = identified.filter((g) => isWithSales(history, g, on));
      const isPlanned = bookings.every(
        (s) => s.budget_line !== null && s.planned_at !== null && s.planned_at < periodOf(on, 'quarter').from,
      );
      const size = withSales.length / identified.length;
      if (size < policy.minShare || withSales.length < policy.minGuests || isPlanned) continue;
      const cost = bookings.reduce((sum, s) => sum + s.amount, 0);
      const perLead = costPerLead(history, addDays(period.from, -policy.costDays), period.from);
      const won = policy.breakEvenDays.map((days) => wonWith(history, withSales, on, addDays(on, days)));
      failures.push({
        messageId: 'presale',
        severity: 'watch',
        effect: size,
        expected: 0,
        observed: withSales.length,
        range: [0, Math.max(policy.minGuests, Math.ceil(policy.minShare * identified.length)) - 1],
        data: {
          event,
          on,
          guests: invited.length,
          identified: identified.length,
          withSales: withSales.length,
          cost,
          costPerLead: perLead,
          leadsForgone: perLead === null || perLead === 0 ? null : Math.floor(cost / perLead),
          breakEvenDays: policy.breakEvenDays,
          won,
          isOver: policy.breakEvenDays.map((days) => (addDays(on, days) <= history.asOf ? 1 : 0)),
        },
        records: withSales.flatMap((g) => g.sql_id ?? g.lead_id ?? []),
      });
    }
    if (failures.length > 0) return fail(...failures);
    return known === 0 ? insufficientData('no-guests-identified') : pass(null, { events: known });
  },
});

type Guest = Row<'event_guests'>;

/** Whether a guest had an accepted SQL or an open deal before the event. */
export function isWithSales(history: UnitHistory, guest: Guest, on: Day): boolean {
  const own = (history.sqls?.rows ?? []).filter(
    (s) =>
      (guest.sql_id !== null && s.sql_id === guest.sql_id) ||
      (guest.lead_id !== null && s.lead_id === guest.lead_id),
  );
  if (own.some((s) => isAccepted(s) && s.decidedOn !== null && s.decidedOn < on)) return true;
  return dealsOf(history, guest).some(
    (d) =>
      d.created_at.slice(0, 10) < on && ![d.won_at, d.lost_at].some((t) => t !== null && t.slice(0, 10) < on),
  );
}

/** Deals with a guest: of the SQL, or of the company. */
export function dealsOf(history: UnitHistory, guest: Guest): readonly Row<'deals'>[] {
  return (history.deals?.rows ?? []).filter(
    (d) =>
      (guest.sql_id !== null && d.sql_id === guest.sql_id) ||
      (guest.company_key !== null &&
        d.company_key === guest.company_key &&
        d.key_version === guest.key_version),
  );
}

/** What deals with these guests brought from the event up to a date, minor units. */
function wonWith(history: UnitHistory, guests: readonly Guest[], from: Day, to: Day): number {
  const deals = new Set(guests.flatMap((g) => dealsOf(history, g)));
  let sum = 0;
  for (const d of deals)
    if (d.won_at !== null && d.won_at.slice(0, 10) >= from && d.won_at.slice(0, 10) < to)
      sum += d.amount ?? 0;
  return sum;
}

/** Marketing's spend without events over the leads of the same days, minor units a lead; null without either. */
function costPerLead(history: UnitHistory, from: Day, to: Day): number | null {
  const isIn = (time: string) => time >= from && time < to;
  const spent = history.spend.filter((s) => s.budget === 'marketing' && s.event_id === null && isIn(s.date));
  const leads = (history.leads?.rows ?? []).filter((l) => isIn(l.created_at)).length;
  if (spent.length === 0 || leads === 0) return null;
  return Math.round(spent.reduce((sum, s) => sum + s.amount, 0) / leads);
}
