import { noDay, noteDays, secondsAt } from '../../checks/record-days.ts';
import { fateOf, noteSqlColumns, numbering, rowFate } from '../../checks/sql-columns.ts';
import { type AgreedReason, type Agreement, agreedReasons } from '../../model/config.ts';
import type { Row } from '../../model/datasets.ts';
import { type Day, dayNumber } from '../../model/day.ts';
import { addBusinessDays, addDuration, type IsHoliday, parseDuration } from '../../model/duration.ts';
import type { SqlCase } from '../../model/history.ts';
import { asPending, byDecision, isKnown, latest } from './decision-history.ts';

type SqlRow = Row<'sqls'>;

/** Days within which a lead delivered again is the same delivery (SPEC 5). */
const redeliveryDays = 90;

/** What tells a rejected SQL that was won later, by SQL id and by the hashed address of its lead. */
export interface WonElsewhere {
  readonly sqlIds: ReadonlySet<string>;
  readonly leadIds: ReadonlySet<string>;
}

/** The delivered SQLs as known on a date. */
export type SqlCasesAt = (asOf: Day, won: WonElsewhere) => SqlCase[];

/**
 * Prepares the delivered SQLs of a unit, so that they can be asked for at many dates: one case per (sql_id,
 * lead_id) with its latest decision known by then, redeliveries within 90 days folded into the first delivery unless
 * their revisit date has passed.
 *
 * @param rows every row of the unit, the decision history included, in any order.
 * @returns cases ordered by delivery, then id.
 * @example sqlCases(rows, agreement, noHolidays)('2026-09-20', nothingWon).length // => 100
 */
export function sqlCases(rows: readonly SqlRow[], agreement: Agreement, isHoliday: IsHoliday): SqlCasesAt {
  const byKey = new Map<string, SqlRow[]>();
  for (const row of rows) {
    const key = `${row.sql_id}/${row.lead_id}`;
    const list = byKey.get(key);
    if (list) list.push(row);
    else byKey.set(key, [row]);
  }
  const people = numbering();
  const leads = numbering();
  // What is looked up for these texts is kept with them: all must stand here before the first date is asked for.
  for (const [row] of byKey.values()) leads.numberOf(row!.lead_id);
  const standing = (row: SqlRow) =>
    standingBy(row, people.numberOf(row.decided_by), leads.numberOf(row.lead_id));
  // In the order of their first delivery, so that sorting what is known at a date finds it nearly done.
  const deliveries = [...byKey.values()]
    .sort((a, b) => byDelivery(a[0]!, b[0]!))
    .map((rows) => deliveryOf(rows.length > 1 ? rows.sort(byDecision) : rows, standing));
  const knownOn = Int32Array.from(deliveries, (delivery) => delivery.knownOn);
  const repeated = repeatedLeads(deliveries);
  // Only what is known of several rows can stand elsewhere than it was delivered first.
  const isInOrder = deliveries.every((d) => d.final !== null);
  const reasons = agreedReasons(agreement);
  const reasonsFrom = firstReason(rows);
  const dues = new Map<Day, Day>();
  return (asOf, won) => {
    const end = `${asOf}T99`; // Everything of the judging date itself is known.
    const today = dayNumber(asOf);
    const hasReasons = reasonsFrom !== null && reasonsFrom <= end;
    const overdueAt = overdueClock(agreement, isHoliday, dues);
    const known: Standing[] = [];
    for (let i = 0; i < deliveries.length; i += 1) {
      const found = knownOn[i]! > today ? null : standingOf(deliveries[i]!, today, end, standing);
      if (found) known.push(found);
    }
    if (!isInOrder) known.sort((a, b) => byDelivery(a.row, b.row));
    const folded = foldRedeliveries(known, repeated, standing);
    const current: SqlCase[] = [];
    const fates = new Uint8Array(folded.length);
    const deliveredOn = new Int32Array(folded.length);
    const enteredOn = new Int32Array(folded.length);
    const decidedOn = new Int32Array(folded.length);
    const decidedAt = new Float64Array(folded.length);
    const deciders = new Int32Array(folded.length);
    const codes = new Int32Array(folded.length);
    for (let i = 0; i < folded.length; i += 1) {
      const standing = folded[i]!;
      const isOpen = (standing.fate & fateOf.decided) === 0;
      // With a capacity every delivery takes a place in the queue, decided or not.
      const isAsked = isOpen || agreement.capacityPerDay !== undefined;
      const isOverdue = isAsked && asOf > overdueAt(standing.row.delivered_at.slice(0, 10)) && isOpen;
      const contact = contactBy(standing.row, end);
      const isContested =
        standing.isRejected &&
        ((hasReasons && !isAgreed(standing.row, contact, reasons, agreement.attempts ?? 1)) ||
          won.sqlIds.has(standing.row.sql_id) ||
          won.leadIds.has(standing.row.lead_id));
      const fate = standing.fate | (isContested ? fateOf.contested : 0) | (isOverdue ? fateOf.overdue : 0);
      // Most cases stand at one date as they stood at the one before.
      if (!standing.made || standing.madeFate !== fate || standing.made.first_contact_at !== contact) {
        const { row, decidedOn } = standing;
        standing.made = { ...row, first_contact_at: contact, decidedOn, isContested, isOverdue };
        standing.madeFate = fate;
      }
      current.push(standing.made);
      fates[i] = fate;
      deliveredOn[i] = standing.deliveredDay;
      enteredOn[i] = standing.enteredDay;
      decidedOn[i] = standing.decidedDay;
      decidedAt[i] = standing.decidedAt;
      deciders[i] = standing.decider;
      codes[i] = standing.lead;
    }
    noteSqlColumns(current, { fates, decidedAt, deciders, leads: { codes, texts: leads.texts } });
    noteDays(current, 'delivered_at', deliveredOn);
    noteDays(current, 'record_entered_at', enteredOn);
    noteDays(current, 'decided_at', decidedOn);
    return current;
  };
}

