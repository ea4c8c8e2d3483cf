import type { Check, CheckInput, Failure } from '../../checks/check.ts';
import { checks } from '../../checks/index.ts';
import type { Finding, Outcome } from '../../model/finding.ts';
import type { Kpi } from '../../model/kpi.ts';
import { renderMessage } from '../../reports/message.ts';

/** Parsed limits of every check, by check id. */
export type Policies = ReadonlyMap<string, unknown>;

/**
 * Runs checks on one unit and period. A check that throws becomes an `error` outcome of that check; the
 * others still run.
 *
 * @returns one outcome a check, and one more for each further failure a check reports.
 * @example runChecks(input, policies, (check) => check.scope === 'unit')
 */
export function runChecks(
  input: CheckInput,
  policies: Policies,
  isWanted: (check: Check) => boolean,
): Outcome[] {
  return checks.filter(isWanted).flatMap((check) => runCheck(check, input, policies.get(check.id)));
}

function runCheck(check: Check, input: CheckInput, policy: unknown): Outcome[] {
  if (input.isOpen && check.needsWholePeriod)
    return [{ check: check.id, status: 'not_applicable', reason: 'period-open', data: {} }];
  try {
    const result = check.evaluate(input, policy);
    if (result.status !== 'fail') return [{ check: check.id, ...result }];
    return result.failures.map((failure) => ({
      check: check.id,
      status: 'fail',
      finding: findingOf(check, failure, input),
    }));
  } catch (error) {
    return [
      { check: check.id, status: 'error', reason: error instanceof Error ? error.message : String(error) },
    ];
  }
}

function findingOf(check: Check, failure: Failure, input: CheckInput): Finding {
  const kpi = failure.kpi ?? check.kpi ?? input.pay?.planKpi.kpi ?? null;
  const template = check.messages[failure.messageId];
  if (template === undefined) throw new RangeError(`check ${check.id} has no message "${failure.messageId}"`);
  return {
    check: check.id,
    version: check.version,
    family: check.family,
    severity: failure.severity,
    side: check.side,
    proof: failure.proof ?? false,
    kpi,
    p: failure.p ?? null,
    effect: failure.effect ?? null,
    expected: failure.expected ?? null,
    observed: failure.observed ?? null,
    range: failure.range ?? null,
    messageId: failure.messageId,
    data: failure.data,
    text: renderMessage(template, failure.data),
    records: failure.records ?? [],
    sources: failure.sources ?? [],
    capped: kpi !== null && isPoisoned(input, kpi),
  };
}

function isPoisoned(input: CheckInput, kpi: Kpi): boolean {
  return input.poisoned.has(kpi);
}

/** The KPIs an outcome is about, before a plan's own KPIs are known; none when it is about the data as a whole. */
export function kpisOf(outcome: Outcome): readonly Kpi[] {
  if (outcome.status === 'fail') return outcome.finding.kpi === null ? [] : [outcome.finding.kpi];
  const check = checks.find((c) => c.id === outcome.check);
  return check?.judges ?? (check?.kpi ? [check.kpi] : []);
}
