import { dealsOf, isWithSales } from '../../checks/presale-in-marketing-budget.ts';
import type { PresaleEvent } from '../../model/business.ts';
import type { Row } from '../../model/datasets.ts';
import { addDays, type Day } from '../../model/day.ts';
import type { Span } from '../../model/estimate.ts';
import { type BusinessRows, isWithin } from './business-rows.ts';

/** Days after an event by which it is asked whether its cost has come back. */
const breakEvenDays = [90, 180];

/**
 * Events of a span with guests or a cost: who came, who was with sales already, what was won with them afterwards.
 * @returns the latest first.
 */
export function presaleEvents(rows: BusinessRows, span: Span): PresaleEvent[] {
  const ids = new Set([
    ...rows.guests.map((g) => g.event_id),
    ...(rows.spend ?? []).flatMap((s) => s.event_id ?? []),
  ]);
  return [...ids]
    .map((event) => eventOf(rows, event))
    .filter((e) => e.on !== null && isWithin(e.on, span))
    .sort((a, b) => (a.on! < b.on! ? 1 : a.on! > b.on! ? -1 : a.event < b.event ? -1 : 1));
}

function eventOf(rows: BusinessRows, event: string): PresaleEvent {
  const guests = rows.guests.filter((g) => g.event_id === event);
  const bookings = (rows.spend ?? []).filter((s) => s.event_id === event);
  const on = [
    ...guests.map((g) => g.date),
    ...(guests.length === 0 ? bookings.map((s) => s.date) : []),
  ].sort()[0];
  const identified = guests.filter((g) => g.lead_id !== null || g.sql_id !== null || g.company_key !== null);
  const withSales = identified.filter((g) => rows.histories.some((h) => isWithSales(h, g, on!)));
  const wins = on === undefined ? [] : winsOf(rows, identified, on);
  const cost = bookings.length === 0 ? null : bookings.reduce((sum, s) => sum + s.amount, 0);
  const revenueBy = (day: Day) => wins.filter((w) => w.wonOn < day).reduce((sum, w) => sum + w.amount, 0);
  return {
    event,
    on: on ?? null,
    guests: guests.length,
    identified: identified.length,
    withSales: withSales.length,
    cost,
    budgets: [...new Set(bookings.map((s) => s.budget))].sort(),
    won: wins.length,
    revenue: wins.reduce((sum, w) => sum + w.amount, 0),
    breakEven:
      on === undefined || cost === null
        ? []
        : breakEvenDays.map((days) => {
            const end = addDays(on, days);
            const isReached = revenueBy(end) >= cost;
            return { days, isReached: isReached || end <= rows.asOf ? isReached : null };
          }),
    breakEvenOn:
      cost === null ? null : (wins.find((w) => revenueBy(addDays(w.wonOn, 1)) >= cost)?.wonOn ?? null),
  };
}

function winsOf(rows: BusinessRows, guests: readonly Row<'event_guests'>[], on: Day) {
  const deals = new Set(guests.flatMap((g) => rows.histories.flatMap((h) => dealsOf(h, g))));
  return [...deals]
    .filter((d) => d.stage === 'won' && (d.won_at ?? d.created_at).slice(0, 10) >= on)
    .map((d) => ({ wonOn: (d.won_at ?? d.created_at).slice(0, 10), amount: d.amount ?? 0 }))
    .sort((a, b) => (a.wonOn < b.wonOn ? -1 : 1));
}
