import { addDays, addMonths, type Day, dayNumber } from './day.ts';

/** Lengths of a period a plan can pay by. */
export type PeriodLength = 'month' | 'quarter';

/** One pay period: half open, `from` inclusive, `to` exclusive. */
export interface Period {
  /** `2026-08` or `2026-Q3`. */
  readonly id: string;
  readonly from: Day;
  readonly to: Day;
}

/**
 * The period a date lies in.
 * @example periodOf('2026-08-14', 'month') // => { id: '2026-08', from: '2026-08-01', to: '2026-09-01' }
 */
export function periodOf(day: Day, length: PeriodLength): Period {
  const year = Number(day.slice(0, 4));
  const month = Number(day.slice(5, 7));
  const first = length === 'month' ? month : month - ((month - 1) % 3);
  const from = `${day.slice(0, 4)}-${String(first).padStart(2, '0')}-01`;
  return {
    id: length === 'month' ? from.slice(0, 7) : `${year}-Q${(first + 2) / 3}`,
    from,
    to: addMonths(from, length === 'month' ? 1 : 3),
  };
}

/**
 * Reads a period's name.
 * @throws {RangeError} `id` is neither `YYYY-MM` nor `YYYY-Qn`.
 * @example parsePeriod('2026-Q3').from // => '2026-07-01'
 */
export function parsePeriod(id: string): Period {
  const month = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(id);
  if (month) return periodOf(`${id}-01`, 'month');
  const quarter = /^(\d{4})-Q([1-4])$/.exec(id);
  if (quarter)
    return periodOf(`${quarter[1]}-${String(Number(quarter[2]) * 3).padStart(2, '0')}-01`, 'quarter');
  throw new RangeError(`expected a period YYYY-MM or YYYY-Qn, got "${id}"`);
}

/** The period right after `period`. */
export function nextPeriod(period: Period): Period {
  return periodOf(period.to, period.id.includes('Q') ? 'quarter' : 'month');
}

/** Every period of `length` that ends after `from` and is complete by `asOf` (its last day is on or before it), oldest first. */
export function completePeriods(from: Day, asOf: Day, length: PeriodLength): Period[] {
  const periods: Period[] = [];
  for (let p = periodOf(from, length); addDays(p.to, -1) <= asOf; p = nextPeriod(p)) periods.push(p);
  return periods;
}

/** Number of days of a period. */
export function daysOf(period: Period): number {
  return dayNumber(period.to) - dayNumber(period.from);
}

/**
 * Place of a period in its calendar year, counted from 1, and how many there are.
 * @example instalmentOf(parsePeriod('2026-08')) // => { k: 8, n: 12 }
 */
export function instalmentOf(period: Period): { k: number; n: number } {
  return period.id.includes('Q')
    ? { k: Number(period.id.slice(-1)), n: 4 }
    : { k: Number(period.id.slice(5, 7)), n: 12 };
}
