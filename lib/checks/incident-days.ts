import { dayNumber, dayOf } from '../model/day.ts';
import type { UnitHistory } from '../model/history.ts';
import type { IncidentEnding } from '../model/incident.ts';
import type { Kpi } from '../model/kpi.ts';
import type { IncidentCheck, IncidentLimits, Standing } from './incident-check.ts';
import { type Expectation, expectationOf, type Training } from './incident-expectation.ts';
import type { IncidentSeries } from './incident-series.ts';

/** A check with the limits it judges by. */
export interface IncidentJudge {
  readonly check: IncidentCheck;
  readonly limits: IncidentLimits;
}

/** What the days of a series are judged with. */
export interface IncidentContext {
  readonly history: UnitHistory;
  /** Series of the unit that share its false alerts. */
  readonly series: number;
  isFinal(kpi: Kpi, index: number): boolean;
}

/** A day, or a week, that is off. */
export interface IncidentStep {
  readonly level: 'day' | 'week';
  /** First index, and the index after the last. */
  readonly from: number;
  readonly to: number;
  /** Its days that were tested. */
  readonly days: readonly number[];
  /** Whether it would open an incident by itself. */
  readonly opens: boolean;
  readonly p: number;
  readonly isFinal: boolean;
}

/** Days or weeks in a row that one check finds off. */
export interface IncidentRun {
  readonly judge: IncidentJudge;
  /** Those that are off, oldest first, at least one. */
  readonly steps: readonly IncidentStep[];
  /** Null while it is open. */
  readonly ending: Exclude<IncidentEnding, 'withdrawn'> | null;
  /** What it is held against: days before the Monday of the week it opened in, none of them of an incident. */
  readonly training: Training;
  /** Index of that Monday. */
  readonly cut: number;
}

type OpenRun = Omit<IncidentRun, 'ending'> & { calmDays: number };

/**
 * Goes through a series from its first day and gathers the days, or weeks, on which it is off.
 *
 * Each week is held against a baseline of the days before its Monday, without provisional days and without those of
 * any incident. An incident opens with a day that is off by itself, goes on while days stay unusual in its direction,
 * and closes after some ordinary days in a row; missing days, 24 to 31 December and bridge days do neither. One that
 * lasts is closed as the new level, and the baseline begins anew with it.
 *
 * @returns incidents of all checks, in the order they closed, open ones last; none where the history is too short.
 * @example incidentRuns(series, context, judges).map(({ steps }) => steps[0].from)
 */
export function incidentRuns(
  series: IncidentSeries,
  context: IncidentContext,
  judges: readonly IncidentJudge[],
): IncidentRun[] {
  const { history } = context;
  const runs: IncidentRun[] = [];
  const open = new Map<IncidentJudge, OpenRun>();
  const isOut = new Uint8Array(history.length);
  let levelFrom = 0;
  const end = ({ judge, steps, training, cut }: OpenRun, ending: IncidentRun['ending']) => {
    runs.push({ judge, steps, ending, training, cut });
    open.delete(judge);
  };

  for (let monday = 1 - history.firstWeekday; monday <= series.last; monday += 7) {
    const week = testableDays(series, history, monday, monday + 7);
    if (week.length === 0) continue;
    const cut = Math.max(0, monday);
    // A copy, so that a run keeps what it was held against while days are still being marked.
    const training = trainingFrom(series, context, isOut.slice(), levelFrom);
    const expectations = new Map<number, Expectation | null>();
    for (const judge of judges) {
      const { windowDays } = judge.limits;
      // Fitted once where both directions look back over the same days.
      if (!expectations.has(windowDays) || series.exposure)
        expectations.set(windowDays, expectationOf(training, cut, week, judge.limits));
      const expectation = expectations.get(windowDays);
      if (!expectation) continue;
      for (const step of stepsOf(series, context, judge, expectation, monday, week)) {
        const run = open.get(judge);
        if (step.standing === 'opens' || (step.standing === 'holds' && run)) {
          const { standing, ...found } = step;
          const steps = [...(run?.steps ?? []), { ...found, opens: standing === 'opens' }];
          open.set(judge, { judge, training, cut, ...run, steps, calmDays: 0 });
          isOut.fill(1, steps[0]!.from, step.to);
        } else if (run && step.standing === 'calm') {
          run.calmDays += step.to - step.from;
          if (run.calmDays >= judge.limits.calmDays) end(run, 'ordinary');
        }
      }
    }
    for (const run of [...open.values()]) {
      const { from } = run.steps[0]!;
      if (run.steps.at(-1)!.to - from < run.judge.limits.newLevelDays) continue;
      end(run, 'new_level');
      isOut.fill(0, from);
      levelFrom = from;
    }
  }
  for (const run of [...open.values()]) end(run, null);
  return runs;
}

