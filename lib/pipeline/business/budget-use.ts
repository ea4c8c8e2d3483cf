import type { BudgetUse } from '../../model/business.ts';
import type { Config } from '../../model/config.ts';
import { currencyExponent, minorUnits } from '../../model/currency.ts';
import { addDays, dayNumber } from '../../model/day.ts';
import { periodOf } from '../../model/period.ts';
import { type BusinessRows, isWithin } from './business-rows.ts';

/**
 * What was booked on each budget of the configuration in its current period. A booking belongs to the budget that its
 * `budget_line` names; one that names none, to the only budget of its kind.
 * @returns empty without budgets or bookings.
 */
export function budgetUse(rows: BusinessRows, config: Config): BudgetUse[] {
  const { spend, asOf } = rows;
  const budgets = config.budgets ?? [];
  if (spend === null) return [];
  const ids = new Set<string>(budgets.map((b) => b.id));
  return budgets.map((b) => {
    const year = asOf.slice(0, 4);
    const period =
      b.per === 'year'
        ? { id: year, from: `${year}-01-01`, to: `${Number(year) + 1}-01-01` }
        : periodOf(asOf, b.per);
    const isOnly = budgets.filter((other) => other.budget === b.budget).length === 1;
    const own = spend.filter(
      (s) =>
        isWithin(s.date, period) &&
        (s.budget_line !== null && ids.has(s.budget_line)
          ? s.budget_line === b.id
          : isOnly && s.budget === b.budget),
    );
    return {
      id: b.id,
      budget: b.budget,
      owner: b.owner ?? null,
      period: period.id,
      amount: minorUnits(b.amount, currencyExponent(config.currency)),
      booked: own.reduce((sum, s) => sum + s.amount, 0),
      elapsed:
        (dayNumber(addDays(asOf, 1)) - dayNumber(period.from)) /
        (dayNumber(period.to) - dayNumber(period.from)),
    };
  });
}
