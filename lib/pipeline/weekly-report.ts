import { incidentChecks } from '../checks/incidents.ts';
import { checks } from '../checks/index.ts';
import { type Config, settlingOf } from '../model/config.ts';
import { addDays, type Day, dayNumber, dayOf, isoWeek } from '../model/day.ts';
import { addDuration, type IsHoliday } from '../model/duration.ts';
import type { Assessment } from '../model/flag.ts';
import type { UnitHistory } from '../model/history.ts';
import type { Incident } from '../model/incident.ts';
import { datasetOf, kpis } from '../model/kpi.ts';
import { daysOf, parsePeriod, periodOf } from '../model/period.ts';
import type {
  CalendarNote,
  Calibration,
  CanaryNote,
  ControlTotal,
  Coverage,
  InputNote,
  OpenPeriod,
  RunNote,
  WeeklyReport,
} from '../model/report.ts';
import { countKpi } from '../verdict/cohort.ts';
import { businessOf } from './business/business.ts';
import { funnelOf, funnelTrend } from './business/funnel-weeks.ts';
import { flagStanding } from './flag-standing.ts';
import type { Extent, IngestOutcome } from './run-objects.ts';

/** Days in which a restatement is shown, and how many of them at most. */
const restatedDays = 35;
const mostRestatements = 200;

/** What the weekly report is made from. */
export interface ReportParts {
  readonly config: Config;
  readonly asOf: Day;
  readonly isHoliday: IsHoliday;
  readonly assessments: readonly Assessment[];
  readonly histories: readonly UnitHistory[];
  readonly incidents: readonly Incident[];
  readonly sources: readonly SourceState[];
  readonly calibration: Calibration | null;
  readonly canaries: readonly CanaryNote[];
  readonly inputs: readonly InputNote[];
  readonly run: RunNote;
}

/** What is known of one source when the report is written. */
export interface SourceState {
  readonly source: string;
  readonly dataset: string;
  readonly extent: Extent | null;
  readonly outcome: IngestOutcome | null;
}

/**
 * Gathers the weekly report. Pure: the same parts give the same report.
 * @example weeklyReport(parts).week // => '2026-W38'
 */
export function weeklyReport(parts: ReportParts): WeeklyReport {
  const { config, asOf } = parts;
  return {
    organisation: config.organisation,
    asOf,
    week: isoWeek(asOf).name,
    currency: config.currency,
    timezone: config.timezone,
    assessments: inPlanOrder(parts.assessments, config),
    openPeriods: parts.histories.flatMap((history) => openPeriods(config, history, parts.isHoliday)),
    funnel: parts.histories.map((history) => funnelOf(history, parts.assessments)),
    trend: funnelTrend(parts.histories, parts.assessments),
    flags: flagStanding(parts.assessments, asOf),
    restatements: restatementsOf(parts.histories, asOf),
    coverage: parts.histories.flatMap((history) =>
      parts.sources.map((s) => coverageOf(config, history, s, parts.isHoliday)),
    ),
    calibration: parts.calibration,
    canaries: parts.canaries,
    calendar: calendarNotes(parts.histories),
    incidents: parts.incidents,
    checks: [...checks, ...incidentChecks].map(({ id, version, question, innocent, clears }) => ({
      id,
      version,
      question,
      innocent,
      clears,
    })),
    business: businessOf(parts),
    inputs: parts.inputs,
    controlTotals: parts.histories.flatMap((history) => controlTotals(config, history)),
    run: parts.run,
  };
}

/** Judgements by period, and within one in the order in which the plans name their KPIs. */
function inPlanOrder(assessments: readonly Assessment[], { plans }: Config): Assessment[] {
  const place = (a: Assessment) => {
    const at = plans.findIndex((p) => p.id === a.plan);
    return at < 0 ? [plans.length, 0] : [at, plans[at]!.kpis.findIndex((k) => k.kpi === a.kpi)];
  };
  const placed = assessments.map((a) => ({ a, place: place(a) }));
  return placed
    .sort(
      (x, y) =>
        (x.a.period < y.a.period ? -1 : x.a.period > y.a.period ? 1 : 0) ||
        x.place[0]! - y.place[0]! ||
        x.place[1]! - y.place[1]!,
    )
    .map(({ a }) => a);
}

/** Restatements of the last weeks, the latest first, and how many were ever seen. */
function restatementsOf(histories: readonly UnitHistory[], asOf: Day): WeeklyReport['restatements'] {
  const all = histories.flatMap(({ unit, restatements }) =>
    restatements.map(({ batch: _, ...r }) => ({ unit, ...r })),
  );
  const latest = all
    .filter((r) => r.seenOn > addDays(asOf, -restatedDays))
    .sort((a, b) => (a.seenOn < b.seenOn ? 1 : a.seenOn > b.seenOn ? -1 : a.date < b.date ? 1 : -1));
  return { latest: latest.slice(0, mostRestatements), count: all.length };
}

