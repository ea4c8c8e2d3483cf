import { addDays, type Day } from '../model/day.ts';
import { type Assessment, isRaised } from '../model/flag.ts';
import type { Alert } from '../reports/alert.ts';
import { reminder } from '../reports/reminder.ts';

/** Days before a decision is due from which it is reminded of. */
const reminderDays = 3;

/**
 * Reminders of decisions that are due within three days and not taken, one a due date. Each has the same id on all
 * those days, so that it goes out once.
 *
 * @example remindersAt([anUndecidedFlag], '2026-09-12', 'Acme').map((r) => r.id) // => ['reminder@2026-09-14']
 */
export function remindersAt(assessments: readonly Assessment[], asOf: Day, organisation: string): Alert[] {
  const open = assessments.filter(
    (a) =>
      a.decision === null &&
      (isRaised(a.verdict) || (a.verdict === 'unable_to_certify' && a.money.held > 0)) &&
      a.due >= asOf &&
      a.due <= addDays(asOf, reminderDays),
  );
  return [...new Set(open.map((a) => a.due))].sort().map((due) =>
    reminder(
      open.filter((a) => a.due === due),
      organisation,
    ),
  );
}
