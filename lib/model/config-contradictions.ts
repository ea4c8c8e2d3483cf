import type { Config, Plan, Source } from './config.ts';
import type { ConfigError, Path, Place } from './config-error.ts';
import { currencyExponent, minorUnits } from './currency.ts';
import { contractOf } from './datasets.ts';
import { addDays } from './day.ts';
import { nearest } from './edit-distance.ts';
import { agreementPlan } from './flag.ts';
import { noHolidays } from './holidays.ts';
import { datasetOf, type Kpi } from './kpi.ts';
import { completePeriods } from './period.ts';
import { type PeriodDates, periodDates } from './period-dates.ts';

/**
 * What the schema of a configuration cannot say: names that refer to each other, amounts the currency has decimals for,
 * data for every plan, and time enough before the pay date.
 *
 * @returns empty when nothing contradicts.
 */
export function contradictions(config: Config, place: Place): ConfigError[] {
  const errors: ConfigError[] = [];
  const unique = (list: readonly { id: string }[], key: string) => {
    const seen = new Set<string>();
    list.forEach(({ id }, i) => {
      if (seen.has(id)) errors.push(place([key, i, 'id'], `"${id}" is used twice; ids are unique`));
      seen.add(id);
    });
  };
  unique(config.sources, 'sources');
  unique(config.plans, 'plans');
  unique(config.units, 'units');
  unique(config.budgets ?? [], 'budgets');
  const refersTo = (what: string, known: readonly string[], id: string, path: Path, key?: string) => {
    if (known.includes(id)) return;
    const near = nearest(id, known);
    errors.push(place(path, `there is no ${what} "${id}"${near ? `; did you mean "${near}"?` : ''}`, key));
  };
  const amount = (value: number, path: Path) => {
    try {
      minorUnits(value, currencyExponent(config.currency));
    } catch (error) {
      errors.push(place(path, `${(error as Error).message} ${config.currency}`));
    }
  };
  const units = config.units.map((u) => u.id);
  config.sources.forEach((source, i) => {
    if (source.unit !== undefined) refersTo('unit', units, source.unit, ['sources', i, 'unit']);
    for (const [name, column] of renamed(source))
      refersTo(`column of ${source.dataset}`, columnsOf(source), column, ['sources', i, 'columns', name]);
  });
  config.plans.forEach((plan, i) => {
    if (plan.id === agreementPlan)
      errors.push(
        place(['plans', i, 'id'], `"${agreementPlan}" is a plan of its own already; name it otherwise`),
      );
    plan.units?.forEach((id, j) => {
      refersTo('unit', units, id, ['plans', i, 'units', j]);
    });
    if (typeof plan.bonus === 'number') amount(plan.bonus, ['plans', i, 'bonus']);
    else amount(plan.bonus.amount, ['plans', i, 'bonus', 'amount']);
    plan.kpis.forEach(({ kpi, target, countsWhen, basis, payout }, j) => {
      const at = (key: string): Path => ['plans', i, 'kpis', j, key];
      if (plan.kpis.findIndex((other) => other.kpi === kpi) < j)
        errors.push(place(at('kpi'), `"${kpi}" stands twice in this plan`));
      if (!isFed(config, kpi))
        errors.push(
          place(
            at('kpi'),
            `no source delivers "${datasetOf(kpi)}" or "counts", so "${kpi}" could never be counted`,
          ),
        );
      if (kpi === 'revenue') amount(target, at('target'));
      if (countsWhen === 'accepted' && datasetOf(kpi) !== 'sqls')
        errors.push(place(at('countsWhen'), `only SQLs are accepted; "${kpi}" has no such rule`));
      if (basis === 'monthly_unique' && kpi !== 'visitors')
        errors.push(place(at('basis'), `only visitors are unique in a month; "${kpi}" has no such basis`));
      if (isFalling(payout))
        errors.push(
          place(at('payout'), 'a higher tier pays less than a lower one; more must never pay less'),
        );
    });
    const late = firstLatePeriod(config, plan);
    if (late)
      errors.push(
        place(
          ['plans', i, 'payAfter'],
          `period ${late.period} is paid on ${late.payOn}, but its data are ripe only on ${late.ripeOn}; ` +
            `they must be ripe by ${late.due}, two business days before pay; pay later, or settle or decide sooner`,
        ),
      );
    const paid = typeof plan.bonus === 'object' ? plan.bonus.paid : plan.period;
    if (paid !== plan.period)
      errors.push(
        place(['plans', i, 'bonus', 'paid'], `is paid by ${paid}, but the plan's period is a ${plan.period}`),
      );
  });
  for (const [year, goal] of Object.entries(config.goals?.revenue ?? {}))
    amount(goal, ['goals', 'revenue', Number(year)]);
  config.budgets?.forEach((budget, i) => {
    amount(budget.amount, ['budgets', i, 'amount']);
  });
  const plans = config.plans.map((p) => p.id);
  for (const id of Object.keys(config.alerts.owners)) refersTo('plan', plans, id, ['alerts', 'owners'], id);
  return errors;
}

/** Columns that a source gives a name of ours. */
function renamed(source: Source): [string, string][] {
  return Object.entries(source.columns ?? {}).flatMap(([name, column]) =>
    column === null ? [] : [[name, column]],
  );
}

function columnsOf(source: Source): string[] {
  return Object.keys(contractOf(source.dataset).columns);
}

/** Whether a tier pays less than one below it. */
function isFalling(payout: Plan['kpis'][number]['payout']): boolean {
  if (typeof payout === 'string' || !('tiers' in payout)) return false;
  const tiers = [...payout.tiers].sort((a, b) => a.from - b.from);
  return tiers.some((tier, i) => i > 0 && tier.share < tiers[i - 1]!.share);
}

function isFed(config: Config, kpi: Kpi): boolean {
  return config.sources.some((s) => s.dataset === datasetOf(kpi) || s.dataset === 'counts');
}

/** The first period of two ordinary years whose data would not be ripe by the date a decision is due; null if none. */
function firstLatePeriod(config: Config, plan: Plan): (PeriodDates & { period: string }) | null {
  // Two fixed years suffice: only weekends and month lengths move the dates when no holidays are counted.
  for (const period of completePeriods('2026-01-01', addDays('2028-01-01', -1), plan.period))
    for (const { kpi } of plan.kpis) {
      const dates = periodDates(config, plan, kpi, period, noHolidays);
      if (dates.ripeOn > dates.due) return { ...dates, period: period.id };
    }
  return null;
}
