/**
 * Which policy is in force for a period: the one recorded before the period began. What is recorded later applies from
 * the next period on. Nothing is known from before the first record, so that one holds for everything earlier too.
 */
import { checks } from '../../checks/index.ts';
import type { LedgerDraft, LedgerEntry } from '../../evidence/ledger.ts';
import type { Digest } from '../../model/canonical-json.ts';
import type { Config, Plan } from '../../model/config.ts';
import type { Day } from '../../model/day.ts';
import { type Assessment, agreementPlan } from '../../model/flag.ts';
import { type PeriodLength, periodOf } from '../../model/period.ts';
import { type PolicyChange, policyChanges } from '../../model/policy-change.ts';
import { calibrationFor } from '../calibration/calibration-standing.ts';
import { type PolicyDocument, policyDigests, policyDocument } from './policy.ts';
import type { Policies } from './run-checks.ts';

/** A policy of one plan with the periods it is in force for. */
export interface PolicyVersion {
  readonly plan: Plan;
  /** The configuration with what this policy says in place of what was changed since. */
  readonly config: Config;
  readonly policies: Policies;
  readonly digest: Digest;
  /** Judging date of the run that recorded it; null where nothing is recorded. */
  readonly recordedOn: Day | null;
  /** It is in force for periods that begin on or after this date and before the next one's; null: for all earlier ones too. */
  readonly from: Day | null;
  /** What it changed; empty for the first. */
  readonly changes: readonly PolicyChange[];
  /** Factor on the limit of a combined p; null without a calibration that was made for this policy and holds. */
  readonly calibration: number | null;
}

/** The policies of every plan of the configuration, oldest first, by plan id; the last one is what the configuration says now. */
export type PolicyBook = ReadonlyMap<string, readonly PolicyVersion[]>;

/** Body of an entry of kind `policy`: what is common to the plans, and the plans whose policy was new. */
interface PolicyBody extends Omit<PolicyDocument, 'plan'> {
  readonly date: Day;
  readonly plans: readonly { readonly plan: Plan; readonly policy: Digest }[];
}

/** The plan a judgement was made by. */
export type PlanOf = (assessment: Pick<Assessment, 'plan' | 'policy'>) => Plan | null;

/**
 * Plans as they stood in the policies that judgements name.
 * @param entries of the chain `policies`; a policy not recorded yet is the configuration's.
 * @returns null for a plan that is neither recorded nor configured.
 */
export function plansIn(entries: readonly LedgerEntry[], config: Config): PlanOf {
  const recorded = new Map(
    entries.flatMap(({ body }) =>
      (body as PolicyBody).plans.map(({ plan, policy }) => [policy, plan] as const),
    ),
  );
  return ({ plan, policy }) =>
    plan === agreementPlan
      ? null
      : (recorded.get(policy) ?? config.plans.find((configured) => configured.id === plan) ?? null);
}

/** One record of a plan's policy. */
interface PolicyRecord {
  readonly recordedOn: Day;
  readonly digest: Digest;
  readonly document: PolicyDocument;
}

/** The configuration as it stands, in force for every period: what a replay without a ledger judges by. */
export function standingPolicies(
  config: Config,
  policies: Policies,
  digestOf: (plan: Plan) => Digest,
  calibration: number | null,
): PolicyBook {
  const always = { config, policies, recordedOn: null, from: null, changes: [], calibration };
  return new Map(config.plans.map((plan) => [plan.id, [{ ...always, plan, digest: digestOf(plan) }]]));
}

/**
 * The policies recorded, and what the configuration says now where it differs from the last record: the run that
 * judges by it records it (`policiesToRecord`), so that the next run finds the same book.
 *
 * @param entries of the chain `policies`.
 * @param calibrations entries of the chain `calibrations`.
 * @param asOf judging date.
 */
export function policyBook(
  entries: readonly LedgerEntry[],
  calibrations: readonly LedgerEntry[],
  config: Config,
  policies: Policies,
  asOf: Day,
): PolicyBook {
  const date = recordingDate(entries, asOf);
  const digestOf = policyDigests(config, policies);
  return new Map(
    config.plans.map((plan) => {
      const records = recordsOf(entries, plan.id);
      const digest = digestOf(plan);
      if (records.at(-1)?.digest !== digest)
        records.push({ recordedOn: date, digest, document: policyDocument(config, policies, plan) });
      return [plan.id, versionsOf(records, config, policies, calibrations, asOf)];
    }),
  );
}

