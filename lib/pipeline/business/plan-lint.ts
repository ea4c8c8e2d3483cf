import type { KpiWorth, PlanDefect, SqlNeed } from '../../model/business.ts';
import { type Config, type Plan, type PlanKpi, unitsOf } from '../../model/config.ts';
import { currencyExponent as exponentOf } from '../../model/currency.ts';
import { addDays, type Day } from '../../model/day.ts';
import { addBusinessDays, type IsHoliday } from '../../model/duration.ts';
import type { UnitHistory } from '../../model/history.ts';
import { datasetOf, type Kpi } from '../../model/kpi.ts';
import { completePeriods, periodOf } from '../../model/period.ts';
import { periodDates } from '../../model/period-dates.ts';
import { kpiNames } from '../../reports/kpi-text.ts';
import { moneyText } from '../../reports/money-text.ts';
import { kpiValueText, numberText, shareText } from '../../reports/number-text.ts';
import { countKpi } from '../../verdict/cohort.ts';
import { kpiShares } from '../../verdict/pay.ts';
import { gradualPayout, kpiBlock, usualReasons } from './replacement-block.ts';

/** What a plan is held against. History may be empty: then only the configuration speaks. */
export interface LintInput {
  readonly config: Config;
  readonly asOf: Day;
  readonly isHoliday: IsHoliday;
  readonly histories: readonly UnitHistory[];
  readonly worth: readonly KpiWorth[];
  readonly need: SqlNeed | null;
  /** `plan|kpi|unit|period` of results under question, which say nothing of what can be reached. */
  readonly raised: ReadonlySet<string>;
}

/** Fewest periods of history that say whether a target can be reached. */
const leastPeriods = 6;
/** Weight of fluff from which a plan pays for it. */
const mostFluff = 1 / 3;
/** Business days between ripe data and the decision's due date below which there is no time to decide. */
const leastDecisionDays = 5;

type Draft = Omit<PlanDefect, 'plan' | 'planTitle' | 'side'>;

/**
 * Defects of the plans themselves: what would lead anybody astray whose pay depends on them. Each with its evidence and
 * a block that could stand instead.
 * @example lintPlans(input).map((d) => d.rule) // => ['cliff', 'traffic-paid', ...]
 */
export function lintPlans(input: LintInput): PlanDefect[] {
  return input.config.plans.flatMap((plan) =>
    [
      ...plan.kpis.flatMap((kpi) => [
        ...trafficPaid(plan, kpi, input),
        ...dailyUniques(kpi),
        ...rawHandOvers(plan, kpi),
        ...othersDecide(plan, kpi, input),
        ...targets(plan, kpi, input),
        ...quotaNotFed(plan, kpi, input),
      ]),
      ...cliffs(plan, input),
      ...noQuality(plan, input),
      ...fluffWeight(plan, input),
      ...notShared(plan, input),
      ...noAgreement(plan, input),
      ...shortDecision(plan, input),
    ].map((d) => ({ ...d, plan: plan.id, planTitle: plan.title, side: plan.side })),
  );
}

const isVisit = (kpi: Kpi) => datasetOf(kpi) === 'traffic';
const isDownstream = ({ kpi, countsWhen }: PlanKpi) =>
  kpi === 'sqls_accepted' ||
  datasetOf(kpi) === 'deals' ||
  (kpi === 'sqls_delivered' && countsWhen === 'accepted');
const weightOf = (plan: Plan, of: (kpi: PlanKpi) => boolean) => {
  const sum = (kpis: readonly PlanKpi[]) => kpis.reduce((total, k) => total + k.weight, 0);
  return sum(plan.kpis.filter(of)) / sum(plan.kpis);
};
const acceptedBlock = ({ need, config }: Pick<LintInput, 'need' | 'config'>) => {
  const target = config.agreement.acceptedPerMonth ?? (need ? Math.ceil(need.acceptedForShare) : null);
  return kpiBlock({ kpi: 'sqls_accepted', target, settings: gradualPayout });
};

