import { seedOf } from '../../model/canonical-json.ts';
import type { Plan } from '../../model/config.ts';
import { addDays, dayNumber } from '../../model/day.ts';
import { type Assessment, assessmentKey, isRaised } from '../../model/flag.ts';
import { datasetOf } from '../../model/kpi.ts';
import { parsePeriod, periodOf } from '../../model/period.ts';
import type { UnitData } from '../../model/unit-data.ts';
import { rateBound, scaleLimit } from '../../statistics/rate-bound.ts';
import { suspectLimit, suspicionOf, verdictPolicy } from '../../verdict/verdict.ts';
import { assessmentsPerYear, pValuesOf } from '../judging/assess-kpi.ts';
import { checkVersions, judgeUnit } from '../judging/judge.ts';
import { judgings } from '../judging/judging-dates.ts';
import { historiesOf } from '../judging/unit-history.ts';
import type { JudgeInput } from '../judging/unit-judgement.ts';
import type { CalibrationResult, NearSuspect } from './calibration-result.ts';
import { fitProfile, lastDays } from './fit-profile.ts';
import { simulateUnit } from './simulate-unit.ts';
import type { UnitProfile } from './unit-profile.ts';

/** What a calibration rests on: the frozen configuration, and everything held about its units. */
export interface CalibrationParts
  extends Pick<JudgeInput, 'config' | 'policies' | 'policyDigest' | 'asOf' | 'isHoliday' | 'decisions'> {
  readonly units: readonly UnitData[];
}

/** How a calibration is made. */
export interface CalibrationMethod {
  /** Least plan-years to simulate. */
  readonly planYears: number;
  /** One-sided confidence of the upper bound, a share. */
  readonly confidence: number;
  /** Days of history before the first simulated period that counts. */
  readonly warmUpDays: number;
  /** Days a simulated company is followed, up to the date of the calibration. */
  readonly spanDays: number;
  /** Called after each simulated company. */
  progress?(done: number, of: number): void;
}

/** METHODS 15: with no false suspect 23 plan-years bound the rate below the budget; 200 tell it to a tenth. */
export const calibrationMethod: CalibrationMethod = {
  planYears: 200,
  confidence: 0.9,
  warmUpDays: 56,
  spanDays: 548,
};

/** Simulated judgements kept in the evidence, those closest to a suspect first. */
const mostNearest = 50;
/**
 * Calibrates the statistical verdict (METHODS 11): replays the ripe periods with the frozen configuration, sets those
 * at review or above aside, simulates quiet companies from what is left, judges them by the same code, and counts
 * how often statistics alone would call one of their months suspect.
 *
 * With several plans the one with the highest bound decides. Pure and seeded: the same parts give the same result.
 *
 * @returns null when no unit holds enough history to simulate from.
 */
export function calibrate(
  parts: CalibrationParts,
  method: CalibrationMethod = calibrationMethod,
): CalibrationResult | null {
  const { config, policyDigest, asOf } = parts;
  const frozen = {
    ...parts,
    dates: 'ripe',
    calibration: null,
    sealed: new Map<string, string>(),
  } as const;
  const replays = parts.units.map((data) => ({ data, replay: judgeUnit({ ...frozen, data }).assessments }));
  const profiles = replays.map(({ data, replay }) => profileOf(parts, data, replay, method));
  const known = profiles.filter((p) => p !== null);
  if (known.length === 0) return null;

  const years = new Map<string, number>();
  const found: NearSuspect[] = [];
  const companiesOf = known.map((profile) => companiesFor(parts, profile, method));
  const all = companiesOf.reduce((sum, n) => sum + n, 0);
  let done = 0;
  const simulated = known.map((profile, u) => {
    const companies = companiesOf[u]!;
    const quietConfig = quiet(parts, profile, method);
    let judgements = 0;
    let reviews = 0;
    const periods = new Map<string, Set<string>>();
    for (let company = 0; company < companies; company += 1) {
      const data = simulateUnit(profile, seedOf(`calibration/1|${profile.unit}|${company}`));
      const asOfSimulated = addDays(profile.firstDay, profile.days - 1);
      const { assessments } = judgeUnit({
        ...frozen,
        config: quietConfig,
        decisions: new Map(),
        data,
        asOf: asOfSimulated,
      });
      for (const a of assessments) {
        const plan = config.plans.find((p) => p.id === a.plan);
        if (!plan) continue;
        judgements += 1;
        if (isRaised(a.verdict)) reviews += 1;
        periods.set(plan.id, (periods.get(plan.id) ?? new Set()).add(`${company} ${a.period}`));
        const near = nearSuspect(parts, plan, a, company);
        if (near) found.push(near);
      }
      done += 1;
      method.progress?.(done, all);
    }
    for (const [id, judged] of periods) {
      const planYears = judged.size / periodsPerYear(config.plans.find((p) => p.id === id)!);
      // A plan-year is a year of all its units, so the unit simulated for the shortest time counts.
      years.set(id, Math.min(years.get(id) ?? Number.POSITIVE_INFINITY, planYears));
    }
    return { unit: profile.unit, companies, judgements, reviews };
  });

  if (years.size === 0) return null;
  const budget = verdictPolicy.falseSuspectsPerYear;
  const byPlan = [...years].map(([plan, planYears]) => {
    const factors = found.filter((n) => n.plan === plan).map((n) => n.factor);
    return { planYears, factors, ...scaleLimit(factors, planYears, budget, method.confidence) };
  });
  const factor = Math.min(...byPlan.map((p) => p.factor));
  const worst = byPlan
    .map(({ planYears, factors }) => {
      const falseSuspects = factors.filter((f) => f <= factor).length;
      return {
        planYears,
        falseSuspects,
        upperBound: rateBound(falseSuspects, planYears, method.confidence),
        unscaled: factors.filter((f) => f <= 1).length,
      };
    })
    .reduce((a, b) => (b.upperBound > a.upperBound ? b : a));
  const { planYears, falseSuspects, upperBound, unscaled } = worst;
  return {
    schema: 'bonafide/calibration/1',
    date: asOf,
    factor,
    rate: falseSuspects / planYears,
    upperBound,
    confidence: method.confidence,
    budget,
    planYears,
    falseSuspects,
    unscaled: { falseSuspects: unscaled, rate: unscaled / planYears },
    replayed: replays.reduce((sum, { replay }) => sum + replay.length, 0),
    setAside: replays
      .flatMap(({ replay }) => replay)
      .filter((a) => isRaised(a.verdict))
      .map(({ plan, kpi, unit, period, verdict }) => ({ plan, kpi, unit, period, verdict })),
    simulated,
    leftOut: replays.flatMap(({ data }, i) => (profiles[i] === null ? [data.unit] : [])),
    nearest: found.sort((a, b) => a.factor - b.factor).slice(0, mostNearest),
    policies: Object.fromEntries(config.plans.map((plan) => [plan.id, policyDigest(plan)])),
    versions: checkVersions(),
  };
}

