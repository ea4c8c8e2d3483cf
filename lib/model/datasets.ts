import type { Dataset } from './config.ts';
import { kpis, origins } from './kpi.ts';

/**
 * The row contract of every dataset (SPEC 5), declared once: reading, validation, types and
 * `docs/datasets.md` derive from it.
 */

/** What a column holds and how its text is read. */
export type Kind =
  | 'text'
  | 'note'
  | 'count'
  | 'decimal'
  | 'money'
  | 'value'
  | 'date'
  | 'time'
  | 'period'
  | 'enum'
  | 'email'
  | 'phone'
  | 'company'
  | 'person'
  | 'unit';

/** One column of a dataset. */
export interface Column {
  readonly kind: Kind;
  /** Neither the column nor any of its cells may be missing. */
  readonly required?: true;
  /** Values of an `enum`. */
  readonly values?: readonly string[];
  /** What an `enum` value outside the list is kept as; without it such a row is bad. */
  readonly fallback?: string;
  /** Another header name the column may have. */
  readonly alias?: string;
  /** The column that names the metric of a `value`; metrics in {@link moneyMetrics} are read as money. */
  readonly of?: string;
  /** The date may lie after the day of reading. */
  readonly mayBeFuture?: true;
  /** Parts of the e-mail are kept as keyed hashes for comparison. */
  readonly comparable?: true;
  /** A minus is read: credits. */
  readonly signed?: true;
  /** The text may have line breaks. */
  readonly multiline?: true;
  /** A missing unit means every unit, not the source's own. */
  readonly everyUnit?: true;
  /** A later change of a value once given is a restatement. */
  readonly restates?: true;
  readonly about: string;
}

/** The contract of one dataset. */
export interface Contract {
  readonly about: string;
  /**
   * Columns of the natural key. Rows of one delivery equal in all columns count once; rows with the
   * same key and other values are conflicting. `row`: the whole row is its key, so nothing conflicts.
   */
  readonly key: readonly string[] | 'row';
  /** Identity of a stored row where it is not the key: one entry of a decision history. */
  readonly identity?: readonly string[];
  /** What the entries of a decision history have in common. */
  readonly group?: readonly string[];
  /** A batch replaces all rows of the dates it holds. */
  readonly replacesDates?: true;
  /** The column whose day or month a row belongs to. */
  readonly date: string;
  readonly columns: Readonly<Record<string, Column>>;
}

/** Metrics whose `value` is an amount of money. */
export const moneyMetrics: readonly string[] = ['revenue', 'spend'];

/** What became of a delivered SQL. */
export const dispositions = ['pending', 'accepted', 'rejected', 'returned', 'disqualified'] as const;
export type Disposition = (typeof dispositions)[number];

const note = { kind: 'note', multiline: true, about: 'remark; not kept' } as const;
const unit = { kind: 'unit', about: "business unit; without it the source's own" } as const;
const origin = { kind: 'enum', values: origins, about: 'where the customer came from' } as const;
const enteredAt = {
  kind: 'time',
  about: 'when the record was entered; later than its own date when entered late',
} as const;

