import type { Check, CheckInput, Failure, Result } from '../../lib/checks/check.ts';

/** Runs a check with its defaults, some of them overridden. */
export function run<P>(check: Check<P>, input: CheckInput, limits: Partial<P> = {}): Result {
  return check.evaluate(input, check.policy.parse(limits));
}

/** The failures of a result; none when it did not fail. */
export function failures(result: Result): readonly Failure[] {
  return result.status === 'fail' ? result.failures : [];
}

/** The reason of a result that could not tell; its status otherwise. */
export function reasonOf(result: Result): string {
  return result.status === 'insufficient_data' || result.status === 'not_applicable'
    ? result.reason
    : result.status;
}

/** Share of seeded quiet histories that a check raises. */
export function raisedShare(seeds: number, raised: (seed: number) => boolean): number {
  let count = 0;
  for (let seed = 1; seed <= seeds; seed += 1) if (raised(seed)) count += 1;
  return count / seeds;
}
