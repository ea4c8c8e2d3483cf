import { isDeepStrictEqual } from 'node:util';
import { type Assessment, agreementPlan, assessmentKey } from '../../model/flag.ts';
import { benjaminiHochberg } from '../../statistics/adjusted-p.ts';
import { combineAll } from '../../verdict/money.ts';
import { isDisputed } from '../../verdict/verified-value.ts';
import { standsAtReview } from './open-period.ts';
import type { UnitJudgement } from './unit-judgement.ts';
import { demoted, isStatistical, standing, type Weighing, weigh } from './weighing.ts';

/** Limits of the comparison of units. */
export interface AcrossPolicy {
  /** Units judged by one check from which on their findings are compared. */
  readonly minUnits: number;
  /** Share of the findings at review that may be false, a probability. */
  readonly falseShare: number;
}

/** SPEC 8, METHODS 11. */
export const acrossPolicy: AcrossPolicy = { minUnits: 5, falseShare: 0.1 };

/**
 * The judgements of all units together: where five units or more were judged by one check for the same plan, KPI and
 * period, a statistical finding stays at review only if it passes Benjamini-Hochberg over them; else it counts at watch,
 * and verdict, verified value and money follow from what is left. Each date of judging is compared for itself.
 *
 * A unit's own baselines were made before: they leave out what stood at review in the unit alone.
 *
 * @returns every assessment, in the order of the units; those that nothing changed are the very objects given.
 * @see Benjamini & Hochberg (1995), JRSS-B 57
 */
export function acrossUnits(
  judgements: readonly Pick<UnitJudgement, 'assessments' | 'weighings'>[],
  policy: AcrossPolicy = acrossPolicy,
): Assessment[] {
  const weighings = judgements.flatMap((j) => j.weighings);
  const lucky = luckyFindings(weighings, policy);
  const byKey = new Map<string, Weighing[]>();
  for (const w of weighings) byKey.set(keyOf(w), [...(byKey.get(keyOf(w)) ?? []), w]);
  const fresh = new Map<string, Assessment>();
  for (const key of new Set([...lucky.values()].map(({ weighing }) => keyOf(weighing)))) {
    const before = judgements.flatMap((j) => j.assessments).find((a) => assessmentKey(a) === key);
    if (before) fresh.set(key, weighedAgain(before, byKey.get(key)!, lucky));
  }
  rejoin(fresh, byKey, judgements);
  const chance = checksByUnit(lucky, byKey);
  return judgements.flatMap((j) =>
    j.assessments.flatMap((given) => {
      const a =
        given.plan === agreementPlan ? agreed(given, chance) : (fresh.get(assessmentKey(given)) ?? given);
      // What is raised only where a finding stands at review is not raised without one.
      return a !== given && (a.state === 'open' || a.plan === agreementPlan) && !standsAtReview(a) ? [] : [a];
    }),
  );
}

/** Checks whose findings do not pass at the last date of a unit's period, for flags that no plan carries. */
function checksByUnit(
  lucky: Lucky,
  byKey: ReadonlyMap<string, readonly Weighing[]>,
): Map<string, Set<string>> {
  const byUnit = new Map<string, Set<string>>();
  for (const { weighing, checks } of lucky.values()) {
    if (byKey.get(keyOf(weighing))!.some((other) => other.date > weighing.date)) continue;
    const at = `${weighing.unit}|${weighing.period}`;
    byUnit.set(at, new Set([...(byUnit.get(at) ?? []), ...checks]));
  }
  return byUnit;
}

/** A flag of the agreement with the findings as they count. */
function agreed(flag: Assessment, chance: ReadonlyMap<string, ReadonlySet<string>>): Assessment {
  const checks = chance.get(`${flag.unit}|${flag.period}`);
  if (!checks || !flag.findings.some((f) => isStatistical(f) && checks.has(f.check))) return flag;
  return { ...flag, findings: demoted(flag.findings, (check) => checks.has(check)), evidence: null };
}

