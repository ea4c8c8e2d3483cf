import type { CheckInput, PayContext } from '../../checks/check.ts';
import { checks } from '../../checks/index.ts';
import { type Config, type Plan, unitsOf } from '../../model/config.ts';
import { currencyExponent, minorUnits } from '../../model/currency.ts';
import type { Row } from '../../model/datasets.ts';
import { type Day, dayNumber } from '../../model/day.ts';
import type { Finding, Outcome } from '../../model/finding.ts';
import { type Assessment, assessmentKey, type PeriodState } from '../../model/flag.ts';
import type { UnitHistory } from '../../model/history.ts';
import { keptFor } from '../../model/kept.ts';
import { datasetOf, type Kpi } from '../../model/kpi.ts';
import { daysOf, type Period } from '../../model/period.ts';
import { acceptanceOdds } from '../../verdict/acceptance-odds.ts';
import { type Cohort, countedIds, countKpi, dailyOf } from '../../verdict/cohort.ts';
import { kpiShares, payOf } from '../../verdict/pay.ts';
import { sourceExcess } from '../../verdict/source-excess.ts';
import { isDisputed, verifiedValue } from '../../verdict/verified-value.ts';
import { acrossPolicy } from './across-units.ts';
import type { DueJudgement } from './due-judgements.ts';
import type { JudgeInput } from './unit-judgement.ts';
import {
  demoted,
  type Gathered,
  isStatistical,
  pByCheck,
  type VerifiedBy,
  type Weighing,
  weigh,
} from './weighing.ts';

/**
 * The latest claim for a plan KPI known at the judging date; null when there is none. Of two of the same version and time
 * the one that names the plan.
 */
export function latestClaim(
  history: UnitHistory,
  plan: string,
  kpi: Kpi,
  period: string,
): Row<'claims'> | null {
  const rows = history.claims.filter(
    (c) => c.kpi === kpi && c.period === period && (c.plan === null || c.plan === plan),
  );
  const newer = (a: Row<'claims'>, b: Row<'claims'>) => {
    if ((a.version ?? 0) !== (b.version ?? 0)) return (a.version ?? 0) > (b.version ?? 0);
    if (a.reported_at !== b.reported_at) return a.reported_at > b.reported_at;
    return a.plan !== null && b.plan === null;
  };
  return rows.reduce<Row<'claims'> | null>(
    (best, row) => (best === null || newer(row, best) ? row : best),
    null,
  );
}

/** Where the claim of a plan comes from: a claims source, or what was counted. */
function claimOf(input: JudgeInput, judging: DueJudgement, history: UnitHistory, counted: number | null) {
  // Nothing can be claimed for a period that is not over, whatever a file says already.
  if (judging.isOpen) return { value: null, from: 'awaiting_claim', reportedAt: null } as const;
  const hasClaims = input.config.sources.some((s) => s.dataset === 'claims');
  if (!hasClaims) return { value: counted, from: 'counted', reportedAt: null } as const;
  const row = latestClaim(history, judging.plan.id, judging.planKpi.kpi, judging.period.id);
  return row
    ? ({ value: row.value, from: 'claims', reportedAt: row.reported_at } as const)
    : ({ value: null, from: 'awaiting_claim', reportedAt: null } as const);
}

/**
 * What a plan claims for a KPI and period, for the checks about a claim.
 * @param judged the period, or what of an open one is final.
 * @param own latest judgements of the plan KPI, one a period.
 */
export function payContext(
  input: JudgeInput,
  judging: DueJudgement,
  judged: Period,
  known: UnitHistory,
  historyOf: (date: Day) => UnitHistory | null,
  own: Iterable<Assessment>,
): PayContext {
  const { plan, planKpi, period } = judging;
  const counted = countKpi(known, planKpi, plan, judged).counted;
  const claim = claimOf(input, judging, known, counted);
  const then = claim.reportedAt === null ? null : historyOf(claim.reportedAt.slice(0, 10));
  const earlier = [...own]
    .flatMap((a) =>
      a.counted === null || a.period >= period.id ? [] : [{ period: a.period, counted: a.counted }],
    )
    .sort((a, b) => (a.period < b.period ? -1 : 1));
  return {
    plan,
    planKpi,
    claimed: claim.from === 'claims' ? claim.value : null,
    claimedOn: claim.reportedAt,
    countedThen: then && countKpi(then, planKpi, plan, period).counted,
    counted,
    earlier,
    drift: judging.drift,
  };
}

/**
 * The assessment of one plan KPI and period at one date: claim, verdict, verified value and money.
 *
 * @param outcomes outcomes of the checks that belong to this KPI.
 * @param isPrimaryRun whether a primary check of the KPI gave a result.
 * @param previous the judgement at an earlier date, for `atRipe` and `raisedOn`; null for the first.
 * @returns the assessment, and what the comparison of units needs of it; null where too few units are judged.
 */