function byDelivery(a: SqlRow, b: SqlRow): number {
  if (a.delivered_at !== b.delivered_at) return a.delivered_at < b.delivered_at ? -1 : 1;
  if (a.sql_id !== b.sql_id) return a.sql_id < b.sql_id ? -1 : 1;
  return a.lead_id < b.lead_id ? -1 : 1;
}

/** How a delivery reads at a date, with its times as day numbers. */
interface Standing {
  readonly row: SqlRow;
  readonly decidedOn: Day | null;
  readonly deliveredDay: number;
  readonly enteredDay: number;
  readonly decidedDay: number;
  /** Seconds since 1970-01-01; NaN without the time of day. */
  readonly decidedAt: number;
  /** Numbers of who decided it and of its lead. */
  readonly decider: number;
  readonly lead: number;
  readonly isRejected: boolean;
  /** Bits of `fateOf` that its row alone gives. */
  readonly fate: number;
  /** The case it was made to last, and the bits it had then. */
  made: SqlCase | null;
  madeFate: number;
}

function standingBy(row: SqlRow, decider: number, lead: number): Standing {
  const day = (time: string | null) => (time === null ? noDay : dayNumber(time.slice(0, 10)));
  const decidedOn = row.disposition === 'pending' ? null : (row.decided_at ?? row.delivered_at).slice(0, 10);
  const decidedDay = day(row.decided_at);
  return {
    row,
    decidedOn,
    deliveredDay: day(row.delivered_at),
    enteredDay: day(row.record_entered_at),
    decidedDay,
    decidedAt: row.decided_at === null ? Number.NaN : secondsAt(row.decided_at, decidedDay),
    decider,
    lead,
    isRejected: row.disposition === 'rejected',
    fate: rowFate(row) | (decidedOn !== null ? fateOf.decided : 0),
    made: null,
    madeFate: 0,
  };
}

/** The rows of one delivery; a single one, which most have, with how it reads while it is pending. */
type Delivery = {
  /** Day number from which it may be known; of a single row, from which it is. */
  readonly knownOn: number;
} & (
  | { readonly rows: readonly SqlRow[]; readonly final: null }
  | {
      readonly final: Standing;
      readonly pending: Standing;
      /** Day number from which its decision is known; null without one. */
      readonly decidedOn: number | null;
    }
);

/** How a row reads, with its people and leads numbered. */
type StandingOf = (row: SqlRow) => Standing;

