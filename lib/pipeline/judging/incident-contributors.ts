import type { IncidentSeries } from '../../checks/incident-series.ts';
import type { DailyValues } from '../../model/history.ts';
import type { Contributors } from '../../model/incident.ts';
import { type Explanation, explainMiss, explainRateMiss } from '../../statistics/adtributor.ts';

/** Thresholds of METHODS 9, and how many times its usual share an element must carry to stand out. */
const policy = { elementPower: 0.1, totalPower: 0.67 };
const leastLift = 1.5;
const mostNames = 3;

/** Weeks before an incident that say what is usual. */
const usualWeeks = 8;

/** What a source or channel usually brings on some days, and what it brought. */
interface Element {
  readonly name: string;
  readonly forecast: number;
  readonly actual: number;
  /** The same of its visits; 0 where a count is not held against visits. */
  readonly visitsForecast: number;
  readonly visitsActual: number;
}

/**
 * Sources or channels that carry most of an incident, by Adtributor: what each brought against what it brought on
 * the same weekdays of the weeks before.
 *
 * @param days indices of the incident's days, at least one.
 * @param isTraining days that may tell what is usual.
 * @returns the dimension with the larger surprise; null when no few elements carry it beyond their usual share.
 * @example contributorsOf(series, [210, 211], () => true) // => { by: 'source', names: ['ads / cpc'], share: 0.93 }
 */
export function contributorsOf(
  series: IncidentSeries,
  days: readonly number[],
  isTraining: (index: number) => boolean,
): Contributors | null {
  const usualDays = days.map((day) => {
    const same: number[] = [];
    for (let i = day - 7; i >= 0 && same.length < usualWeeks; i -= 7)
      if (i < days[0]! && isTraining(i) && (series.values[i] ?? null) !== null) same.push(i);
    return same;
  });
  const actual = (values: DailyValues) => total(days.map((i) => values[i] ?? 0));
  const usual = (values: DailyValues) =>
    total(usualDays.map((same) => total(same.map((i) => values[i] ?? 0)) / Math.max(1, same.length)));
  const parts = series.parts();
  const sources = parts.map(
    ({ name, values, exposure }): Element => ({
      name,
      forecast: usual(values),
      actual: actual(values),
      visitsForecast: exposure ? usual(exposure) : 0,
      visitsActual: exposure ? actual(exposure) : 0,
    }),
  );
  const channels = new Map<string, Element>();
  parts.forEach(({ channel }, k) => {
    if (channel !== '') channels.set(channel, added(channel, channels.get(channel), sources[k]!));
  });
  const isRate = series.exposure !== null;
  const bySource = picked('source', sources, isRate);
  const byChannel = picked('channel', [...channels.values()], isRate);
  if (!bySource || !byChannel) return (bySource ?? byChannel)?.contributors ?? null;
  return (byChannel.surprise > bySource.surprise ? byChannel : bySource).contributors;
}

function picked(
  by: Contributors['by'],
  elements: readonly Element[],
  isRate: boolean,
): { contributors: Contributors; surprise: number } | null {
  if (elements.length < 2) return null;
  const found = explained(elements, isRate);
  if (!found || found.picked.length === 0 || found.picked.length > mostNames) return null;
  const all = total(elements.map((e) => e.forecast));
  const share = total(found.picked.map((k) => elements[k]!.forecast / all));
  // Where all fall or rise alike, the largest carry most of it and say nothing about the cause.
  if (found.pickedPower < leastLift * share) return null;
  const names = found.picked.map((k) => elements[k]!.name);
  return { contributors: { by, names, share: found.pickedPower }, surprise: found.pickedSurprise };
}

/** Null where Adtributor has nothing to divide: nothing usual, nothing held, or no change. */
function explained(elements: readonly Element[], isRate: boolean): Explanation | null {
  const column = (of: (element: Element) => number) => elements.map(of);
  const events = { forecast: column((e) => e.forecast), actual: column((e) => e.actual) };
  const visits = { forecast: column((e) => e.visitsForecast), actual: column((e) => e.visitsActual) };
  const sums = [events, ...(isRate ? [visits] : [])].map(
    (c) => [total(c.forecast), total(c.actual)] as const,
  );
  if (sums.some(([forecast, actual]) => forecast === 0 || actual === 0)) return null;
  const [[wanted, held], [size, newSize] = [1, 1]] = sums as [
    readonly [number, number],
    (readonly [number, number])?,
  ];
  if (held * size === wanted * newSize) return null;
  return isRate
    ? explainRateMiss(events, visits, policy)
    : explainMiss(events.forecast, events.actual, policy);
}

function added(name: string, to: Element | undefined, more: Element): Element {
  return {
    name,
    forecast: (to?.forecast ?? 0) + more.forecast,
    actual: (to?.actual ?? 0) + more.actual,
    visitsForecast: (to?.visitsForecast ?? 0) + more.visitsForecast,
    visitsActual: (to?.visitsActual ?? 0) + more.visitsActual,
  };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
