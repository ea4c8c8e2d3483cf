import type { LedgerEntry } from '../evidence/ledger.ts';
import { digestOfJson } from '../model/canonical-json.ts';
import type { Day } from '../model/day.ts';
import type { Ports } from './ports.ts';

/** Chain of the ledger that snoozes are appended to. */
export const snoozesChain = 'snoozes';

/** Silence about one thing: alerts wait, flag and money stay as they are. */
export interface Snooze {
  /** What is silent: `about` of its alerts. */
  readonly about: string;
  /** First day on which alerts go out again. */
  readonly until: Day;
  readonly reason: string;
  readonly by: string;
}

/**
 * Records a snooze in the ledger; it takes the place of an earlier one about the same.
 * @param at ISO instant it was said.
 * @throws {RangeError} reason or name is empty.
 */
export async function recordSnooze(
  snooze: Snooze,
  at: string,
  { ledger }: Pick<Ports, 'ledger'>,
): Promise<void> {
  if (snooze.reason.trim() === '' || snooze.by.trim() === '')
    throw new RangeError('a snooze needs a reason and a name');
  await ledger.append(snoozesChain, {
    id: `${at}-${digestOfJson(snooze).slice(7, 19)}`,
    at,
    kind: 'snooze',
    body: snooze,
    objects: [],
  });
}

/**
 * Snoozes in force on a date, by what they are about: of several the last one said.
 * @example snoozesOn('2026-09-20', entries).get('incident@all@visitors.drop.2026-09-14')?.until // => '2026-09-27'
 */
export function snoozesOn(date: Day, entries: readonly LedgerEntry[]): ReadonlyMap<string, Snooze> {
  const last = new Map<string, Snooze>();
  for (const entry of entries)
    if (entry.kind === 'snooze') {
      const snooze = entry.body as Snooze;
      last.set(snooze.about, snooze);
    }
  return new Map([...last].filter(([, { until }]) => date < until));
}