/** Checks whose findings do not pass, by judgement and date. */
type Lucky = Map<string, { readonly weighing: Weighing; readonly checks: Set<string> }>;

function luckyFindings(weighings: readonly Weighing[], { minUnits, falseShare }: AcrossPolicy): Lucky {
  const groups = new Map<string, Weighing[]>();
  for (const w of weighings) {
    const group = `${w.plan}|${w.kpi}|${w.period}|${w.date}`;
    groups.set(group, [...(groups.get(group) ?? []), w]);
  }
  const lucky: Lucky = new Map();
  for (const group of groups.values()) {
    if (group.length < minUnits || group.every((w) => w.again === null)) continue;
    for (const check of new Set(group.flatMap((w) => Object.keys(w.p)))) {
      const judged = group.filter((w) => w.p[check] !== undefined);
      if (judged.length < minUnits) continue;
      const adjusted = benjaminiHochberg(judged.map((w) => w.p[check]!));
      judged.forEach((weighing, i) => {
        if (adjusted[i]! <= falseShare || weighing.again === null) return;
        const at = `${keyOf(weighing)}|${weighing.date}`;
        const known = lucky.get(at) ?? { weighing, checks: new Set<string>() };
        lucky.set(at, known);
        known.checks.add(check);
      });
    }
  }
  return lucky;
}

/** One assessment, its dates gone through again in their order. */
function weighedAgain(before: Assessment, dates: readonly Weighing[], lucky: Lucky): Assessment {
  let last: Assessment = before;
  let history: Pick<Assessment, 'atRipe' | 'raisedOn'> | null = null;
  const inOrder = [...dates].sort((a, b) => (a.date < b.date ? -1 : 1));
  for (const w of inOrder) {
    const checks = lucky.get(`${keyOf(w)}|${w.date}`)?.checks;
    if (!w.again || !checks) {
      history = standing(history, w);
      const isSame = history.atRipe === before.atRipe && history.raisedOn === before.raisedOn;
      last = isSame ? before : { ...before, ...history, evidence: null };
      continue;
    }
    const { gathered, disputed, undisputed } = w.again;
    const findings = demoted(gathered.findings, (check) => checks.has(check));
    const again = weigh(
      { ...gathered, findings },
      (weighed, verdict) => (isDisputed(gathered.fixed.kpi, weighed, verdict) ? disputed : undisputed),
      history,
    );
    // Who carries it was worked out from the unit's data, which are not at hand here.
    last = { ...again, contributors: before.contributors };
    history = last;
  }
  return last;
}

/** Joins the money again of plans that pay only when every KPI is met. */
function rejoin(
  fresh: Map<string, Assessment>,
  byKey: ReadonlyMap<string, readonly Weighing[]>,
  judgements: readonly Pick<UnitJudgement, 'assessments'>[],
): void {
  const joint = [...fresh.keys()].filter((key) => byKey.get(key)!.some((w) => w.isJoint));
  const groupOf = (a: Assessment) => `${a.plan}|${a.unit}|${a.period}`;
  for (const group of new Set(joint.map((key) => groupOf(fresh.get(key)!)))) {
    const own = judgements.flatMap((j) => j.assessments).filter((a) => groupOf(a) === group);
    const alone = own.map((a) => {
      const again = fresh.get(assessmentKey(a));
      const last = byKey.get(assessmentKey(a))?.reduce((x, y) => (y.date > x.date ? y : x));
      // A judgement whose last date changed nothing has its money joined already.
      return again && again.money !== a.money ? again.money : (last?.money ?? a.money);
    });
    combineAll(alone).forEach((money, i) => {
      const given = own[i]!;
      const again = fresh.get(assessmentKey(given)) ?? given;
      if (!isDeepStrictEqual(again.money, money))
        fresh.set(assessmentKey(given), { ...again, money, evidence: null });
    });
  }
}

function keyOf({ plan, kpi, unit, period }: Weighing): string {
  return `${plan}|${kpi}|${unit}|${period}`;
}
