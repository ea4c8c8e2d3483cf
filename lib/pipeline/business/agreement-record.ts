import type {
  AgreementDocument,
  AgreementRecord,
  RejectionReason,
  UndecidedSql,
} from '../../model/agreement-record.ts';
import { type Agreement, agreedReasons, type Config } from '../../model/config.ts';
import { addDays, type Day } from '../../model/day.ts';
import { addBusinessDays, addDuration, type IsHoliday, parseDuration } from '../../model/duration.ts';
import { isAccepted, type SqlCase, type UnitHistory } from '../../model/history.ts';
import { type Period, periodOf } from '../../model/period.ts';
import { hoursBetween, isWithin, medianOf, shareOf } from './business-rows.ts';

/** Gathers the agreement page: what was agreed, and how both halves of it stand in every unit. */
export function agreementDocument(
  histories: readonly UnitHistory[],
  config: Config,
  asOf: Day,
  isHoliday: IsHoliday,
): AgreementDocument {
  const { agreement, goals } = config;
  return {
    schema: 'bonafide/agreement/1',
    organisation: config.organisation,
    asOf,
    timezone: config.timezone,
    owners: { marketing: goals?.owners?.marketing ?? null, sales: goals?.owners?.sales ?? null },
    terms: {
      decideWithin: agreement.decideWithin,
      contactWithin: agreement.contactWithin ?? null,
      attempts: agreement.attempts ?? null,
      floor: agreement.floor ?? null,
      capacityPerDay: agreement.capacityPerDay ?? null,
      acceptedPerMonth: agreement.acceptedPerMonth ?? null,
      reasons: agreedReasons(agreement),
      criteria: agreement.criteria ?? null,
      from: agreement.from ?? null,
    },
    records: histories.flatMap((h) => agreementRecords(h, agreement, isHoliday)),
  };
}

/** Undecided SQLs named one by one. */
const mostUndecided = 20;

/**
 * Both halves of the agreement in a unit: the last complete month, and the month under way if it has begun.
 * @returns oldest first; empty without SQL records.
 */
export function agreementRecords(
  history: UnitHistory,
  agreement: Agreement,
  isHoliday: IsHoliday,
): AgreementRecord[] {
  const { sqls, asOf } = history;
  if (!sqls) return [];
  const current = periodOf(asOf, 'month');
  const before = periodOf(addDays(current.from, -1), 'month');
  const isOver = addDays(current.to, -1) <= asOf;
  const months = isOver ? [current] : [before, current];
  const due = dueDates(sqls.rows, agreement, isHoliday);
  return months
    .map((month) => recordOf(history, month, agreement, due))
    .filter((r) => r.delivered > 0 || !r.isComplete);
}

interface Due {
  readonly decideBy: Day;
  readonly contactBy: Day | null;
  readonly isAboveCapacity: boolean;
}

/** When each SQL is due; one above the capacity of its day starts its clock on the day after, and so on. */
function dueDates(
  rows: readonly SqlCase[],
  { decideWithin, contactWithin, capacityPerDay }: Agreement,
  isHoliday: IsHoliday,
): ReadonlyMap<SqlCase, Due> {
  const decide = parseDuration(decideWithin);
  const contact = contactWithin === undefined ? null : parseDuration(contactWithin);
  const dues = new Map<SqlCase, Due>();
  const taken = new Map<Day, number>();
  for (const sql of rows) {
    const deliveredOn = sql.delivered_at.slice(0, 10);
    let starts = deliveredOn;
    if (capacityPerDay !== undefined) {
      while ((taken.get(starts) ?? 0) >= capacityPerDay) starts = addBusinessDays(starts, 1, isHoliday);
      taken.set(starts, (taken.get(starts) ?? 0) + 1);
    }
    dues.set(sql, {
      decideBy: addDuration(starts, decide, isHoliday),
      contactBy: contact && addDuration(starts, contact, isHoliday),
      isAboveCapacity: starts > deliveredOn,
    });
  }
  return dues;
}

