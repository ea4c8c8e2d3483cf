import type { MarketingShare, OriginResult } from '../../model/business.ts';
import type { Row } from '../../model/datasets.ts';
import { dayNumber, dayOf } from '../../model/day.ts';
import type { Span } from '../../model/estimate.ts';
import { isAccepted } from '../../model/history.ts';
import { origins } from '../../model/kpi.ts';
import {
  type BusinessRows,
  costPer,
  daysBetween,
  isWithin,
  medianOf,
  trafficOf,
  type WonDeal,
} from './business-rows.ts';

/** Name of records that state no origin, and of the sum over all. */
export const notStated = 'not stated';
export const allOrigins = 'all';

/**
 * Leads, customers, cost and speed by origin, and last over all origins. A booking belongs to the origin it names, else
 * to the side whose budget it is on; presale that names no origin stands in the sum only.
 *
 * @param span the days that leads, hand-overs, wins and bookings are taken from.
 * @returns empty without leads, SQLs and deals.
 */
export function originCosts(rows: BusinessRows, span: Span): OriginResult[] {
  if (rows.leads === null && rows.sqls === null && rows.deals === null) return [];
  const of = (origin: string) => originResult(rows, span, origin);
  const each = [...origins, notStated]
    .map(of)
    .filter((r) => r.leads || r.accepted || r.won || r.cost || r.presaleCost);
  return each.length === 0 ? [] : [...each, of(allOrigins)];
}

function originResult(rows: BusinessRows, span: Span, origin: string): OriginResult {
  const isOf = (own: string | null) => origin === allOrigins || (own ?? notStated) === origin;
  const count = <R>(list: readonly R[] | null, isIn: (row: R) => boolean) =>
    list === null ? null : list.filter(isIn).length;
  const wins = rows.won.filter((w) => isWithin(w.wonOn, span) && isOf(w.deal.origin));
  const leads = count(rows.leads, (l) => isWithin(l.created_at, span) && isOf(l.origin));
  const accepted = count(rows.sqls, (s) => isAccepted(s) && isWithin(s.delivered_at, span) && isOf(s.origin));
  const won = rows.deals === null ? null : wins.length;
  const { cost, presaleCost } = costOf(rows, span, origin);
  const whole = cost === null && presaleCost === null ? null : (cost ?? 0) + (presaleCost ?? 0);
  return {
    origin,
    leads,
    accepted,
    won,
    revenue: rows.deals === null ? null : wins.reduce((sum, w) => sum + (w.deal.amount ?? 0), 0),
    cost,
    presaleCost,
    perLead: costPer(cost, leads),
    perAccepted: costPer(cost, accepted),
    perCustomer: costPer(cost, won),
    perCustomerWithPresale: costPer(whole, won),
    daysToWin: medianOf(wins.map(daysFromLead)),
  };
}

function daysFromLead({ deal, lead, wonOn }: WonDeal): number {
  return daysBetween((lead ?? deal).created_at, wonOn);
}

function costOf(rows: BusinessRows, span: Span, origin: string) {
  if (rows.spend === null) {
    // Without a source of bookings, the spend that stands beside the visits is marketing's only known cost.
    const isMarketings = origin === 'marketing' || origin === allOrigins;
    return { cost: isMarketings ? trafficSpend(rows, span) : null, presaleCost: null };
  }
  const own = rows.spend.filter(
    (s) => isWithin(s.date, span) && (origin === allOrigins || originOf(s) === origin),
  );
  const sum = (of: readonly Row<'spend'>[]) => of.reduce((total, s) => total + s.amount, 0);
  const ordinary = own.filter((s) => s.budget !== 'presale');
  const presale = own.filter((s) => s.budget === 'presale');
  return {
    cost: ordinary.length === 0 ? null : sum(ordinary),
    presaleCost: presale.length === 0 ? null : sum(presale),
  };
}

function originOf(booking: Row<'spend'>): string | null {
  if (booking.origin !== null) return booking.origin;
  return booking.budget === 'presale' ? null : booking.budget;
}

function trafficSpend(rows: BusinessRows, span: Span): number | null {
  let sum: number | null = null;
  for (const { history, series } of trafficOf(rows)) {
    const origin = dayNumber(history.firstDay);
    series.spend?.forEach((value, i) => {
      if (value !== null && isWithin(dayOf(origin + i), span)) sum = (sum ?? 0) + value;
    });
  }
  return sum;
}

/** Marketing's part in the deals won in a span; null without won deals. */
export function marketingShare(rows: BusinessRows, span: Span): MarketingShare | null {
  const wins = rows.won.filter((w) => isWithin(w.wonOn, span));
  if (wins.length === 0) return null;
  const isSourced = ({ deal }: WonDeal) => deal.origin === 'marketing';
  const isTouched = (w: WonDeal) =>
    isSourced(w) ||
    (w.sql !== null && (w.sql.origin ?? 'marketing') === 'marketing') ||
    (w.lead !== null && (w.lead.origin ?? 'marketing') === 'marketing');
  const isLinked = wins.some(({ deal }) => deal.sql_id !== null || deal.contact_email !== null);
  const amount = (of: readonly WonDeal[]) => of.reduce((sum, w) => sum + (w.deal.amount ?? 0), 0);
  const sourced = wins.filter(isSourced);
  return {
    won: wins.length,
    sourced: sourced.length,
    touched: isLinked ? wins.filter(isTouched).length : null,
    revenue: amount(wins),
    sourcedRevenue: amount(sourced),
  };
}