/** The contracts of all datasets. */
export const contracts = {
  counts: {
    about: 'Daily numbers of whoever has only numbers; feeds every check that needs no records.',
    key: ['date', 'metric', 'channel', 'source', 'unit'],
    date: 'date',
    columns: {
      date: { kind: 'date', required: true, about: "calendar date in the unit's zone" },
      metric: {
        kind: 'text',
        required: true,
        about: `name of the metric: ${kpis.join(', ')}, or another, which is kept and not judged`,
      },
      value: {
        kind: 'value',
        of: 'metric',
        required: true,
        about: 'the number; money for revenue and spend',
      },
      channel: { kind: 'text', about: 'channel' },
      source: { kind: 'text', about: 'traffic source' },
      unit,
    },
  },
  traffic: {
    about: 'Visits of a site by day and source.',
    key: ['date', 'source', 'medium', 'channel', 'country', 'unit'],
    date: 'date',
    columns: {
      date: { kind: 'date', required: true, about: "calendar date in the unit's zone" },
      source: { kind: 'text', required: true, about: 'traffic source, for example google' },
      medium: { kind: 'text', required: true, about: 'medium, for example organic' },
      channel: { kind: 'text', required: true, about: 'channel' },
      unique_visitors: { kind: 'count', required: true, about: 'unique visitors of the day' },
      sessions: { kind: 'count', required: true, about: 'sessions' },
      new_visitors: { kind: 'count', about: 'first-time visitors' },
      engaged_sessions: { kind: 'count', about: 'engaged sessions' },
      pageviews: { kind: 'count', about: 'page views' },
      avg_engagement_sec: { kind: 'decimal', about: 'average engagement time per session, seconds' },
      spend: { kind: 'money', about: 'cost of the traffic' },
      country: { kind: 'text', about: 'country of the visitors' },
      unit,
    },
  },
  leads: {
    about: 'One row a lead.',
    key: ['lead_id'],
    date: 'created_at',
    columns: {
      lead_id: { kind: 'text', required: true, about: 'id of the lead' },
      created_at: { kind: 'time', required: true, restates: true, about: 'when the lead came in' },
      record_entered_at: enteredAt,
      source: { kind: 'text', about: 'traffic source' },
      medium: { kind: 'text', about: 'medium' },
      channel: { kind: 'text', about: 'channel' },
      origin: { ...origin, restates: true },
      form: { kind: 'text', multiline: true, about: 'form it came through' },
      email: { kind: 'email', comparable: true, about: 'address' },
      company: { kind: 'company', multiline: true, about: 'company name' },
      phone: { kind: 'phone', about: 'phone number' },
      total_visits: { kind: 'count', about: 'visits before the form' },
      time_on_site_sec: { kind: 'decimal', about: 'time on site, seconds' },
      unit,
    },
  },
  sqls: {
    about:
      'One row a delivery of a lead to sales as qualified. Rows repeating (sql_id, lead_id) are a decision history: the latest decided_at known wins, the others are kept.',
    key: 'row',
    identity: ['sql_id', 'lead_id', 'decided_at', 'disposition'],
    group: ['sql_id', 'lead_id'],
    date: 'delivered_at',
    columns: {
      sql_id: { kind: 'text', required: true, about: 'id of the SQL' },
      lead_id: { kind: 'text', required: true, about: 'id of the lead delivered' },
      delivered_at: { kind: 'time', required: true, restates: true, about: 'when it was handed to sales' },
      disposition: { kind: 'enum', values: dispositions, required: true, about: 'what became of it' },
      record_entered_at: enteredAt,
      qualified_at: { kind: 'time', about: 'when marketing qualified it' },
      qualified_by: { kind: 'person', about: 'who qualified it' },
      delivered_by: { kind: 'person', about: 'who handed it over' },
      origin: { ...origin, restates: true },
      reason: {
        kind: 'text',
        multiline: true,
        restates: true,
        about: 'reason of a rejection, a code of the agreement',
      },
      decided_at: { kind: 'time', about: 'when sales decided; empty while pending' },
      decided_by: { kind: 'person', about: 'who decided' },
      first_contact_at: { kind: 'time', about: 'first contact by sales' },
      attempts: { kind: 'count', about: 'contact attempts' },
      revisit_at: { kind: 'time', mayBeFuture: true, about: 'when a returned one is due again' },
      criteria_version: { kind: 'text', about: 'version of the criteria it was qualified by' },
      unit,
    },
  },
  deals: {
    about: 'One row an opportunity.',
    key: ['deal_id'],
    date: 'created_at',
    columns: {
      deal_id: { kind: 'text', required: true, about: 'id of the deal' },
      created_at: { kind: 'time', required: true, restates: true, about: 'when it was opened' },
      stage: { kind: 'enum', values: ['open', 'won', 'lost'], required: true, about: 'stage' },
      company: { kind: 'company', multiline: true, about: 'company name' },
      contact_email: { kind: 'email', about: 'address of the contact' },
      origin: { ...origin, restates: true },
      sql_id: { kind: 'text', about: 'the SQL it came from' },
      won_at: { kind: 'time', restates: true, about: 'when it was won' },
      lost_at: { kind: 'time', about: 'when it was lost' },
      lost_reason: { kind: 'text', multiline: true, about: 'why it was lost, a code' },
      amount: { kind: 'money', restates: true, about: 'amount of the deal' },
      owner: { kind: 'person', about: 'who owns it' },
      unit,
    },
  },
  claims: {
    about:
      'The values submitted for the bonus. Every version is kept; the latest known at the judging date counts.',
    key: ['period', 'kpi', 'reported_at', 'version', 'plan', 'unit'],
    date: 'reported_at',
    columns: {
      period: { kind: 'period', alias: 'month', required: true, about: 'period claimed, YYYY-MM or YYYY-Qn' },
      kpi: { kind: 'enum', values: kpis, required: true, about: 'KPI claimed' },
      value: { kind: 'value', of: 'kpi', required: true, about: 'value claimed; money for revenue' },
      reported_at: { kind: 'time', required: true, about: 'when it was submitted' },
      version: { kind: 'count', about: 'version of the claim' },
      note,
      plan: { kind: 'text', about: 'plan, where one KPI is in several' },
      unit,
    },
  },
  totals: {
    about: 'Control totals of a period, and monthly unique visitors.',
    key: ['period', 'metric', 'source', 'extracted_at', 'unit'],
    date: 'period',
    columns: {
      period: { kind: 'period', required: true, about: 'period, YYYY-MM or YYYY-Qn' },
      metric: { kind: 'text', required: true, about: 'name of the metric' },
      value: { kind: 'value', of: 'metric', required: true, about: 'the total; money for revenue and spend' },
      source: { kind: 'text', about: 'system it was taken from' },
      extracted_at: { kind: 'time', about: 'when it was taken' },
      query: { kind: 'text', multiline: true, about: 'how it was taken' },
      unit,
    },
  },
  spend: {
    about:
      'One row a booking. Bookings equal in every column count once: tell them apart by note or budget_line.',
    key: 'row',
    replacesDates: true,
    date: 'date',
    columns: {
      date: { kind: 'date', required: true, about: 'date of the booking' },
      amount: { kind: 'money', signed: true, required: true, about: 'amount booked; credits are negative' },
      budget: {
        kind: 'enum',
        values: ['marketing', 'sales', 'presale'],
        required: true,
        about: 'budget charged',
      },
      owner: { kind: 'person', about: 'who owns the line' },
      budget_line: { kind: 'text', about: 'line of the budget' },
      planned_at: { kind: 'time', about: 'when the cost was planned' },
      channel: { kind: 'text', about: 'channel it was spent on' },
      origin,
      event_id: { kind: 'text', about: 'event it was spent on' },
      note,
      unit,
    },
  },
  event_guests: {
    about: 'Guests of an event, one row each.',
    key: 'row',
    date: 'date',
    columns: {
      event_id: { kind: 'text', required: true, about: 'id of the event' },
      date: { kind: 'date', required: true, mayBeFuture: true, about: 'date of the event' },
      lead_id: { kind: 'text', about: 'the guest as a lead' },
      sql_id: { kind: 'text', about: 'the guest as an SQL' },
      company: { kind: 'company', multiline: true, about: 'company of the guest' },
    },
  },
  calendar: {
    about: 'What the company says happened or will happen.',
    key: 'row',
    date: 'date_from',
    columns: {
      date_from: { kind: 'date', required: true, mayBeFuture: true, about: 'first day' },
      date_to: { kind: 'date', required: true, mayBeFuture: true, about: 'last day, included' },
      kind: {
        kind: 'enum',
        values: ['campaign', 'holiday', 'outage', 'tracking_gap', 'definition_change'],
        fallback: 'other',
        required: true,
        about: 'what happened',
      },
      channel: { kind: 'text', about: 'channel concerned; empty for all' },
      source: { kind: 'text', about: 'traffic source concerned; empty for all' },
      metric: { kind: 'text', about: 'metric concerned; empty for all' },
      note,
      declared_at: {
        kind: 'time',
        about: 'when it was declared; only what was declared before it happened explains',
      },
      declared_by: { kind: 'person', about: 'who declared it' },
      unit: { kind: 'unit', everyUnit: true, about: 'business unit; empty for every unit' },
    },
  },
} as const satisfies Record<Dataset, Contract>;