function recordOf(
  { unit, asOf, sqls }: UnitHistory,
  month: Period,
  agreement: Agreement,
  due: ReadonlyMap<SqlCase, Due>,
): AgreementRecord {
  const isComplete = addDays(month.to, -1) <= asOf;
  const own = sqls!.rows.filter((s) => isWithin(s.delivered_at, month));
  const accepted = own.filter(isAccepted).length;
  const rejected = own.filter((s) => s.disposition === 'rejected');
  const returned = own.filter((s) => s.disposition === 'returned').length;
  const pending = own.filter((s) => s.decidedOn === null);
  const asked = own.filter((s) => s.decidedOn !== null || asOf > due.get(s)!.decideBy);
  const inTime = asked.filter((s) => s.decidedOn !== null && s.decidedOn <= due.get(s)!.decideBy);
  return {
    unit,
    month: month.id,
    isComplete,
    from: month.from,
    to: isComplete ? month.to : addDays(asOf, 1),
    delivered: own.length,
    accepted,
    rejected: rejected.length,
    returned,
    pending: pending.length,
    acceptedShare: shareOf(accepted, own.length - pending.length),
    floor: agreement.floor ?? null,
    acceptedPerMonth: agreement.acceptedPerMonth ?? null,
    aboveCapacity:
      agreement.capacityPerDay === undefined ? null : own.filter((s) => due.get(s)!.isAboveCapacity).length,
    decidedInTime: asked.length === 0 ? null : inTime.length / asked.length,
    hoursToDecide: medianOf(
      own.flatMap((s) =>
        s.decidedOn !== null && s.decided_at !== null ? [hoursBetween(s.delivered_at, s.decided_at)] : [],
      ),
    ),
    ...contactOf(own, asOf, due),
    overdue: own.filter((s) => s.isOverdue).length,
    contested: own.filter((s) => s.isContested).length,
    reasons: reasonsOf(rejected, agreement),
    undecided: undecidedOf(month, isComplete, sqls!.rows, due),
  };
}

function contactOf(own: readonly SqlCase[], asOf: Day, due: ReadonlyMap<SqlCase, Due>) {
  const contacted = own.filter((s) => s.first_contact_at !== null);
  const hoursToContact = medianOf(contacted.map((s) => hoursBetween(s.delivered_at, s.first_contact_at!)));
  const by = (s: SqlCase) => due.get(s)!.contactBy;
  const asked = own.filter((s) => by(s) !== null && (s.first_contact_at !== null || asOf > by(s)!));
  if (asked.length === 0 || contacted.length === 0) return { contactedInTime: null, hoursToContact };
  const inTime = asked.filter(
    (s) => s.first_contact_at !== null && s.first_contact_at.slice(0, 10) <= by(s)!,
  );
  return { contactedInTime: inTime.length / asked.length, hoursToContact };
}

function reasonsOf(rejected: readonly SqlCase[], agreement: Agreement): RejectionReason[] {
  const agreed = agreedReasons(agreement);
  const counts = new Map<string, number>();
  for (const sql of rejected) counts.set(sql.reason ?? '', (counts.get(sql.reason ?? '') ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => ({
      reason,
      count,
      isAgreed: reason !== '' && (agreed === null || agreed.some((a) => a.code === reason)),
    }))
    .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
}

/** Undecided SQLs: those of a complete month belong to it, older ones to the month under way too. */
function undecidedOf(
  month: Period,
  isComplete: boolean,
  rows: readonly SqlCase[],
  due: ReadonlyMap<SqlCase, Due>,
): UndecidedSql[] {
  return rows
    .filter(
      (s) =>
        s.decidedOn === null && s.delivered_at < month.to && (!isComplete || s.delivered_at >= month.from),
    )
    .slice(0, mostUndecided)
    .map((s) => ({
      sqlId: s.sql_id,
      deliveredOn: s.delivered_at.slice(0, 10),
      due: due.get(s)!.decideBy,
      isOverdue: s.isOverdue,
      isContacted: s.first_contact_at !== null,
    }));
}