/**
 * What a run adds to the chain `policies`: the plans whose policy is not the one recorded last, in one entry, with the
 * documents that are evidence of it, named by their digests.
 *
 * @returns null when nothing changed.
 */
export function policiesToRecord(
  entries: readonly LedgerEntry[],
  config: Config,
  policies: Policies,
  asOf: Day,
): { readonly draft: LedgerDraft; readonly documents: readonly PolicyDocument[] } | null {
  const digestOf = policyDigests(config, policies);
  const plans = config.plans
    .filter((plan) => recordsOf(entries, plan.id).at(-1)?.digest !== digestOf(plan))
    .map((plan) => ({ plan, policy: digestOf(plan) }));
  if (plans.length === 0) return null;
  const date = recordingDate(entries, asOf);
  const documents = plans.map(({ plan }) => policyDocument(config, policies, plan));
  const { plan: _, ...common } = documents[0]!;
  return {
    draft: {
      id: `policy-${entries.length + 1}`,
      at: `${date}T00:00:00Z`,
      kind: 'policy',
      body: { ...common, date, plans } satisfies PolicyBody,
      objects: plans.map(({ policy }) => policy),
    },
    documents,
  };
}

/** A run for a past date records nothing before what is recorded already: terms cannot be given back in time. */
function recordingDate(entries: readonly LedgerEntry[], asOf: Day): Day {
  const last = entries.at(-1);
  const date = last && (last.body as PolicyBody).date;
  return date !== undefined && date > asOf ? date : asOf;
}

function recordsOf(entries: readonly LedgerEntry[], id: string): PolicyRecord[] {
  return entries.flatMap(({ body }) => {
    const { date, plans, ...common } = body as PolicyBody;
    return plans
      .filter(({ plan }) => plan.id === id)
      .map(({ plan, policy }) => ({
        recordedOn: date,
        digest: policy,
        document: { plan, ...common },
      }));
  });
}

function versionsOf(
  records: readonly PolicyRecord[],
  config: Config,
  policies: Policies,
  calibrations: readonly LedgerEntry[],
  asOf: Day,
): PolicyVersion[] {
  let start: Day | null = null;
  return records.map(({ recordedOn, digest, document }, i) => {
    const before = records[i - 1];
    const next = before ? nextStart(recordedOn, before.document.plan.period, document.plan.period) : null;
    start = start !== null && next !== null && next < start ? start : next;
    const isLast = i === records.length - 1;
    const { plan } = document;
    return {
      plan,
      config: isLast ? config : configOf(document, config),
      policies: isLast ? policies : policiesIn(document, policies),
      digest,
      recordedOn,
      from: start,
      changes: before ? policyChanges(before.document, document) : [],
      // What a policy was calibrated for does not grow old once the next policy is in force.
      calibration: calibrationFor(calibrations, plan.id, digest, records[i + 1]?.recordedOn ?? asOf),
    };
  });
}

/** Where both lengths of period begin anew after a date, so that no day is paid twice or not at all. */
function nextStart(day: Day, before: PeriodLength, after: PeriodLength): Day {
  return periodOf(day, before === 'quarter' || after === 'quarter' ? 'quarter' : 'month').to;
}

function configOf({ plan, agreement, sources }: PolicyDocument, config: Config): Config {
  return {
    ...config,
    agreement,
    sources: config.sources.map((source) => ({
      ...source,
      settling: sources.find((s) => s.id === source.id)?.settling ?? source.settling,
    })),
    plans: config.plans.map((p) => (p.id === plan.id ? plan : p)),
  };
}

/**
 * The limits of a recorded policy for the checks as they are now. A check of another version cannot be run any more:
 * its recorded limits are used as far as it still knows them, its new ones stand at their defaults.
 */
function policiesIn({ checks: recorded }: PolicyDocument, policies: Policies): Policies {
  const limits = new Map(policies);
  for (const check of checks) {
    const known = Object.keys(check.policy.parse({}) as object);
    const kept = Object.entries((recorded[check.id] ?? {}) as object).filter(([key]) => known.includes(key));
    const parsed = check.policy.safeParse(Object.fromEntries(kept));
    if (parsed.success) limits.set(check.id, parsed.data);
  }
  return limits;
}