function trafficPaid(plan: Plan, planKpi: PlanKpi, input: LintInput): Draft[] {
  if (!isVisit(planKpi.kpi)) return [];
  return [
    {
      rule: 'traffic-paid',
      kpi: planKpi.kpi,
      text: 'Visits are paid for themselves. They can be bought for less than the bonus they bring, and nothing in the plan asks what became of them.',
      evidence: `${kpiNames[planKpi.kpi]} carry ${shareText(weightOf(plan, (k) => k === planKpi))} of the plan's weight.`,
      yaml: acceptedBlock(input),
    },
  ];
}

function dailyUniques({ kpi, basis, target }: PlanKpi): Draft[] {
  if (kpi !== 'visitors' || basis === 'monthly_unique') return [];
  return [
    {
      rule: 'visitors-by-daily-sum',
      kpi,
      text: 'Visitors are counted as the sum of daily uniques: who comes on ten days counts ten times, and once more for every source.',
      evidence: 'basis: daily_unique_sum, an upper bound of the people who came.',
      yaml: `# and a totals row a month\n${kpiBlock({ kpi, target, settings: ['basis: monthly_unique'] })}`,
    },
  ];
}

function rawHandOvers(plan: Plan, { kpi, countsWhen, target }: PlanKpi): Draft[] {
  if (kpi !== 'sqls_delivered' || countsWhen === 'accepted') return [];
  return [
    {
      rule: 'hand-overs-without-acceptance',
      kpi,
      text: 'Hand-overs are paid whether or not sales accepts them. Handing over leads that are not ready costs sales time and earns the same.',
      evidence: `countsWhen: delivered, in a plan for ${plan.side}.`,
      yaml: kpiBlock({ kpi, target, settings: ['countsWhen: accepted'] }),
    },
  ];
}

function othersDecide(plan: Plan, planKpi: PlanKpi, { config }: LintInput): Draft[] {
  const isAcceptance = planKpi.kpi === 'sqls_accepted' || planKpi.countsWhen === 'accepted';
  if (plan.side !== 'marketing' || !isAcceptance || config.agreement.reasons !== undefined) return [];
  return [
    {
      rule: 'other-side-decides',
      kpi: planKpi.kpi,
      text: 'Whether it counts is for sales alone to decide, and no reasons are agreed by which a rejection could be contested.',
      evidence: 'agreement.reasons is not set: any stated reason takes an SQL off.',
      yaml: ['agreement:', ...usualReasons].join('\n'),
    },
  ];
}

function targets(plan: Plan, planKpi: PlanKpi, input: LintInput): Draft[] {
  const { config, histories, asOf, raised } = input;
  const { kpi } = planKpi;
  const exponent = kpi === 'revenue' ? 'money' : 'count';
  return unitsOf(config, plan).flatMap((unit): Draft[] => {
    const history = histories.find((h) => h.unit === unit.id);
    if (!history) return [];
    const values = completePeriods(history.firstDay, asOf, plan.period)
      .filter((p) => p.from >= history.firstDay && !raised.has(`${plan.id}|${kpi}|${unit.id}|${p.id}`))
      .flatMap((p) => countKpi(history, planKpi, plan, p).counted ?? [])
      .sort((a, b) => a - b);
    if (values.length < leastPeriods) return [];
    const target = exponent === 'money' ? minor(planKpi.target, config.currency) : planKpi.target;
    const hits = values.filter((v) => v >= target).length;
    if (hits > 0 && hits < values.length) return [];
    const text = (v: number) => kpiValueText(kpi, v, config.currency);
    const median = values[Math.floor((values.length - 1) / 2)]!;
    const upper = values[Math.floor((values.length - 1) * 0.75)]!;
    const where = config.units.length > 1 ? ` in ${unit.id}` : '';
    return [
      {
        rule: hits === 0 ? 'target-never-reached' : 'target-always-reached',
        kpi,
        text:
          hits === 0
            ? `The target${where} was reached in no ordinary ${plan.period}. A target out of reach by honest work rewards other ways to it.`
            : `The target${where} was reached in every ordinary ${plan.period}. It pays for what comes anyway.`,
        evidence: `${hits} of ${values.length} ${plan.period}s not under question; middle ${text(median)}, most ${text(values.at(-1)!)}; target ${text(target)}.`,
        yaml: `# reached in one of four ordinary ${plan.period}s\n${kpiBlock({ kpi, target: exponent === 'money' ? Math.ceil(upper / minor(1, config.currency)) : upper })}`,
      },
    ];
  });
}

