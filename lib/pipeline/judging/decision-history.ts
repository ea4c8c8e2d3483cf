import { canonicalJson } from '../../model/canonical-json.ts';
import type { Row } from '../../model/datasets.ts';

type SqlRow = Row<'sqls'>;

/** Rows of one delivery in an order of their own, whatever they came in: of decisions dated alike the first holds. */
export function byDecision(a: SqlRow, b: SqlRow): number {
  if (a.decided_at !== b.decided_at)
    return b.decided_at === null || (a.decided_at !== null && a.decided_at < b.decided_at) ? -1 : 1;
  if (a.disposition !== b.disposition) return a.disposition < b.disposition ? -1 : 1;
  return canonicalJson(a) < canonicalJson(b) ? -1 : 1;
}

/** Whether a row was entered, and its SQL handed over, by the end of a date. */
export function isKnown(row: SqlRow, end: string): boolean {
  return (row.record_entered_at ?? row.delivered_at) <= end && row.delivered_at <= end;
}

/** The row as it read before it was decided. */
export function asPending(row: SqlRow): SqlRow {
  return { ...row, disposition: 'pending', reason: null, decided_at: null, decided_by: null };
}

/** The row that holds at a date: the latest decision known by then, else the delivery as pending. */
export function latest(history: readonly SqlRow[], end: string): SqlRow {
  let best: SqlRow | undefined;
  for (const row of history) {
    if (row.disposition === 'pending' || (row.decided_at ?? row.delivered_at) > end) continue;
    if (!best || (row.decided_at ?? '') > (best.decided_at ?? '')) best = row;
  }
  if (best) return best;
  return asPending(history.reduce((a, b) => (b.delivered_at < a.delivered_at ? b : a)));
}
