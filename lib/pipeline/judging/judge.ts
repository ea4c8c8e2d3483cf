import type { Check, CheckInput } from '../../checks/check.ts';
import { checks } from '../../checks/index.ts';
import type { Agreement } from '../../model/config.ts';
import type { Day } from '../../model/day.ts';
import type { Finding, Outcome } from '../../model/finding.ts';
import { type Assessment, assessmentKey, isRaised, type Verdict } from '../../model/flag.ts';
import type { UnitHistory } from '../../model/history.ts';
import { datasetOf, type Kpi } from '../../model/kpi.ts';
import { combineAll } from '../../verdict/money.ts';
import { agreementFlags } from './agreement-flags.ts';
import { assessKpi, payContext } from './assess-kpi.ts';
import { attachTo } from './attach.ts';
import { baselineOf } from './baseline-days.ts';
import { type DueJudgement, dueJudgements } from './due-judgements.ts';
import { missedBatches } from './missed-batches.ts';
import { judgedPart, sobered, standsAtReview } from './open-period.ts';
import { standingPolicies } from './policy-book.ts';
import { kpisOf, runChecks } from './run-checks.ts';
import { firstDayOf, type HistoryAt, historiesOf } from './unit-history.ts';
import type { JudgeInput, UnitJudgement } from './unit-judgement.ts';
import type { Weighing } from './weighing.ts';

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
  if (from === null) return { unit, assessments: [], weighings: [], unattached: [], errors: [] };
  const book = input.book ?? standingPolicies(config, input.policies, input.policyDigest, input.calibration);
  const due = dueJudgements(book, unit, from, asOf, isHoliday, input.dates ?? 'all');
  const hasSalesPlan = due.some(({ plan }) => plan.side === 'sales');

  const prepared = new Map<string, HistoryAt>();
  const historyUnder = (agreement: Agreement) => {
    const terms = JSON.stringify(agreement);
    const known = prepared.get(terms) ?? onceADate(historiesOf(data, agreement, isHoliday));
    prepared.set(terms, known);
    return known;
  };
  const latest = new Map<string, Assessment>();
  // The same by plan and KPI, then by period: a check of late periods asks for all earlier ones.
  const byKpi = new Map<string, Map<string, Assessment>>();
  const judgedOf = (plan: string, kpi: Kpi) => {
    const own = byKpi.get(`${plan}|${kpi}`) ?? new Map<string, Assessment>();
    byKpi.set(`${plan}|${kpi}`, own);
    return own;
  };
  const unattached = new Map<string, { period: string; finding: Finding }>();
  const errors = new Set<string>();
  const weighings: Weighing[] = [];
  const raised = raisedPeriods(latest);
  for (const group of grouped(due)) {
    const { date, period, isOpen, policy } = group[0]!;
    const history = historyUnder(policy.config.agreement);
    const known = history(date);
    if (!known) continue;
    const judged = isOpen ? judgedPart(policy.config, known, period, isHoliday) : period;
    if (!judged) continue;
    const wanted = new Set(group.flatMap((j) => [datasetOf(j.planKpi.kpi)]));
    const sealedOn = input.sealed.get(period.id) ?? null;
    const base = {
      ...baselineOf(policy.config, known, judged, raised, isHoliday, sealedOn, isOpen),
      // When files came is known for now only.
      late: input.landed && date === asOf ? missedBatches(config, input.landed, judged, asOf, isHoliday) : [],
    };
    const outcomesOf = (base: CheckInput, isWanted: (check: Check) => boolean) => {
      const outcomes = runChecks(base, policy.policies, isWanted);
      return isOpen ? sobered(outcomes, period) : outcomes;
    };
    const shared = outcomesOf(
      base,
      (c) => c.scope === 'unit' && (c.kpi === null || wanted.has(datasetOf(c.kpi))),
    );
    const all = [...shared];
    for (const judging of group) {
      const earlier = judgedOf(judging.plan.id, judging.planKpi.kpi);
      const pay = payContext(input, judging, judged, known, history, earlier.values());
      const ofKpi = outcomesOf({ ...base, pay }, (c) => c.scope === 'kpi');
      all.push(...ofKpi);
      const outcomes = [...shared, ...ofKpi];
      for (const o of outcomes)
        if (o.status === 'error') errors.add(`${o.check} in unit ${unit}, ${period.id}: ${o.reason}`);
      const isOwn = (o: Outcome) =>
        kpisOf(o).some((kpi) => attachTo(judging.plan, kpi) === judging.planKpi.kpi);
      // Only a finding may name another KPI; whatever else a check of this KPI came to stays with it.
      const own = [...shared.filter(isOwn), ...ofKpi.filter((o) => o.status !== 'fail' || isOwn(o))];
      const key = assessmentKey({ plan: judging.plan.id, kpi: judging.planKpi.kpi, unit, period: period.id });
      const { assessment, weighing } = assessKpi(
        input,
        judging,
        known,
        own,
        isPrimaryRun(judging, outcomes),
        base,
        latest.get(key) ?? null,
      );
      if (weighing) weighings.push(weighing);
      if (isOpen && !standsAtReview(assessment)) continue;
      latest.set(key, assessment);
      earlier.set(period.id, assessment);
    }
    for (const finding of lost(all, group))
      unattached.set(`${finding.check}|${finding.kpi}|${period.id}`, { period: period.id, finding });
    if (!hasSalesPlan)
      for (const flag of agreementFlags(input, group, shared, latest)) latest.set(assessmentKey(flag), flag);
  }
  return {
    unit,
    assessments: combined(due, [...latest.values()]).sort((a, b) =>
      a.period === b.period ? 0 : a.period < b.period ? -1 : 1,
    ),
    weighings,
    unattached: [...unattached.values()],
    errors: [...errors],
  };
}