/** Days of [from, to) that hold the series and may be tested; 24 to 31 December follow no weekday. */
export function testableDays(
  { values, exposure, last }: IncidentSeries,
  { firstDay }: UnitHistory,
  from: number,
  to: number,
): number[] {
  const days: number[] = [];
  for (let i = Math.max(0, from); i < Math.min(to, last + 1); i += 1) {
    if ((values[i] ?? null) === null || (exposure && (exposure[i] ?? null) === null)) continue;
    if (dayOf(dayNumber(firstDay) + i).slice(5) < '12-24') days.push(i);
  }
  return days;
}

/** Sum of a series over days that hold it. */
export function heldSum(values: IncidentSeries['values'], days: readonly number[]): number {
  return days.reduce((sum, i) => sum + values[i]!, 0);
}

function trainingFrom(
  { kpis, values, exposure }: IncidentSeries,
  { history, isFinal }: IncidentContext,
  isOut: Uint8Array,
  first: number,
): Training {
  return {
    history,
    kpi: kpis[0]!,
    values,
    exposure,
    isTraining: (i) => i >= first && isOut[i] === 0 && kpis.every((kpi) => isFinal(kpi, i)),
  };
}

/** How the days of a week stand, or the week where its days hold too little. */
function stepsOf(
  { values, kpis, last, isLastWhole }: IncidentSeries,
  { history, series, isFinal }: IncidentContext,
  { check, limits }: IncidentJudge,
  expectation: Expectation,
  monday: number,
  week: readonly number[],
): (Omit<IncidentStep, 'opens'> & Standing)[] {
  const judged = (
    level: 'day' | 'week',
    from: number,
    to: number,
    days: readonly number[],
    { mean, dispersion }: Expectation['sum'],
  ) => {
    const figures = { observed: heldSum(values, days), expected: mean, dispersion, series };
    const { standing, p } = check.evaluate(figures, limits);
    const isOver = to < history.length && (to <= last || isLastWhole);
    // A day that is not over may still fill up: it can be too much already, but not too little, and not calm.
    const isTold = isOver || (check.direction === 'spike' && standing !== 'calm');
    return {
      level,
      from,
      to,
      days,
      p,
      standing: isTold ? standing : ('cannot_tell' as const),
      isFinal: days.every((i) => kpis.every((kpi) => isFinal(kpi, i))),
    };
  };
  if (expectation.days.size > 0 && expectation.dailyMean >= limits.minDailyMean)
    return week
      .filter((i) => !isBridgeDay(history, i))
      .map((i) => judged('day', i, i + 1, [i], expectation.days.get(i)!));
  if (monday + 6 > last || week.length < limits.minWeekDays) return [];
  return [judged('week', monday, monday + 7, week, expectation.sum)];
}

/** A working day between a holiday and the weekend. */
function isBridgeDay({ firstWeekday, holidays }: UnitHistory, index: number): boolean {
  if (holidays[index]) return false;
  const weekday = (firstWeekday - 1 + index) % 7;
  return (weekday === 0 && holidays[index + 1] === true) || (weekday === 4 && holidays[index - 1] === true);
}
