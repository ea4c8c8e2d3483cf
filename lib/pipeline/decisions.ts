import type { LedgerEntry } from '../evidence/ledger.ts';
import type { Day } from '../model/day.ts';
import type { ActBodies } from '../model/decision.ts';
import type { Decision } from '../model/flag.ts';

/** Chain of the ledger that flags and decisions are appended to. */
export const flagsChain = 'flags';
/** Chain of sealed periods. */
export const closesChain = 'closes';
/** Chain that lists the records of runs. */
export const runsChain = 'runs';
/** Chain of the policies in force. */
export const policiesChain = 'policies';

/** Chain of calibrations, the last of which counts. */
export const calibrationsChain = 'calibrations';

/** The latest decision on each flag, by `plan|kpi|unit|period`. */
export function decisionsIn(entries: readonly LedgerEntry[]): Map<string, Decision> {
  const decisions = new Map<string, Decision>();
  for (const entry of entries)
    if (entry.kind === 'decision') {
      const { flag, kind, value, reason, at } = entry.body as ActBodies['decision'];
      decisions.set(flag, { kind, value, reason, at });
    }
  return decisions;
}

/** Dates on which periods were sealed, by id. */
export function sealedIn(entries: readonly LedgerEntry[]): Map<string, Day> {
  return new Map(
    entries.flatMap((e) =>
      e.kind === 'close' ? [[(e.body as { period: string }).period, e.at.slice(0, 10)] as const] : [],
    ),
  );
}
