import { type Day, isDay } from './day.ts';

/**
 * Local times: wall-clock strings of a unit's zone, `YYYY-MM-DDTHH:MM:SS`, or `YYYY-MM-DD` where only
 * the date is known. Both compare as strings; a date compares before every time of its day.
 */
export type LocalTime = string;

/** A time read: its local form, and what daylight saving did to it. */
export interface ReadTime {
  readonly value: LocalTime;
  /** `skipped`: no such local time, read by the length of the gap later. `ambiguous`: it came twice, read as the earlier. */
  readonly note: 'skipped' | 'ambiguous' | null;
}

/** Reads times into the wall clock of one zone. */
export interface ZoneClock {
  readonly zone: string;
  /**
   * Reads `YYYY-MM-DD`, optionally with `HH:MM[:SS[.fff]]` after `T` or a blank, optionally with `Z` or
   * an offset. With an offset the instant is converted; fractions of a second are cut off.
   * @returns null when the text is no such time or the date does not exist.
   */
  read(text: string): ReadTime | null;
  /** Wall clock of an instant, milliseconds since 1970-01-01 UTC. */
  at(instant: number): LocalTime;
}

const hour = 3_600_000;
const week = 168 * hour;
const pattern =
  /^(\d{4}-\d{2}-\d{2})(?:[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:[.,]\d{1,9})?)?(?: ?(Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?))?)?$/;
const clocks = new Map<string, ZoneClock>();

/** The date of a local time. @example dayOfTime('2026-08-31T17:05:00') // => '2026-08-31' */
export function dayOfTime(time: LocalTime): Day {
  return time.slice(0, 10);
}

/**
 * The clock of an IANA time zone.
 * @throws {RangeError} there is no such zone.
 * @example zoneClock('Europe/Berlin').read('2026-08-01T10:00:00Z') // => { value: '2026-08-01T12:00:00', note: null }
 */
export function zoneClock(zone: string): ZoneClock {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = makeClock(zone);
    clocks.set(zone, clock);
  }
  return clock;
}

interface Shift {
  /** Instant from which `after` holds. */
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

function makeClock(zone: string): ZoneClock {
  const offset = offsetReader(zone);
  const years = new Map<number, readonly Shift[]>();
  const shiftsOf = (year: number): readonly Shift[] => {
    let shifts = years.get(year);
    if (!shifts) {
      shifts = findShifts(offset, Date.UTC(year, 0, 1) - 2 * week, Date.UTC(year + 1, 0, 1) + 2 * week);
      years.set(year, shifts);
    }
    return shifts;
  };
  /** Offset at an instant, from the year's shifts. */
  const offsetAt = (instant: number): number => {
    const year = new Date(instant).getUTCFullYear();
    const shifts = shiftsOf(year);
    let found: number | null = null;
    for (const shift of shifts) {
      if (instant < shift.at) return found ?? shift.before;
      found = shift.after;
    }
    return found ?? offset(instant);
  };
  const at = (instant: number): LocalTime => new Date(instant + offsetAt(instant)).toISOString().slice(0, 19);
  const read = (text: string): ReadTime | null => {
    const match = pattern.exec(text);
    const day = match?.[1];
    if (!match || day === undefined || !isDay(day)) return null;
    if (match[2] === undefined) return { value: day, note: null };
    const local = `${day}T${match[2]}:${match[3]}:${match[4] ?? '00'}`;
    const wall = Date.parse(`${local}Z`);
    if (match[5] !== undefined) return { value: at(wall - offsetOf(match[5])), note: null };
    for (const shift of shiftsOf(Number(day.slice(0, 4)))) {
      const gain = shift.after - shift.before;
      if (gain > 0 && wall >= shift.at + shift.before && wall < shift.at + shift.after)
        return { value: new Date(wall + gain).toISOString().slice(0, 19), note: 'skipped' };
      if (gain < 0 && wall >= shift.at + shift.after && wall < shift.at + shift.before)
        return { value: local, note: 'ambiguous' };
    }
    return { value: local, note: null };
  };
  return { zone, read, at };
}

function offsetOf(text: string): number {
  if (text === 'Z') return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(3).replace(':', '') || 0);
  return (text.startsWith('-') ? -1 : 1) * minutes * 60_000;
}

/** Offset of the zone's wall clock from UTC at an instant, in milliseconds. */
function offsetReader(zone: string): (instant: number) => number {
  if (zone === 'UTC') return () => 0;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return (instant) => {
    const parts: Record<string, number> = {};
    for (const part of format.formatToParts(instant)) parts[part.type] = Number(part.value);
    const { year, month, day, hour, minute, second } = parts as Record<string, number>;
    return Date.UTC(year!, month! - 1, day!, hour!, minute!, second!) - Math.floor(instant / 1000) * 1000;
  };
}

/** Changes of the offset between two instants. Zones never change twice within a week. */
function findShifts(offset: (instant: number) => number, from: number, to: number): readonly Shift[] {
  const shifts: Shift[] = [];
  let before = offset(from);
  for (let at = from; at < to; at += week) {
    const after = offset(at + week);
    if (after === before) continue;
    let low = at;
    let high = at + week;
    while (high - low > 1000) {
      const middle = low + Math.floor((high - low) / 2000) * 1000;
      if (offset(middle) === before) low = middle;
      else high = middle;
    }
    shifts.push({ at: high, before, after });
    before = after;
  }
  return shifts;
}
