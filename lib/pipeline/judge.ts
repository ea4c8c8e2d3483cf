import { checks } from '../checks/index.ts';
import type { Config, Plan } from '../model/config.ts';
import type { Day } from '../model/day.ts';
import type { IsHoliday } from '../model/duration.ts';
import type { Finding, Outcome } from '../model/finding.ts';
import { type Assessment, type Decision, isRaised, type Verdict } from '../model/flag.ts';
import type { UnitHistory } from '../model/history.ts';
import { datasetOf, type Kpi } from '../model/kpi.ts';
import type { UnitData } from '../model/unit-data.ts';
import { combineAll } from '../verdict/money.ts';
import { agreementFlags } from './agreement-flags.ts';
import { assessKpi, payContext } from './assess-kpi.ts';
import { attachTo } from './attach.ts';
import { baselineOf } from './baseline-days.ts';
import { byDate, type Judging, type JudgingDates, judgings } from './judging-dates.ts';
import { kpiOf, type Policies, runChecks } from './run-checks.ts';
import { firstDayOf, historiesOf } from './unit-history.ts';

/** Everything the judgement of one unit rests on. */
export interface JudgeInput {
  readonly config: Config;
  readonly policies: Policies;
  /** Digest of the policy in force for a plan and period. */
  policyDigest(plan: Plan): string;
  readonly data: UnitData;
  /** Judging date, inclusive. */
  readonly asOf: Day;
  /** Dates each period is judged on; left out: `all`. */
  readonly dates?: JudgingDates;
  readonly isHoliday: IsHoliday;
  /** Factor on the limit of a combined p; null without a calibration. */
  readonly calibration: number | null;
  /** Decisions taken, by `plan|kpi|unit|period`. */
  readonly decisions: ReadonlyMap<string, Decision>;
  /** Dates on which periods were sealed, by id. */
  readonly sealed: ReadonlyMap<string, Day>;
}

/** The judgement of one unit: its assessments, and findings that belong to no plan KPI. */
export interface UnitJudgement {
  readonly unit: string;
  readonly assessments: readonly Assessment[];
  readonly unattached: readonly { readonly period: string; readonly finding: Finding }[];
  /** Checks that threw, with unit, period and reason, each once: the run is not healthy then. */
  readonly errors: readonly string[];
}

/** Identity of an assessment. */
export function assessmentKey(of: Pick<Assessment, 'plan' | 'kpi' | 'unit' | 'period'>): string {
  return `${of.plan}|${of.kpi}|${of.unit}|${of.period}`;
}

/**
 * Judges every complete period of every plan of a unit: each when it was ripe, when its decision was due
 * and as of the date given, in the order of those dates, so that what was raised earlier stays out of
 * later baselines. Pure: the same input gives the same output.
 *
 * @returns one assessment per plan, KPI and complete period, oldest first; empty without data.
 * @example judgeUnit(input).assessments.filter((a) => isRaised(a.verdict))
 */
export function judgeUnit(input: JudgeInput): UnitJudgement {
  const { config, data, asOf, isHoliday } = input;
  const unit = data.unit;
  const from = config.start ?? firstDayOf(data);
  if (from === null) return { unit, assessments: [], unattached: [], errors: [] };
  const plans = config.plans.filter((p) => !p.units || p.units.includes(unit));
  const due = plans
    .flatMap((plan) => judgings(config, plan, from, asOf, isHoliday, input.dates))
    .sort(byDate);

  const historyAt = historiesOf(data, config.agreement, isHoliday);
  const histories = new Map<Day, UnitHistory | null>();
  const history = (date: Day) => {
    if (!histories.has(date)) histories.set(date, historyAt(date));
    return histories.get(date) ?? null;
  };
  const latest = new Map<string, Assessment>();
  const unattached = new Map<string, { period: string; finding: Finding }>();
  const errors = new Set<string>();
  const raised = raisedPeriods(latest);
  for (const group of grouped(due)) {
    const { date, period } = group[0]!;
    const known = history(date);
    if (!known) continue;
    const wanted = new Set(group.flatMap((j) => [datasetOf(j.planKpi.kpi)]));
    const base = baselineOf(config, known, period, raised, isHoliday, input.sealed.get(period.id) ?? null);
    const shared = runChecks(
      base,
      input.policies,
      (c) => c.scope === 'unit' && (c.kpi === null || wanted.has(datasetOf(c.kpi))),
    );
    for (const judging of group) {
      const ofKpi = runChecks(
        { ...base, pay: payContext(input, judging, known, history, latest) },
        input.policies,
        (c) => c.scope === 'kpi',
      );
      const outcomes = [...shared, ...ofKpi];
      for (const o of outcomes)
        if (o.status === 'error') errors.add(`${o.check} in unit ${unit}, ${period.id}: ${o.reason}`);
      const isOwn = (o: Outcome) => attachTo(judging.plan, kpiOf(o)) === judging.planKpi.kpi;
      // Only a finding may name another KPI; whatever else a check of this KPI came to stays with it.
      const own = [...shared.filter(isOwn), ...ofKpi.filter((o) => o.status !== 'fail' || isOwn(o))];
      const key = assessmentKey({ plan: judging.plan.id, kpi: judging.planKpi.kpi, unit, period: period.id });
      latest.set(
        key,
        assessKpi(input, judging, known, own, isPrimaryRun(judging, outcomes), base, latest.get(key) ?? null),
      );
    }
    for (const finding of lost(shared, group))
      unattached.set(`${finding.check}|${finding.kpi}|${period.id}`, { period: period.id, finding });
    if (!plans.some((p) => p.side === 'sales'))
      for (const flag of agreementFlags(input, group, shared, latest)) latest.set(assessmentKey(flag), flag);
  }
  return {
    unit,
    assessments: combined(config, [...latest.values()]).sort((a, b) =>
      a.period === b.period ? 0 : a.period < b.period ? -1 : 1,
    ),
    unattached: [...unattached.values()],
    errors: [...errors],
  };
}

