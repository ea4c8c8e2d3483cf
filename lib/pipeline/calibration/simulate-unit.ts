import type { SeriesDays, UnitData } from '../../model/unit-data.ts';
import { logShockDraws } from '../../statistics/log-shocks.ts';
import { mulberry32 } from '../../statistics/mulberry32.ts';
import {
  binomialDraw,
  negativeBinomialDraw,
  poissonDraw,
  type Random,
} from '../../statistics/random-draws.ts';
import { simulateDeals, simulateLeads, simulateSqls } from './simulate-records.ts';
import { Calendar, levels, shareDraw } from './simulated-days.ts';
import type { UnitProfile } from './unit-profile.ts';

/**
 * Simulates a company where nothing is wrong, like the one a profile was fitted to: negative binomial counts around
 * its baselines with slow ups and downs, leads in step with visits, SQLs made of leads, decisions at its own rate and
 * pace. What comes out is judged as real data are. The same profile and seed give the same data.
 *
 * Nothing in it is claimed, restated, missing or entered in the calendar.
 *
 * @param seed a whole number; only its lowest 32 bits count.
 * @throws {RangeError} `seed` is not whole, or a mean, share or dispersion of the profile is out of range.
 * @example simulateUnit(profile, 1).records.leads.length
 */
export function simulateUnit(profile: UnitProfile, seed: number): UnitData {
  const random = mulberry32(seed);
  const days = new Calendar(profile);
  const visits = simulateVisits(profile, days, random);
  const counts = simulateCounts(profile, days, random);
  const leads = profile.leads ? simulateLeads(profile.unit, profile.leads, visits.driver, days, random) : [];
  const sqls = profile.sqls ? simulateSqls(profile.unit, profile.sqls, leads, days, random) : [];
  const deals = profile.deals ? simulateDeals(profile.unit, profile.deals, days, random) : [];
  const source = 'simulated';
  return {
    unit: profile.unit,
    traffic: visits.series.length > 0 ? [{ source, series: visits.series, refused: {} }] : [],
    counts: counts.length > 0 ? [{ source, series: counts, refused: {} }] : [],
    records: {
      leads: leads.map((l) => l.row),
      sqls,
      deals,
      claims: [],
      totals: [],
      spend: [],
      event_guests: [],
      calendar: [],
    },
    restatements: [],
  };
}

function simulateVisits({ visits }: UnitProfile, days: Calendar, random: Random) {
  if (!visits) return { series: [], driver: null };
  const site = levels(visits.level, random);
  const total = new Float64Array(days.length);
  const series = visits.sources.map((source): SeriesDays => {
    const own = logShockDraws(source.shocks, days.length, random);
    const engagedOf = new Map<number, number>();
    const held: Record<string, Record<string, number>> = {};
    for (let i = 0; i < days.length; i += 1) {
      const mean = site[i]! * source.weekdayShares[days.weekday(i)]! * own[i]!;
      const visitors = negativeBinomialDraw(mean, source.dispersion, random);
      total[i]! += visitors;
      const sessions = visitors + poissonDraw(visitors * (source.sessionsPerVisitor - 1), random);
      const metrics: Record<string, number> = { unique_visitors: visitors, sessions };
      if (visits.hasEngagement) {
        const week = Math.floor(i / 7);
        const share = engagedOf.get(week) ?? shareDraw(source.engaged, random);
        engagedOf.set(week, share);
        metrics.engaged_sessions = binomialDraw(sessions, share, random);
      }
      held[days.name(i)] = metrics;
    }
    const { source: name, medium, channel } = source;
    return { dimensions: { source: name, medium, channel }, days: held };
  });
  const driver = visits.level.means.map((mean, i) => (mean > 0 ? total[i]! / mean : 1));
  return { series, driver };
}

function simulateCounts({ counts }: UnitProfile, days: Calendar, random: Random): SeriesDays[] {
  const drivers = new Map<string, number[]>();
  return counts.map(({ metric, level, follows }) => {
    const driver = follows === null ? null : (drivers.get(follows) ?? null);
    const held: Record<string, Record<string, number>> = {};
    const ratios: number[] = [];
    levels(level, random).forEach((mean, i) => {
      const value = negativeBinomialDraw(mean * (driver?.[i] ?? 1), level.dispersion, random);
      ratios.push(level.means[i]! > 0 ? value / level.means[i]! : 1);
      held[days.name(i)] = { value };
    });
    drivers.set(metric, ratios);
    return { dimensions: { metric }, days: held };
  });
}