function minor(amount: number, currency: string): number {
  return Math.round(amount * 10 ** exponentOf(currency));
}

function quotaNotFed(plan: Plan, planKpi: PlanKpi, { need, config }: LintInput): Draft[] {
  if (need === null || plan.period !== 'month' || plan.side !== 'marketing') return [];
  if (planKpi.kpi !== 'sqls_accepted' && planKpi.kpi !== 'sqls_delivered') return [];
  const needed = planKpi.kpi === 'sqls_accepted' ? need.acceptedForShare : need.deliveredForShare;
  if (needed === null || planKpi.target >= needed) return [];
  return [
    {
      rule: 'target-does-not-feed-quota',
      kpi: planKpi.kpi,
      text: "Meeting the target does not feed the sales quota: the year's goal can be missed with every bonus paid.",
      evidence: `${moneyText(need.quota, config.currency)} a month, ${shareText(need.marketingShare)} of it from marketing, at ${moneyText(need.averageWon, config.currency)} a win and ${shareText(need.winRate.value)} won, needs ${numberText(Math.ceil(needed))}; the target is ${numberText(planKpi.target)}.`,
      yaml: acceptedBlock({ need, config }),
    },
  ];
}

function cliffs(plan: Plan, { config, asOf }: LintInput): Draft[] {
  const cliff = plan.kpis.filter((k) => k.payout === 'all_or_nothing');
  if (cliff.length === 0) return [];
  const shares = kpiShares(plan, periodOf(asOf, plan.period), config.currency);
  const most = plan.kpis.reduce(
    (sum, k, i) => Math.max(sum, k.payout === 'all_or_nothing' ? shares[i]! : 0),
    0,
  );
  const all = shares.reduce((sum, s) => sum + s, 0);
  const isAll = plan.combine === 'all';
  return [
    {
      rule: 'cliff',
      kpi: null,
      text: isAll
        ? 'Everything or nothing hangs on one unit of any KPI. The last one is worth the whole bonus, whatever it is worth to the company.'
        : 'All or nothing at the target: the last unit is worth a whole share of the bonus, those before and after it nothing.',
      evidence: `${cliff.map((k) => kpiNames[k.kpi]).join(', ')}: one more unit decides up to ${moneyText(isAll ? all : most, config.currency)} a ${plan.period}.`,
      yaml: `# for ${cliff.map((k) => k.kpi).join(', ')}\n${gradualPayout.join('\n')}`,
    },
  ];
}

function noQuality(plan: Plan, input: LintInput): Draft[] {
  if (plan.side !== 'marketing' || plan.kpis.some(isDownstream)) return [];
  return [
    {
      rule: 'no-quality-kpi',
      kpi: null,
      text: 'Nothing in the plan asks whether the leads were any good: it pays the same for leads that sales cannot use.',
      evidence: `Paid on ${plan.kpis.map((k) => `${k.kpi}${k.countsWhen === 'accepted' ? ' (accepted)' : ''}`).join(', ')}; all of them end before sales accepts.`,
      yaml: acceptedBlock(input),
    },
  ];
}