/** Checks of which at least one must give a result before a KPI can be certified (SPEC 8). */
const primaryChecks: Readonly<Record<ReturnType<typeof datasetOf>, readonly string[]>> = {
  traffic: ['traffic-spike', 'traffic-without-leads'],
  leads: ['leads-without-traffic', 'duplicate-leads'],
  sqls: ['acceptance-shortfall', 'sqls-without-leads'],
  deals: ['claim-mismatch', 'restated'],
};

function isPrimaryRun({ planKpi }: Judging, outcomes: readonly Outcome[]): boolean {
  const primary = primaryChecks[datasetOf(planKpi.kpi)];
  return outcomes.some((o) => primary.includes(o.check) && (o.status === 'pass' || o.status === 'fail'));
}

/** Judgements of one date and period share their checks. */
function grouped(due: readonly Judging[]): Judging[][] {
  const groups = new Map<string, Judging[]>();
  for (const judging of due) {
    const key = `${judging.date}|${judging.period.id}`;
    const group = groups.get(key);
    if (group) group.push(judging);
    else groups.set(key, [judging]);
  }
  return [...groups.values()];
}

/** Periods at review or suspect and not cleared, by dataset: they stay out of baselines. */
function raisedPeriods(latest: ReadonlyMap<string, Assessment>): (kpi: Kpi) => ReadonlySet<string> {
  return (kpi) => {
    const periods = new Set<string>();
    for (const a of latest.values())
      if (datasetOf(a.kpi) === datasetOf(kpi) && isRaised(a.verdict) && a.decision?.kind !== 'cleared')
        periods.add(a.period);
    return periods;
  };
}

/** Findings whose dataset no plan of the group pays on. */
function lost(outcomes: readonly Outcome[], group: readonly Judging[]): Finding[] {
  const findings = outcomes.flatMap((o) => (o.status === 'fail' ? [o.finding] : []));
  return findings.filter((f) => group.every(({ plan }) => attachTo(plan, f.kpi) === null));
}

/** Joins the money of plans that pay only when every KPI is met. */
function combined(config: Config, assessments: readonly Assessment[]): Assessment[] {
  const joint = config.plans.filter((p) => p.combine === 'all').map((p) => p.id);
  const result = new Map(assessments.map((a) => [assessmentKey(a), a]));
  for (const plan of joint)
    for (const period of new Set(assessments.filter((a) => a.plan === plan).map((a) => a.period))) {
      const own = assessments.filter((a) => a.plan === plan && a.period === period);
      combineAll(own.map((a) => a.money)).forEach((money, i) => {
        result.set(assessmentKey(own[i]!), { ...own[i]!, money });
      });
    }
  return [...result.values()];
}

/** Order in which verdicts are worse, for exit codes and summaries. */
export const verdictRank: Readonly<Record<Verdict, number>> = {
  clear: 0,
  watch: 1,
  unable_to_certify: 2,
  review: 3,
  suspect: 4,
};

/** Ids and versions of the checks that judge, for the manifest. */
export function checkVersions(): Record<string, number> {
  return Object.fromEntries(checks.map((c) => [c.id, c.version]));
}
