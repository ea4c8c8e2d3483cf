import type { Business } from '../../lib/model/business.ts';
import { type Config, configSchema } from '../../lib/model/config.ts';
import type { Row } from '../../lib/model/datasets.ts';
import { addDays, type Day } from '../../lib/model/day.ts';
import type { Assessment } from '../../lib/model/flag.ts';
import type { UnitHistory } from '../../lib/model/history.ts';
import { noHolidays } from '../../lib/model/holidays.ts';
import { businessOf } from '../../lib/pipeline/business/business.ts';
import { historiesOf } from '../../lib/pipeline/judging/unit-history.ts';
import { emptyUnit } from '../../lib/pipeline/unit-rows.ts';
import { leadOf, sqlOf } from '../fixtures/generators.ts';

export const asOf = '2026-08-31';

/** A configuration with a goal, with anything replaced. */
export function aConfig(over: Record<string, unknown> = {}): Config {
  return configSchema.parse({
    organisation: 'Acme',
    timezone: 'Europe/Berlin',
    currency: 'USD',
    sources: [{ id: 'crm', dataset: 'leads' }],
    agreement: { decideWithin: '2bd', floor: 0.6, reasons: ['not_icp'] },
    plans: [
      { id: 'p', title: 'P', side: 'marketing', bonus: 900, kpis: [{ kpi: 'sqls_delivered', target: 10 }] },
    ],
    goals: { revenue: { 2025: 100_000, 2026: 120_000 } },
    ...over,
  });
}

/** An SQL as a row; `decided` null leaves it pending. */
export function sql(
  id: string,
  delivered: Day,
  decided: Day | null,
  over: Partial<Row<'sqls'>> = {},
): Row<'sqls'> {
  const {
    decidedOn: _,
    isContested: __,
    isOverdue: ___,
    ...row
  } = sqlOf(id, delivered, decided ?? '9999-12-31', true, asOf);
  return { ...row, ...over };
}

export const lead = leadOf;

export function deal(id: string, created: Day, over: Partial<Row<'deals'>> = {}): Row<'deals'> {
  return {
    deal_id: id,
    created_at: `${created}T10:00:00`,
    stage: 'open',
    company_key: null,
    contact_email: null,
    contact_email_domain: null,
    origin: 'marketing',
    sql_id: null,
    won_at: null,
    lost_at: null,
    lost_reason: null,
    amount: null,
    owner: null,
    unit: 'all',
    key_version: '1',
    ...over,
  };
}

/** A deal won `days` after a day. */
export function win(id: string, created: Day, days: number, over: Partial<Row<'deals'>> = {}): Row<'deals'> {
  return deal(id, created, { stage: 'won', won_at: addDays(created, days), amount: 1_000_000, ...over });
}

export function booking(date: Day, amount: number, over: Partial<Row<'spend'>> = {}): Row<'spend'> {
  return {
    date,
    amount,
    budget: 'marketing',
    owner: null,
    budget_line: null,
    planned_at: null,
    channel: null,
    origin: null,
    event_id: null,
    unit: 'all',
    key_version: '1',
    ...over,
  };
}

export function guest(
  event: string,
  date: Day,
  over: Partial<Row<'event_guests'>> = {},
): Row<'event_guests'> {
  return { event_id: event, date, lead_id: null, sql_id: null, company_key: null, key_version: '1', ...over };
}

interface Given {
  readonly leads?: readonly Row<'leads'>[];
  readonly sqls?: readonly Row<'sqls'>[];
  readonly deals?: readonly Row<'deals'>[];
  readonly spend?: readonly Row<'spend'>[];
  readonly guests?: readonly Row<'event_guests'>[];
}

/** What was known of a unit that holds only these records. */
export function historyOf(given: Given, config = aConfig()): UnitHistory {
  const { guests, ...records } = given;
  const empty = emptyUnit('all');
  const unit = { ...empty, records: { ...empty.records, ...records, event_guests: guests ?? [] } };
  return historiesOf(unit, config.agreement, noHolidays)(asOf)!;
}

/** Business numbers of a company that holds only these records. */
export function businessOfRecords(
  given: Given,
  config = aConfig(),
  assessments: readonly Assessment[] = [],
): Business {
  return businessOf({ config, isHoliday: noHolidays, histories: [historyOf(given, config)], assessments })!;
}