function deliveryOf(rows: readonly SqlRow[], standing: StandingOf): Delivery {
  if (rows.length > 1) {
    const knownOn = Math.min(...rows.map((row) => dayNumber(row.delivered_at.slice(0, 10))));
    return { knownOn, rows, final: null };
  }
  const final = standing(rows[0]!);
  const { deliveredDay, enteredDay, decidedDay } = final;
  return {
    knownOn: Math.max(deliveredDay, enteredDay),
    final,
    pending: standing(asPending(rows[0]!)),
    decidedOn: final.decidedOn === null ? null : decidedDay === noDay ? deliveredDay : decidedDay,
  };
}

/** Leads that more than one delivery names. */
function repeatedLeads(deliveries: readonly Delivery[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const delivery of deliveries) {
    const { lead_id: lead } = delivery.final === null ? delivery.rows[0]! : delivery.final.row;
    if (seen.has(lead)) repeated.add(lead);
    seen.add(lead);
  }
  return repeated;
}

/** How a delivery that may be known reads at a date; null when it was not. */
function standingOf(delivery: Delivery, today: number, end: string, standing: StandingOf): Standing | null {
  if (delivery.final === null) {
    const known = delivery.rows.filter((row) => isKnown(row, end));
    return known.length > 0 ? standing(latest(known, end)) : null;
  }
  const { final, pending, decidedOn } = delivery;
  return decidedOn === null || decidedOn > today ? pending : final;
}

function foldRedeliveries(
  standings: readonly Standing[],
  repeated: ReadonlySet<string>,
  standing: StandingOf,
): readonly Standing[] {
  if (repeated.size === 0) return standings;
  const kept = new Map<string, number>();
  const result: Standing[] = [];
  for (const current of standings) {
    const { row } = current;
    if (!repeated.has(row.lead_id)) {
      result.push(current);
      continue;
    }
    const at = kept.get(row.lead_id);
    const first = at === undefined ? undefined : result[at];
    const isSame =
      first !== undefined &&
      current.deliveredDay - first.deliveredDay <= redeliveryDays &&
      !(first.row.revisit_at !== null && first.row.revisit_at <= row.delivered_at);
    if (isSame) {
      // Counted once, in the first period, with what is decided last.
      if ((row.decided_at ?? '') > (first.row.decided_at ?? ''))
        result[at!] = standing({ ...row, sql_id: first.row.sql_id, delivered_at: first.row.delivered_at });
      continue;
    }
    kept.set(row.lead_id, result.length);
    result.push(current);
  }
  return result;
}

/** When the first reason was given; null where no row holds one. */
function firstReason(rows: readonly SqlRow[]): string | null {
  let first: string | null = null;
  for (const { reason, decided_at, delivered_at } of rows) {
    const given = decided_at ?? delivered_at;
    if (reason !== null && (first === null || given < first)) first = given;
  }
  return first;
}

/** When sales had contact, as far as it had by then. */
function contactBy({ first_contact_at: contact }: SqlRow, end: string): string | null {
  return contact !== null && contact <= end ? contact : null;
}

/** Whether a rejection has an agreed reason; one that needs contact, only once it was made or tried as often as agreed. */
function isAgreed(
  row: SqlRow,
  contact: string | null,
  reasons: readonly AgreedReason[] | null,
  attempts: number,
): boolean {
  if (row.reason === null) return false;
  if (!reasons) return true;
  const agreed = reasons.find((r) => r.code === row.reason);
  return agreed !== undefined && !(agreed.needsContact && contact === null && (row.attempts ?? 0) < attempts);
}

/**
 * Date after which a delivery of a day is overdue; deliveries above capacity start their clock later.
 * @param dues dates worked out so far, shared by all judging dates.
 */
function overdueClock(
  agreement: Agreement,
  isHoliday: IsHoliday,
  dues: Map<Day, Day>,
): (deliveredOn: Day) => Day {
  const within = parseDuration(agreement.decideWithin);
  const load = new Map<Day, number>();
  return (deliveredOn) => {
    let start = deliveredOn;
    if (agreement.capacityPerDay !== undefined) {
      while ((load.get(start) ?? 0) >= agreement.capacityPerDay) start = addBusinessDays(start, 1, isHoliday);
      load.set(start, (load.get(start) ?? 0) + 1);
    }
    const known = dues.get(start);
    if (known) return known;
    const due = addDuration(start, within, isHoliday);
    dues.set(start, due);
    return due;
  };
}
