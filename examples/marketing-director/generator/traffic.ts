import { type Day, dayNumber, weekday } from '../../../lib/model/day.ts';
import { isHoliday } from './clock.ts';
import { openRandom, type Random } from './random.ts';
import {
  boughtSource,
  campaign,
  days,
  gamedFrom,
  gamedMonths,
  habits,
  isWithin,
  monthOf,
  type SourceHabit,
  seeds,
  trackingGap,
} from './story.ts';

/** One day of one source, as the analytics export holds it. Spend in cents, null where nothing is paid. */
export interface TrafficDay {
  readonly date: Day;
  readonly source: string;
  readonly medium: string;
  readonly channel: string;
  readonly uniqueVisitors: number;
  readonly sessions: number;
  readonly newVisitors: number;
  readonly engagedSessions: number;
  readonly pageviews: number;
  readonly engagementSeconds: number;
  readonly spendCents: number | null;
}
/** Real visitors of one source on one day, counted or not. */
export interface Visit {
  readonly date: Day;
  readonly habit: SourceHabit;
  readonly visitors: number;
}

const visitorsPerDay = 98;
/** Monday to Sunday; the mean is 1. */
const weekProfile = [1.1, 1.17, 1.16, 1.1, 0.97, 0.72, 0.78];

/** The people who really came, tracking gap included. */
export function drawVisits(): Visit[] {
  const random = openRandom(`visits|${seeds.visits}`);
  const visits: Visit[] = [];
  // A shock all sources share, slowly forgotten: real days are not independent, nor Poisson.
  let shock = 0;
  days.forEach((date, index) => {
    shock = 0.4 * shock + 0.055 * random.normal();
    const level = visitorsPerDay * (1 + (0.02 * index) / 365) * dayFactor(date) * Math.exp(shock);
    for (const habit of habits) {
      const name = `${habit.source} / ${habit.medium}` as keyof typeof campaign.lift;
      const lift = isWithin(date, campaign) ? (campaign.lift[name] ?? 1) : 1;
      visits.push({ date, habit, visitors: random.negativeBinomial(level * habit.share * lift, 1.35) });
    }
  });
  return visits;
}

/** What the analytics tool exports: the real visits outside the tracking gap, and the bought ones. */
export function drawTraffic(visits: readonly Visit[]): TrafficDay[] {
  const random = openRandom(`traffic|${seeds.traffic}`);
  const rows = visits
    .filter((visit) => visit.visitors > 0 && !isWithin(visit.date, trackingGap))
    .map((visit) => visitRow(visit, random));
  return [...rows, ...boughtRows(rows)].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}

function dayFactor(day: Day): number {
  const monthDay = day.slice(5);
  if (monthDay >= '12-24' && monthDay <= '12-31') return 0.62;
  return weekProfile[isHoliday(day) ? 6 : weekday(dayNumber(day)) - 1]!;
}

function visitRow({ date, habit, visitors }: Visit, random: Random): TrafficDay {
  const sessions = visitors + random.binomial(visitors, 0.22);
  const engagedSessions = random.binomial(sessions, habit.engaged);
  const pageviews = sessions + random.poisson(engagedSessions * 2.1);
  return {
    date,
    source: habit.source,
    medium: habit.medium,
    channel: habit.channel,
    uniqueVisitors: visitors,
    sessions,
    newVisitors: random.binomial(visitors, habit.medium === 'email' ? 0.2 : 0.68),
    engagedSessions,
    pageviews,
    engagementSeconds: (engagedSessions / sessions) * random.between(75, 135),
    spendCents: habit.cost ? Math.round(sessions * habit.cost * 100 * random.between(0.85, 1.15)) : null,
  };
}

/** Bought visitors come every day alike, look at one page and leave. They are billed by the visitor. */
function boughtRows(real: readonly TrafficDay[]): TrafficDay[] {
  const random = openRandom(`bought|${seeds.traffic}`);
  return Object.entries(gamedMonths).flatMap(([month, goal]) => {
    const dates = days.filter((day) => monthOf(day) === month && day >= gamedFrom);
    const counted = real
      .filter((row) => monthOf(row.date) === month)
      .reduce((sum, row) => sum + row.uniqueVisitors, 0);
    const weights = dates.map(() => random.between(0.75, 1.25));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let weightSoFar = 0;
    let visitorsSoFar = 0;
    return dates.map((date, i) => {
      weightSoFar += weights[i]!;
      const upTo = Math.round(((goal.visitors - counted) * weightSoFar) / total);
      const uniqueVisitors = upTo - visitorsSoFar;
      visitorsSoFar = upTo;
      const sessions = uniqueVisitors + random.binomial(uniqueVisitors, 0.02);
      const engagedSessions = random.binomial(sessions, 0.03);
      return {
        ...boughtSource,
        date,
        uniqueVisitors,
        sessions,
        newVisitors: random.binomial(uniqueVisitors, 0.99),
        engagedSessions,
        pageviews: sessions + engagedSessions,
        engagementSeconds: random.between(1, 4),
        spendCents: uniqueVisitors * 35,
      };
    });
  });
}
