import { keptFor } from './kept.ts';

/** Rows that are part of a longer list, in its order: what is worked out for the list once holds for every part of it. */
export interface RowCut<R> {
  readonly all: readonly R[];
  /** Place in `all` of each row; null when the rows are the first of it. */
  readonly places: Int32Array | null;
}

const cuts = new WeakMap<readonly object[], RowCut<object>>();

/** Remembers what list rows were cut out of. Neither may be changed afterwards. */
export function noteCut<R extends object>(rows: readonly R[], cut: RowCut<R>): void {
  cuts.set(rows, cut);
}

/** The list rows were cut out of; the rows themselves when nobody said so. */
export function cutOf<R extends object>(rows: readonly R[]): RowCut<R> {
  return (cuts.get(rows) as RowCut<R> | undefined) ?? { all: rows, places: null };
}

/**
 * One number a row, worked out once for the list the rows were cut out of.
 *
 * @param column the numbers of the whole list, in its order.
 * @example cutColumn(rows, secondsOf) // as long as `rows`
 */
export function cutColumn<R extends object, A extends Int32Array | Float64Array | Uint8Array>(
  rows: readonly R[],
  column: (all: readonly R[]) => A,
): A {
  const { all, places } = cutOf(rows);
  const whole = column(all);
  if (!places) return whole.subarray(0, rows.length) as A;
  const part = whole.slice(0, rows.length) as A;
  for (let i = 0; i < part.length; i += 1) part[i] = whole[places[i]!]!;
  return part;
}

const within = keptFor<Int32Array>();

/**
 * Place in a part of each row of the list it was cut out of; -1 where the part leaves the row out.
 * @param places of the part's rows in the list.
 * @param length of the list.
 * @example placesWithin(Int32Array.of(0, 2), 3) // => [0, -1, 1]
 */
export function placesWithin(places: Int32Array, length: number): Int32Array {
  return within([places], '', () => {
    const made = new Int32Array(length).fill(-1);
    for (let i = 0; i < places.length; i += 1) made[places[i]!] = i;
    return made;
  });
}
