import { isAccepted, type SqlCase } from '../model/history.ts';

/** What became of an SQL, one bit each. */
export const fateOf = { contested: 1, decided: 2, accepted: 4, overdue: 8 } as const;

const known = new WeakMap<readonly SqlCase[], Uint8Array>();

/**
 * What became of each SQL as known at a date, read once for all periods judged at it.
 * @returns bits of `fateOf`, one number a row.
 */
export function sqlFates(rows: readonly SqlCase[]): Uint8Array {
  const held = known.get(rows);
  if (held) return held;
  const fates = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i += 1) {
    const sql = rows[i]!;
    fates[i] =
      (sql.isContested ? fateOf.contested : 0) |
      (sql.decidedOn !== null ? fateOf.decided : 0) |
      (isAccepted(sql) ? fateOf.accepted : 0) |
      (sql.isOverdue ? fateOf.overdue : 0);
  }
  known.set(rows, fates);
  return fates;
}

/** Says what {@link sqlFates} would read, where it is known already. */
export function noteFates(rows: readonly SqlCase[], fates: Uint8Array): void {
  known.set(rows, fates);
}