/** The contract of a dataset, seen without its own names. */
export function contractOf(dataset: Dataset): Contract {
  return contracts[dataset];
}

/** Whether a column's value names a person and is stored only as keyed hashes. */
export function isPersonal(column: Column): boolean {
  return (
    column.kind === 'email' ||
    column.kind === 'phone' ||
    column.kind === 'company' ||
    column.kind === 'person'
  );
}

type Columns<D extends Dataset> = (typeof contracts)[D]['columns'];
type Base<C> = C extends { kind: 'count' | 'decimal' | 'money' | 'value' }
  ? number
  : C extends { kind: 'enum'; values: readonly (infer V)[] }
    ? C extends { fallback: infer F }
      ? V | F
      : V
    : string;
type Value<C> = C extends { everyUnit: true }
  ? string | null
  : C extends { required: true } | { kind: 'unit' }
    ? Base<C>
    : Base<C> | null;
type Flat<T> = { readonly [K in keyof T]: T[K] };
type Both<U> = (U extends unknown ? (u: U) => void : never) extends (i: infer I) => void ? I : never;

/**
 * A row as it stands in a file, checked and read: the columns of the contract by name, null where an
 * optional cell is empty. Times are local wall-clock strings of the unit's zone, money integer minor
 * units. Personal columns are still plain: rows are never kept in this form.
 */
