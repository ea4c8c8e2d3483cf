import { requireAtLeast, requireCount, requireLength, requireSameLength } from './argument.ts';

/** Time to a decision, of records some of which are still undecided. Steps at `times`, flat between. */
export interface DecisionCurve {
  /** Distinct ages at which a record was decided or last seen undecided, rising. */
  times: number[];
  /** Share still undecided just after each time (Kaplan-Meier). */
  survival: number[];
  /** For each outcome 1, 2, ... the share decided that way by each time (Aalen-Johansen). */
  incidence: number[][];
}

/**
 * Kaplan-Meier curve of "still undecided" and Aalen-Johansen incidence of each outcome.
 *
 * Outcomes compete: a rejected record can no longer be accepted, so one minus a Kaplan-Meier of acceptance alone
 * would overstate it. Records last seen undecided at an age leave after the decisions of that age.
 *
 * @param ages age of each record at its decision, or when last seen undecided; finite, >= 0, any unit.
 * @param outcomes 0 = undecided, 1, 2, ... = how it was decided.
 * @param outcomeCount number of outcomes, >= 1.
 * @returns the curve, in the unit of `ages`.
 * @throws {RangeError} no record, lengths differ, an age < 0, or an outcome that is not 0..outcomeCount.
 * @see Kaplan & Meier (1958), JASA 53; Aalen & Johansen (1978), Scandinavian Journal of Statistics 5
 * @example
 * fitDecisionCurve([1, 2], [1, 0], 1).survival; // => [0.5, 0.5]
 */
export function fitDecisionCurve(
  ages: readonly number[],
  outcomes: readonly number[],
  outcomeCount: number,
): DecisionCurve {
  requireSameLength('ages', ages, 'outcomes', outcomes);
  requireLength('ages', ages, 1);
  requireCount('outcomeCount', outcomeCount, 1);
  for (const age of ages) requireAtLeast('ages', age, 0);
  for (const outcome of outcomes) {
    requireCount('outcomes', outcome);
    if (outcome > outcomeCount) throw new RangeError(`outcomes must be <= ${outcomeCount}, was ${outcome}`);
  }
  const order = ages.map((_, i) => i).sort((a, b) => ages[a]! - ages[b]!);
  const times: number[] = [];
  const survival: number[] = [];
  const incidence: number[][] = Array.from({ length: outcomeCount }, () => []);
  const reached = new Array<number>(outcomeCount).fill(0);
  let undecided = 1;
  let atRisk = ages.length;
  for (let i = 0; i < order.length; ) {
    const time = ages[order[i]!]!;
    const decided = new Array<number>(outcomeCount).fill(0);
    let leaving = 0;
    let decisions = 0;
    for (; i < order.length && ages[order[i]!] === time; i++) {
      const outcome = outcomes[order[i]!]!;
      leaving++;
      if (outcome === 0) continue;
      decisions++;
      decided[outcome - 1]!++;
    }
    decided.forEach((count, k) => {
      reached[k]! += (undecided * count) / atRisk;
      incidence[k]!.push(reached[k]!);
    });
    undecided *= 1 - decisions / atRisk;
    atRisk -= leaving;
    times.push(time);
    survival.push(undecided);
  }
  return { times, survival, incidence };
}

/** Index of the last step at or before `age`, or -1. */
function stepAt(times: readonly number[], age: number): number {
  let at = -1;
  while (at + 1 < times.length && times[at + 1]! <= age) at++;
  return at;
}

/**
 * Share still undecided at an age.
 *
 * @param curve a fitted curve.
 * @param age in the unit of the curve.
 * @returns a share in [0, 1]; 1 before the first step.
 * @example
 * undecidedAt(curve, 5); // => 0.747
 */
export function undecidedAt(curve: DecisionCurve, age: number): number {
  return curve.survival[stepAt(curve.times, age)] ?? 1;
}

/**
 * Share decided in one way by an age.
 *
 * @param curve a fitted curve.
 * @param outcome 1, 2, ...
 * @param age in the unit of the curve.
 * @returns a share in [0, 1]; 0 before the first step.
 * @throws {RangeError} the curve has no such outcome.
 * @example
 * incidenceAt(curve, 1, 5); // => 0.203
 */
export function incidenceAt(curve: DecisionCurve, outcome: number, age: number): number {
  const steps = curve.incidence[outcome - 1];
  if (!steps) throw new RangeError(`outcome must lie in 1..${curve.incidence.length}, was ${outcome}`);
  return steps[stepAt(curve.times, age)] ?? 0;
}

/**
 * Age by which a share of all records is decided.
 *
 * @param curve a fitted curve.
 * @param share inside (0, 1], for instance 0.95.
 * @returns the first such age in the unit of the curve; null when the curve never gets there.
 * @example
 * decidedBy(curve, 0.5); // => 9
 */
export function decidedBy(curve: DecisionCurve, share: number): number | null {
  // The tolerance lets a product of fractions that equals the level on paper reach it.
  const step = curve.survival.findIndex((undecided) => undecided <= 1 - share + 1e-12);
  return curve.times[step] ?? null;
}

/**
 * Probability that a record still undecided at an age is decided in one way by a later one.
 *
 * (incidence at horizon - incidence at age) / undecided at age.
 *
 * @param curve a fitted curve.
 * @param outcome 1, 2, ...
 * @param age age of the pending record.
 * @param horizon age by which decisions count; at or below `age` the probability is 0.
 * @returns a probability; null when no record of the history was undecided so long.
 * @throws {RangeError} the curve has no such outcome.
 * @see Aalen & Johansen (1978), Scandinavian Journal of Statistics 5
 * @example
 * outcomeProbability(curve, 1, 5, 14); // => (0.540 - 0.203) / 0.747
 */
export function outcomeProbability(
  curve: DecisionCurve,
  outcome: number,
  age: number,
  horizon: number,
): number | null {
  const before = incidenceAt(curve, outcome, age);
  const undecided = undecidedAt(curve, age);
  if (undecided <= 1e-12) return null;
  return Math.max(0, incidenceAt(curve, outcome, horizon) - before) / undecided;
}
