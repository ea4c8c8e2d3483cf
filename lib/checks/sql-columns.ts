import type { Row } from '../model/datasets.ts';
import { isAccepted, type SqlCase } from '../model/history.ts';
import { keptFor } from '../model/kept.ts';
import { recordSeconds } from './record-days.ts';

/** What became of an SQL, and who decided it, one bit each. */
export const fateOf = {
  contested: 1,
  decided: 2,
  accepted: 4,
  overdue: 8,
  /** Decided by who qualified or delivered it. */
  decidedBySelf: 16,
  /** Both who decided it and who qualified or delivered it are kept. */
  hasPeople: 32,
} as const;

/** Numbers in place of texts, 0 for the first; -1 for none. */
export interface Codes {
  readonly codes: Int32Array;
  /** The text of each number. */
  readonly texts: readonly string[];
}

/** What checks ask of every SQL of a list, in its order. */
export interface SqlColumns {
  /** Bits of `fateOf`. */
  readonly fates: Uint8Array;
  /** Seconds since 1970-01-01 of the decision, by the unit's own clock; NaN without one or its time of day. */
  readonly decidedAt: Float64Array;
  readonly deciders: Int32Array;
  readonly leads: Codes;
}

const kept = keptFor<SqlColumns>();

/** Columns of SQLs as known at a date, read once for all periods judged at it. */
export function sqlColumns(rows: readonly SqlCase[]): SqlColumns {
  return kept([rows], '', () => {
    const deciders = numbering();
    const leads = numbering();
    const columns = {
      fates: new Uint8Array(rows.length),
      decidedAt: recordSeconds(rows, 'decided_at'),
      deciders: new Int32Array(rows.length),
      leads: { codes: new Int32Array(rows.length), texts: leads.texts },
    };
    for (let i = 0; i < rows.length; i += 1) {
      const sql = rows[i]!;
      columns.fates[i] =
        rowFate(sql) |
        (sql.isContested ? fateOf.contested : 0) |
        (sql.decidedOn !== null ? fateOf.decided : 0) |
        (sql.isOverdue ? fateOf.overdue : 0);
      columns.deciders[i] = deciders.numberOf(sql.decided_by);
      columns.leads.codes[i] = leads.numberOf(sql.lead_id);
    }
    return columns;
  });
}

/** Says what {@link sqlColumns} would read, where it is known already. */
export function noteSqlColumns(rows: readonly SqlCase[], columns: SqlColumns): void {
  kept([rows], '', () => columns);
}

/** The bits of `fateOf` that a row gives by itself. */
export function rowFate(row: Row<'sqls'>): number {
  const { decided_by: by, delivered_by: deliverer, qualified_by: qualifier } = row;
  const hasPeople = by !== null && (deliverer !== null || qualifier !== null);
  return (
    (isAccepted(row) ? fateOf.accepted : 0) |
    (hasPeople ? fateOf.hasPeople : 0) |
    (hasPeople && (by === deliverer || by === qualifier) ? fateOf.decidedBySelf : 0)
  );
}

/** Gives each different text a number. */
export function numbering(): { numberOf(text: string | null): number; readonly texts: readonly string[] } {
  const numbers = new Map<string, number>();
  const texts: string[] = [];
  return {
    texts,
    numberOf(text) {
      if (text === null) return -1;
      const known = numbers.get(text);
      if (known !== undefined) return known;
      numbers.set(text, texts.length);
      texts.push(text);
      return texts.length - 1;
    },
  };
}
