import { dayNumber } from '../model/day.ts';
import { keptFor } from '../model/kept.ts';
import type { Kpi } from '../model/kpi.ts';
import type { CheckInput } from './check.ts';
import { countBelow, noDay, recordDays } from './record-days.ts';
import { fateOf, sqlColumns } from './sql-columns.ts';

/** The records a KPI counts, column by column, in the order of the days they count for. */
export interface EnteredRecords {
  readonly count: number;
  id(place: number): string;
  /** Day number of its own day. */
  readonly days: Int32Array;
  /** Day number of the day it was entered; its own day where nobody kept it. */
  readonly enteredOn: Int32Array;
  /** 1 where the day it was entered was kept. */
  readonly isKept: Uint8Array;
  /** Places of those that were entered after their own day. */
  readonly later: readonly number[];
  /** Kept records of each day from the first record's on. */
  readonly keptByDay: Int32Array;
}

const kept = keptFor<EnteredRecords>();

/**
 * The records a plan KPI counts, of the whole history, with the day each was entered.
 *
 * Plans that count the same records share them.
 *
 * @returns null for KPIs that count no leads or SQLs, or without their records.
 * @example enteredRecords(input, 'leads')?.later.length
 */
export function enteredRecords({ history, pay }: CheckInput, kpi: Kpi): EnteredRecords | null {
  const { leads, sqls } = history;
  const origins = pay?.plan.countsOrigins;
  const key = `${kpi} ${origins?.join() ?? ''}`;
  const isWanted = (row: { readonly origin: string | null }) =>
    !origins || row.origin === null || (origins as readonly string[]).includes(row.origin);
  if (kpi === 'leads' && leads) {
    const { rows } = leads;
    return kept([rows], key, () =>
      columns(
        rows,
        (lead) => lead.lead_id,
        'created_at',
        // Most plans count every origin; then no record has to be looked at.
        origins ? (i) => isWanted(rows[i]!) : null,
      ),
    );
  }
  if ((kpi === 'sqls_delivered' || kpi === 'sqls_accepted') && sqls) {
    const { rows } = sqls;
    return kept([rows], key, () => {
      const { fates } = sqlColumns(rows);
      const isOf = (i: number) => kpi === 'sqls_delivered' || (fates[i]! & fateOf.accepted) !== 0;
      return columns(
        rows,
        (sql) => `${sql.sql_id}/${sql.lead_id}`,
        'delivered_at',
        origins ? (i) => isOf(i) && isWanted(rows[i]!) : isOf,
      );
    });
  }
  return null;
}

/** Places of the records of the judged period: from the first one inclusive to the second one exclusive. */
export function periodPlaces(input: CheckInput, { days }: EnteredRecords): [from: number, to: number] {
  const origin = dayNumber(input.history.firstDay);
  return [countBelow(days, origin + input.from), countBelow(days, origin + input.to)];
}

/** How many kept records of the days that may train there are, and how many of them are marked. */
export interface BaselineCounts {
  readonly markedBefore: number;
  readonly ofBefore: number;
}

const counted = keptFor<BaselineCounts>();

/**
 * Kept records of the days that may train, and those of them that are marked; plans with one baseline share them.
 *
 * @param rule names what `isMarked` asks, with its numbers.
 * @param places of all records that can be marked.
 */
export function baselineCounts(
  input: CheckInput,
  kpi: Kpi,
  records: EnteredRecords,
  rule: string,
  places: Iterable<number>,
  isMarked: (place: number) => boolean,
): BaselineCounts {
  return counted([input.isBaselineDay, records], rule, () =>
    countBaseline(input, kpi, records, places, isMarked),
  );
}

function countBaseline(
  input: CheckInput,
  kpi: Kpi,
  records: EnteredRecords,
  places: Iterable<number>,
  isMarked: (place: number) => boolean,
): BaselineCounts {
  const origin = dayNumber(input.history.firstDay);
  const first = (records.days[0] ?? origin) - origin;
  let ofBefore = 0;
  for (let i = 0; i < records.keptByDay.length && first + i < input.from; i += 1)
    if (records.keptByDay[i]! > 0 && input.isBaselineDay(kpi, first + i)) ofBefore += records.keptByDay[i]!;
  let markedBefore = 0;
  for (const place of places)
    if (
      records.isKept[place] === 1 &&
      isMarked(place) &&
      input.isBaselineDay(kpi, records.days[place]! - origin)
    )
      markedBefore += 1;
  return { markedBefore, ofBefore };
}

function columns<R extends { readonly record_entered_at: string | null }>(
  rows: readonly R[],
  idOf: (row: R) => string,
  column: keyof R & string,
  isCounted: ((place: number) => boolean) | null,
): EnteredRecords {
  const own = recordDays(rows, column);
  const entries = recordDays(rows, 'record_entered_at');
  const sources = new Int32Array(rows.length);
  const days = new Int32Array(rows.length);
  const enteredOn = new Int32Array(rows.length);
  const isKept = new Uint8Array(rows.length);
  const later: number[] = [];
  let count = 0;
  for (let i = 0; i < rows.length; i += 1) {
    if (isCounted && !isCounted(i)) continue;
    const day = own[i]!;
    const entered = entries[i] === noDay ? day : Math.max(day, entries[i]!);
    sources[count] = i;
    days[count] = day;
    enteredOn[count] = entered;
    isKept[count] = entries[i] === noDay ? 0 : 1;
    if (entered > day) later.push(count);
    count += 1;
  }
  const first = days[0] ?? 0;
  const keptByDay = new Int32Array(count === 0 ? 0 : days[count - 1]! - first + 1);
  for (let i = 0; i < count; i += 1) if (isKept[i] === 1) keptByDay[days[i]! - first]! += 1;
  return {
    count,
    id: (place) => idOf(rows[sources[place]!]!),
    days: days.subarray(0, count),
    enteredOn: enteredOn.subarray(0, count),
    isKept: isKept.subarray(0, count),
    later,
    keptByDay,
  };
}
