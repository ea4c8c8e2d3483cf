import type { Row } from '../model/datasets.ts';
import type { RecordHistory } from '../model/history.ts';
import { cutOf } from '../model/row-cut.ts';

type Lead = Row<'leads'>;

const byRows = new WeakMap<readonly Lead[], ReadonlyMap<string, number>>();
const byPlaces = new WeakMap<Int32Array, Int32Array>();

/**
 * Finds known leads by id. The index is made once for all judging dates that share a list of leads.
 *
 * @returns a function that gives a lead's place in `leads.rows`; undefined for a lead not known yet.
 * @example leadIndex(history.leads)('L-1001') // => 17
 */
export function leadIndex({ rows }: RecordHistory<Lead>): (id: string) => number | undefined {
  const { all, places } = cutOf(rows);
  const index = indexOf(all);
  // Where an id stands twice its last row counts, which may not be known yet.
  if (index.size < all.length) {
    const own = indexOf(rows);
    return (id) => own.get(id);
  }
  if (!places)
    return (id) => {
      const place = index.get(id);
      return place === undefined || place >= rows.length ? undefined : place;
    };
  const within = placesWithin(places, all.length);
  return (id) => {
    const place = index.get(id);
    const own = place === undefined ? -1 : within[place]!;
    return own < 0 ? undefined : own;
  };
}

function indexOf(rows: readonly Lead[]): ReadonlyMap<string, number> {
  const held = byRows.get(rows);
  if (held) return held;
  const made = new Map<string, number>();
  for (let i = 0; i < rows.length; i += 1) made.set(rows[i]!.lead_id, i);
  byRows.set(rows, made);
  return made;
}

/** Place in a part of each row of the whole; -1 where the part leaves it out. */
function placesWithin(places: Int32Array, length: number): Int32Array {
  const held = byPlaces.get(places);
  if (held) return held;
  const made = new Int32Array(length).fill(-1);
  for (let i = 0; i < places.length; i += 1) made[places[i]!] = i;
  byPlaces.set(places, made);
  return made;
}
