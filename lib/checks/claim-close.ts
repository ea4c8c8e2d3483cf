import type { Row } from '../model/datasets.ts';
import { addDays, type Day } from '../model/day.ts';
import type { CheckInput } from './check.ts';

/** The versions of one claim, and the date from which its numbers should have stood still. */
export interface ClaimClose {
  /** Claims for the plan KPI and period known at the judging date, oldest first. */
  readonly claims: readonly Row<'claims'>[];
  /** Day of the first claim; without one, so many days after the period's last. */
  readonly closedOn: Day;
}

/**
 * When the numbers of a period were first claimed, or should have been.
 *
 * @param closeDays days after the period's end that stand in where nobody claimed yet.
 * @returns null without a plan to claim for.
 * @example claimClose(input, 10)?.closedOn // => '2026-09-03'
 */
export function claimClose({ history, period, pay }: CheckInput, closeDays: number): ClaimClose | null {
  if (!pay) return null;
  const claims = history.claims
    .filter(
      (c) =>
        c.kpi === pay.planKpi.kpi && c.period === period.id && (c.plan === null || c.plan === pay.plan.id),
    )
    .sort((a, b) =>
      a.reported_at === b.reported_at
        ? (a.version ?? 0) - (b.version ?? 0)
        : a.reported_at < b.reported_at
          ? -1
          : 1,
    );
  return { claims, closedOn: claims[0]?.reported_at.slice(0, 10) ?? addDays(period.to, closeDays - 1) };
}