export function assessKpi(
  input: JudgeInput,
  judging: DueJudgement,
  known: UnitHistory,
  outcomes: readonly Outcome[],
  isPrimaryRun: boolean,
  base: CheckInput,
  previous: Assessment | null,
): { readonly assessment: Assessment; readonly weighing: Weighing | null } {
  const { plan, planKpi, period, dates, date } = judging;
  const { config } = judging.policy;
  const { kpi } = planKpi;
  const cohort = countKpi(known, planKpi, plan, base.period);
  const claim = claimOf(input, judging, known, cohort.counted);
  const target =
    kpi === 'revenue' ? minorUnits(planKpi.target, currencyExponent(config.currency)) : planKpi.target;
  const share = kpiShares(plan, period, config.currency)[plan.kpis.indexOf(planKpi)]!;
  const pay = (value: number) => payOf(planKpi.payout, share, target, value);
  const gross = cohort.counted === null ? null : Math.min(claim.value ?? cohort.counted, cohort.counted);

  // Proof without records is a difference of two counts.
  const provenUnits = (finding: Finding) =>
    finding.records.length > 0
      ? counted(finding, cohort)
      : Math.max(0, (finding.observed ?? 0) - (finding.expected ?? 0));
  const changesPayout = (finding: Finding) => {
    if (judging.isOpen) return false;
    const full = finding.check === 'claim-mismatch' ? (claim.value ?? 0) : (gross ?? 0);
    return pay(full) !== pay(Math.max(0, full - provenUnits(finding)));
  };
  const isRipe = date >= dates.ripeOn;
  const findings = outcomes.flatMap((o) => (o.status === 'fail' ? [o.finding] : []));
  const id = { plan: plan.id, kpi, unit: known.unit, period: period.id };
  const gathered: Gathered = {
    date,
    fixed: {
      ...id,
      planTitle: plan.title,
      side: plan.side,
      state: judging.isOpen ? 'open' : stateOf(input, period.id, isRipe),
      policy: judging.policy.digest,
      target,
      claimed: claim.value,
      claimedFrom: claim.from,
      counted: cohort.counted,
      basis: cohort.basis,
      outcomes: outcomes.filter((o) => o.status !== 'fail'),
      contributors: [],
      ...dates,
      decision: input.decisions.get(assessmentKey(id)) ?? null,
    },
    said: judging.isOpen ? [toDate(base.period, period)] : [],
    findings,
    proven: findings.map((f) => ({ units: provenUnits(f), changesPayout: changesPayout(f) })),
    weighed: {
      pValues: pValuesOf(outcomes, plan.side),
      claimed: claim.value ?? cohort.counted,
      assessmentsPerYear: assessmentsPerYear(config, plan),
      // Statistics look at an open period every day; a suspect by them alone waits for its end.
      calibration: judging.isOpen ? null : judging.policy.calibration,
      missingShare: missingShare(known, kpi, base),
      isPrimaryRun,
    },
    currency: config.currency,
    payout: planKpi.payout,
    share,
    isRipe,
  };
  const verifiedBy: VerifiedBy = (weighed, verdict) =>
    verifiedValue({
      planKpi,
      cohort,
      claimed: claim.value,
      findings: weighed,
      acceptProbability: acceptanceOdds(base),
      excess: kpi === 'visitors' && isDisputed(kpi, weighed, verdict) ? sourceExcess(base, weighed) : [],
    });
  const assessment = weigh(gathered, verifiedBy, previous);
  if (unitsOf(config, plan).length < acrossPolicy.minUnits) return { assessment, weighing: null };
  const { verdict, money, outcomes: others } = assessment;
  const isJoint = plan.combine === 'all';
  const again = findings.some(isStatistical)
    ? {
        gathered,
        disputed: verifiedBy(assessment.findings, verdict),
        undisputed: verifiedBy(
          demoted(assessment.findings, () => true),
          'clear',
        ),
      }
    : null;
  const p = pByCheck(others, findings);
  return { assessment, weighing: { ...id, date, ripeOn: dates.ripeOn, verdict, money, isJoint, p, again } };
}

const amounts = keptFor<number>();

function counted({ records }: Finding, cohort: Cohort): number {
  return amounts([records, cohort], '', () => {
    const ids = countedIds(cohort);
    return records.filter((id) => ids.has(id)).length;
  });
}

function isAbout(outcome: Outcome, side: string): boolean {
  return checks.find((c) => c.id === outcome.check)?.side === side;
}

/** Assessments of a plan in a year: units x KPIs x periods. */
export function assessmentsPerYear(config: Config, plan: Plan): number {
  return unitsOf(config, plan).length * plan.kpis.length * (plan.period === 'month' ? 12 : 4);
}

/** p of every outcome of a side's checks that returned one. */
export function pValuesOf(outcomes: readonly Outcome[], side: string): number[] {
  return outcomes.flatMap((outcome) => {
    if (!isAbout(outcome, side)) return [];
    const p = outcome.status === 'pass' ? outcome.p : outcome.status === 'fail' ? outcome.finding.p : null;
    return p === null ? [] : [p];
  });
}

/** Says how much of an open period a judgement is about. */
function toDate(judged: Period, whole: Period): string {
  return `the period is open: judged are its first ${daysOf(judged)} of ${daysOf(whole)} days`;
}

function stateOf(input: JudgeInput, period: string, isRipe: boolean): PeriodState {
  return input.sealed.has(period) ? 'sealed' : isRipe ? 'ripe' : 'ended';
}

/** Share of the period's days that are missing or refused for a KPI; null when none was delivered. */
function missingShare(history: UnitHistory, kpi: Kpi, base: CheckInput): number | null {
  const values =
    kpi === 'sqls_accepted' ? (history.sqls?.daily ?? dailyOf(history, kpi)) : kpiDays(history, kpi);
  if (!values) return null;
  const refused = new Set(history.refusedDays[datasetOf(kpi)] ?? []);
  const days = base.to - base.from;
  let missing = 0;
  for (let i = base.from; i < base.to; i += 1)
    if (i < 0 || i >= history.length || values[i] === null || values[i] === undefined || refused.has(i))
      missing += 1;
  return missing === days && dayNumber(history.firstDay) >= 0 ? null : missing / days;
}

function kpiDays(history: UnitHistory, kpi: Kpi) {
  if (datasetOf(kpi) === 'deals') return history.deals?.daily ?? dailyOf(history, kpi);
  return dailyOf(history, kpi);
}
