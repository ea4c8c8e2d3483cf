import type { Business, Gap } from '../../model/business.ts';
import type { Config } from '../../model/config.ts';
import { addDays, addMonths } from '../../model/day.ts';
import type { IsHoliday } from '../../model/duration.ts';
import type { Span } from '../../model/estimate.ts';
import { type Assessment, assessmentKey, isRaised } from '../../model/flag.ts';
import type { UnitHistory } from '../../model/history.ts';
import { agreementRecords } from './agreement-record.ts';
import { budgetUse } from './budget-use.ts';
import { type BusinessRows, businessRows, isWithin } from './business-rows.ts';
import { jointKpis } from './joint-kpis.ts';
import { kpiWorth } from './kpi-worth.ts';
import { marketingShare, originCosts } from './origin-costs.ts';
import { lintPlans } from './plan-lint.ts';
import { presaleEvents } from './presale-events.ts';
import { quotaOf, revenueGoal, sqlNeed } from './revenue-goal.ts';
import { raisedMonths, salesCost } from './sales-cost.ts';
import { sourceCosts } from './source-costs.ts';
import { winRates } from './win-rates.ts';

/** Months that origins, sources, shares and events are taken from. */
const spanMonths = 12;

/** What the business numbers are made from. */
export interface BusinessParts {
  readonly config: Config;
  readonly isHoliday: IsHoliday;
  readonly histories: readonly UnitHistory[];
  readonly assessments: readonly Assessment[];
}

/**
 * What the numbers cost and bring, over all units together. Pure: the same parts give the same numbers.
 * @returns null before anything was taken in.
 */
export function businessOf(parts: BusinessParts): Business | null {
  const { config, histories, assessments, isHoliday } = parts;
  const rows = businessRows(histories);
  if (rows === null) return null;
  const to = addDays(rows.asOf, 1);
  const span: Span = { from: addMonths(to, -spanMonths), to };
  const need = sqlNeed(rows, config, span);
  const worth = kpiWorth(rows, [...new Set(config.plans.flatMap((p) => p.kpis.map((k) => k.kpi)))]);
  const raised = new Set(assessments.filter((a) => isRaised(a.verdict)).map(assessmentKey));
  return {
    span,
    handOvers: salesCost(rows, assessments, (month) => quotaOf(config, month)),
    winRate: winRates(rows),
    goal: revenueGoal(rows, config),
    need,
    agreement: histories.flatMap((h) => agreementRecords(h, config.agreement, isHoliday)),
    origins: originCosts(rows, span),
    sources: sourceCosts(rows, assessments, span),
    marketingShare: marketingShare(rows, span),
    worth,
    jointKpis: jointKpis(rows, config, need, raisedMonths(assessments)),
    presale: presaleEvents(rows, span),
    budgets: budgetUse(rows, config),
    planDefects: lintPlans({ config, asOf: rows.asOf, isHoliday, histories, worth, need, raised }),
    gaps: gapsOf(rows, config, span),
  };
}

/** What is missing, so that parts of the above cannot be told. */
function gapsOf(rows: BusinessRows, config: Config, span: Span): Gap[] {
  const { deals, sqls, spend, guests, won, asOf } = rows;
  const hasTrafficSpend = rows.histories.some((h) => h.traffic?.sources.some((s) => s.spend !== null));
  const wins = won.filter((w) => isWithin(w.wonOn, span));
  const events = (spend ?? []).some((s) => s.event_id !== null);
  return [
    ...(spend === null && !hasTrafficSpend ? (['no-spend'] as const) : []),
    ...(sqls === null ? (['no-sqls'] as const) : []),
    ...(deals === null ? (['no-deals'] as const) : []),
    ...(deals !== null && wins.length === 0 ? (['no-wins'] as const) : []),
    ...(wins.length > 0 && wins.every((w) => w.sql === null) ? (['no-deal-links'] as const) : []),
    ...(wins.length > 0 && wins.every((w) => w.deal.amount === null) ? (['no-amounts'] as const) : []),
    ...(config.goals?.revenue?.[asOf.slice(0, 4)] === undefined ? (['no-goal'] as const) : []),
    ...(events && guests.length === 0 ? (['no-guests'] as const) : []),
  ];
}