export type PlainRow<D extends Dataset> = Flat<{ [N in keyof Columns<D>]: Value<Columns<D>[N]> }>;

/** How an e-mail address looks; null without an address. */
export type EmailSign = 'ok' | 'malformed' | 'disposable';
/** What is known of a phone number; null without a number. */
export type PhoneSign = 'ok' | 'impossible' | 'unparsable';

type StoredEmail<N extends string> = Record<N | `${N}_domain`, string | null>;
type StoredComparable<N extends string> = StoredEmail<N> &
  Record<`${N}_local_digits`, string | null> &
  Record<`${N}_local_keys`, readonly string[] | null> &
  Record<`${N}_sign`, EmailSign | null>;
type StoredPhone<N extends string> = Record<N | `${N}_last9`, string | null> &
  Record<`${N}_sign`, PhoneSign | null>;
type Stored<N extends string, C> = C extends { kind: 'note' }
  ? Record<never, never>
  : C extends { kind: 'email'; comparable: true }
    ? StoredComparable<N>
    : C extends { kind: 'email' }
      ? StoredEmail<N>
      : C extends { kind: 'phone' }
        ? StoredPhone<N>
        : C extends { kind: 'company' }
          ? Record<`${N}_key`, string | null>
          : Record<N, Value<C>>;
type Personal<D extends Dataset> = Extract<
  Columns<D>[keyof Columns<D>],
  { kind: 'email' | 'phone' | 'company' | 'person' }
>;

/**
 * A row as it is stored and checked: personal columns replaced by keyed hashes, notes left out.
 *
 * - e-mail `x`: `x` (hash of the canonical address), `x_domain`; for leads also `email_local_digits`
 *   (hash of the digits of the local part), `email_local_keys` (two local parts one edit apart share
 *   one) and `email_sign`;
 * - phone: `phone` (hash of E.164), `phone_last9`, `phone_sign`;
 * - company: `company_key` only; people: a hash under the column's own name;
 * - `key_version` where a dataset has any of these: hashes compare only within one version.
 */
export type Row<D extends Dataset> = Flat<
  Both<{ [N in keyof Columns<D> & string]: Stored<N, Columns<D>[N]> }[keyof Columns<D> & string]> &
    ([Personal<D>] extends [never] ? Record<never, never> : { key_version: string })
>;
