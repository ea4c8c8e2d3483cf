import type { Source } from '../model/config.ts';
import type { Day } from '../model/day.ts';
import { addDuration, parseDuration } from '../model/duration.ts';
import type { SeriesDays } from '../model/unit-data.ts';
import type { DailyDelivery } from '../records/daily-delivery.ts';
import type { MonthCounts, Restatement } from '../store/counts-store.ts';
import { dimensionsText } from './dimensions.ts';
import type { IngestPorts } from './ports.ts';
import type { Extent, Stored } from './run-objects.ts';

/**
 * Replaces the (source, date) slices a delivery holds, in every unit: a series absent from a delivered date has no
 * value there any more. A final number that changes is kept as a restatement first, so that a repeat finds it noted.
 */
export async function replaceCounts(
  source: Source,
  delivery: DailyDelivery,
  before: Extent | null,
  arrivedOn: Day,
  batch: string,
  ports: IngestPorts,
): Promise<Stored> {
  const known = (await ports.counts.listSeries()).filter(
    (s) => s.source === source.id && s.dataset === source.dataset,
  );
  const units = new Set([...Object.keys(delivery.units), ...known.map((s) => s.unit)]);
  const covered = new Set(delivery.days);
  const months = [...new Set(delivery.days.map((day) => day.slice(0, 7)))].sort();
  const settling = parseDuration(source.settling);
  const wasFinal = (day: Day) =>
    before !== null && addDuration(day, settling, ports.isHoliday) <= before.landedOn;
  let changed = 0;
  let restated = 0;
  for (const unit of [...units].sort()) {
    const series = { unit, source: source.id, dataset: source.dataset };
    const fresh = byMonth(delivery.units[unit]?.series ?? []);
    for (const month of months) {
      const present = await ports.counts.readMonth(series, month);
      const wanted = merged(month, present, fresh.get(month) ?? [], covered, batch);
      for (const restatement of restatements(series, present, wanted, covered, wasFinal, arrivedOn, batch)) {
        await ports.counts.putRestatement(restatement);
        restated += 1;
      }
      const { written, deleted } = await ports.counts.replaceMonth(series, month, wanted);
      changed += written + deleted;
    }
  }
  const days = delivery.days;
  const refused = Object.fromEntries(
    [
      ...Object.entries(before?.refused ?? {}).filter(([day]) => !covered.has(day)),
      ...Object.entries(delivery.refusedDays),
    ].sort(),
  );
  const first = min(before?.first, days[0]!);
  const last = max(before?.last, days.at(-1)!);
  return {
    changed,
    restatements: restated,
    extent: days.length === 0 ? null : { first, last, newest: max(before?.newest, last), refused },
  };
}

function min(a: Day | undefined, b: Day): Day {
  return a !== undefined && a < b ? a : b;
}

function max(a: Day | undefined, b: Day): Day {
  return a !== undefined && a > b ? a : b;
}

/** Series cut into months. */
function byMonth(series: readonly SeriesDays[]): Map<string, SeriesDays[]> {
  const months = new Map<string, SeriesDays[]>();
  for (const { dimensions, days } of series) {
    const own = new Map<string, Record<Day, Record<string, number>>>();
    for (const [day, metrics] of Object.entries(days)) {
      const month = day.slice(0, 7);
      if (!own.has(month)) own.set(month, {});
      own.get(month)![day] = { ...metrics };
    }
    for (const [month, held] of own)
      months.set(month, [...(months.get(month) ?? []), { dimensions, days: held }]);
  }
  return months;
}

/** What a month holds afterwards: days not delivered as they were, delivered days as delivered. */
function merged(
  month: string,
  present: readonly MonthCounts[],
  fresh: readonly SeriesDays[],
  covered: ReadonlySet<Day>,
  batch: string,
): MonthCounts[] {
  const wanted = new Map<string, MonthCounts>();
  for (const item of present) {
    const days = Object.fromEntries(Object.entries(item.days).filter(([day]) => !covered.has(day)));
    wanted.set(dimensionsText(item.dimensions), { ...item, days, batch });
  }
  for (const { dimensions, days } of fresh) {
    const key = dimensionsText(dimensions);
    wanted.set(key, {
      month,
      dimensions,
      days: { ...wanted.get(key)?.days, ...days },
      batch,
    });
  }
  return [...wanted.values()].filter((item) => Object.keys(item.days).length > 0);
}

function restatements(
  series: { unit: string; source: string; dataset: string },
  present: readonly MonthCounts[],
  wanted: readonly MonthCounts[],
  covered: ReadonlySet<Day>,
  wasFinal: (day: Day) => boolean,
  arrivedOn: Day,
  batch: string,
): Restatement[] {
  const now = new Map(wanted.map((item) => [dimensionsText(item.dimensions), item]));
  const then = new Map(present.map((item) => [dimensionsText(item.dimensions), item]));
  const delivered = new Set(present.flatMap((item) => Object.keys(item.days)));
  const list: Restatement[] = [];
  for (const key of new Set([...then.keys(), ...now.keys()])) {
    const { dimensions } = (now.get(key) ?? then.get(key))!;
    for (const date of covered) {
      // A day nobody delivered before is late, not restated.
      if (!delivered.has(date) || !wasFinal(date)) continue;
      const old = then.get(key)?.days[date] ?? {};
      const fresh = now.get(key)?.days[date] ?? {};
      for (const metric of new Set([...Object.keys(old), ...Object.keys(fresh)])) {
        const change = { old: old[metric] ?? null, new: fresh[metric] ?? null };
        if (change.old !== change.new)
          list.push({ ...series, date, dimensions, metric, ...change, firstSeen: arrivedOn, batch });
      }
    }
  }
  return list;
}