function fluffWeight(plan: Plan, input: LintInput): Draft[] {
  const fluff = input.worth.filter((w) => w.worth === 'fluff').map((w) => w.kpi);
  const share = weightOf(plan, (k) => fluff.includes(k.kpi));
  if (share < mostFluff) return [];
  const own = plan.kpis.filter((k) => fluff.includes(k.kpi)).map((k) => kpiNames[k.kpi]);
  return [
    {
      rule: 'fluff-weight',
      kpi: null,
      text: 'A good part of the bonus is paid on numbers whose changes are followed by no change in what the company wants.',
      evidence: `${own.join(', ')}: ${shareText(share)} of the weight on weak predictors of accepted SQLs or revenue.`,
      yaml: acceptedBlock(input),
    },
  ];
}

function notShared(plan: Plan, { config, need }: LintInput): Draft[] {
  const others = config.plans.filter((p) => p.side !== plan.side);
  const mine = plan.kpis.filter(isDownstream).map((k) => k.kpi);
  if (others.some((p) => p.kpis.some((k) => isDownstream(k) && mine.includes(k.kpi)))) return [];
  const other = plan.side === 'marketing' ? 'sales' : 'marketing';
  const target = need ? Math.ceil((need.quota * need.marketingShare) / minor(1, config.currency)) : null;
  const block = kpiBlock({ kpi: 'revenue', target, settings: gradualPayout });
  return [
    {
      rule: 'no-shared-kpi',
      kpi: null,
      text: `No KPI after acceptance is shared by marketing and sales: one side can earn while the other misses its goal.`,
      evidence:
        others.length === 0
          ? `There is no plan for ${other}; this one stands alone.`
          : `${plan.id} and ${others.map((p) => p.id).join(', ')} have no such KPI in common.`,
      yaml: `# in a plan of each side\ncountsOrigins: [marketing]\n${block}`,
    },
  ];
}

function noAgreement(plan: Plan, { config }: LintInput): Draft[] {
  const { floor, reasons, contactWithin, attempts } = config.agreement;
  const isAboutSqls = plan.kpis.some((k) => datasetOf(k.kpi) === 'sqls');
  const open = [
    ...(floor === undefined ? ['the share of hand-overs that must qualify (floor)'] : []),
    ...(reasons === undefined ? ['reasons to reject (reasons)'] : []),
    ...(contactWithin === undefined ? ['how fast sales contacts (contactWithin)'] : []),
    ...(attempts === undefined ? ['how often sales tries (attempts)'] : []),
  ];
  if (!isAboutSqls || open.length === 0) return [];
  return [
    {
      rule: 'agreement-incomplete',
      kpi: null,
      text: 'SQLs are paid on while part of what the two sides owe each other is not written down; each can read it its own way.',
      evidence: `Not agreed: ${open.join('; ')}.`,
      yaml: `agreement:\n${[
        ...(floor === undefined ? ['  floor: 0.6'] : []),
        ...(reasons === undefined ? usualReasons : []),
        ...(contactWithin === undefined ? ['  contactWithin: 2bd'] : []),
        ...(attempts === undefined ? ['  attempts: 5'] : []),
      ].join('\n')}`,
    },
  ];
}

function shortDecision(plan: Plan, { config, asOf, isHoliday }: LintInput): Draft[] {
  const period = periodOf(addDays(periodOf(asOf, plan.period).from, -1), plan.period);
  const latest = plan.kpis
    .map((k) => ({ kpi: k.kpi, dates: periodDates(config, plan, k.kpi, period, isHoliday) }))
    .sort((a, b) => (a.dates.ripeOn < b.dates.ripeOn ? 1 : -1))[0]!;
  if (addBusinessDays(latest.dates.ripeOn, leastDecisionDays, isHoliday) <= latest.dates.due) return [];
  return [
    {
      rule: 'pay-before-decision',
      kpi: latest.kpi,
      text: 'Pay comes so soon after the numbers are final that nobody has a working week to decide what is in question.',
      evidence: `${period.id}: final on ${latest.dates.ripeOn}, decision due ${latest.dates.due}, paid on ${latest.dates.payOn}.`,
      yaml: 'payAfter: P30D',
    },
  ];
}
