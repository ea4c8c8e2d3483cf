import type { Row } from '../model/datasets.ts';
import { dayNumber } from '../model/day.ts';
import type { TrafficSeries, UnitHistory } from '../model/history.ts';

/** Days of a period with the sources that a declared event takes out of them. */
export interface ExplainedDays {
  readonly days: readonly number[];
  /** Names of the sources explained on these days; `all` when the event is not limited to some. */
  readonly sources: readonly string[] | 'all';
}

/**
 * Groups days by what declared calendar entries explain on them (SPEC 7): only entries declared on or before
 * their first day count, inside their dates and their channel or source.
 *
 * @param days indices of the period's days.
 * @param metrics names an entry's metric may have to be about these days; an entry without one always is.
 * @returns groups with disjoint days; the unexplained ones have no sources.
 * @example explainedDays(history, [31, 32], ['visitors']) // => [{ days: [31, 32], sources: [] }]
 */
export function explainedDays(
  history: UnitHistory,
  days: readonly number[],
  metrics: readonly string[],
): ExplainedDays[] {
  const origin = dayNumber(history.firstDay);
  const entries = history.calendar.filter(
    (entry) => isDeclaredBefore(entry) && (entry.metric === null || metrics.includes(entry.metric)),
  );
  const groups = new Map<string, { days: number[]; sources: string[] | 'all' }>();
  for (const day of days) {
    const holding = entries.filter(
      (e) => dayNumber(e.date_from) - origin <= day && day <= dayNumber(e.date_to) - origin,
    );
    const isWhole = holding.some((e) => (e.channel === null && e.source === null) || !history.traffic);
    const sources = isWhole
      ? 'all'
      : (history.traffic?.sources ?? [])
          .filter((s) => holding.some((e) => isInScope(e, s)))
          .map((s) => s.name);
    const key = sources === 'all' ? 'all' : sources.join('\n');
    const group = groups.get(key);
    if (group) group.days.push(day);
    else groups.set(key, { days: [day], sources });
  }
  return [...groups.values()];
}

/** Whether an entry was declared before the fact. */
export function isDeclaredBefore(entry: Row<'calendar'>): boolean {
  return entry.declared_at !== null && entry.declared_at.slice(0, 10) <= entry.date_from;
}

function isInScope(entry: Row<'calendar'>, series: TrafficSeries): boolean {
  const isSource =
    entry.source === null || entry.source === series.name || entry.source === series.name.split(' / ')[0];
  return isSource && (entry.channel === null || entry.channel === series.channel);
}
