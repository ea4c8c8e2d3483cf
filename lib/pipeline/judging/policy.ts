import { incidentChecks } from '../../checks/incidents.ts';
import { checks } from '../../checks/index.ts';
import { type Digest, digestOfJson } from '../../model/canonical-json.ts';
import type { Agreement, Config, Plan, Source } from '../../model/config.ts';
import { nearest } from '../../model/edit-distance.ts';
import type { Policies } from './run-checks.ts';

/** One override that does not fit its check, with the path of keys it stands at. */
export interface PolicyError {
  readonly path: readonly string[];
  readonly message: string;
}

/**
 * The limits of every check: its defaults with the overrides of `checks:` in the configuration.
 *
 * @returns the policies, or what does not fit: an unknown check or limit, or a value out of range.
 * @example policiesOf(config) // => { policies: Map { 'traffic-spike' => { ... } } }
 */
export function policiesOf(config: Config): { policies: Policies } | { errors: readonly PolicyError[] } {
  const errors: PolicyError[] = [];
  const policies = new Map<string, unknown>();
  const all = [...checks, ...incidentChecks];
  const ids = all.map((c) => c.id);
  for (const id of Object.keys(config.checks))
    if (!ids.includes(id)) {
      const near = nearest(id, ids);
      errors.push({
        path: ['checks', id],
        message: `there is no check "${id}"${near ? `; did you mean "${near}"?` : ''}`,
      });
    }
  for (const check of all) {
    const parsed = check.policy.safeParse(config.checks[check.id] ?? {});
    if (parsed.success) policies.set(check.id, parsed.data);
    else
      for (const issue of parsed.error.issues)
        errors.push({
          path: ['checks', check.id, ...issue.path.map(String)],
          message:
            issue.code === 'unrecognized_keys'
              ? unknownLimits(issue.keys, check.policy.parse({}))
              : issue.message,
        });
  }
  return errors.length > 0 ? { errors } : { policies };
}

function unknownLimits(keys: readonly string[], defaults: unknown): string {
  const known = Object.keys(defaults as object);
  return keys
    .map((key) => {
      const near = nearest(key, known);
      return `unknown key "${key}"; ${near ? `did you mean "${near}"?` : `expected one of ${known.join(', ')}`}`;
    })
    .join('; ');
}

/** Everything that decides about one plan, as it is digested and kept. */
export interface PolicyDocument {
  readonly plan: Plan;
  readonly agreement: Agreement;
  readonly sources: readonly Pick<Source, 'id' | 'dataset' | 'settling'>[];
  /** Limits of every check that decides about pay, by id. */
  readonly checks: Readonly<Record<string, unknown>>;
  /** Versions of those checks, by id. */
  readonly versions: Readonly<Record<string, number>>;
}

/** What decides about a plan: the plan, the agreement, the sources' settling, and the checks' limits and versions. */
export function policyDocument(config: Config, policies: Policies, plan: Plan): PolicyDocument {
  return {
    plan,
    agreement: config.agreement,
    sources: config.sources.map(({ id, dataset, settling }) => ({ id, dataset, settling })),
    // Incidents decide about no pay, so their limits are no part of a plan's policy.
    checks: Object.fromEntries([...policies].filter(([id]) => checks.some((c) => c.id === id))),
    versions: Object.fromEntries(checks.map((c) => [c.id, c.version])),
  };
}

/** Digest of {@link policyDocument} for each plan; of one plan it is worked out once. */
export function policyDigests(config: Config, policies: Policies): (plan: Plan) => Digest {
  const known = new Map<string, Digest>();
  return (plan) => {
    const digest = known.get(plan.id) ?? digestOfJson(policyDocument(config, policies, plan));
    known.set(plan.id, digest);
    return digest;
  };
}