/** What was known on a date, cut out of the data once for each date. */
function onceADate(historyAt: HistoryAt): HistoryAt {
  const histories = new Map<Day, UnitHistory | null>();
  return (date) => {
    if (!histories.has(date)) histories.set(date, historyAt(date));
    return histories.get(date) ?? null;
  };
}

/** Checks of which at least one must give a result before a KPI can be certified (SPEC 8). */
const primaryChecks: Readonly<Record<ReturnType<typeof datasetOf>, readonly string[]>> = {
  traffic: ['traffic-spike', 'traffic-without-leads'],
  leads: ['leads-without-traffic', 'duplicate-leads'],
  sqls: ['acceptance-shortfall', 'sqls-without-leads'],
  deals: ['claim-mismatch', 'restated'],
};

function isPrimaryRun({ planKpi }: DueJudgement, outcomes: readonly Outcome[]): boolean {
  const primary = primaryChecks[datasetOf(planKpi.kpi)];
  return outcomes.some((o) => primary.includes(o.check) && (o.status === 'pass' || o.status === 'fail'));
}

/** Judgements of one date and period under the same terms share their checks. */
function grouped(due: readonly DueJudgement[]): DueJudgement[][] {
  const groups = new Map<string, DueJudgement[]>();
  // Terms are long texts, and mostly one: a number stands for each.
  const terms = new Map<string, number>();
  for (const judging of due) {
    if (!terms.has(judging.terms)) terms.set(judging.terms, terms.size);
    const key = `${judging.date}|${judging.period.id}|${terms.get(judging.terms)}`;
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
function lost(outcomes: readonly Outcome[], group: readonly DueJudgement[]): Finding[] {
  const findings = outcomes.flatMap((o) => (o.status === 'fail' ? [o.finding] : []));
  return findings.filter((f) => group.every(({ plan }) => attachTo(plan, f.kpi) === null));
}

/** Joins the money of plans that pay only when every KPI is met. */
function combined(due: readonly DueJudgement[], assessments: readonly Assessment[]): Assessment[] {
  const groupOf = (plan: string, period: string) => `${plan}|${period}`;
  const joint = new Set(
    due.filter(({ plan }) => plan.combine === 'all').map(({ plan, period }) => groupOf(plan.id, period.id)),
  );
  const result = new Map(assessments.map((a) => [assessmentKey(a), a]));
  for (const group of joint) {
    const own = assessments.filter((a) => groupOf(a.plan, a.period) === group);
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
