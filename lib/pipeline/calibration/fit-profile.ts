import { addDays, type Day, dayNumber } from '../../model/day.ts';
import type { IsHoliday } from '../../model/duration.ts';
import type { DailyValues, TrafficHistory, UnitHistory } from '../../model/history.ts';
import { kpis } from '../../model/kpi.ts';
import { fitLevel, type IsClean, noiseOf, type Span, spanOf } from './fit-level.ts';
import { fitDeals, fitLeads, fitSqls } from './fit-records.ts';
import { movingShare } from './moving-share.ts';
import type { CountProfile, DailyLevel, MovingShare, SourceProfile, UnitProfile } from './unit-profile.ts';

/** Sources with less of the visitors than this are simulated together. */
const leastSourceShare = 0.01;
/** Metrics given as numbers whose count follows another one's. */
const follows: Readonly<Record<string, readonly string[]>> = {
  sessions: ['visitors'],
  engaged_sessions: ['sessions', 'visitors'],
  leads: ['visitors', 'sessions'],
  sqls_delivered: ['leads'],
  sqls_accepted: ['sqls_delivered'],
};

/**
 * Fits what a simulation of a unit needs to its own history: baselines of METHODS 1, noise, slow ups and downs, and
 * its single leads, SQLs and deals as templates.
 *
 * @param history what was known of the unit on the date of the calibration.
 * @param isClean false for days of periods that are set aside.
 * @param until day after the last one to simulate; on or after the history's last.
 * @returns null when the unit has neither visits nor leads nor SQLs to go by.
 */
export function fitProfile(
  history: UnitHistory,
  isClean: IsClean,
  until: Day,
  isHoliday: IsHoliday,
): UnitProfile | null {
  const days = dayNumber(until) - dayNumber(history.firstDay);
  const span = spanOf(history.firstDay, days, isHoliday);
  const visits = history.traffic && fitVisits(history.traffic, isClean, span);
  const visitsAt = (i: number) => {
    const count = history.traffic?.visitors[i] ?? null;
    const mean = visits?.level.means[i] ?? 0;
    // Visits of a period set aside say nothing about how leads follow visits.
    return count === null || mean <= 0 || !isClean('visitors', i) ? null : count / mean;
  };
  const profile: UnitProfile = {
    unit: history.unit,
    firstDay: history.firstDay,
    days,
    visits,
    counts: fitCounts(history, isClean, span),
    leads: fitLeads(history, isClean, span, visits ? visitsAt : null),
    sqls: fitSqls(history, isClean, span),
    deals: fitDeals(history, isClean, span),
  };
  const { counts, leads, sqls } = profile;
  return visits || counts.length > 0 || leads || sqls ? profile : null;
}

/** The last days of a profile. */
export function lastDays(profile: UnitProfile, days: number): UnitProfile {
  const first = Math.max(0, profile.days - days);
  const cut = <P extends { readonly level: DailyLevel }>(part: P): P => ({
    ...part,
    level: { ...part.level, means: part.level.means.slice(first) },
  });
  const { visits, leads, sqls, deals } = profile;
  return {
    ...profile,
    firstDay: addDays(profile.firstDay, first),
    days: profile.days - first,
    visits: visits && cut(visits),
    counts: profile.counts.map(cut),
    leads: leads && cut(leads),
    sqls: sqls && cut(sqls),
    deals: deals && cut(deals),
  };
}

function fitVisits(traffic: TrafficHistory, isClean: IsClean, span: Span): UnitProfile['visits'] {
  const isIn = (i: number) => isClean('visitors', i);
  const level = fitLevel(traffic.visitors, isIn, span);
  if (!level) return null;
  const clean = traffic.visitors.flatMap((v, i) => (v !== null && isIn(i) ? [i] : []));
  const all = total(traffic.visitors, clean);
  const named = traffic.sources.filter((s) => total(s.visitors, clean) >= leastSourceShare * all);
  const small = traffic.sources.filter((s) => !named.includes(s) && total(s.visitors, clean) > 0);
  const sum = (of: (s: TrafficHistory['sources'][number]) => DailyValues | null): DailyValues =>
    traffic.visitors.map((v, i) => (v === null ? null : small.reduce((s, x) => s + (of(x)?.[i] ?? 0), 0)));
  const sources =
    small.length === 0
      ? named
      : [
          ...named,
          {
            name: '(other) / (other)',
            channel: 'other',
            visitors: sum((s) => s.visitors),
            sessions: sum((s) => s.sessions),
            engagedSessions: sum((s) => s.engagedSessions),
          },
        ];
  return {
    level,
    hasEngagement: traffic.engagedSessions !== null,
    sources: sources.map((series): SourceProfile => {
      const [source = '', medium = ''] = series.name.split(' / ');
      const weekdayShares = Array.from({ length: 7 }, (_, w) => {
        const own = clean.filter((i) => span.weekdays[i] === w);
        return total(series.visitors, own) / Math.max(1, total(traffic.visitors, own));
      });
      const expectedAt = (i: number) => traffic.visitors[i]! * weekdayShares[span.weekdays[i]!]!;
      const visitors = total(series.visitors, clean);
      return {
        source,
        medium,
        channel: series.channel,
        weekdayShares,
        ...noiseOf(series.visitors, clean, expectedAt, traffic.visitors.length),
        sessionsPerVisitor: visitors > 0 ? Math.max(1, total(series.sessions, clean) / visitors) : 1,
        engaged: weeklyShare(series.engagedSessions, series.sessions, clean),
      };
    }),
  };
}

function fitCounts(history: UnitHistory, isClean: IsClean, span: Span): CountProfile[] {
  const names = Object.keys(history.counts).sort((a, b) => rank(a) - rank(b));
  return names.flatMap((metric): CountProfile[] => {
    const values = history.counts[metric]!;
    const kpi = kpis.find((k) => k === metric);
    const driver = follows[metric]?.find((name) => history.counts[name]) ?? null;
    const isIn = (i: number) => kpi === undefined || isClean(kpi, i);
    const driverLevel = driver === null ? null : fitLevel(history.counts[driver]!, isIn, span);
    const level = fitLevel(values, isIn, span, (i) => {
      if (driver === null || !driverLevel) return 1;
      const count = history.counts[driver]?.[i] ?? null;
      return count === null ? null : count / driverLevel.means[i]!;
    });
    return level ? [{ metric, level, follows: driverLevel ? driver : null }] : [];
  });
}

/** Metrics come after the one they follow. */
function rank(metric: string): number {
  return ['visitors', 'sessions', 'engaged_sessions', 'leads', 'sqls_delivered'].indexOf(metric) + 1 || 9;
}

/** Share of engaged sessions with how much it moves between weeks. */
function weeklyShare(
  engaged: DailyValues | null,
  sessions: DailyValues,
  clean: readonly number[],
): MovingShare {
  const weeks = new Map<number, { hits: number; trials: number }>();
  for (const i of clean) {
    const week = weeks.get(Math.floor(i / 7)) ?? { hits: 0, trials: 0 };
    weeks.set(Math.floor(i / 7), week);
    week.hits += engaged?.[i] ?? 0;
    week.trials += sessions[i] ?? 0;
  }
  return movingShare([...weeks.values()], 0);
}

function total(values: DailyValues | null, days: readonly number[]): number {
  return days.reduce((sum, i) => sum + (values?.[i] ?? 0), 0);
}
