import type { PolicyDrift } from '../../checks/check.ts';
import { canonicalJson } from '../../model/canonical-json.ts';
import { type Agreement, type Config, configSchema } from '../../model/config.ts';
import type { Day } from '../../model/day.ts';
import type { IsHoliday } from '../../model/duration.ts';
import type { Period } from '../../model/period.ts';
import { byDate, type Judging, type JudgingDates, judgings } from './judging-dates.ts';
import type { PolicyBook, PolicyVersion } from './policy-book.ts';

/** A judgement to make, with the policy in force for its period. */
export interface DueJudgement extends Judging {
  readonly policy: PolicyVersion;
  /** What the policy shares with other plans' (agreement, settling, limits), as text: equal texts share their checks. */
  readonly terms: string;
  /** Changes of the plan's policy recorded inside the period; in force from the next one. */
  readonly drift: readonly PolicyDrift[];
}

/**
 * Every judgement of a unit up to a date, each under the policy that was in force for its period, in the order of
 * their dates.
 *
 * @param from first day that is judged.
 */
export function dueJudgements(
  book: PolicyBook,
  unit: string,
  from: Day,
  asOf: Day,
  isHoliday: IsHoliday,
  which: JudgingDates,
): DueJudgement[] {
  const due = [...book.values()].flatMap((versions) =>
    stretchesOf(versions).flatMap(({ policy, begins, ends }) => {
      const { plan, config } = policy;
      if (plan.units && !plan.units.includes(unit)) return [];
      const terms = termsOf(policy);
      return judgings(config, plan, from, asOf, isHoliday, which)
        .filter(
          ({ period }) => (begins === null || period.from >= begins) && (ends === null || period.from < ends),
        )
        .map((judging) => ({ ...judging, policy, terms, drift: driftIn(judging.period, versions) }));
    }),
  );
  return due.sort(byDate);
}

/** A policy and the days between which a period begins that it is in force for, half open; null: without end. */
interface Stretch {
  readonly policy: PolicyVersion;
  readonly begins: Day | null;
  readonly ends: Day | null;
}

function stretchesOf(versions: readonly PolicyVersion[]): Stretch[] {
  return versions.flatMap((policy, i) => {
    const begins = policy.from;
    const ends = versions[i + 1]?.from ?? null;
    const start = policy.config.agreement.from;
    const isLater =
      start !== undefined && (begins === null || start > begins) && (ends === null || start < ends);
    if (start === undefined || (begins !== null && start <= begins)) return [{ policy, begins, ends }];
    const before = { ...policy, config: { ...policy.config, agreement: beforeAgreement(start) } };
    if (!isLater) return [{ policy: before, begins, ends }];
    return [
      { policy: before, begins, ends: start },
      { policy, begins: start, ends },
    ];
  });
}

/** Before an agreement begins nothing is agreed: its defaults hold. */
function beforeAgreement(from: Day): Agreement {
  return { ...configSchema.shape.agreement.parse(undefined), from };
}

const texts = new WeakMap<PolicyVersion['policies'], WeakMap<Config, string>>();

function termsOf({ config, policies }: PolicyVersion): string {
  const known = texts.get(policies) ?? new WeakMap<Config, string>();
  texts.set(policies, known);
  const text =
    known.get(config) ??
    canonicalJson([
      config.agreement,
      config.sources.map((s) => [s.id, s.settling]),
      Object.fromEntries(policies),
    ]);
  known.set(config, text);
  return text;
}

function driftIn(period: Period, versions: readonly PolicyVersion[]): PolicyDrift[] {
  return versions.flatMap(({ recordedOn, changes }) =>
    recordedOn !== null && recordedOn >= period.from && recordedOn < period.to && changes.length > 0
      ? [{ on: recordedOn, changes }]
      : [],
  );
}