/** The quiet side of a unit: its history without the periods set aside. */
function profileOf(
  { config, asOf, isHoliday, decisions }: CalibrationParts,
  data: UnitData,
  replay: readonly Assessment[],
  method: CalibrationMethod,
): UnitProfile | null {
  const history = historiesOf(data, config.agreement, isHoliday)(asOf);
  if (!history || history.length < method.warmUpDays) return null;
  const origin = dayNumber(history.firstDay);
  const out = new Map<string, Uint8Array>();
  for (const a of replay) {
    if (!isRaised(a.verdict) || decisions.get(assessmentKey(a))?.kind === 'cleared') continue;
    const days = out.get(datasetOf(a.kpi)) ?? new Uint8Array(history.length);
    out.set(datasetOf(a.kpi), days);
    const { from, to } = parsePeriod(a.period);
    days.fill(1, Math.max(0, dayNumber(from) - origin), Math.max(0, dayNumber(to) - origin));
  }
  // What has not been judged yet may be quiet or not.
  const judgedTo = replay
    .map((a) => parsePeriod(a.period).to)
    .sort()
    .at(-1);
  const known = judgedTo === undefined ? history.length : dayNumber(judgedTo) - origin;
  const end = Math.max(history.length, method.spanDays);
  const profile = fitProfile(
    history,
    (kpi, i) => i < known && out.get(datasetOf(kpi))?.[i] !== 1,
    addDays(history.firstDay, end),
    isHoliday,
  );
  return profile && lastDays(profile, method.spanDays);
}

/** The configuration a simulated company is judged by: nobody claims anything, and the first weeks only train. */
function quiet({ config }: CalibrationParts, profile: UnitProfile, method: CalibrationMethod) {
  const warm = addDays(profile.firstDay, method.warmUpDays);
  return {
    ...config,
    start: periodOf(warm, 'month').to,
    sources: config.sources.filter((s) => s.dataset !== 'claims'),
  };
}

/** Companies to simulate so that every plan of the unit is judged for the plan-years wanted. */
function companiesFor(parts: CalibrationParts, profile: UnitProfile, method: CalibrationMethod): number {
  const config = quiet(parts, profile, method);
  const until = addDays(profile.firstDay, profile.days - 1);
  const plans = config.plans.filter((p) => !p.units || p.units.includes(profile.unit));
  const years = plans.map((plan) => {
    const due = judgings(config, plan, config.start, until, parts.isHoliday, 'ripe');
    return new Set(due.map((j) => j.period.id)).size / periodsPerYear(plan);
  });
  const least = Math.min(...years);
  return least > 0 && plans.length > 0 ? Math.ceil(method.planYears / least) : 0;
}

function periodsPerYear({ period }: Plan): number {
  return period === 'month' ? 12 : 4;
}

function nearSuspect(
  { config }: CalibrationParts,
  plan: Plan,
  a: Assessment,
  company: number,
): NearSuspect | null {
  const outcomes = [
    ...a.outcomes,
    ...a.findings.map((finding) => ({ check: finding.check, status: 'fail', finding }) as const),
  ];
  const { combinedP, kinds, isOpen } = suspicionOf(
    a.findings,
    a.side,
    pValuesOf(outcomes, a.side),
    verdictPolicy,
  );
  if (combinedP === null || kinds < 2 || !isOpen) return null;
  const { kpi, unit, period } = a;
  const factor = combinedP / suspectLimit(assessmentsPerYear(config, plan), verdictPolicy);
  return { plan: plan.id, kpi, unit, period, company, combinedP, kinds, factor };
}