/** Control totals of the sources beside what was counted, the latest period first. */
function controlTotals(config: Config, history: UnitHistory): ControlTotal[] {
  const plan = { ...config.plans[0]!, countsOrigins: undefined };
  return history.totals
    .map((t): ControlTotal => {
      const kpi = kpis.find((k) => k === t.metric);
      const counted = kpi
        ? countKpi(history, { kpi, basis: 'daily_unique_sum' }, plan, parsePeriod(t.period)).counted
        : null;
      const { period, metric, value: total } = t;
      return { unit: history.unit, period, metric, source: t.source ?? '', total, counted };
    })
    .sort((a, b) => (a.period < b.period ? 1 : a.period > b.period ? -1 : a.metric < b.metric ? -1 : 1));
}

function openPeriods(config: Config, history: UnitHistory, isHoliday: IsHoliday): OpenPeriod[] {
  const origin = dayNumber(history.firstDay);
  return config.plans.flatMap((plan) => {
    if (plan.units && !plan.units.includes(history.unit)) return [];
    const period = periodOf(history.asOf, plan.period);
    if (addDays(period.to, -1) <= history.asOf) return [];
    return plan.kpis.map((planKpi): OpenPeriod => {
      const settlings = settlingOf(config, [datasetOf(planKpi.kpi), 'counts']);
      const isFinal = (index: number) =>
        settlings.every((s) => addDuration(dayOf(origin + index), s, isHoliday) <= history.asOf);
      let end = dayNumber(period.from) - origin;
      while (end < history.length && isFinal(end)) end += 1;
      const finalDays = Math.max(0, end - (dayNumber(period.from) - origin));
      const until = { ...period, to: addDays(period.from, finalDays) };
      const counted = finalDays > 0 ? countKpi(history, planKpi, plan, until).counted : null;
      const days = daysOf(period);
      return {
        plan: plan.id,
        planTitle: plan.title,
        kpi: planKpi.kpi,
        unit: history.unit,
        period: period.id,
        target: planKpi.target,
        counted,
        finalDays,
        days,
        pace: counted === null ? null : Math.round((counted / finalDays) * days),
      };
    });
  });
}

function coverageOf(
  config: Config,
  history: UnitHistory,
  state: SourceState,
  isHoliday: IsHoliday,
): Coverage {
  const { extent, outcome } = state;
  const values = state.dataset === 'traffic' ? (history.traffic?.visitors ?? null) : null;
  const origin = dayNumber(history.firstDay);
  let missing = 0;
  if (extent && values)
    for (let i = dayNumber(extent.first) - origin; i <= dayNumber(extent.last) - origin; i += 1)
      if (i >= 0 && i < history.length && values[i] === null) missing += 1;
  const settlings = settlingOf(config, [state.dataset as never]);
  let settled = extent ? (extent.last < history.asOf ? extent.last : history.asOf) : null;
  while (
    settled &&
    extent &&
    settled >= extent.first &&
    !settlings.every((s) => addDuration(settled!, s, isHoliday) <= history.asOf)
  )
    settled = addDays(settled, -1);
  return {
    unit: history.unit,
    source: state.source,
    dataset: state.dataset,
    from: extent?.first ?? null,
    to: extent?.last ?? null,
    days: extent ? dayNumber(extent.last) - dayNumber(extent.first) + 1 : 0,
    missing,
    quarantinedRows: outcome?.quarantined ?? 0,
    refusedFiles: outcome?.refused ?? [],
    lastArrival: extent?.landedOn ?? null,
    settledUntil: settled && extent && settled >= extent.first ? settled : null,
  };
}

/** What every entry of the company's calendar explains, and why it does or does not (SPEC 7). */
function calendarNotes(histories: readonly UnitHistory[]): CalendarNote[] {
  const notes = new Map<string, CalendarNote>();
  for (const history of histories)
    for (const entry of history.calendar) {
      const declaredOn = entry.declared_at?.slice(0, 10) ?? null;
      const isBefore = declaredOn !== null && declaredOn <= entry.date_from;
      const isKnown = entry.kind !== 'other';
      const note: CalendarNote = {
        unit: entry.unit,
        from: entry.date_from,
        to: entry.date_to,
        kind: entry.kind,
        note: '',
        scope: [entry.channel, entry.source, entry.metric].filter((part) => part !== null).join(', '),
        declaredOn,
        explains:
          isBefore && isKnown
            ? [
                'traffic-spike',
                ...incidentChecks.filter((c) => c.explainedBy.includes(entry.kind)).map((c) => c.id),
              ]
            : [],
        reason: !isKnown
          ? 'its kind is not one that explains anything'
          : isBefore
            ? 'declared before it began'
            : declaredOn === null
              ? 'it has no date of declaration, so it explains nothing'
              : 'declared after it began, so it explains nothing',
      };
      notes.set(JSON.stringify([note.unit, note.from, note.to, note.kind, note.scope]), note);
    }
  return [...notes.values()].sort((a, b) => (a.from < b.from ? -1 : 1));
}
