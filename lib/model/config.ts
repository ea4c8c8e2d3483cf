import * as z from 'zod';
import { isDay } from './day.ts';
import { type Duration, parseDuration } from './duration.ts';
import { kpiSchema, origins } from './kpi.ts';

/** Names of the datasets a source can deliver (SPEC 5). */
export const datasets = [
  'counts',
  'traffic',
  'leads',
  'sqls',
  'deals',
  'claims',
  'totals',
  'spend',
  'event_guests',
  'calendar',
] as const;
export type Dataset = (typeof datasets)[number];

const identifier = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'expected lower-case letters, digits, "-" or "_", at most 64');
const day = z.string().refine(isDay, 'expected an existing date YYYY-MM-DD');
const duration = z.string().refine(
  (text) => {
    try {
      parseDuration(text);
      return true;
    } catch {
      return false;
    }
  },
  {
    error: (issue) =>
      `expected an ISO 8601 duration such as P15D, or business days such as 2bd, got "${issue.input}"`,
  },
);
const zone = z.string().refine(
  (name) => {
    // Known without the tables of the time zones, which take 25 ms to load.
    if (name === 'UTC') return true;
    try {
      new Intl.DateTimeFormat('en', { timeZone: name });
      return true;
    } catch {
      return false;
    }
  },
  { error: (issue) => `expected an IANA time zone such as Europe/Berlin, got "${issue.input}"` },
);
const currency = z
  .string()
  .refine((code) => /^[A-Z]{3}$/.test(code) && Intl.supportedValuesOf('currency').includes(code), {
    error: (issue) => `expected an ISO 4217 currency such as USD, got "${issue.input}"`,
  });
const country = z
  .string()
  .regex(
    /^[A-Z]{2}(-[A-Z0-9]{1,3})?$/,
    'expected an ISO 3166 country such as DE, or with a state such as US-NY',
  );
const share = z.number().min(0).max(1);
const positive = z.number().positive();
const recipients = z.array(z.email('expected an e-mail address'));

const unit = z.strictObject({
  id: identifier,
  title: z.string().optional(),
  timezone: zone.optional(),
  country: country.optional(),
});

const source = z.strictObject({
  id: identifier,
  kind: z
    .literal('drop', {
      error: (issue) =>
        `expected drop, got ${JSON.stringify(issue.input)}; there are no connectors yet: export files and drop them`,
    })
    .default('drop'),
  dataset: z.enum(datasets),
  settling: duration
    .default('P0D')
    .describe('how long numbers may still move; a day is provisional until then'),
  expect: z
    .strictObject({
      every: duration,
      by: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time HH:MM'),
    })
    .optional()
    .describe('when new data are due; on AWS an alarm tells when they are late'),
  columns: z
    .record(z.string(), z.string().nullable())
    .optional()
    .describe('names in the file -> names of the dataset; null leaves a column out'),
  mode: z.enum(['upsert', 'snapshot']).default('upsert'),
  unit: identifier.optional().describe('unit of rows that name none'),
});

const reason = z.union([
  identifier,
  z.strictObject({ code: identifier, needsContact: z.boolean().default(false) }),
]);

const agreement = z.strictObject({
  decideWithin: duration.default('5bd'),
  floor: share.optional().describe('agreed acceptance rate; without it only own history is used'),
  reasons: z.array(reason).optional().describe('agreed reasons to reject; without it any stated reason'),
  contactWithin: duration.optional(),
  attempts: z.int().min(1).optional(),
  capacityPerDay: positive.optional(),
  acceptedPerMonth: z.int().min(1).optional(),
  criteria: z.strictObject({ version: z.string(), text: z.string() }).optional(),
  from: day.optional(),
});

const payout = z.union([
  z.literal('all_or_nothing'),
  z.strictObject({
    linear: z.strictObject({
      threshold: z.number().min(0).default(0),
      accelerator: z.number().min(0).default(1),
      cap: z.number().min(0).default(1),
    }),
  }),
  z.strictObject({
    tiers: z.array(z.strictObject({ from: z.number().min(0), share: z.number().min(0) })).min(1),
  }),
]);

const planKpi = z.strictObject({
  kpi: kpiSchema,
  target: positive,
  weight: positive.default(1),
  payout: payout.default('all_or_nothing'),
  countsWhen: z.enum(['delivered', 'accepted']).default('delivered'),
  basis: z.enum(['monthly_unique', 'daily_unique_sum']).default('daily_unique_sum'),
});

