import { incidentChecks } from '../checks/incidents.ts';
import { checks } from '../checks/index.ts';
import { type Config, settlingOf } from '../model/config.ts';
import { addDays, type Day, dayNumber, dayOf, isoWeek, weekday } from '../model/day.ts';
import { addDuration, type IsHoliday } from '../model/duration.ts';
import { type Assessment, isRaised } from '../model/flag.ts';
import { type DailyValues, isAccepted, type UnitHistory } from '../model/history.ts';
import type { Incident } from '../model/incident.ts';
import { datasetOf } from '../model/kpi.ts';
import { daysOf, parsePeriod, periodOf } from '../model/period.ts';
import type {
  CalendarNote,
  Calibration,
  CanaryNote,
  Coverage,
  FunnelWeek,
  OpenPeriod,
  RunNote,
  UnitFunnel,
  WeeklyReport,
} from '../model/report.ts';
import { countKpi, dailyOf } from '../verdict/cohort.ts';
import type { Extent, IngestOutcome } from './run-objects.ts';

/** Weeks the funnel shows. */
const funnelWeeks = 26;

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
    assessments: parts.assessments,
    openPeriods: parts.histories.flatMap((history) => openPeriods(config, history, parts.isHoliday)),
    funnel: parts.histories.map((history) => funnelOf(history, parts.assessments)),
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
    business: null,
    run: parts.run,
  };
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

function funnelOf(history: UnitHistory, assessments: readonly Assessment[]): UnitFunnel {
  const origin = dayNumber(history.firstDay);
  const end = dayNumber(history.asOf) + 1;
  const lastMonday = end - 7 - ((weekday(end - 7) - 1) % 7);
  const accepted = acceptedDaily(history);
  const weeks: FunnelWeek[] = [];
  for (let monday = lastMonday - 7 * (funnelWeeks - 1); monday <= lastMonday; monday += 7) {
    const sum = (values: DailyValues | null) => weekSum(values, monday - origin);
    if (monday < origin) continue;
    weeks.push({
      monday: dayOf(monday),
      visitors: sum(dailyOf(history, 'visitors')),
      leads: sum(dailyOf(history, 'leads')),
      sqls: sum(dailyOf(history, 'sqls_delivered')),
      accepted: sum(accepted),
    });
  }
  const flagged = assessments
    .filter((a) => a.unit === history.unit && isRaised(a.verdict))
    .map((a) => ({ kpi: a.kpi, from: parsePeriod(a.period).from, to: parsePeriod(a.period).to }));
  const unique = new Map(flagged.map((f) => [`${f.kpi}${f.from}`, f]));
  return { unit: history.unit, weeks, flagged: [...unique.values()] };
}

function acceptedDaily(history: UnitHistory): DailyValues | null {
  if (!history.sqls) return history.counts.sqls_accepted ?? null;
  const values: (number | null)[] = history.sqls.daily.map((v) => (v === null ? null : 0));
  const origin = dayNumber(history.firstDay);
  for (const sql of history.sqls.rows) {
    const index = dayNumber(sql.delivered_at.slice(0, 10)) - origin;
    if (isAccepted(sql) && typeof values[index] === 'number') values[index] = values[index]! + 1;
  }
  return values;
}

function weekSum(values: DailyValues | null, from: number): number | null {
  if (!values) return null;
  let sum = 0;
  for (let i = from; i < from + 7; i += 1) {
    const value = values[i];
    if (value === null || value === undefined) return null;
    sum += value;
  }
  return sum;
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
