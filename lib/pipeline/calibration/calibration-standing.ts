import type { Ledger, LedgerEntry } from '../../evidence/ledger.ts';
import type { Evidence } from '../../evidence/objects.ts';
import type { Config, Plan } from '../../model/config.ts';
import { type Day, dayNumber } from '../../model/day.ts';
import type { Calibration } from '../../model/report.ts';
import { calibrationsChain } from '../decisions.ts';
import type { CalibrationResult } from './calibration-result.ts';

/** Days after which a calibration no longer holds: a year, and time to make the next one. */
const validDays = 400;

/** What of a calibration stands in the ledger, so that a judgement needs no evidence object for it. */
type CalibrationBody = Pick<
  CalibrationResult,
  'date' | 'factor' | 'rate' | 'upperBound' | 'confidence' | 'budget' | 'planYears' | 'policies'
>;

/** The last calibration as it stands on a date. */
export interface CalibrationStanding {
  /** Null when there never was one. */
  readonly calibration: Calibration | null;
  /** Factor on the limit of a combined p; null when no calibration holds. */
  readonly factor: number | null;
}

/**
 * The last calibration of a ledger, and whether it holds: made for the very policies in force, checks' versions and
 * limits included, not older than 400 days, and with a rate inside the budget.
 *
 * @param entries of the chain `calibrations`.
 * @example calibrationAt(await ledger.read(calibrationsChain), config, policyDigests(config, policies), asOf).factor
 */
export function calibrationAt(
  entries: readonly LedgerEntry[],
  config: Config,
  policyDigest: (plan: Plan) => string,
  asOf: Day,
): CalibrationStanding {
  const body = entries.findLast((e) => e.kind === 'calibration')?.body as CalibrationBody | undefined;
  if (!body) return { calibration: null, factor: null };
  const { date, factor, rate, upperBound, confidence, planYears, policies } = body;
  const isSame = config.plans.every((plan) => policies[plan.id] === policyDigest(plan));
  const problem = isSame ? problemOf(body, asOf) : 'a plan, the agreement or a check has changed since';
  return {
    calibration: { date, factor, rate, upperBound, confidence, planYears, problem },
    factor: problem === null ? factor : null,
  };
}

/**
 * Factor on the limit of a combined p for one policy of a plan: of the last calibration made for that very policy, with
 * a rate inside the budget and not older than 400 days.
 *
 * @param until date up to which it has to hold.
 * @returns null without one.
 */
export function calibrationFor(
  entries: readonly LedgerEntry[],
  plan: string,
  policy: string,
  until: Day,
): number | null {
  const bodies = entries.flatMap((e) => (e.kind === 'calibration' ? [e.body as CalibrationBody] : []));
  const made = bodies.findLast(({ policies }) => policies[plan] === policy);
  return made && problemOf(made, until) === null ? made.factor : null;
}

/** Why a calibration does not hold whatever policy is in force; null when it does. */
function problemOf({ date, upperBound, budget }: CalibrationBody, until: Day): string | null {
  if (dayNumber(until) - dayNumber(date) > validDays) return `it is older than ${validDays} days`;
  return upperBound > budget ? 'it could not bring the rate of false suspects below the budget' : null;
}

/**
 * Keeps a calibration as evidence and lists it in the ledger. The same result again, with no other after it, changes
 * nothing.
 */
export async function keepCalibration(
  result: CalibrationResult,
  { evidence, ledger }: { readonly evidence: Evidence; readonly ledger: Ledger },
): Promise<{ digest: string; isNew: boolean }> {
  const digest = await evidence.putJson(result);
  const entries = await ledger.read(calibrationsChain);
  if (entries.at(-1)?.objects[0] === digest) return { digest, isNew: false };
  const { date, factor, rate, upperBound, confidence, budget, planYears, policies } = result;
  await ledger.append(calibrationsChain, {
    id: `calibration-${entries.length + 1}`,
    at: `${date}T00:00:00Z`,
    kind: 'calibration',
    body: {
      date,
      factor,
      rate,
      upperBound,
      confidence,
      budget,
      planYears,
      policies,
    } satisfies CalibrationBody,
    objects: [digest],
  });
  return { digest, isNew: true };
}
