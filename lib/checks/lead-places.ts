import type { Row } from '../model/datasets.ts';
import type { RecordHistory, SqlCase } from '../model/history.ts';
import { keptFor } from '../model/kept.ts';
import { cutOf, placesWithin } from '../model/row-cut.ts';
import { sqlColumns } from './sql-columns.ts';

type Lead = Row<'leads'>;

const kept = keptFor<Int32Array>();

/**
 * Finds the lead of each SQL by its id, once for all periods judged at a date. Leads are looked up once for all dates
 * that share a list of leads.
 *
 * @returns the lead's place in `leads.rows`, one a row of `sqls`; -1 for a lead not known yet.
 * @example leadPlaces(history.sqls.rows, history.leads)[0] // => 17
 */
export function leadPlaces(sqls: readonly SqlCase[], leads: RecordHistory<Lead>): Int32Array {
  return kept([sqls, leads.rows], '', () => findPlaces(sqls, leads.rows));
}

const lookedUp = keptFor<Int32Array>();

function findPlaces(sqls: readonly SqlCase[], rows: readonly Lead[]): Int32Array {
  const { codes, texts } = sqlColumns(sqls).leads;
  const cut = cutOf(rows);
  // Where an id stands twice its last row counts, which may not be known yet.
  const isUnique = indexOf(cut.all).size === cut.all.length;
  const { all, places } = isUnique ? cut : { all: rows, places: null };
  const byCode = lookedUp([texts, all], '', () => {
    const index = indexOf(all);
    return Int32Array.from(texts, (id) => index.get(id) ?? -1);
  });
  const within = places && placesWithin(places, all.length);
  return codes.map((code) => {
    const place = byCode[code]!;
    if (place < 0 || within) return place < 0 ? -1 : within![place]!;
    return place < rows.length ? place : -1;
  });
}

const indices = keptFor<ReadonlyMap<string, number>>();

function indexOf(rows: readonly Lead[]): ReadonlyMap<string, number> {
  return indices([rows], '', () => {
    const made = new Map<string, number>();
    for (let i = 0; i < rows.length; i += 1) made.set(rows[i]!.lead_id, i);
    return made;
  });
}
