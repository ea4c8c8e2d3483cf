import { dayNumber } from '../../model/day.ts';
import type { TrafficHistory, TrafficSeries } from '../../model/history.ts';
import type { SourceDays } from '../../model/unit-data.ts';

/** One value a day; null where the day is missing. */
export type Values = (number | null)[];

const trafficMetrics = {
  visitors: 'unique_visitors',
  sessions: 'sessions',
  engagedSessions: 'engaged_sessions',
  spend: 'spend',
} as const;
type TrafficKey = keyof typeof trafficMetrics;
const trafficKeys = Object.keys(trafficMetrics) as TrafficKey[];

/**
 * Traffic of a unit day by day: a day is missing when any source that delivers around it holds no row of it, and in
 * declared gaps; a series absent from a covered day is 0.
 *
 * @param origin day number of index 0.
 * @param length number of days.
 * @returns null when no source delivered a day in the span.
 */
export function trafficHistory(
  sources: readonly SourceDays[],
  origin: number,
  length: number,
  gaps: ReadonlySet<number>,
): TrafficHistory | null {
  const days = dayIndices(origin);
  const covered = coverageOf(sources, days, length, gaps);
  if (!covered) return null;
  const { isCovered, first, last } = covered;
  const held = new Set<string>();
  const blank = (): Values => isCovered.map((is) => (is ? 0 : null));
  const byName = new Map<string, { name: string; channel: string } & Record<TrafficKey, Values>>();
  for (const { series } of sources)
    for (const one of series) {
      const name = `${one.dimensions.source} / ${one.dimensions.medium}`;
      let into = byName.get(name);
      if (!into) {
        const channel = one.dimensions.channel ?? '';
        into = {
          name,
          channel,
          visitors: blank(),
          sessions: blank(),
          engagedSessions: blank(),
          spend: blank(),
        };
        byName.set(name, into);
      }
      for (const day in one.days) {
        const metrics = one.days[day]!;
        const index = days(day);
        if (isCovered[index] !== true) continue;
        for (const key of trafficKeys) {
          const value = metrics[trafficMetrics[key]];
          if (value === undefined) continue;
          held.add(key);
          into[key][index]! += value;
        }
      }
    }
  const all = [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const total = (key: TrafficKey): Values => {
    const sum = blank();
    for (const one of all) for (let i = 0; i < length; i += 1) if (sum[i] !== null) sum[i]! += one[key][i]!;
    return sum;
  };
  const list = all.map(
    (s): TrafficSeries => ({
      ...s,
      engagedSessions: held.has('engagedSessions') ? s.engagedSessions : null,
      spend: held.has('spend') ? s.spend : null,
    }),
  );
  return {
    visitors: total('visitors'),
    sessions: total('sessions'),
    engagedSessions: held.has('engagedSessions') ? total('engagedSessions') : null,
    sources: list,
    first,
    last,
  };
}

/** Traffic as it stood after `length` days. */
export function firstDaysOf(traffic: TrafficHistory | null, length: number): TrafficHistory | null {
  if (!traffic || traffic.first >= length) return null;
  const cut = <V extends TrafficHistory['engagedSessions']>(values: V) =>
    (values?.slice(0, length) ?? null) as V;
  return {
    visitors: cut(traffic.visitors),
    sessions: cut(traffic.sessions),
    engagedSessions: cut(traffic.engagedSessions),
    sources: traffic.sources.map((s) => ({
      ...s,
      visitors: cut(s.visitors),
      sessions: cut(s.sessions),
      engagedSessions: cut(s.engagedSessions),
      spend: cut(s.spend),
    })),
    first: traffic.first,
    last: Math.min(traffic.last, length - 1),
  };
}

/** Numbers given without records, by metric, day by day. */
export function countsHistory(
  sources: readonly SourceDays[],
  origin: number,
  length: number,
): Record<string, Values> {
  const result: Record<string, Values> = {};
  const days = dayIndices(origin);
  const metrics = new Set(sources.flatMap((s) => s.series.map((x) => x.dimensions.metric ?? '')));
  for (const metric of [...metrics].sort()) {
    const own = sources
      .map((s) => ({ ...s, series: s.series.filter((x) => x.dimensions.metric === metric) }))
      .filter((s) => s.series.length > 0);
    const covered = coverageOf(own, days, length, new Set());
    if (!covered) continue;
    const values: Values = covered.isCovered.map((is) => (is ? 0 : null));
    for (const source of own)
      for (const one of source.series)
        for (const day in one.days) {
          const index = days(day);
          if (covered.isCovered[index] === true) values[index]! += one.days[day]!.value ?? 0;
        }
    result[metric] = values;
  }
  return result;
}

/** Days with refused rows, as indices in order. */
export function refusedDays(sources: readonly SourceDays[], origin: number): number[] {
  const found = new Set(sources.flatMap((s) => Object.keys(s.refused).map((d) => dayNumber(d) - origin)));
  return [...found].filter((i) => i >= 0).sort((a, b) => a - b);
}

/** Index of a date; each date is read once, since a series repeats them all. */
function dayIndices(origin: number): (day: string) => number {
  const known = new Map<string, number>();
  return (day) => {
    let index = known.get(day);
    if (index === undefined) {
      index = dayNumber(day) - origin;
      known.set(day, index);
    }
    return index;
  };
}

/** Which days every source covers that delivers around them. */
function coverageOf(
  sources: readonly SourceDays[],
  indexOf: (day: string) => number,
  length: number,
  gaps: ReadonlySet<number>,
) {
  const isCovered: boolean[] = new Array(length).fill(true);
  let first = length;
  let last = -1;
  for (const source of sources) {
    const held = new Uint8Array(length);
    let least = length;
    let most = -1;
    for (const one of source.series)
      for (const day in one.days) {
        const i = indexOf(day);
        if (i < 0 || i >= length) continue;
        held[i] = 1;
        if (i < least) least = i;
        if (i > most) most = i;
      }
    for (let i = least; i <= most; i += 1) if (held[i] === 0) isCovered[i] = false;
    first = Math.min(first, least);
    last = Math.max(last, most);
  }
  if (last < 0) return null;
  for (let i = 0; i < length; i += 1) if (i < first || i > last || gaps.has(i)) isCovered[i] = false;
  return { isCovered, first, last };
}
