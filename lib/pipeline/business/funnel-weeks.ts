import { addDays, type Day, dayNumber, dayOf, weekday } from '../../model/day.ts';
import { type Assessment, isRaised } from '../../model/flag.ts';
import type { DailyValues, UnitHistory } from '../../model/history.ts';
import { parsePeriod } from '../../model/period.ts';
import {
  type FunnelStage,
  type FunnelTrend,
  type FunnelWeek,
  type Stage,
  stages,
  type UnitFunnel,
} from '../../model/report.ts';
import { dailyOf } from '../../verdict/cohort.ts';
import { outcomeDaily, weekSum } from './outcome-days.ts';

/** Weeks a unit's chart shows, weeks of the trend, and weeks before it that it is held against. */
const chartWeeks = 26;
const trendWeeks = 13;
const mostBefore = 52;
const leastBefore = 8;
/** A conversion that fell by less, as a share of what it was, is not called a loss. */
const leastLoss = 0.1;

/** The funnel of a unit over its last complete weeks, and the stretches that are under question. */
export function funnelOf(history: UnitHistory, assessments: readonly Assessment[]): UnitFunnel {
  const flagged = assessments
    .filter((a) => a.unit === history.unit && isRaised(a.verdict))
    .map((a) => ({ kpi: a.kpi, from: parsePeriod(a.period).from, to: parsePeriod(a.period).to }));
  const unique = new Map(flagged.map((f) => [`${f.kpi}${f.from}`, f]));
  return { unit: history.unit, weeks: weeksOf(history, chartWeeks), flagged: [...unique.values()] };
}

/** At most the last `count` complete weeks of a unit, oldest first. */
export function weeksOf(history: UnitHistory, count: number): FunnelWeek[] {
  const origin = dayNumber(history.firstDay);
  const end = dayNumber(history.asOf) + 1;
  const lastMonday = end - 7 - ((weekday(end - 7) - 1) % 7);
  const daily: Readonly<Record<Stage, DailyValues | null>> = {
    visitors: dailyOf(history, 'visitors'),
    leads: dailyOf(history, 'leads'),
    sqls: dailyOf(history, 'sqls_delivered'),
    accepted: outcomeDaily(history, 'sqls_accepted'),
    won: outcomeDaily(history, 'deals_won'),
  };
  const weeks: FunnelWeek[] = [];
  for (let monday = lastMonday - 7 * (count - 1); monday <= lastMonday; monday += 7) {
    if (monday < origin) continue;
    const sum = (stage: Stage) => (daily[stage] ? weekSum(daily[stage], monday - origin) : null);
    weeks.push(weekOf(dayOf(monday), sum));
  }
  return weeks;
}

/**
 * The funnel of all units together: the last 13 complete weeks against at most 52 before, conversion from stage to
 * stage over the weeks both have, and the stage whose conversion fell most. Weeks under question are left out of those
 * before, unless too few remain.
 * @returns null before the first complete week.
 */
export function funnelTrend(
  histories: readonly UnitHistory[],
  assessments: readonly Assessment[],
): FunnelTrend | null {
  const weeks = companyWeeks(histories);
  if (weeks.length === 0) return null;
  const now = weeks.slice(-trendWeeks);
  const earlier = weeks.slice(0, -trendWeeks);
  const stretches = assessments.filter((a) => isRaised(a.verdict)).map((a) => parsePeriod(a.period));
  const ordinary = earlier.filter(
    ({ monday }) => !stretches.some((s) => monday < s.to && addDays(monday, 7) > s.from),
  );
  const before = ordinary.length >= leastBefore ? ordinary : earlier;
  const made = stages.map((stage, i): FunnelStage => {
    const from = stages[i - 1];
    const weeklyBefore = meanOf(before, stage);
    return {
      stage,
      total: sumOf(now, stage),
      weekly: meanOf(now, stage),
      weeklyBefore,
      index: now.map((w) => {
        const value = w[stage];
        return value === null || !weeklyBefore ? null : Math.round((1000 * value) / weeklyBefore) / 10;
      }),
      conversion: from ? conversion(now, from, stage) : null,
      conversionBefore: from ? conversion(before, from, stage) : null,
    };
  });
  const losses = made
    .flatMap(({ stage, conversion: c, conversionBefore: b }) =>
      c !== null && b !== null && b > 0 ? [{ stage, loss: 1 - c / b }] : [],
    )
    .filter((l) => l.loss > leastLoss)
    .sort((a, b) => b.loss - a.loss);
  return {
    mondays: now.map((w) => w.monday),
    weeksBefore: before.length,
    leavesOut: earlier.length - before.length,
    stages: made,
    lostMost: losses[0]?.stage ?? null,
  };
}

/** Weeks summed over the units that hold each stage; a week missing in one of them is missing. */
function companyWeeks(histories: readonly UnitHistory[]): FunnelWeek[] {
  const all = histories.map((h) => weeksOf(h, trendWeeks + mostBefore));
  const first = all
    .map((w) => w[0]?.monday)
    .filter((m) => m !== undefined)
    .sort()[0];
  const last = all
    .flatMap((w) => w.at(-1)?.monday ?? [])
    .sort()
    .at(-1);
  if (first === undefined || last === undefined) return [];
  const holds = new Map(
    stages.map((stage) => [stage, all.filter((weeks) => weeks.some((w) => w[stage] !== null))]),
  );
  const weeks: FunnelWeek[] = [];
  for (let monday = first; monday <= last; monday = addDays(monday, 7)) {
    const sum = (stage: Stage) => {
      const own = holds.get(stage)!.map((of) => of.find((w) => w.monday === monday)?.[stage] ?? null);
      return own.length === 0 || own.includes(null) ? null : own.reduce<number>((s, v) => s + v!, 0);
    };
    weeks.push(weekOf(monday, sum));
  }
  return weeks;
}

function weekOf(monday: Day, sum: (stage: Stage) => number | null): FunnelWeek {
  return {
    monday,
    visitors: sum('visitors'),
    leads: sum('leads'),
    sqls: sum('sqls'),
    accepted: sum('accepted'),
    won: sum('won'),
  };
}

function sumOf(weeks: readonly FunnelWeek[], stage: Stage): number | null {
  const values = weeks.flatMap((w) => w[stage] ?? []);
  return values.length === 0 ? null : values.reduce((sum, v) => sum + v, 0);
}

function meanOf(weeks: readonly FunnelWeek[], stage: Stage): number | null {
  const values = weeks.flatMap((w) => w[stage] ?? []);
  return values.length === 0 ? null : values.reduce((sum, v) => sum + v, 0) / values.length;
}

function conversion(weeks: readonly FunnelWeek[], from: Stage, to: Stage): number | null {
  const both = weeks.filter((w) => w[from] !== null && w[to] !== null);
  const whole = sumOf(both, from);
  return whole ? (sumOf(both, to) ?? 0) / whole : null;
}
