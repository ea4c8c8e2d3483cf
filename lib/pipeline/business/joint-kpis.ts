import type { JointKpi, SqlNeed } from '../../model/business.ts';
import type { Config } from '../../model/config.ts';
import { currencyExponent } from '../../model/currency.ts';
import { addDays } from '../../model/day.ts';
import { isAccepted } from '../../model/history.ts';
import type { Kpi } from '../../model/kpi.ts';
import { completePeriods, type Period } from '../../model/period.ts';
import { type BusinessRows, isWithin, medianOf } from './business-rows.ts';
import { gradualPayout, kpiBlock } from './replacement-block.ts';

/** Months that a usual value is taken from, and the fewest that make one. */
const mostMonths = 12;
const leastMonths = 3;

/**
 * The two KPIs that serve both sides: SQLs that sales accepted, and what was won of them. Neither side reaches them
 * alone: more hand-overs do not help without acceptance, and accepted SQLs do not without work.
 *
 * @param raised months under question, which make no usual value.
 * @returns those the data can count.
 */
export function jointKpis(
  rows: BusinessRows,
  config: Config,
  need: SqlNeed | null,
  raised: ReadonlySet<string>,
): JointKpi[] {
  const months = completePeriods(addDays(rows.asOf, -550), rows.asOf, 'month')
    .filter((m) => m.from >= firstDayOf(rows) && !raised.has(m.id))
    .slice(-mostMonths);
  const usual = (of: (month: Period) => number) =>
    months.length < leastMonths ? null : medianOf(months.map(of));
  const joint: JointKpi[] = [];
  if (rows.sqls !== null) {
    const value = usual((m) => rows.sqls!.filter((s) => isAccepted(s) && isWithin(s.delivered_at, m)).length);
    const needed = need && Math.ceil(need.acceptedForShare);
    joint.push({
      kpi: 'sqls_accepted',
      origins: [],
      why: 'Counts what both sides agree is ready: handing over more does not raise it, and rejecting without cause is a finding on sales.',
      usual: value,
      months: months.length,
      needed,
      inPlans: plansOn(config, 'sqls_accepted'),
      yaml: blockOf('sqls_accepted', config.agreement.acceptedPerMonth ?? needed ?? value, []),
    });
  }
  if (rows.deals !== null) {
    const wins = (m: Period) => rows.won.filter((w) => isWithin(w.wonOn, m) && w.deal.origin === 'marketing');
    const isPriced = rows.won.some((w) => w.deal.amount !== null);
    const kpi = isPriced ? 'revenue' : 'deals_won';
    const value = usual((m) =>
      isPriced ? wins(m).reduce((sum, w) => sum + (w.deal.amount ?? 0), 0) : wins(m).length,
    );
    const needed = need && isPriced ? Math.round(need.quota * need.marketingShare) : null;
    const target = needed ?? value;
    joint.push({
      kpi,
      origins: ['marketing'],
      why: 'Counts what the company lives on from marketing leads: marketing earns only on leads that can be won, sales only by working them.',
      usual: value === null ? null : Math.round(value),
      months: months.length,
      needed,
      inPlans: plansOn(config, kpi),
      yaml: blockOf(
        kpi,
        isPriced && target !== null ? target / 10 ** currencyExponent(config.currency) : target,
        ['marketing'],
      ),
    });
  }
  return joint;
}

function firstDayOf(rows: BusinessRows): string {
  return rows.histories.reduce((d, h) => (h.firstDay < d ? h.firstDay : d), rows.asOf);
}

function plansOn(config: Config, kpi: Kpi): string[] {
  const pays = (k: Config['plans'][number]['kpis'][number]) =>
    k.kpi === kpi || (kpi === 'sqls_accepted' && k.kpi === 'sqls_delivered' && k.countsWhen === 'accepted');
  return config.plans.filter((p) => p.kpis.some(pays)).map((p) => p.id);
}

function blockOf(kpi: Kpi, target: number | null, origins: readonly string[]): string {
  const counts = origins.length > 0 ? `countsOrigins: [${origins.join(', ')}]\n` : '';
  // Nothing is no target: months without a win say only that there is none to go by yet.
  const value = target === null || target <= 0 ? null : Math.ceil(target);
  return `${counts}${kpiBlock({ kpi, target: value, settings: gradualPayout })}`;
}