const bonus = z.union([
  positive,
  z.strictObject({
    amount: positive,
    per: z.enum(['year', 'quarter', 'month']),
    paid: z.enum(['month', 'quarter']),
  }),
]);

const plan = z.strictObject({
  id: identifier,
  title: z.string(),
  side: z.enum(['marketing', 'sales']),
  period: z.enum(['month', 'quarter']).default('month'),
  payAfter: duration.default('P30D'),
  bonus: bonus.describe('a number per period, or {amount, per, paid} in major units'),
  kpis: z.array(planKpi).min(1, 'expected at least one KPI: a plan pays on something'),
  combine: z.enum(['each', 'all']).default('each'),
  countsOrigins: z.array(z.enum(origins)).optional(),
  units: z.array(identifier).optional(),
});

/** The whole of `bonafide.yaml`. Unknown keys are errors. */
export const configSchema = z.strictObject({
  organisation: z.string().min(1),
  timezone: zone,
  currency,
  country: country.optional(),
  stage: z.enum(['demo', 'production']).default('production'),
  start: day.optional().describe('nothing earlier is judged, only learned from'),
  units: z
    .array(unit)
    .min(1)
    .default([{ id: 'all' }]),
  sources: z.array(source).min(1, 'expected at least one source'),
  agreement: agreement.default({ decideWithin: '5bd' }),
  plans: z.array(plan).min(1, 'expected at least one plan'),
  goals: z
    .strictObject({
      revenue: z.record(z.string().regex(/^\d{4}$/, 'expected a year'), positive).optional(),
      owners: z.strictObject({ marketing: z.string(), sales: z.string() }).partial().optional(),
    })
    .optional(),
  budgets: z
    .array(
      z.strictObject({
        id: identifier,
        budget: z.enum(['marketing', 'sales', 'presale']),
        amount: positive,
        per: z.enum(['year', 'quarter', 'month']),
        owner: z.string().optional(),
      }),
    )
    .optional(),
  alerts: z
    .strictObject({
      finance: recipients.default([]),
      operations: recipients.default([]),
      leadership: recipients.default([]),
      failures: recipients.default([]),
      owners: z.record(identifier, recipients).default({}).describe('plan id -> recipients'),
      slack: z
        .strictObject({
          workspace: z
            .string()
            .regex(/^[0-9A-Z]{1,255}$/, 'expected the id of a Slack workspace, such as T0123ABCD'),
          channel: z
            .string()
            .regex(/^[A-Za-z0-9]{1,255}$/, 'expected the id of a Slack channel, such as C0123ABCD'),
        })
        .optional()
        .describe('channel for incidents and flags, through Amazon Q Developer in chat applications'),
    })
    .default({ finance: [], operations: [], leadership: [], failures: [], owners: {} }),
  checks: z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .default({})
    .describe('policy overrides by check id'),
});

/** A valid configuration, defaults filled in. */
export type Config = z.output<typeof configSchema>;
export type Source = Config['sources'][number];
export type Plan = Config['plans'][number];
export type PlanKpi = Plan['kpis'][number];
export type Payout = PlanKpi['payout'];
export type Agreement = Config['agreement'];
export type Unit = Config['units'][number];

/** An agreed reason to reject an SQL. */
export interface AgreedReason {
  readonly code: string;
  readonly needsContact: boolean;
}

/** The agreed reasons with their defaults; null when any stated reason is agreed. */
export function agreedReasons(policy: Agreement): readonly AgreedReason[] | null {
  if (!policy.reasons) return null;
  return policy.reasons.map((r) => (typeof r === 'string' ? { code: r, needsContact: false } : r));
}

/** Longest settling of the sources that deliver one of `wanted`. */
export function settlingOf(config: Config, wanted: readonly Dataset[]): Duration[] {
  return config.sources.filter((s) => wanted.includes(s.dataset)).map((s) => parseDuration(s.settling));
}

/** Units a plan is judged in: those it names, else all. */
export function unitsOf(config: Config, plan: Plan): readonly Unit[] {
  return plan.units ? config.units.filter((u) => plan.units!.includes(u.id)) : config.units;
}
